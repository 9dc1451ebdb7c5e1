//! Putting lists in order where they are short, or nearly in order already.
//!
//! Insertion sort is stable and a few hundred bytes for each type of list; the sorts of the standard library, quicker
//! by far on long lists in no order, are 5 kB of wasm for each.

/// Sorts `items` by `key`; equal ones keep their order. The time is that of the list's length plus one step for each
/// pair that stands the wrong way round.
pub fn by_key<T, K: PartialOrd>(items: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..items.len() {
        let mut place = end;
        while place > 0 && key(&items[place - 1]) > key(&items[place]) {
            items.swap(place - 1, place);
            place -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::by_key;

    #[test]
    fn the_order_is_that_of_the_keys_and_equal_ones_stay_as_they_were() {
        let mut items = [(3, 'a'), (1, 'b'), (3, 'c'), (2, 'd'), (1, 'e')];
        by_key(&mut items, |(key, _)| *key);
        assert_eq!(items, [(1, 'b'), (1, 'e'), (2, 'd'), (3, 'a'), (3, 'c')]);
        by_key(&mut items[..0], |(key, _)| *key);
    }
}
