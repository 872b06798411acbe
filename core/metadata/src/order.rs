//! Few things in order: what std sorts with takes three kilobytes of a module for every type.

use std::collections::BTreeSet;

/// The same by their keys; those that are alike stay as they came.
pub(crate) fn in_order<T, K: Ord>(items: Vec<T>, key: fn(&T) -> K) -> Vec<T> {
    let mut ordered: Vec<T> = Vec::with_capacity(items.len());
    for item in items {
        let at = ordered.partition_point(|other| key(other) <= key(&item));
        ordered.insert(at, item);
    }
    ordered
}

/// Words, each once. Collecting them would sort them first.
pub(crate) fn set(words: &mut dyn Iterator<Item = String>) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    for word in words {
        set.insert(word);
    }
    set
}
