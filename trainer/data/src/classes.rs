//! Classes that photos are of, of which a network can only learn those that it is shown.

use std::collections::BTreeSet;

use crate::list::first_few;
use crate::part::Part;

/// The classes, in alphabetical order, that some photo to learn from is of; and what there is to say of
/// others.
pub(crate) fn learnt<'a>(
    photos: impl Iterator<Item = (&'a str, Option<Part>)> + Clone,
) -> (Vec<String>, Option<String>) {
    let classes = photos.clone().filter(|&(_, part)| part.is_none_or(|part| part == Part::Train));
    let classes: BTreeSet<&str> = classes.map(|(class, _)| class).collect();
    let others = photos.map(|(class, _)| class).filter(|class| !classes.contains(class));
    let (absent, count) = (others.clone().collect::<BTreeSet<&str>>(), others.count());
    let remark = (count > 0).then(|| {
        let names = first_few(&absent.into_iter().collect::<Vec<_>>());
        format!("classes absent in training are left out, and their {count} photos: {names}")
    });
    (classes.into_iter().map(str::to_owned).collect(), remark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_shown_is_no_class() {
        let [train, test] = [Some(Part::Train), Some(Part::Test)];
        let photos =
            [("b", test), ("b", train), ("a", None), ("d", test), ("c", test), ("d", test)];
        let (classes, remark) = learnt(photos.into_iter());
        assert_eq!(classes, ["a", "b"]);
        assert!(remark.unwrap().ends_with("their 3 photos: c, d"));
        assert_eq!(learnt(photos[1..3].iter().copied()).1, None);
    }
}
