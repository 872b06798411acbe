//! Image folders: `folder/class/…photo`, where the folders below the first are the classes; and
//! `folder/train/class/…photo` with `val` and `test` beside it, where they are the parts as well.

mod error;
mod layout;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use tagsight_core::Goal;
use tagsight_core::photo;

pub use self::error::FolderError;

use self::layout::{Class, Layout};
use crate::classes::learnt;
use crate::crop_name::source_of;
use crate::dataset::{Dataset, Photo, SameId, by_id};
use crate::hash::{content, fnv1a};
use crate::list::first_few;
use crate::part::Part;
use crate::partition::{Candidate, Partition, SPLIT_NAME, leaks};
use crate::target::{Medium, Subject, Target};
use crate::walk::{Found, walk};

impl Dataset {
    /// Reads a folder that has a folder a class; whatever lies below one, at any depth, is of that class.
    /// Labels are the classes' names in alphabetical order, and photos' ids hashes of their paths in
    /// `folder`. Every photo gets its part: that of the folder it is in, or one by `partition`.
    ///
    /// Hidden files are passed over; other files that are no photos, and classes that no photo to learn
    /// from is of, are left out and remarked upon.
    ///
    /// # Errors
    /// If the folder or the written split cannot be used, or there are not two classes.
    pub fn read_folder(folder: &Path, partition: &Partition) -> Result<Self, FolderError> {
        let layout = Layout::of(folder)?;
        let mut remarks = layout.remarks();
        let mut items = Vec::new();
        let mut others = Vec::new();
        for class in &layout.classes {
            let (photos, no_photos) = photos_of(folder, class)?;
            items.extend(photos);
            others.extend(no_photos);
        }
        let mut by_reason = BTreeMap::<&str, Vec<&str>>::new();
        for (name, reason) in &others {
            by_reason.entry(reason).or_default().push(name);
        }
        for (reason, names) in &by_reason {
            remarks.push(format!("left out {}: {reason}", first_few(names)));
        }
        // Before a split is written where there is nothing to split.
        let present = items.iter().map(|item| (item.class.as_str(), None));
        several(folder, learnt(present).0)?;
        remarks.extend(assign(&mut items, &layout, partition, folder)?);
        remarks.extend(empty(&items, &layout));
        let (labels, absent) = learnt(items.iter().map(|item| (item.class.as_str(), item.part)));
        remarks.extend(absent);
        let labels = several(folder, labels)?;
        Ok(Self {
            subject: subject(folder, labels.clone()),
            photos: photos(items, &labels)?,
            remarks,
        })
    }
}

/// Labels, if there are any to tell apart.
fn several(folder: &Path, labels: Vec<String>) -> Result<Vec<String>, FolderError> {
    if labels.len() < 2 {
        return Err(FolderError::TooFewClasses { folder: folder.to_owned(), found: labels });
    }
    Ok(labels)
}

/// A photo that was found.
struct Item {
    found: Found,
    class: String,
    content: u64,
    part: Option<Part>,
}

/// A file's name, and why it is not used.
type Other = (String, String);

/// The photos of a class, by their bytes, and files that are none.
fn photos_of(folder: &Path, class: &Class) -> Result<(Vec<Item>, Vec<Other>), FolderError> {
    let read = |found: Found| {
        let bytes = std::fs::read(&found.path).map_err(|e| (found.name.clone(), e.to_string()))?;
        photo::sniff(&bytes).map_err(|error| (found.name.clone(), error.to_string()))?;
        Ok(Item { class: class.name.clone(), content: content(&bytes), part: class.part, found })
    };
    let walked = walk(folder, &class.path)?;
    let unnamed = walked.unnamed.into_iter().map(|name| (name, "its name is not UTF-8".to_owned()));
    let items: Vec<Result<Item, Other>> = walked.found.into_par_iter().map(read).collect();
    let (mut photos, mut others) = (Vec::new(), unnamed.collect::<Vec<_>>());
    for item in items {
        match item {
            Ok(item) => photos.push(item),
            Err(other) => others.push(other),
        }
    }
    Ok((photos, others))
}

/// Gives every item a part: all are drawn where no folder is one, and where none is for validation, that
/// is drawn from what is to learn from.
fn assign(
    items: &mut [Item],
    layout: &Layout,
    partition: &Partition,
    folder: &Path,
) -> Result<Vec<String>, FolderError> {
    let mut remarks = Vec::new();
    if !layout.has(Part::Validation) {
        let mut partition = partition.clone();
        if layout.has(Part::Train) {
            partition.fractions = partition.fractions.without_test();
        }
        let mut open: Vec<&mut Item> =
            items.iter_mut().filter(|item| item.part != Some(Part::Test)).collect();
        let candidates: Vec<Candidate> = open.iter().map(|item| item.candidate()).collect();
        let assigned = partition.assign(&candidates, &folder.join(SPLIT_NAME))?;
        remarks = assigned.remarks;
        open.iter_mut().zip(assigned.parts).for_each(|(item, part)| item.part = Some(part));
    }
    let named = items.iter().filter_map(|i| Some((i.found.name.as_str(), i.content, i.part?)));
    remarks.extend(leaks(named));
    Ok(remarks)
}

impl Item {
    fn candidate(&self) -> Candidate<'_> {
        let stem = Path::new(&self.found.name).file_stem().and_then(|stem| stem.to_str());
        Candidate {
            name: &self.found.name,
            class: &self.class,
            source: stem.and_then(source_of),
            content: self.content,
        }
    }
}

/// What there is to say of classes without photos.
fn empty(items: &[Item], layout: &Layout) -> Option<String> {
    let present: BTreeSet<&str> = items.iter().map(|item| item.class.as_str()).collect();
    let named: BTreeSet<&str> = layout.classes.iter().map(|class| class.name.as_str()).collect();
    let empty: Vec<_> = named.difference(&present).collect();
    let remark = || format!("classes without photos are left out: {}", first_few(&empty));
    (!empty.is_empty()).then(remark)
}

/// The items of these labels as photos, by their ids.
fn photos(items: Vec<Item>, labels: &[String]) -> Result<Vec<Photo>, SameId> {
    let photo = |Item { found, class, content, part }| {
        let target = Target::Class(labels.binary_search(&class).ok()?);
        let id = fnv1a(found.name.bytes());
        Some(Photo { part, content: Some(content), ..Photo::new(id, found.path, target) })
    };
    by_id(items.into_iter().filter_map(photo))
}

fn subject(folder: &Path, labels: Vec<String>) -> Subject {
    let absolute = std::path::absolute(folder).unwrap_or_default();
    let name = absolute.file_name().unwrap_or_default().to_string_lossy();
    let name = format!("photos of the folder {name}, by class");
    Subject { name, labels, task: Goal::SingleLabel, medium: Medium::Photos }
}

#[cfg(test)]
mod tests;
