//! Drawn data in the forms in which people have theirs.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::json;

use super::heart::{Heart, HeartPlan};
use super::pills::Pills;
use crate::coco::NamedBox;
use crate::files::write_atomically;
use crate::part::Part;
use crate::picture::png_bytes;

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}: {source}")]
pub struct DrawnError {
    path: PathBuf,
    source: std::io::Error,
}

/// The table of [`write_hearts`].
const LIST_NAME: &str = "FileList.csv";

/// Writes videos as folders of frames into `folder`, and `FileList.csv` with EchoNet's columns: `counts` for
/// each part, all of seeds of their own.
///
/// # Errors
/// If a file cannot be written.
pub fn write_hearts(
    folder: &Path,
    plan: &HeartPlan,
    counts: [usize; 3],
    seed: u64,
) -> Result<(), DrawnError> {
    let parts = Part::ALL.into_iter().zip(counts);
    let parts: Vec<Part> = parts.flat_map(|(part, count)| vec![part; count]).collect();
    let rows = parts.par_iter().enumerate().map(|(number, part)| {
        let heart = Heart::draw(plan, seed_of(seed, number));
        let name = format!("heart{number:04}");
        for (number, frame) in heart.frames.iter().enumerate() {
            write(&folder.join(&name).join(format!("{number:03}.png")), &png_bytes(frame))?;
        }
        let Heart { frames, end_diastolic, end_systolic } = &heart;
        let (fraction, part) = (heart.ejection_fraction(), part.name().to_uppercase());
        let frames = frames.len();
        Ok(format!("{name},{fraction},{end_systolic},{end_diastolic},{frames},{part}\n"))
    });
    let rows: Vec<String> = rows.collect::<Result<_, _>>()?;
    let text = format!("FileName,EF,ESV,EDV,NumberOfFrames,Split\n{}", rows.concat());
    write(&folder.join(LIST_NAME), text.as_bytes())
}

/// Writes `count` photos of pills into `photos` below `folder`, and into `annotations` a file of COCO's form for
/// each.
///
/// # Errors
/// If a file cannot be written.
pub fn write_pills(folder: &Path, side: usize, count: usize, seed: u64) -> Result<(), DrawnError> {
    (0..count).into_par_iter().try_for_each(|number| {
        let Pills { picture, boxes } = Pills::draw(side, seed_of(seed, number));
        let name = format!("pills{number:04}");
        write(&folder.join("photos").join(format!("{name}.png")), &png_bytes(&picture))?;
        let text = instances(&format!("{name}.png"), side, &boxes).to_string();
        write(&folder.join("annotations").join(format!("{name}.json")), text.as_bytes())
    })
}

/// Seeds of the drawings of a set, which are none of the next set's.
fn seed_of(seed: u64, number: usize) -> u64 {
    seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(number as u64)
}

fn instances(file_name: &str, side: usize, boxes: &[NamedBox]) -> serde_json::Value {
    let categories: Vec<&str> = super::pills::PILLS.iter().map(|pill| pill.name).collect();
    let annotation = |(index, NamedBox { name, area }): (usize, &NamedBox)| {
        let category = categories.iter().position(|category| category == name).unwrap_or_default();
        let bbox = [area.left, area.top, area.width, area.height];
        json!({"id": index + 1, "image_id": 1, "category_id": category + 1, "bbox": bbox})
    };
    let annotations: Vec<_> = boxes.iter().enumerate().map(annotation).collect();
    let named = |(index, name): (usize, &&str)| json!({"id": index + 1, "name": name});
    json!({
        "images": [{"id": 1, "file_name": file_name, "width": side, "height": side}],
        "annotations": annotations,
        "categories": categories.iter().enumerate().map(named).collect::<Vec<_>>(),
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), DrawnError> {
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = written.and_then(|()| write_atomically(path, bytes));
    written.map_err(|source| DrawnError { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Columns, Dataset, NamedBoxes, Partition, Target, frames};

    #[test]
    fn hearts_are_read_as_a_table() {
        let folder = tempfile::tempdir().unwrap();
        let plan = HeartPlan { frames: 6, side: 32, ..HeartPlan::default() };
        write_hearts(folder.path(), &plan, [4, 1, 2], 3).unwrap();
        let columns = Columns {
            file: "FileName".into(),
            answer: crate::Answer::Values(vec!["EF=%".parse().unwrap()]),
            part: Some("Split".into()),
        };
        let table = folder.path().join(LIST_NAME);
        let dataset =
            Dataset::read_table(&table, folder.path(), &columns, &Partition::default()).unwrap();
        assert_eq!(dataset.remarks, [""; 0]);
        let count = |part| dataset.photos.iter().filter(|photo| photo.part == Some(part)).count();
        assert_eq!(Part::ALL.map(count), [4, 1, 2]);
        let first = dataset.photos.iter().find(|photo| photo.path.ends_with("heart0000")).unwrap();
        let heart = Heart::draw(&plan, seed_of(3, 0));
        assert_eq!(first.target, Target::Values(vec![heart.ejection_fraction()]));
        assert_eq!(frames(&first.path, 6).unwrap(), heart.frames);
    }

    #[test]
    fn pills_are_read_as_boxes() {
        let folder = tempfile::tempdir().unwrap();
        write_pills(folder.path(), 64, 5, 3).unwrap();
        let [photos, annotations] = ["photos", "annotations"].map(|name| folder.path().join(name));
        let (found, remarks) = NamedBoxes::read(&annotations, &photos).unwrap();
        assert_eq!((found.len(), remarks.len()), (5, 0));
        let drawn = Pills::draw(64, seed_of(3, 2));
        assert_eq!(found[2].boxes.len(), drawn.boxes.len());
        for (found, drawn) in found[2].boxes.iter().zip(&drawn.boxes) {
            assert_eq!(found.name, drawn.name);
            let sides =
                |one: &NamedBox| [one.area.left, one.area.top, one.area.width, one.area.height];
            for (found, drawn) in sides(found).into_iter().zip(sides(drawn)) {
                assert!((found - drawn).abs() < 1e-9, "{found} {drawn}");
            }
        }
    }
}
