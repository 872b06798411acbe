//! What frozen layers make of views: computed once, kept as f16 in memory and on disk, one file a
//! view.

use std::path::{Path, PathBuf};

use burn::prelude::*;
use half::f16;
use half::slice::HalfFloatSliceExt;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use tagsight_core::Preprocessing;
use tagsight_core::photo;
use tagsight_data::Skipped;
use tagsight_data::augment::{Painter, Views};
use tagsight_data::cache::{Entry, Kept};
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
            let kept = features.view(trunk, &digest, number, folder)?;
            features.shape = std::array::from_fn(|size| kept.shape[size]);
            features.values.push(kept.values);
        }
        Ok(features)
    }

    /// Features of view `number` of photo `photo`, of its pictures one after the other.
    pub(super) fn of(&self, photo: usize, number: usize) -> Vec<f32> {
        let pictures = self.views.dataset().subject.medium.pictures();
        let length = pictures * self.shape.iter().product::<usize>();
        self.values[number][photo * length..(photo + 1) * length].to_f32_vec()
    }

    fn view(
        &self,
        trunk: &impl Trunk,
        digest: &[u8],
        number: usize,
        folder: &Path,
    ) -> Result<Kept, FeaturesError> {
        let dataset = self.views.dataset();
        let photos = dataset.photos.len() * dataset.subject.medium.pictures();
        let entry = Entry::new(folder, &key(digest, &self.views, number), "features");
        if let Some(kept) = entry.read(photos, &[]).filter(|kept| kept.shape.len() == 3) {
            return Ok(kept);
        }
        let made = extract(trunk, &self.views, number).map_err(FeaturesError::Photo)?;
        let what = format!("features of view {number}: channels, rows, columns");
        let written = entry.write(photos, &made, &what);
        let path = || entry.path().to_owned();
        written.map_err(|source| FeaturesError::Io { path: path(), source })?;
        Ok(made)
    }
}

/// What `trunk` makes of view `number` of each photo.
fn extract(trunk: &impl Trunk, views: &Views, number: usize) -> Result<Kept, Skipped> {
    let photos: Vec<usize> = (0..views.dataset().photos.len()).collect();
    let pictures = views.dataset().subject.medium.pictures();
    let mut kept = Kept { shape: vec![0; 3], values: Vec::new() };
    let bar = progress::bar(photos.len(), &format!("frozen layers, view {number}: photos"));
    for chunk in photos.chunks(CHUNK.div_ceil(pictures)) {
        let codes = codes(views, chunk.iter().map(|&photo| (photo, number)), trunk.side());
        let codes: Vec<Vec<i8>> = codes.into_iter().collect::<Result<_, _>>()?;
        let (shape, values) = trunk.features(&codes.concat());
        if kept.values.is_empty() {
            kept.shape = shape.to_vec();
            let length = pictures * shape.iter().product::<usize>();
            kept.values.reserve_exact(photos.len() * length);
        }
        kept.values.extend(values.into_iter().map(f16::from_f32));
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    Ok(kept)
}

/// Input codes (HWC) of `picked` photos' views, of all pictures of each, painted in parallel.
pub(super) fn codes(
    views: &Views,
    picked: impl IntoIterator<Item = (usize, usize)>,
    side: usize,
) -> Vec<Result<Vec<i8>, Skipped>> {
    let paint = |painter: &mut Painter, (photo, number)| {
        let rgb = painter.square(&views.view(photo, number), views.dataset(), side)?;
        Ok(photo::quantise(&rgb))
    };
    let picked: Vec<(usize, usize)> = picked.into_iter().collect();
    picked.into_par_iter().map_init(Painter::default, paint).collect()
}

/// What the features of one view depend on.
fn key(trunk: &[u8], views: &Views, number: usize) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(trunk);
    hash.update(views.digest(number));
    hash.finalize().into()
}
