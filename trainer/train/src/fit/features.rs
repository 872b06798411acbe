//! What frozen layers make of views: computed once, kept as f16 in memory and on disk, one file a
//! view.

use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use burn::prelude::*;
use half::f16;
use half::slice::HalfFloatSliceExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tagsight_core::artifact::Preprocessing;
use tagsight_core::photo;
use tagsight_data::Skipped;
use tagsight_data::augment::{Painter, Views};
use tagsight_data::progress;

use crate::model::{Classifier, normalised};

/// Views at a time.
const CHUNK: usize = 64;

/// Layers that stay as they are, whatever their arithmetic.
pub trait Trunk {
    /// A digest of all that its features depend on.
    fn digest(&self) -> [u8; 32];

    /// Side of the images that it takes.
    fn side(&self) -> usize;

    /// Features of images' codes (HWC, one image after the other): the shape of one image's
    /// (channels, height, width), and the values.
    fn features(&self, codes: &[i8]) -> ([usize; 3], Vec<f32>);
}

/// A network of burn's as a trunk.
pub struct BurnTrunk<'a, B: Backend, M> {
    /// The layers; their classifier, if there is one, does not count.
    pub network: &'a M,
    /// How a photo becomes their input.
    pub preprocessing: &'a Preprocessing,
    /// Where they run.
    pub device: &'a B::Device,
}

impl<B: Backend, M: Classifier<B>> Trunk for BurnTrunk<'_, B, M> {
    fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (name, weight) in &self.network.weights() {
            hash.update(name);
            hash.update(bytemuck::cast_slice::<f32, u8>(&weight.values));
        }
        hash.update(format!("{:?}", self.preprocessing));
        hash.finalize().into()
    }

    fn side(&self) -> usize {
        self.preprocessing.side
    }

    fn features(&self, codes: &[i8]) -> ([usize; 3], Vec<f32>) {
        let input = normalised(codes, self.preprocessing, self.device);
        let output = self.network.features(input);
        let [_, channels, height, width] = output.dims();
        ([channels, height, width], output.into_data().iter().collect())
    }
}

/// Features of all views of a dataset's photos.
pub struct Features {
    /// Of one view: channels, height, width.
    pub(super) shape: [usize; 3],
    /// What they are of.
    pub(super) views: Views,
    /// View by view, then photo by photo.
    values: Vec<Vec<f16>>,
}

/// Why there are no features.
#[derive(Debug, thiserror::Error)]
pub enum FeaturesError {
    /// They could not be kept.
    #[error("cannot keep features in {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// A photo went away while features were made.
    #[error("{} cannot be read any more: {}; run the command again", .0.path.display(), .0.reason)]
    Photo(Skipped),
}

/// The beginning of a file of features: its length (u64), this as JSON, and the values.
#[derive(Serialize, Deserialize)]
struct Header {
    key: String,
    shape: [usize; 3],
}

/// One view of each photo.
struct OneView {
    shape: [usize; 3],
    values: Vec<f16>,
}

impl Features {
    /// Runs `trunk` over the views, or reads what an earlier run kept in `folder`.
    ///
    /// # Errors
    /// If a photo cannot be read, or the features cannot be kept.
    pub fn of_views(
        trunk: &impl Trunk,
        views: Views,
        folder: &Path,
    ) -> Result<Self, FeaturesError> {
        let digest = trunk.digest();
        let mut features = Self { shape: [0; 3], views, values: Vec::new() };
        for number in 0..features.views.count() {
            let one = features.view(trunk, &digest, number, folder)?;
            features.shape = one.shape;
            features.values.push(one.values);
        }
        Ok(features)
    }

    /// Features of view `number` of photo `photo`.
    pub(super) fn of(&self, photo: usize, number: usize) -> Vec<f32> {
        let length = self.shape.iter().product::<usize>();
        self.values[number][photo * length..(photo + 1) * length].to_f32_vec()
    }

    fn view(
        &self,
        trunk: &impl Trunk,
        digest: &[u8],
        number: usize,
        folder: &Path,
    ) -> Result<OneView, FeaturesError> {
        let key = key(digest, &self.views, number);
        let path = folder.join(format!("{}.features", &key[..16]));
        if let Some(kept) = OneView::read(&path, &key, self.views.dataset().photos.len()) {
            return Ok(kept);
        }
        let made = OneView::extract(trunk, &self.views, number).map_err(FeaturesError::Photo)?;
        let header = Header { key, shape: made.shape };
        made.write(&path, &header).map_err(|source| FeaturesError::Io { path, source })?;
        Ok(made)
    }
}

impl OneView {
    fn extract(trunk: &impl Trunk, views: &Views, number: usize) -> Result<Self, Skipped> {
        let photos: Vec<usize> = (0..views.dataset().photos.len()).collect();
        let mut one = Self { shape: [0; 3], values: Vec::new() };
        let bar = progress::bar(photos.len(), &format!("frozen layers, view {number}: photos"));
        for chunk in photos.chunks(CHUNK) {
            let codes = codes(views, chunk.iter().map(|&photo| (photo, number)), trunk.side());
            let codes: Vec<Vec<i8>> = codes.into_iter().collect::<Result<_, _>>()?;
            let (shape, values) = trunk.features(&codes.concat());
            if one.values.is_empty() {
                one.shape = shape;
                one.values.reserve_exact(photos.len() * shape.iter().product::<usize>());
            }
            one.values.extend(values.into_iter().map(f16::from_f32));
            bar.inc(chunk.len() as u64);
        }
        bar.finish_and_clear();
        Ok(one)
    }

    /// `None` where there is no such file, or it holds something else.
    fn read(path: &Path, key: &str, photos: usize) -> Option<Self> {
        let mut file = BufReader::new(std::fs::File::open(path).ok()?);
        let mut length = [0; 8];
        file.read_exact(&mut length).ok()?;
        let mut json = vec![0; usize::try_from(u64::from_le_bytes(length)).ok()?.min(1 << 16)];
        file.read_exact(&mut json).ok()?;
        let header: Header =
            serde_json::from_slice(&json).ok().filter(|h: &Header| h.key == key)?;
        let mut values = vec![f16::ZERO; photos * header.shape.iter().product::<usize>()];
        file.read_exact(bytemuck::cast_slice_mut(&mut values)).ok()?;
        Some(Self { shape: header.shape, values })
    }

    fn write(&self, path: &Path, header: &Header) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let partial = path.with_extension("partial");
        let mut file = BufWriter::new(std::fs::File::create(&partial)?);
        let json = serde_json::to_vec(header)?;
        file.write_all(&(json.len() as u64).to_le_bytes())?;
        file.write_all(&json)?;
        file.write_all(bytemuck::cast_slice(&self.values))?;
        file.flush()?;
        std::fs::rename(partial, path)
    }
}

/// Input codes (HWC) of `picked` photos' views, painted in parallel.
pub(super) fn codes(
    views: &Views,
    picked: impl IntoIterator<Item = (usize, usize)>,
    side: usize,
) -> Vec<Result<Vec<i8>, Skipped>> {
    let paint = |painter: &mut Painter, (photo, number)| {
        let rgb = painter.square(&views.view(photo, number), views.dataset(), side)?;
        Ok(photo::codes(&rgb))
    };
    let picked: Vec<(usize, usize)> = picked.into_iter().collect();
    picked.into_par_iter().map_init(Painter::default, paint).collect()
}

/// What the features of one view depend on.
fn key(trunk: &[u8], views: &Views, number: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(trunk);
    hash.update(views.digest(number));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
