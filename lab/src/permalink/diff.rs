//! The difference between two JSON values as JSON: a merge patch (RFC 7396) that can also patch lists.
//!
//! A list is patched position by position. An item beyond the end of the old list is a difference from the item before
//! it in the new list, because the next host is usually much like the last one. An empty object leaves a value as it
//! is.

use serde_json::{Map, Value};

/// The patch that turns `from` into `to`. The values contain no `null`, because `null` in a patch removes a field.
pub fn between(from: Option<&Value>, to: &Value) -> Value {
    if from == Some(to) {
        return Value::Object(Map::new());
    }
    match to {
        Value::Object(new) => {
            let old = from.and_then(Value::as_object);
            let gone = old.into_iter().flat_map(Map::keys).filter(|key| !new.contains_key(*key));
            let mut patch: Map<String, Value> = gone.map(|key| (key.clone(), Value::Null)).collect();
            for (key, value) in new {
                let before = old.and_then(|old| old.get(key));
                if before != Some(value) {
                    patch.insert(key.clone(), between(before, value));
                }
            }
            Value::Object(patch)
        }
        Value::Array(new) => {
            let old = from.and_then(Value::as_array);
            let before = |index: usize| {
                let same = old.and_then(|old| old.get(index));
                same.or_else(|| new.get(index.checked_sub(1)?))
            };
            new.iter().enumerate().map(|(index, value)| between(before(index), value)).collect()
        }
        plain => plain.clone(),
    }
}

/// The result of applying `patch` to `from`. `None` if it is not a patch, or produces more than `left` values: a short
/// patch can ask for copies of copies.
pub fn applied(from: Option<Value>, patch: &Value, left: &mut usize) -> Option<Value> {
    *left = left.checked_sub(1)?;
    match (from, patch) {
        (Some(from), Value::Object(patch)) if patch.is_empty() => Some(from),
        (from, Value::Object(patch)) => {
            let mut object = match from {
                Some(Value::Object(object)) => object,
                _ => Map::new(),
            };
            for (key, patch) in patch {
                let before = object.remove(key);
                if !patch.is_null() {
                    object.insert(key.clone(), applied(before, patch, left)?);
                }
            }
            Some(Value::Object(object))
        }
        (from, Value::Array(patch)) => {
            let mut old = match from {
                Some(Value::Array(old)) => old.into_iter(),
                _ => Vec::new().into_iter(),
            };
            let mut new: Vec<Value> = Vec::new();
            for patch in patch {
                let before = match (old.next(), new.last()) {
                    (Some(same), _) => Some(same),
                    (None, Some(neighbour)) => {
                        *left = left.checked_sub(count(neighbour))?;
                        Some(neighbour.clone())
                    }
                    (None, None) => None,
                };
                new.push(applied(before, patch, left)?);
            }
            Some(Value::Array(new))
        }
        (_, Value::Null) => None,
        (_, plain) => Some(plain.clone()),
    }
}

/// The number of values in `value`, including itself. A string counts for its length too.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::String(text) => text.len() / size_of::<Value>(),
        _ => 0,
    }
}
