//! Photos of which boxes are learnt: what is in each is cut out, into a folder of classes.

use std::fs;
use std::path::{Path, PathBuf};

use tagsight_data::crops::{CropPlan, cut};
use tagsight_data::drawn::write_pills;
use tagsight_data::{Dataset, NamedBoxes, Partition, Skipped};

use crate::error::StudyError;
use crate::kept::{Kept, digest};

/// The side of photos that are drawn, pixels.
const DRAWN_SIDE: usize = 256;

/// Photos and the file, or folder of files, that says where the boxes on them are.
#[derive(Debug, Clone)]
pub struct BoxedPhotos {
    /// The folder of the photos.
    pub images: PathBuf,
    /// COCO's form: one file, or a folder of one a photo.
    pub annotations: PathBuf,
}

/// Where the crops of a study lie.
pub(crate) fn crops_folder(folder: &Path) -> PathBuf {
    folder.join("crops")
}

impl BoxedPhotos {
    /// Draws so many photos of pills into `folder`; those that are there from an earlier run are the same.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(crate) fn drawn(folder: &Path, photos: usize, seed: u64) -> Result<Self, StudyError> {
        let folder = folder.join("pills");
        write_pills(&folder, DRAWN_SIDE, photos, seed).map_err(StudyError::drawn(&folder))?;
        Ok(Self { images: folder.join("photos"), annotations: folder.join("annotations") })
    }

    /// Cuts the boxes out into the folder `crops` of `folder`, where that was not done yet, and reads them as a
    /// folder of classes. All crops of a photo are in one part.
    ///
    /// # Errors
    /// If there are none, or they cannot be written.
    pub(crate) fn crops(
        &self,
        plan: &CropPlan,
        partition: &Partition,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Dataset, StudyError> {
        let Self { images, annotations } = self;
        let crops = crops_folder(folder);
        let (photos, mut remarks) = NamedBoxes::read(annotations, images)?;
        let boxes = photos.iter().flat_map(|photo| {
            let area = |one: &tagsight_data::NamedBox| {
                let area = one.area;
                (one.name.clone(), [area.left, area.top, area.width, area.height])
            };
            photo.boxes.iter().map(move |one| (photo.path.clone(), area(one)))
        });
        let boxes: Vec<_> = boxes.collect();
        let named = (&plan.labels, plan.margin, plan.least_side, plan.least_boxes);
        let source = digest(&(&crops, named, boxes));
        remarks.extend(kept.get_or("crops", &source, || {
            if crops.exists() {
                fs::remove_dir_all(&crops).map_err(StudyError::io(&crops))?;
            }
            let done = cut(&photos, images, plan, &crops)?;
            Ok([done.remarks, Skipped::lines(&done.skipped)].concat())
        })?);
        let mut dataset = Dataset::read_folder(&crops, partition)?;
        dataset.remarks.splice(..0, remarks);
        Ok(dataset)
    }
}
