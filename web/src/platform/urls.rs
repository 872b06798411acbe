//! Addresses for pictures: each holds its picture in the browser's memory, so there is a bound.

use web_sys::{Blob, Url};

/// An address under which the browser shows a picture for as long as this lives.
pub(crate) struct ObjectUrl(String);

impl ObjectUrl {
    /// Gives `picture` an address.
    pub(crate) fn new(picture: &Blob) -> Self {
        Self(Url::create_object_url_with_blob(picture).expect("a file is a blob"))
    }

    /// For `<img src>`.
    pub(crate) fn address(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // It fails for malformed addresses only.
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// Addresses of photos' small pictures, by the photo's id: so many at most, those that were used
/// last.
pub(crate) struct UrlPool(Recent<ObjectUrl>);

impl UrlPool {
    /// `limit`: more than can be on the screen, as what is shown would lose its picture.
    pub(crate) fn new(limit: usize) -> Self {
        Self(Recent::new(limit))
    }

    /// Has another limit from now on.
    pub(crate) fn limit(&mut self, limit: usize) {
        self.0.limit(limit);
    }

    /// The address that a photo's picture has, if it has one.
    pub(crate) fn get(&mut self, id: &str) -> Option<&str> {
        self.0.get(id).map(ObjectUrl::address)
    }

    /// Gives a photo's picture an address, instead of one that it had.
    pub(crate) fn put(&mut self, id: &str, picture: &Blob) -> &str {
        self.0.put(id, ObjectUrl::new(picture)).address()
    }

    /// Takes all back.
    pub(crate) fn clear(&mut self) {
        self.0.values.clear();
    }
}

/// The values that were used last.
struct Recent<T> {
    limit: usize,
    /// The last used is the last. There are some hundreds, which are looked through faster than
    /// tiles are drawn.
    values: Vec<(String, T)>,
}

impl<T> Recent<T> {
    fn new(limit: usize) -> Self {
        Self { limit, values: Vec::new() }
    }

    fn limit(&mut self, limit: usize) {
        self.limit = limit;
        let surplus = self.values.len().saturating_sub(limit);
        self.values.drain(..surplus);
    }

    fn get(&mut self, key: &str) -> Option<&T> {
        let found = self.values.iter().rposition(|(of, _)| of == key)?;
        self.values[found..].rotate_left(1);
        self.values.last().map(|(_, value)| value)
    }

    fn put(&mut self, key: &str, value: T) -> &T {
        self.remove(key);
        if self.values.len() >= self.limit {
            self.values.remove(0);
        }
        &self.values.push_mut((key.to_owned(), value)).1
    }

    fn remove(&mut self, key: &str) {
        self.values.retain(|(of, _)| of != key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(recent: &Recent<u32>) -> Vec<&str> {
        recent.values.iter().map(|(key, _)| key.as_str()).collect()
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let mut recent = Recent::new(3);
        for (value, key) in ["a", "b", "c"].into_iter().enumerate() {
            recent.put(key, value as u32);
        }
        assert_eq!(recent.get("a"), Some(&0));
        recent.put("d", 3);
        assert_eq!(keys(&recent), ["c", "a", "d"]);
        assert_eq!(recent.get("b"), None);
    }

    #[test]
    fn a_value_that_is_put_again_takes_no_more_room() {
        let mut recent = Recent::new(2);
        recent.put("a", 0);
        recent.put("b", 1);
        assert_eq!(recent.put("a", 2), &2);
        assert_eq!(keys(&recent), ["b", "a"]);
        recent.remove("b");
        assert_eq!(keys(&recent), ["a"]);
    }
}
