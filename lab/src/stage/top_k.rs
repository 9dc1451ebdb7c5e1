//! The k smallest of many values, without sorting them all.

/// The indices of the `k` smallest `keys`, the smallest first. Equal keys keep their order.
pub fn lowest_k(keys: &[u64], k: usize) -> Vec<usize> {
    let mut first: Vec<usize> = Vec::with_capacity(k + 1);
    for (index, key) in keys.iter().enumerate() {
        let place = first.iter().position(|other| *key < keys[*other]).unwrap_or(first.len());
        if place < k {
            first.insert(place, index);
            first.truncate(k);
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
        for k in 0..=keys.len() {
            assert_eq!(lowest_k(&keys, k), sorted[..k]);
        }
    }
}
