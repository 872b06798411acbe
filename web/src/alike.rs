//! Photos that look alike, in groups.

use std::rc::Rc;

use tagsight_library::{ALIKE, Photo, alike};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Alike {
    /// Keys of photos, in groups of two and more. The first of each has the largest file: what was edited or
    /// sent around usually has a smaller one.
    pub(crate) groups: Vec<Vec<u32>>,
    /// How many photos were not compared, as an earlier build looked at them.
    pub(crate) unknown: usize,
}

impl Alike {
    /// Looks for them among photos, each with its key. Coded pictures that are the same are one photo of the
    /// library already.
    pub(crate) fn among(photos: &[(u32, Rc<Photo>)]) -> Self {
        let looks: Vec<Option<u64>> = photos.iter().map(|(_, photo)| photo.look()).collect();
        let unknown = looks.iter().filter(|look| look.is_none()).count();
        let groups = alike::groups(&looks, ALIKE, []).into_iter();
        let groups = groups.map(|mut group| {
            let bytes = |place: usize| photos[place].1.bytes;
            let largest = group.iter().copied().reduce(|largest, place| {
                if bytes(place) > bytes(largest) { place } else { largest }
            });
            if let Some(at) = group.iter().position(|&place| Some(place) == largest) {
                group[..=at].rotate_right(1);
            }
            group.into_iter().map(|place| photos[place].0).collect()
        });
        Self { groups: groups.collect(), unknown }
    }

    /// Forgets photos that are gone, and groups that are none without them.
    pub(crate) fn retain(&mut self, is_there: impl Fn(u32) -> bool) {
        for group in &mut self.groups {
            group.retain(|&key| is_there(key));
        }
        self.groups.retain(|group| group.len() > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(key: u32, hash: &str, bytes: u64) -> (u32, Rc<Photo>) {
        (key, Rc::new(Photo { hash: hash.into(), bytes, ..Photo::default() }))
    }

    #[test]
    fn the_largest_file_of_a_group_is_its_first_and_the_others_stay_in_order() {
        let photos = [
            photo(7, "123456789abcdef0", 5),
            photo(8, "", 9),
            photo(9, "f00dfeed12345678", 9),
            photo(6, "123456789abcdef1", 4),
            photo(5, "123456789abcdef3", 6),
            photo(4, "123456789abcdef2", 6),
        ];
        let mut found = Alike::among(&photos);
        assert_eq!(found, Alike { groups: vec![vec![5, 7, 6, 4]], unknown: 1 });
        found.retain(|key| key != 7);
        assert_eq!(found.groups, [[5, 6, 4]]);
        found.retain(|key| key > 5);
        assert!(found.groups.is_empty());
    }
}
