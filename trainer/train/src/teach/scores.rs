//! A teacher's logits of one view of each photo, kept on disk.

use std::path::{Path, PathBuf};

use half::f16;
use half::slice::HalfFloatSliceExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tagsight_core::labels;
use tagsight_data::augment::Views;
use tagsight_data::progress;
use tagsight_data::write_atomically;

use super::{TeachError, Teacher};

/// Changes whenever logits come out otherwise for the same teacher and views.
const VERSION: u32 = 1;
/// Photos between two looks at the clock.
const CHUNK: usize = 128;
/// Photos that a thread takes at least: a scorer is made for each share.
const SHARE: usize = 16;

/// A teacher's own logits of the COCO classes, not calibrated.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    logits: Vec<f16>,
}

/// The first line of a file of scores; `photos · 80` f16 logits follow.
#[derive(Serialize, Deserialize)]
struct Header {
    key: String,
    teacher: String,
    view: usize,
    photos: usize,
    values: String,
}

impl Scores {
    /// What `teacher` says of view `number` of each photo, or what an earlier run kept in `folder`.
    ///
    /// # Errors
    /// If a photo cannot be read, or the scores cannot be kept.
    pub fn of_views(
        teacher: &dyn Teacher,
        views: &Views,
        number: usize,
        folder: &Path,
    ) -> Result<Self, TeachError> {
        let key = key(teacher, views, number);
        let path = folder.join(format!("{}.teacher", &key[..16]));
        let photos = views.dataset().photos.len();
        if let Some(scores) = Self::read(&path, &key, photos) {
            return Ok(scores);
        }
        let scores = Self::ask(teacher, views, number)?;
        let header = Header {
            key,
            teacher: teacher.name().to_owned(),
            view: number,
            photos,
            values: "uncalibrated logits of COCO's 80 classes, f16, photo by photo".into(),
        };
        scores.write(&path, &header)?;
        Ok(scores)
    }

    /// Logits of all photos, 80 each.
    pub fn logits(&self) -> Vec<f32> {
        self.logits.to_f32_vec()
    }

    fn ask(teacher: &dyn Teacher, views: &Views, number: usize) -> Result<Self, TeachError> {
        let photos = views.dataset().photos.len();
        let mut logits = Vec::with_capacity(photos * labels::COCO.len());
        let bar = progress::bar(photos, &format!("{}, view {number}: photos", teacher.name()));
        let numbers: Vec<usize> = (0..photos).collect();
        for chunk in numbers.chunks(CHUNK) {
            let rows: Result<Vec<Vec<f32>>, TeachError> = chunk
                .par_iter()
                .with_min_len(SHARE)
                .map_init(
                    || teacher.scorer(),
                    |scorer, &photo| {
                        let view = views.view(photo, number);
                        scorer.logits(&view, views.dataset()).map_err(TeachError::Photo)
                    },
                )
                .collect();
            logits.extend(rows?.into_iter().flatten().map(f16::from_f32));
            bar.inc(chunk.len() as u64);
        }
        bar.finish_and_clear();
        Ok(Self { logits })
    }

    /// `None` where there is no such file, or it holds something else.
    fn read(path: &Path, key: &str, photos: usize) -> Option<Self> {
        let bytes = std::fs::read(path).ok()?;
        let line = bytes.iter().position(|&byte| byte == b'\n')?;
        let header: Header = serde_json::from_slice(&bytes[..line]).ok()?;
        let values = bytes[line + 1..].as_chunks::<2>().0;
        let logits: Vec<f16> = values.iter().map(|&value| f16::from_le_bytes(value)).collect();
        let fits = header.key == key && logits.len() == photos * labels::COCO.len();
        fits.then_some(Self { logits })
    }

    fn write(&self, path: &Path, header: &Header) -> Result<(), TeachError> {
        let io = |path: PathBuf| move |source| TeachError::Io { path, source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(io(folder.to_owned()))?;
        }
        let mut bytes = serde_json::to_vec(header).expect("plain data serialises");
        bytes.push(b'\n');
        bytes.extend(self.logits.iter().flat_map(|logit| logit.to_le_bytes()));
        write_atomically(path, &bytes).map_err(io(path.to_owned()))
    }
}

/// What scores depend on: the teacher and the views, not who learns from them.
fn key(teacher: &dyn Teacher, views: &Views, number: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(VERSION.to_le_bytes());
    hash.update(teacher.digest());
    hash.update(views.digest(number));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
