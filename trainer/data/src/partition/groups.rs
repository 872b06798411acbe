//! Photos that must stay together: cut out of one photo, or the same file.

use std::collections::HashMap;

use super::candidate::Candidate;

/// A number for each photo, the same for all that are linked, be it over others: that of the first one.
pub(super) fn numbers(photos: &[Candidate]) -> Vec<usize> {
    let mut leaders: Vec<usize> = (0..photos.len()).collect();
    let (mut sources, mut contents) = (HashMap::new(), HashMap::new());
    for (number, photo) in photos.iter().enumerate() {
        let source = photo.source.map(|source| *sources.entry(source).or_insert(number));
        let content = *contents.entry(photo.content).or_insert(number);
        for other in source.into_iter().chain([content]) {
            link(&mut leaders, number, other);
        }
    }
    (0..photos.len()).map(|number| leader(&mut leaders, number)).collect()
}

/// The first of those that a photo is linked with (union-find; paths are halved as they are walked).
fn leader(leaders: &mut [usize], mut number: usize) -> usize {
    while leaders[number] != number {
        leaders[number] = leaders[leaders[number]];
        number = leaders[number];
    }
    number
}

fn link(leaders: &mut [usize], one: usize, other: usize) {
    let (one, other) = (leader(leaders, one), leader(leaders, other));
    leaders[one.max(other)] = one.min(other);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_linked_over_others() {
        let photo = |source, content| Candidate { name: "", class: "", source, content };
        let photos = [
            photo(None, 1),
            photo(Some("x"), 2),
            photo(Some("y"), 3),
            photo(Some("x"), 4),
            photo(Some("y"), 4),
            photo(None, 1),
        ];
        assert_eq!(numbers(&photos), [0, 1, 1, 1, 1, 0]);
    }
}
