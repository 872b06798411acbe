//! Which part each photo of a folder or list is in: drawn once by seed, written down, and kept to from then
//! on.

mod candidate;
mod draw;
mod fractions;
mod groups;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) use self::candidate::Candidate;
pub use self::fractions::Fractions;
pub use self::written::SplitFileError;

use self::draw::{Member, draw};
use self::written::Written;
use crate::list::first_few;
use crate::part::Part;

/// The name of the file beside photos that says which part they are in.
pub const SPLIT_NAME: &str = "split.csv";

/// How photos come into parts.
#[derive(Debug, Clone, Default)]
pub struct Partition {
    /// The file that says it; without one it lies beside the photos, as [`SPLIT_NAME`].
    pub file: Option<PathBuf>,
    /// Of photos that the file does not name.
    pub fractions: Fractions,
    /// What the drawing of those follows from.
    pub seed: u64,
}

/// A part for each candidate, and what there is to say of it.
#[derive(Debug, Default)]
pub(crate) struct Assigned {
    pub(crate) parts: Vec<Part>,
    pub(crate) remarks: Vec<String>,
}

impl Partition {
    /// The part of each of `photos`: the one that the written split says, or one that is drawn for it
    /// without moving others, and written down. `beside` is where the file lies if it has no other place.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub(crate) fn assign(
        &self,
        photos: &[Candidate],
        beside: &Path,
    ) -> Result<Assigned, SplitFileError> {
        let path = self.file.as_deref().unwrap_or(beside);
        let written = Written::read(path)?;
        let fixed = |photo: &Candidate| written.as_ref()?.part(photo.name);
        let numbers = groups::numbers(photos);
        let members: Vec<Member> = photos
            .iter()
            .zip(numbers)
            .map(|(photo, group)| Member {
                name: photo.name,
                class: photo.class,
                group,
                part: fixed(photo),
            })
            .collect();
        let parts = draw(&members, &self.fractions, self.seed);
        let drawn = members.iter().filter(|member| member.part.is_none()).count();
        let mut remarks = Vec::new();
        if let Some(written) = &written {
            let gone = written.others(photos.iter().map(|photo| photo.name));
            if !gone.is_empty() {
                let (count, names) = (gone.len(), first_few(&gone));
                remarks.push(format!("{count} photos of {} are gone: {names}", path.display()));
            }
            if drawn > 0 {
                remarks.push(format!("{drawn} photos are new in {}", path.display()));
            }
        }
        if drawn > 0 {
            let rows =
                photos.iter().zip(&parts).map(|(photo, &part)| (photo.name, photo.class, part));
            written.unwrap_or_default().with(rows).write(path)?;
        }
        Ok(Assigned { parts, remarks })
    }
}

/// What there is to say of photos of one content that were put in different parts: what is measured there
/// was learnt by heart.
pub(crate) fn leaks<'a>(photos: impl Iterator<Item = (&'a str, u64, Part)>) -> Option<String> {
    let mut first = BTreeMap::new();
    let mut leaks = Vec::new();
    for (name, content, part) in photos {
        let (known, of) = *first.entry(content).or_insert((name, part));
        if of != part {
            leaks.push(format!("{name} ({part}) is {known} ({of})"));
        }
    }
    let (count, shown) = (leaks.len(), first_few(&leaks));
    (count > 0).then(|| format!("{count} photos are in another part a second time: {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate<'a>(name: &'a str, class: &'a str) -> Candidate<'a> {
        Candidate { name, class, source: None, content: crate::fnv1a(name.bytes()) }
    }

    /// Photos of a class.
    fn names(class: &str, count: usize) -> Vec<String> {
        (0..count).map(|number| format!("{class}/{number}.png")).collect()
    }

    fn candidates(names: &[String]) -> Vec<Candidate<'_>> {
        names.iter().map(|name| candidate(name, name.split('/').next().unwrap())).collect()
    }

    #[test]
    fn a_split_is_written_and_kept_to() {
        let folder = tempfile::tempdir().unwrap();
        let (path, partition) = (folder.path().join("split.csv"), Partition::default());
        let mut all = [names("a", 40), names("b", 7)].concat();
        let before = partition.assign(&candidates(&all), &path).unwrap();
        assert_eq!(before.remarks, [""; 0]);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(partition.assign(&candidates(&all), &path).unwrap().parts, before.parts);
        // Another seed moves nothing either.
        let other = Partition { seed: 9, ..Partition::default() };
        assert_eq!(other.assign(&candidates(&all), &path).unwrap().parts, before.parts);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        let elsewhere = folder.path().join("other.csv");
        assert_ne!(other.assign(&candidates(&all), &elsewhere).unwrap().parts, before.parts);

        all.extend(names("c", 20));
        let gone = all.remove(0);
        let after = partition.assign(&candidates(&all), &path).unwrap();
        assert_eq!(after.parts[..46], before.parts[1..]);
        assert!(
            after.remarks[0].contains(&gone) && after.remarks[1].starts_with("20 photos are new")
        );
        let count = |part| after.parts[46..].iter().filter(|&&p| p == part).count();
        assert_eq!(Part::ALL.map(count), [14, 3, 3]);
        assert!(std::fs::read_to_string(&path).unwrap().contains(&gone), "it may come back");
    }

    #[test]
    fn copies_and_crops_of_one_photo_stay_together() {
        let folder = tempfile::tempdir().unwrap();
        let all = [names("a", 30), names("b", 30)].concat();
        let sources: Vec<String> = (0..60).map(|number| (number % 12).to_string()).collect();
        let photos: Vec<Candidate> = candidates(&all)
            .into_iter()
            .zip(&sources)
            .enumerate()
            .map(|(number, (photo, source))| {
                let content = if number == 59 { 0 } else { number as u64 };
                Candidate { source: Some(source), content, ..photo }
            })
            .collect();
        let partition = Partition::default();
        let parts = partition.assign(&photos, &folder.path().join("split.csv")).unwrap().parts;
        // Number 59, of source 11, is also number 0, of source 0.
        let source = |number: usize| if number % 12 == 11 { 0 } else { number % 12 };
        for number in 0..60 {
            assert_eq!(parts[number], parts[source(number)], "{number}");
        }
        assert!(Part::ALL.iter().all(|part| parts.contains(part)));
    }

    #[test]
    fn leaks_are_told() {
        let photos = [("a", 1, Part::Train), ("b", 2, Part::Train), ("c", 1, Part::Test)];
        let expected = "1 photos are in another part a second time: c (test) is a (train)";
        assert_eq!(leaks(photos.into_iter()).as_deref(), Some(expected));
        assert_eq!(leaks(photos[..2].iter().copied()), None);
    }
}
