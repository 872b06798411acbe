//! Which boxes are cut out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::error::CropError;
use crate::coco::{NamedBox, NamedBoxes};
use crate::list::first_few;

/// Which boxes are cut out, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct CropPlan {
    /// Categories, in capitals or not; all where none is named.
    pub labels: Vec<String>,
    /// What is cut out around a box on each side, as a part of its width or height.
    pub margin: f64,
    /// Boxes of which a side has fewer pixels are left out.
    pub least_side: f64,
    /// Categories of fewer boxes are left out.
    pub least_boxes: usize,
}

/// A photo, with its boxes and their numbers on it.
pub(super) type ChosenPhoto<'a> = (&'a Path, Vec<(usize, &'a NamedBox)>);

/// What is to be cut out.
#[derive(Debug, Default)]
pub(super) struct Chosen<'a> {
    pub(super) photos: Vec<ChosenPhoto<'a>>,
    /// The folder of each category.
    pub(super) folders: BTreeMap<&'a str, String>,
    pub(super) remarks: Vec<String>,
}

impl CropPlan {
    /// The boxes of `photos` that are to be cut out.
    ///
    /// # Errors
    /// If there are none, or two categories would be in one folder.
    pub(super) fn choose<'a>(&self, photos: &'a [NamedBoxes]) -> Result<Chosen<'a>, CropError> {
        let lower: BTreeSet<String> =
            self.labels.iter().map(|label| label.trim().to_lowercase()).collect();
        let is_asked = |name: &str| lower.is_empty() || lower.contains(&name.to_lowercase());
        let boxes = photos.iter().flat_map(|photo| &photo.boxes);
        let asked: Vec<&NamedBox> = boxes.filter(|one| is_asked(&one.name)).collect();
        let is_large = |one: &NamedBox| one.area.width.min(one.area.height) >= self.least_side;
        let mut counts = BTreeMap::<&str, usize>::new();
        for one in &asked {
            *counts.entry(&one.name).or_default() += usize::from(is_large(one));
        }
        let mut remarks = Vec::new();
        let small = asked.iter().filter(|one| !is_large(one)).count();
        if small > 0 {
            remarks.push(format!(
                "{small} boxes of fewer than {} pixels are left out",
                self.least_side
            ));
        }
        let least = self.least_boxes.max(1);
        let rare = counts.iter().filter(|&(_, &count)| count < least);
        let rare: Vec<String> = rare.map(|(name, count)| format!("{name} ({count})")).collect();
        if !rare.is_empty() {
            remarks.push(format!("of fewer than {least} boxes and left out: {}", first_few(&rare)));
        }
        let found: BTreeSet<String> = counts.keys().map(|name| name.to_lowercase()).collect();
        let unknown: Vec<_> = lower.difference(&found).collect();
        if !unknown.is_empty() {
            remarks.push(format!("without any box: {}", first_few(&unknown)));
        }
        counts.retain(|_, count| *count >= least);
        if counts.is_empty() {
            let said = if asked.is_empty() && lower.is_empty() {
                "the annotations have no bbox with a width and a height".into()
            } else {
                remarks.join("; ")
            };
            return Err(CropError::NoBoxes(said));
        }
        let chosen = |photo: &'a NamedBoxes| {
            let numbered = photo.boxes.iter().enumerate();
            let chosen =
                numbered.filter(|(_, one)| counts.contains_key(&*one.name) && is_large(one));
            (photo.path.as_path(), chosen.collect())
        };
        let photos = photos.iter().map(chosen).filter(|(_, boxes): &(_, Vec<_>)| !boxes.is_empty());
        Ok(Chosen { photos: photos.collect(), folders: folders(counts.into_keys())?, remarks })
    }
}

fn folders<'a>(
    names: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<&'a str, String>, CropError> {
    let mut owners = BTreeMap::<String, &str>::new();
    for name in names {
        // Some systems' folders are the same in capitals.
        if let Some(other) = owners.insert(folder_name(name).to_lowercase(), name) {
            return Err(CropError::SameFolder { one: other.to_owned(), other: name.to_owned() });
        }
    }
    Ok(owners.into_values().map(|name| (name, folder_name(name))).collect())
}

/// A category's name as every system lets a folder be called: not hidden, and short enough.
fn folder_name(name: &str) -> String {
    const LONGEST: usize = 120;
    let is_kept = |c: char| !c.is_control() && !r#"/\:*?"<>|"#.contains(c);
    let plain: String = name.chars().map(|c| if is_kept(c) { c } else { '_' }).collect();
    let mut plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace()).to_owned();
    plain.truncate(plain.floor_char_boundary(LONGEST));
    if plain.is_empty() { "_".into() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_become_folders_of_their_own() {
        for (name, expected) in [
            ("traffic light", "traffic light"),
            ("../../etc", "_.._etc"),
            ("..", "_"),
            (".hidden", "hidden"),
            ("5 mg / 10\u{0} mg?", "5 mg _ 10_ mg_"),
            ("타이레놀정500밀리그람", "타이레놀정500밀리그람"),
        ] {
            assert_eq!(folder_name(name), expected);
        }
        assert_eq!(folder_name(&"정".repeat(99)).len(), 120);
        let error = folders(["a/b", "A?b"].into_iter()).unwrap_err().to_string();
        assert!(error.contains("\"a/b\" and \"A?b\""), "{error}");
    }
}
