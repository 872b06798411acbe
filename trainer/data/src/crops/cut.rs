//! Photos and their boxes → crops as PNG, and a table of where they are from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tagsight_core::photo;

use super::error::CropError;
use super::plan::{Chosen, ChosenPhoto, CropPlan};
use super::rectangle::Rectangle;
use crate::coco::{NamedBox, NamedBoxes};
use crate::crop_name::crop_name;
use crate::files::write_atomically;
use crate::photos::Skipped;
use crate::picture::png_bytes;
use crate::progress;

/// The table beside the crops' folders: a row a crop, with its photo and its pixels there.
pub const CROPS_NAME: &str = "crops.csv";

/// What was cut out.
#[derive(Debug, Default)]
pub struct Cut {
    /// Crops by the names of their classes.
    pub classes: BTreeMap<String, usize>,
    /// What was left out, a sentence a reason.
    pub remarks: Vec<String>,
    /// Photos that cannot be read.
    pub skipped: Vec<Skipped>,
}

/// A crop, as its table has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crop {
    /// Its file, in the folder of the table.
    pub path: String,
    /// What is in it.
    pub class: String,
    /// What it was cut out of.
    pub photo: String,
    /// Columns of that to the left of it.
    pub left: usize,
    /// Rows of that above it.
    pub top: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// The crops that [`cut`] left in a folder.
///
/// # Errors
/// If their table cannot be read.
pub fn listed(folder: &Path) -> Result<Vec<Crop>, CropError> {
    let path = folder.join(CROPS_NAME);
    let read = || csv::Reader::from_path(&path)?.deserialize().collect::<Result<_, csv::Error>>();
    read().map_err(|source| CropError::Listed { path: path.clone(), source })
}

/// Cuts the boxes that `plan` chooses out of `photos`, which lie in `images`, into the empty folder `out`: a
/// folder a class, the files called by their photo and box. Pixels are the photo's, upright and in sRGB.
///
/// # Errors
/// If there is no box, or the folder is not empty or cannot be written to.
pub fn cut(
    photos: &[NamedBoxes],
    images: &Path,
    plan: &CropPlan,
    out: &Path,
) -> Result<Cut, CropError> {
    if out.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(CropError::NotEmpty(out.to_owned()));
    }
    let Chosen { photos, folders, mut remarks } = plan.choose(photos)?;
    let names = names(photos.iter().map(|(path, _)| *path), images)?;
    for path in folders.values().map(|name| out.join(name)) {
        std::fs::create_dir_all(&path).map_err(|source| CropError::Io { path, source })?;
    }
    let bar = progress::bar(photos.len(), "photos");
    let one = |(name, (path, boxes)): (&String, &ChosenPhoto)| {
        let rows = crops(path, boxes, plan.margin, |number, class| {
            format!("{}/{}.png", folders[class], crop_name(name, number))
        });
        bar.inc(1);
        rows.map(|rows| rows.into_iter().map(|(row, png)| write(out, row, &png)).collect())
    };
    let cut: Vec<Result<Result<Vec<Crop>, CropError>, Skipped>> =
        names.par_iter().zip(&photos).map(one).collect();
    bar.finish_and_clear();
    let (mut rows, mut skipped) = (Vec::new(), Vec::new());
    for photo in cut {
        match photo {
            Ok(crops) => rows.extend(crops?),
            Err(reason) => skipped.push(reason),
        }
    }
    let boxes: usize = photos.iter().map(|(_, boxes)| boxes.len()).sum();
    if rows.len() < boxes {
        let outside = boxes - rows.len();
        remarks.push(format!("{outside} boxes lie outside of their photos, or on those skipped"));
    }
    let mut classes = BTreeMap::new();
    for row in &rows {
        *classes.entry(row.class.clone()).or_default() += 1;
    }
    write_table(&out.join(CROPS_NAME), &rows)?;
    Ok(Cut { classes, remarks, skipped })
}

/// What crops of each photo are called: as its path in `images`, without folders and an extension.
fn names<'a>(
    photos: impl Iterator<Item = &'a Path>,
    images: &Path,
) -> Result<Vec<String>, CropError> {
    let mut owners = BTreeMap::<String, PathBuf>::new();
    let name = |path: &Path| {
        let name = path.strip_prefix(images).unwrap_or(path).with_extension("");
        let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
        let name = parts.join("_");
        match owners.insert(name.to_lowercase(), path.to_owned()) {
            Some(one) => Err(CropError::SameName { one, other: path.to_owned() }),
            None => Ok(name),
        }
    };
    photos.map(name).collect()
}

/// The crops of a photo as PNG.
fn crops(
    path: &Path,
    boxes: &[(usize, &NamedBox)],
    margin: f64,
    name: impl Fn(usize, &str) -> String,
) -> Result<Vec<(Crop, Vec<u8>)>, Skipped> {
    let skipped = |reason: String| Skipped { path: path.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(|error| skipped(error.to_string()))?;
    let photo = photo::decode(&bytes).map_err(|error| skipped(error.to_string()))?;
    let one = |(number, NamedBox { name: class, area }): &(usize, &NamedBox)| {
        let rectangle = Rectangle::of(area, margin, &photo)?;
        let pixels = rectangle.pixels(&photo);
        let row = Crop {
            path: name(*number, class),
            class: class.clone(),
            photo: path.to_string_lossy().into_owned(),
            left: rectangle.left,
            top: rectangle.top,
            width: pixels.width,
            height: pixels.height,
        };
        Some((row, png_bytes(&pixels)))
    };
    Ok(boxes.iter().filter_map(one).collect())
}

fn write(out: &Path, row: Crop, png: &[u8]) -> Result<Crop, CropError> {
    let path = out.join(&row.path);
    match std::fs::write(&path, png) {
        Ok(()) => Ok(row),
        Err(source) => Err(CropError::Io { path, source }),
    }
}

fn write_table(path: &Path, rows: &[Crop]) -> Result<(), CropError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).expect("a row is plain");
    }
    let bytes = writer.into_inner().expect("memory takes all of it");
    write_atomically(path, &bytes).map_err(|source| CropError::Io { path: path.to_owned(), source })
}
