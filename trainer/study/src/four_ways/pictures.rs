//! Photos with their boxes, and what is said of what is in each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tagsight_data::Dataset;
use tagsight_data::crops::{Crop, listed};
use tagsight_report::{Block, Marked, Picture, Section};

use super::config::Config;
use crate::error::StudyError;
use crate::subject::Photos;
use crate::thumbnail::{Thumbnail, of_file};

/// The longer side of pictures, pixels.
const LONGEST: usize = 360;

/// A box with what is said to be in it.
struct Judged {
    crop: Crop,
    said: String,
}

/// Photos of which boxes were measured on, those with mistakes first.
pub(super) fn section(
    config: &Config,
    crops: &Path,
    test: &Dataset,
    photos: &Photos,
    labels: &[String],
    said: &[usize],
) -> Result<Section, StudyError> {
    let said: BTreeMap<u64, usize> = photos.ids.iter().copied().zip(said.iter().copied()).collect();
    let said_of = |photo: &tagsight_data::Photo| {
        Some((photo.path.clone(), labels[*said.get(&photo.id)?].clone()))
    };
    let said: BTreeMap<PathBuf, String> = test.photos.iter().filter_map(said_of).collect();
    let mut judged = BTreeMap::<String, Vec<Judged>>::new();
    for crop in listed(crops)? {
        if let Some(said) = said.get(&crops.join(&crop.path)) {
            judged.entry(crop.photo.clone()).or_default().push(Judged { crop, said: said.clone() });
        }
    }
    let mut photos: Vec<(String, Vec<Judged>)> = judged.into_iter().collect();
    let right = |judged: &[Judged]| judged.iter().filter(|one| is_right(one)).count();
    photos.sort_by_key(|(_, judged)| right(judged) == judged.len());
    let pictures = photos.iter().take(config.pictures);
    let pictures = pictures.map(|(photo, judged)| picture(Path::new(photo), judged));
    let said = "What the own integers say of each box that was measured on, its margin included; where they are \
                wrong, what it is stands behind it. Photos with mistakes come first.";
    let blocks =
        vec![Block::Paragraph(said.into()), Block::Pictures(pictures.collect::<Result<_, _>>()?)];
    Ok(Section { title: "Photos and boxes".into(), blocks })
}

fn is_right(judged: &Judged) -> bool {
    judged.said == judged.crop.class
}

fn picture(photo: &Path, judged: &[Judged]) -> Result<Picture, StudyError> {
    let name = photo.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let truth: Vec<&str> = judged.iter().map(|one| one.crop.class.as_str()).collect();
    let described = format!("{name}, with boxes of {}", truth.join(", "));
    let Thumbnail { mut picture, scale } = of_file(photo, LONGEST, described)?;
    let mark = |one: &Judged| {
        let Crop { left, top, width, height, class, .. } = &one.crop;
        let [x, y, width, height] = [*left, *top, *width, *height].map(|side| side as f32 * scale);
        let name =
            if is_right(one) { one.said.clone() } else { format!("{} (is {class})", one.said) };
        Marked { x, y, width, height, name }
    };
    picture.marked = judged.iter().map(mark).collect();
    let right = judged.iter().filter(|one| is_right(one)).count();
    picture.caption = format!("{name}: {right} of {} right", judged.len());
    Ok(picture)
}
