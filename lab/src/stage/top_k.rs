//! The few of many that come first: no list of hundreds is put in order to show three of them.

/// Where the `few` lowest of `keys` stand, the lowest first; of equal ones those that come first.
pub fn lowest_k(keys: &[u64], few: usize) -> Vec<usize> {
    let mut first: Vec<usize> = Vec::with_capacity(few + 1);
    for (index, key) in keys.iter().enumerate() {
        let place = first.iter().position(|other| *key < keys[*other]).unwrap_or(first.len());
        if place < few {
            first.insert(place, index);
            first.truncate(few);
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::lowest_k;

    #[test]
    fn the_first_few_are_those_that_sorting_would_give() {
        let keys = [5, 1, 5, 0, 1, 9];
        let mut sorted: Vec<usize> = (0..keys.len()).collect();
        sorted.sort_by_key(|index| keys[*index]);
        for few in 0..=keys.len() {
            assert_eq!(lowest_k(&keys, few), sorted[..few]);
        }
    }
}
