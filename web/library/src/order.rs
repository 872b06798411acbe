//! Short lists in order. Inserting into them takes a fraction of the code that sorting takes, which a
//! page downloads once for every type that is sorted.

/// Inserts an item behind all that go before it, which are those at the list's beginning.
pub(crate) fn insert<T>(list: &mut Vec<T>, item: T, goes_before: impl Fn(&T, &T) -> bool) {
    let place = list.partition_point(|other| goes_before(other, &item));
    list.insert(place, item);
}

#[cfg(test)]
mod tests {
    #[test]
    fn equal_items_stay_as_they_came() {
        let mut list = Vec::new();
        for item in [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')] {
            super::insert(&mut list, item, |left, right| left.0 <= right.0);
        }
        assert_eq!(list, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
    }
}
