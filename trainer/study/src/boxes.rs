//! Photos of which boxes are learnt: what is in each is cut out, into a folder of classes.

use std::fs;
use std::path::{Path, PathBuf};

use tagsight_data::crops::{CropPlan, cut};
use tagsight_data::drawn::write_pills;
use tagsight_data::{Dataset, NamedBox, NamedBoxes, Partition, Skipped};

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
    /// Draws so many photos of pills into `folder`, and cuts them out; those that are there from an earlier run
    /// are the same.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(crate) fn drawn_crops(
        photos: usize,
        plan: &CropPlan,
        partition: &Partition,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Dataset, StudyError> {
        let pills = folder.join("pills");
        write_pills(&pills, DRAWN_SIDE, photos, partition.seed)
            .map_err(StudyError::drawn(&pills))?;
        let drawn = Self { images: pills.join("photos"), annotations: pills.join("annotations") };
        let mut dataset = drawn.crops(plan, partition, kept, folder)?;
        dataset.subject.name = "pills that the study draws".into();
        Ok(dataset)
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
            photo.boxes.iter().map(|NamedBox { name, area }| {
                (&photo.path, name, [area.left, area.top, area.width, area.height])
            })
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
