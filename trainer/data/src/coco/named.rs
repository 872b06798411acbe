//! Boxes of categories of any name: of an instances file, or of a folder of them, one a photo or one a box.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::boxes::{Area, area};
use super::categories::Categories;
use super::error::CocoError;
use super::id::Id;
use super::json::{Image, Instances};
use super::listed::{Absent, each_meaning, instances, locate};
use crate::list::first_few;
use crate::walk::{Found, WalkError, walk};

/// A box with what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedBox {
    /// The category's name; of COCO's, as COCO writes it.
    pub name: String,
    /// Where it is.
    pub area: Area,
}

/// A photo and its boxes, in the order of their annotations.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedBoxes {
    /// Where the file lies.
    pub path: PathBuf,
    /// There is at least one.
    pub boxes: Vec<NamedBox>,
}

/// Why there are no boxes.
#[derive(Debug, thiserror::Error)]
pub enum NamedError {
    /// The annotations cannot be used.
    #[error(transparent)]
    Coco(#[from] CocoError),
    /// A folder cannot be read.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// A folder of annotations has none.
    #[error("{folder} has no usable annotations: {reasons}")]
    None {
        /// The folder.
        folder: PathBuf,
        /// Why the first few were left out.
        reasons: String,
    },
}

impl NamedBoxes {
    /// Reads the boxes of an annotations file, whose photos lie in `folder`; or of all `.json` below a folder
    /// of annotations, each of which names its photo by the last part of its path, or is called as the photo
    /// is. Also returns what there is to say of what was left out.
    ///
    /// # Errors
    /// If nothing can be used.
    pub fn read(annotations: &Path, folder: &Path) -> Result<(Vec<Self>, Vec<String>), NamedError> {
        if annotations.is_dir() {
            return many(annotations, folder);
        }
        let Instances { images, annotations, categories } = instances(annotations)?;
        let photos = locate(images, folder)?.into_iter();
        let mut photos = photos.map(|(id, path)| (id, Self { path, boxes: vec![] })).collect();
        let categories = Categories::new(categories)?;
        let absent =
            each_meaning(&mut photos, &annotations, &categories, |photo, meaning, one| {
                photo.add(meaning.name(), area(&one.bbox));
            })?;
        let photos = photos.into_values().filter(|photo| !photo.boxes.is_empty());
        Ok((photos.collect(), absent.remark().into_iter().collect()))
    }

    fn add(&mut self, name: &str, area: Option<Area>) {
        self.boxes.extend(area.map(|area| NamedBox { name: name.to_owned(), area }));
    }
}

/// The boxes of all annotations files below a folder.
fn many(annotations: &Path, folder: &Path) -> Result<(Vec<NamedBoxes>, Vec<String>), NamedError> {
    let index = Index::new(walk(folder, folder)?.found);
    let mut photos = BTreeMap::<PathBuf, NamedBoxes>::new();
    let mut bad = Vec::new();
    let files = walk(annotations, annotations)?.found.into_iter();
    for Found { name, path } in files.filter(|found| found.name.ends_with(".json")) {
        match one(&path, &index) {
            Ok(boxed) => {
                for NamedBoxes { path, boxes } in boxed {
                    let photo = NamedBoxes { path: path.clone(), boxes: vec![] };
                    photos.entry(path).or_insert(photo).boxes.extend(boxes);
                }
            }
            Err(reason) => bad.push(format!("{name} ({reason})")),
        }
    }
    photos.retain(|_, photo| !photo.boxes.is_empty());
    if photos.is_empty() {
        let reasons =
            if bad.is_empty() { "there is no box in a .json".into() } else { first_few(&bad) };
        return Err(NamedError::None { folder: annotations.to_owned(), reasons });
    }
    let remark = || format!("left out {} annotations files: {}", bad.len(), first_few(&bad));
    let remarks = (!bad.is_empty()).then(remark).into_iter().collect();
    Ok((photos.into_values().collect(), remarks))
}

/// The boxes of one of many annotations files, or what is wrong with it.
fn one(annotations: &Path, index: &Index) -> Result<Vec<NamedBoxes>, String> {
    let said = |error: CocoError| match error {
        CocoError::Json { detail, .. } => detail,
        error => error.to_string(),
    };
    let Instances { images, annotations: all, categories } =
        instances(annotations).map_err(said)?;
    let own = if images.len() == 1 {
        annotations.file_stem().and_then(|stem| stem.to_str())
    } else {
        None
    };
    let mut photos = BTreeMap::<Id, NamedBoxes>::new();
    for Image { id, file_name } in images {
        let path = index.find(&file_name, own)?;
        photos.insert(id, NamedBoxes { path, boxes: vec![] });
    }
    let categories = Categories::new(categories).map_err(said)?;
    let absent = each_meaning(&mut photos, &all, &categories, |photo, meaning, one| {
        photo.add(meaning.name(), area(&one.bbox));
    });
    match absent.map(|absent: Absent| absent.remark()).map_err(said)? {
        Some(remark) => Err(remark),
        None => Ok(photos.into_values().collect()),
    }
}

/// Photos by the last parts of their paths, with and without an extension. Of two of one name none is meant.
struct Index(BTreeMap<String, BTreeSet<PathBuf>>);

impl Index {
    fn new(found: Vec<Found>) -> Self {
        let mut index = BTreeMap::<String, BTreeSet<PathBuf>>::new();
        for Found { name, path } in found {
            let name = basename(&name);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            for key in [name, stem] {
                index.entry(key.to_owned()).or_default().insert(path.clone());
            }
        }
        Self(index)
    }

    /// The photo of that name, or else the one that is called `own` but for its extension.
    fn find(&self, name: &str, own: Option<&str>) -> Result<PathBuf, String> {
        let names = [Some(basename(name)), own];
        let found = names.into_iter().flatten().find_map(|name| self.0.get(name));
        let paths = found.ok_or_else(|| format!("there is no photo {:?}", basename(name)))?;
        match paths.iter().next() {
            Some(path) if paths.len() == 1 => Ok(path.clone()),
            _ => Err(format!("{} photos are called {:?}", paths.len(), basename(name))),
        }
    }
}

fn basename(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn instances_of(file_name: &str, category: &str, left: u32) -> String {
        format!(
            r#"{{"images":[{{"id":1,"file_name":"{file_name}","dl_name":"x"}}],
            "annotations":[{{"image_id":1,"category_id":9,"bbox":[{left},2,3,4]}}],
            "categories":[{{"id":9,"name":"{category}","supercategory":"pill"}}]}}"#
        )
    }

    fn named(name: &str, left: f64) -> NamedBox {
        let area = Area { left, top: 2.0, width: 3.0, height: 4.0 };
        NamedBox { name: name.into(), area }
    }

    #[test]
    fn categories_may_have_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("boxes.json");
        write(&path, &instances_of("a.jpg", " Tylenol_500/mg ", 1));
        let (photos, remarks) = NamedBoxes::read(&path, Path::new("photos")).unwrap();
        let boxes = vec![named("Tylenol_500/mg", 1.0)];
        assert_eq!(photos, [NamedBoxes { path: "photos/a.jpg".into(), boxes }]);
        assert_eq!(remarks, [""; 0]);
        write(&path, &instances_of("a.jpg", "Traffic_Light", 1));
        let (photos, _) = NamedBoxes::read(&path, Path::new("photos")).unwrap();
        assert_eq!(photos[0].boxes[0].name, "traffic light");
    }

    #[test]
    fn annotations_of_one_photo_each_are_matched_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let (photos, json) = (folder.path().join("photos"), folder.path().join("json"));
        for name in ["x/K-1.png", "K-2.png", "K-3.jpg", "x/twice.png", "y/twice.png"] {
            write(&photos.join(name), "");
        }
        write(&json.join("a/K-1.json"), &instances_of("elsewhere\\\\K-1.png", "red", 1));
        write(&json.join("b/K-1.json"), &instances_of("K-1.png", "blue", 5));
        write(&json.join("K-3.json"), &instances_of("renamed.png", "red", 1));
        write(&json.join("none.json"), &instances_of("none.png", "red", 1));
        write(&json.join("twice.json"), &instances_of("twice.png", "red", 1));
        write(&json.join("broken.json"), "{");
        write(&json.join("notes.txt"), "{");
        let (found, remarks) = NamedBoxes::read(&json, &photos).unwrap();
        let photo = |name: &str, boxes| NamedBoxes { path: photos.join(name), boxes };
        let both = vec![named("red", 1.0), named("blue", 5.0)];
        assert_eq!(found, [photo("K-3.jpg", vec![named("red", 1.0)]), photo("x/K-1.png", both)]);
        let [remark] = &remarks[..] else { panic!("{remarks:?}") };
        for expected in
            ["left out 3", "broken.json (EOF", "no photo \"none.png\"", "2 photos are called"]
        {
            assert!(remark.contains(expected), "{expected:?} is not in {remark}");
        }
        let error = NamedBoxes::read(&photos, &photos).unwrap_err().to_string();
        assert!(error.contains("no box in a .json"), "{error}");
    }
}
