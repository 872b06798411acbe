//! Photos that look alike, which matters where they are in different parts or said to be of different classes.

use tagsight_core::photo::DHash;
use tagsight_data::{Part, Photo};

/// Two photos that look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alike {
    /// Their numbers, the lower first.
    pub(super) photos: [usize; 2],
    /// Bits in which their hashes differ.
    pub(super) distance: u32,
}

/// Pairs of `photos` whose hashes differ in at most `near` bits, or of which the file is the same. Hashes that say
/// next to nothing, as of an even wall, are passed over.
pub(super) fn pairs(photos: &[(&Photo, DHash)], near: u32) -> Vec<Alike> {
    let mut pairs = Vec::new();
    for (second, (photo, hash)) in photos.iter().enumerate() {
        for (first, (other, others)) in photos[..second].iter().enumerate() {
            let distance = hash.distance(*others);
            let is_same = photo.content.is_some() && photo.content == other.content;
            if is_same || distance <= near && !hash.is_plain() {
                pairs.push(Alike { photos: [first, second], distance });
            }
        }
    }
    pairs
}

/// Whether one of them is learnt from, or chosen by, and the other measured on.
pub(super) fn is_leak(photos: [&Photo; 2]) -> bool {
    let is_measured = |photo: &Photo| photo.part == Some(Part::Test);
    is_measured(photos[0]) != is_measured(photos[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_data::Target;

    #[test]
    fn near_hashes_and_same_files_are_pairs() {
        let photo = |id, content| Photo { content, ..Photo::new(id, "x", Target::Class(0)) };
        let all = [photo(0, Some(1)), photo(1, Some(2)), photo(2, Some(1)), photo(3, None)];
        let hashes = [0x20_1234, 0x20_1237, !0x20_1234, 0x00ff_ff00].map(DHash);
        let mut known: Vec<_> = all.iter().zip(hashes).collect();
        let expected =
            [([0, 1], 2), ([0, 2], 64)].map(|(photos, distance)| Alike { photos, distance });
        assert_eq!(pairs(&known, 4), expected);
        assert_eq!(pairs(&known, 1), expected[1..]);
        // Two walls are not alike, two of the same file are.
        known[0].1 = DHash(0);
        known[1].1 = DHash(0);
        known[2].1 = DHash(0);
        let expected = [Alike { photos: [0, 2], distance: 0 }];
        assert_eq!(pairs(&known, 4), expected);
    }

    #[test]
    fn only_what_is_measured_on_can_leak() {
        let photo = |part| Photo { part: Some(part), ..Photo::new(0, "x", Target::Class(0)) };
        let [train, validation, test] = Part::ALL.map(photo);
        assert!(is_leak([&train, &test]) && is_leak([&test, &validation]));
        assert!(!is_leak([&train, &validation]) && !is_leak([&test, &test]));
    }
}
