//! Maps and sets as lists in order: a tree takes ten times the code, which a page downloads once for
//! every type that is in one. What is new is mostly the last, or there are some thousands, which are
//! moved faster than anybody notices.

use std::borrow::Borrow;

use tagsight_plain::{Plain, Reader, Writer};

/// Values by their keys, in the order of the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<K, V>(Vec<(K, V)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Table<K, V> {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(other, _)| other.borrow().cmp(key))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All keys with their values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// All keys.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// A key's value.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    /// The same, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Whether a key has a value.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Gives a key a value; gives the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Gives a key a value, unless it has one.
    pub fn insert_new(&mut self, key: K, value: V) {
        if let Err(at) = self.find(&key) {
            self.0.insert(at, (key, value));
        }
    }

    /// Takes a key and its value out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<K, V> IntoIterator for Table<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut table = Self::new();
        for (key, value) in pairs {
            table.insert(key, value);
        }
        table
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Table<K, V> {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<V: Plain> Plain for Table<String, V> {
    fn put(&self, to: &mut Writer) {
        to.table(self.len());
        for (key, value) in self.iter() {
            to.key(key);
            value.put(to);
        }
    }

    fn take(from: &mut Reader) -> Option<Self> {
        let mut table = Self::new();
        from.keyed(&mut |key, value| {
            table.insert(key.to_owned(), V::take(value)?);
            Some(())
        })?;
        Some(table)
    }
}

/// Items in order, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set<T>(Table<T, ()>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Table::default())
    }
}

impl<T: Ord> Set<T> {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.0.keys()
    }

    /// Whether an item is there.
    pub fn contains(&self, item: &T) -> bool {
        self.0.contains_key(item)
    }

    /// Puts an item in; gives whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        self.0.insert(item, ()).is_none()
    }

    /// Takes an item out; gives whether it was there.
    pub fn remove(&mut self, item: &T) -> bool {
        self.0.remove(item).is_some()
    }

    /// Takes all out that are not to stay.
    pub fn retain(&mut self, stays: impl Fn(&T) -> bool) {
        self.0.0.retain(|(item, ())| stays(item));
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::iter::Map<std::vec::IntoIter<(T, ())>, fn((T, ())) -> T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(|(item, ())| item)
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self::new();
        set.extend(items);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_in_order_and_has_a_key_once() {
        let mut table = Table::from([("c", 3), ("a", 1), ("b", 2), ("a", 4)]);
        assert_eq!(table.keys().copied().collect::<String>(), "abc");
        assert_eq!((table.get("a"), table.get("d")), (Some(&4), None));
        assert_eq!(table.insert("a", 5), Some(4));
        table.insert_new("a", 6);
        table.insert_new("d", 7);
        assert_eq!((table.remove("b"), table.remove("b")), (Some(2), None));
        let pairs: Vec<_> = table.into_iter().collect();
        assert_eq!(pairs, [("a", 5), ("c", 3), ("d", 7)]);
    }

    #[test]
    fn a_table_that_was_stored_comes_back() {
        let table = Table::from([("b".to_owned(), 2_u32), ("a".to_owned(), 1)]);
        assert_eq!(Table::from_bytes(&table.to_bytes()), Some(table));
    }

    #[test]
    fn a_set_has_an_item_once() {
        let mut set: Set<u32> = [3, 1, 3, 2].into_iter().collect();
        assert_eq!(
            (set.insert(2), set.insert(4), set.remove(&1), set.remove(&1)),
            (false, true, true, false)
        );
        set.retain(|&item| item != 3);
        assert_eq!((set.contains(&3), set.into_iter().collect::<Vec<_>>()), (false, vec![2, 4]));
    }
}
