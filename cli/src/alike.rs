//! Which of many hashes are near one another.

use std::collections::HashMap;

use tagsight_core::photo::DHash;

/// Pairs of places whose hashes differ in at most `most` bits, each with the lower place first. Plain ones
/// are near to many and mean nothing, so they are left out.
///
/// Of two hashes that differ in so few bits, one of `most + 1` bands of bits is the same (the pigeonhole
/// principle), so only those that share a band are compared.
pub(crate) fn pairs(hashes: &[DHash], most: u32) -> Vec<(usize, usize)> {
    let bands = (most + 1).min(DHash::BITS);
    let mut found = Vec::new();
    for band in 0..bands {
        let bits = mask(band, bands);
        let mut sharing: HashMap<u64, Vec<usize>> = HashMap::new();
        for (place, hash) in hashes.iter().enumerate().filter(|(_, hash)| !hash.is_plain()) {
            let others = sharing.entry(hash.0 & bits).or_default();
            let near = others.iter().filter(|&&other| hashes[other].distance(*hash) <= most);
            found.extend(near.map(|&other| (other, place)));
            others.push(place);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The bits of one of so many bands.
fn mask(band: u32, bands: u32) -> u64 {
    let below = |band: u32| match band * DHash::BITS / bands {
        DHash::BITS => u64::MAX,
        bits => (1 << bits) - 1,
    };
    below(band + 1) & !below(band)
}

/// Places in groups, each with all that a pair joins to one of it; those of a group ascend, groups are in
/// the order of their first, and there is none of one.
pub(crate) fn groups(
    places: usize,
    pairs: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Vec<usize>> {
    let mut roots: Vec<usize> = (0..places).collect();
    for (left, right) in pairs {
        let (left, right) = (root(&mut roots, left), root(&mut roots, right));
        // The lower one, so that a group is named by its first.
        roots[left.max(right)] = left.min(right);
    }
    let mut groups = vec![Vec::new(); places];
    for place in 0..places {
        groups[root(&mut roots, place)].push(place);
    }
    groups.retain(|group| group.len() > 1);
    groups
}

fn root(roots: &mut [usize], place: usize) -> usize {
    let mut at = place;
    while roots[at] != at {
        // Halves the way for whoever asks next.
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By comparing all with all.
    fn naive(hashes: &[DHash], most: u32) -> Vec<(usize, usize)> {
        let all =
            (0..hashes.len()).flat_map(|left| (left + 1..hashes.len()).map(move |r| (left, r)));
        let is_near = |&(left, right): &(usize, usize)| {
            let both = [hashes[left], hashes[right]];
            both[0].distance(both[1]) <= most && !both.iter().any(|hash| hash.is_plain())
        };
        all.filter(is_near).collect()
    }

    #[test]
    fn pairs_are_those_that_comparing_all_with_all_finds() {
        // Few centres, and around each what differs in up to seven bits.
        let mut state = 1u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut hashes = vec![DHash(0), DHash(1), DHash(u64::MAX)];
        for _ in 0..20 {
            let centre = random();
            hashes.extend((0..10).map(|bits| {
                DHash((0..bits % 8).fold(centre, |hash, _| hash ^ 1 << (random() % 64)))
            }));
        }
        for most in [0, 1, 4, 9, 63, 64] {
            let found = pairs(&hashes, most);
            assert_eq!(found, naive(&hashes, most), "{most}");
            assert!(!found.is_empty(), "{most}");
        }
        assert!(pairs(&hashes, 4).len() < pairs(&hashes, 9).len());
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
    fn what_pairs_join_is_a_group() {
        let pairs = [(4, 6), (1, 3), (3, 5), (0, 5)];
        assert_eq!(groups(8, pairs), [vec![0, 1, 3, 5], vec![4, 6]]);
        assert_eq!(groups(3, []), Vec::<Vec<usize>>::new());
    }
}
