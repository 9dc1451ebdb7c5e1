//! What is written to sysctls at boot: a list in the order of the names, which is a map in JSON.
//!
//! It has a few lines at most, and a list is a fraction of the code of a tree.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Full names of sysctls, such as `net.ipv4.tcp_tw_recycle`, with the text that is written to them at boot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SysctlFile(Vec<(String, String)>);

impl SysctlFile {
    /// A file that says nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// A file of these lines, which are in order.
    pub(super) const fn of_lines(lines: Vec<(String, String)>) -> Self {
        Self(lines)
    }

    /// Its lines, in the order of the names.
    pub(super) const fn lines(&self) -> &Vec<(String, String)> {
        &self.0
    }

    /// Whether it says nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is written to `key`.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// Writes `value` to `key`, and nothing else that was written there before.
    pub fn insert(&mut self, key: String, value: String) {
        self.remove(&key);
        let place = self.0.iter().take_while(|(name, _)| *name < key).count();
        self.0.insert(place, (key, value));
    }

    /// Writes nothing to `key`.
    pub fn remove(&mut self, key: &str) {
        self.0.retain(|(name, _)| name != key);
    }

    /// The names with what is written to them, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromIterator<(String, String)> for SysctlFile {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(lines: T) -> Self {
        let mut file = Self::new();
        for (key, value) in lines {
            file.insert(key, value);
        }
        file
    }
}

impl Serialize for SysctlFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for SysctlFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lines: BTreeMap<String, String> = Deserialize::deserialize(deserializer)?;
        Ok(Self(lines.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::SysctlFile;

    fn file(lines: &[(&str, &str)]) -> SysctlFile {
        lines.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_lines_are_in_order_and_the_last_of_one_name_counts() {
        let mut file = file(&[("b", "1"), ("a", "2"), ("c", "3"), ("b", "4")]);
        assert_eq!(file.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "4"), ("c", "3")]);
        assert_eq!((file.value("b"), file.value("d")), (Some("4"), None));
        file.remove("a");
        assert_eq!(serde_json::to_string(&file).unwrap(), r#"{"b":"4","c":"3"}"#);
    }

    #[test]
    fn it_is_read_from_a_map_in_any_order() {
        let read: SysctlFile = serde_json::from_str(r#"{"b":"1","a":"2","b":"3"}"#).unwrap();
        assert_eq!(read, file(&[("a", "2"), ("b", "3")]));
        assert!(serde_json::from_str::<SysctlFile>("{}").unwrap().is_empty());
    }
}
