//! The few of many that come first: no list of hundreds is put in order to show three of them.

/// The `few` of `items` with the lowest keys, in the order of their keys; of equal ones those that came first.
#[must_use]
pub fn first_few<T, K: Ord>(items: impl Iterator<Item = T>, few: usize, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut first: Vec<(K, T)> = Vec::with_capacity(few + 1);
    for item in items {
        let its_key = key(&item);
        let place = first.iter().position(|(other, _)| its_key < *other).unwrap_or(first.len());
        if place < few {
            first.insert(place, (its_key, item));
            first.truncate(few);
        }
    }
    first.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::first_few;

    #[test]
    fn the_first_few_are_those_that_sorting_would_give() {
        let items = [(5, 'a'), (1, 'b'), (5, 'c'), (0, 'd'), (1, 'e'), (9, 'f')];
        let mut sorted = items;
        sorted.sort_by_key(|(key, _)| *key);
        for few in 0..=items.len() {
            assert_eq!(first_few(items.into_iter(), few, |(key, _)| *key), sorted[..few]);
        }
    }
}
