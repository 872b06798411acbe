//! Lists in order. What is here takes a fraction of the code that the standard library's sorting takes,
//! which a page downloads once for every type that is sorted.

/// Inserts an item behind all that go before it, which are those at the list's beginning.
pub(crate) fn insert<T>(list: &mut Vec<T>, item: T, goes_before: impl Fn(&T, &T) -> bool) {
    let place = list.partition_point(|other| goes_before(other, &item));
    list.insert(place, item);
}

/// Puts a long list in order; equal items may change places.
pub(crate) fn sort<T>(list: &mut [T], goes_before: impl Fn(&T, &T) -> bool) {
    // First it becomes a heap, with the last item at its top. The top goes behind the rest, until there
    // is none.
    for parent in (0..list.len() / 2).rev() {
        sink(list, parent, &goes_before);
    }
    for end in (1..list.len()).rev() {
        list.swap(0, end);
        sink(&mut list[..end], 0, &goes_before);
    }
}

/// Lets an item sink below all that belong behind it.
fn sink<T>(heap: &mut [T], mut parent: usize, goes_before: &impl Fn(&T, &T) -> bool) {
    loop {
        let mut child = 2 * parent + 1;
        if child + 1 < heap.len() && goes_before(&heap[child], &heap[child + 1]) {
            child += 1;
        }
        if child >= heap.len() || !goes_before(&heap[parent], &heap[child]) {
            return;
        }
        heap.swap(parent, child);
        parent = child;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_lists_are_put_in_order() {
        let mut random = fastrand::Rng::with_seed(1);
        for length in (0..40).chain([5_000]) {
            let list: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
            let (mut ours, mut theirs) = (list.clone(), list);
            super::sort(&mut ours, |left, right| left < right);
            theirs.sort_unstable();
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn equal_items_stay_as_they_came() {
        let mut list = Vec::new();
        for item in [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')] {
            super::insert(&mut list, item, |left, right| left.0 <= right.0);
        }
        assert_eq!(list, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
    }
}
