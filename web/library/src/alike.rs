//! Which photos look alike: whose difference hashes, 64 bits of what the network sees, hardly differ.

use crate::order;

/// Bits in which the hashes of photos that look alike differ at most.
pub const ALIKE: u32 = 4;

/// Whether a hash says next to nothing, as of an even wall or sky: rows that do not change, or from one side
/// to the other only one way. Such are near to many, and mean nothing.
fn is_plain(hash: u64) -> bool {
    hash.to_be_bytes().iter().all(|&row| row == 0 || row == u8::MAX)
}

/// Places in groups, each with all whose `hashes` differ from one of its own in at most `most` bits, and all
/// that a pair of `same` joins to one of it. Photos without a hash, and those whose hash is plain, are in a
/// group by `same` alone. Places of a group ascend, groups are in the order of their first, and there is none
/// of one.
///
/// Of two hashes that differ in so few bits, one of `most + 1` bands of bits is the same (the pigeonhole
/// principle), so only those that share a band are compared. A band has bits from all over the picture:
/// skies are alike in whole rows.
pub fn groups(
    hashes: &[Option<u64>],
    most: u32,
    same: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Vec<usize>> {
    let mut forest = Forest::new(hashes.len());
    same.into_iter().for_each(|(left, right)| forest.join(left, right));
    let known = hashes.iter().enumerate();
    let known = known.filter_map(|(place, hash)| hash.map(|hash| (hash, place)));
    let mut known: Vec<(u64, usize)> = known.filter(|&(hash, _)| !is_plain(hash)).collect();
    let bands = (most + 1).min(u64::BITS);
    for band in 0..bands {
        let bits = mask(band, bands);
        // What is the same as a whole stands together within what is the same in the band.
        order::sort(&mut known, |left, right| (left.0 & bits, left.0) < (right.0 & bits, right.0));
        for sharing in known.chunk_by(|left, right| left.0 & bits == right.0 & bits) {
            join_near(sharing, most, &mut forest);
        }
    }
    forest.groups()
}

/// Joins what is near among these, of which equal ones stand together.
fn join_near(sharing: &[(u64, usize)], most: u32, forest: &mut Forest) {
    let mut different: Vec<(u64, usize)> = Vec::new();
    for equal in sharing.chunk_by(|left, right| left.0 == right.0) {
        let (hash, first) = equal[0];
        equal[1..].iter().for_each(|&(_, place)| forest.join(first, place));
        for &(other, place) in &different {
            if (hash ^ other).count_ones() <= most {
                forest.join(first, place);
            }
        }
        different.push((hash, first));
    }
}

/// The bits of one of so many bands.
fn mask(band: u32, bands: u32) -> u64 {
    (band..u64::BITS).step_by(bands as usize).fold(0, |bits, bit| bits | 1 << bit)
}

/// Places, each below one of its group, or the group's first itself.
struct Forest(Vec<usize>);

impl Forest {
    fn new(places: usize) -> Self {
        Self((0..places).collect())
    }

    fn first(&mut self, place: usize) -> usize {
        let mut at = place;
        while self.0[at] != at {
            // Halves the way for whoever asks next.
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.first(left), self.first(right));
        self.0[left.max(right)] = left.min(right);
    }

    fn groups(mut self) -> Vec<Vec<usize>> {
        let mut groups = vec![Vec::new(); self.0.len()];
        for place in 0..groups.len() {
            groups[self.first(place)].push(place);
        }
        groups.retain(|group| group.len() > 1);
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By comparing all with all, again and again.
    fn naive(hashes: &[Option<u64>], most: u32) -> Vec<Vec<usize>> {
        let is_near = |left: usize, right: usize| match (hashes[left], hashes[right]) {
            (Some(a), Some(b)) => (a ^ b).count_ones() <= most && !is_plain(a) && !is_plain(b),
            _ => false,
        };
        let mut groups: Vec<Vec<usize>> = (0..hashes.len()).map(|place| vec![place]).collect();
        for place in 0..hashes.len() {
            let (near, mut others): (Vec<_>, Vec<_>) =
                groups.into_iter().partition(|group| group.iter().any(|&at| is_near(at, place)));
            let mut joined: Vec<usize> = near.into_iter().flatten().collect();
            if !joined.is_empty() {
                joined.sort_unstable();
                others.push(joined);
            }
            groups = others;
        }
        groups.retain(|group| group.len() > 1);
        groups.sort_unstable();
        groups
    }

    #[test]
    fn groups_are_those_that_comparing_all_with_all_finds() {
        let mut random = fastrand::Rng::with_seed(1);
        // Few centres, and around each what differs in up to seven bits.
        let mut hashes = vec![Some(0), Some(1), Some(u64::MAX), None];
        for _ in 0..20 {
            let centre = random.u64(..);
            let around =
                |bits: u32| (0..bits % 8).fold(centre, |hash, _| hash ^ 1 << random.u32(..64));
            hashes.extend((0..10).map(around).map(Some));
        }
        for most in [0, 1, 4, 9, 20, 63, 64] {
            let found = groups(&hashes, most, []);
            assert_eq!(found, naive(&hashes, most), "{most}");
            assert!(!found.is_empty(), "{most}");
        }
    }

    #[test]
    fn bands_are_all_bits_once() {
        for bands in [1, 2, 5, 7, 64] {
            let masks: Vec<u64> = (0..bands).map(|band| mask(band, bands)).collect();
            assert_eq!(masks.iter().fold(0, |all, mask| all | mask), u64::MAX);
            assert_eq!(masks.iter().map(|mask| mask.count_ones()).sum::<u32>(), 64);
        }
    }

    #[test]
    fn plain_and_unknown_hashes_join_nothing_but_pairs_do() {
        let hashes = [
            Some(0),
            Some(0),
            None,
            None,
            Some(0xff00),
            Some(0xff01),
            Some(7 << 40),
            Some(3 << 40),
        ];
        assert_eq!(groups(&hashes, 4, []), [[6, 7]]);
        assert_eq!(groups(&hashes, 4, [(3, 6), (0, 2)]), [vec![0, 2], vec![3, 6, 7]]);
        assert_eq!(groups(&[], 4, []), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn what_says_where_it_gets_lighter_is_not_plain() {
        assert!(is_plain(0) && is_plain(u64::MAX) && is_plain(0xff00_ff00_0000_ffff));
        assert!(!is_plain(0x20));
    }
}
