//! What a frozen trunk makes of photos: computed once, kept as f16 in memory and on disk.

use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use burn::prelude::*;
use half::f16;
use half::slice::HalfFloatSliceExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tagsight_core::artifact::Preprocessing;

use crate::data::{self, Dataset, Photo, Skipped};
use crate::model::{Classifier, mirror, normalised};
use crate::progress;
use crate::weights::Weights;

/// Photos at a time.
const CHUNK: usize = 64;

/// Features of photos, and of their mirror images.
pub struct Features {
    /// Of one photo: channels, height, width.
    pub(super) shape: [usize; 3],
    /// What they are of.
    pub(super) photos: Vec<Photo>,
    /// Of each photo.
    pub(super) labels: Vec<Vec<usize>>,
    upright: Vec<f16>,
    mirrored: Vec<f16>,
}

/// The first line of a file of features.
#[derive(Serialize, Deserialize)]
struct Header {
    key: String,
    shape: [usize; 3],
}

impl Features {
    /// Runs `trunk` over the photos of `dataset`, or reads what an earlier run kept in `folder`.
    /// Also returns the photos that could not be read.
    ///
    /// # Errors
    /// If the features cannot be kept in `folder`.
    pub fn of_dataset<B: Backend>(
        trunk: &impl Classifier<B>,
        dataset: &Dataset,
        preprocessing: &Preprocessing,
        folder: &Path,
        device: &B::Device,
    ) -> std::io::Result<(Self, Vec<Skipped>)> {
        let key = key(&trunk.weights(), dataset, preprocessing);
        let path = folder.join(format!("{}.features", &key[..16]));
        if let Some(features) = Self::read(&path, &key, dataset) {
            return Ok((features, Vec::new()));
        }
        let (features, skipped) = Self::extract(trunk, dataset, preprocessing, device);
        // Photos that could not be read may be mended and must be named again: nothing is kept.
        if skipped.is_empty() {
            features.write(&path, &Header { key, shape: features.shape })?;
        }
        Ok((features, skipped))
    }

    /// Features of photo `index`, or of its mirror image.
    pub(super) fn of(&self, index: usize, mirrored: bool) -> Vec<f32> {
        let length = self.shape.iter().product::<usize>();
        let view = if mirrored { &self.mirrored } else { &self.upright };
        view[index * length..(index + 1) * length].to_f32_vec()
    }

    fn extract<B: Backend>(
        trunk: &impl Classifier<B>,
        dataset: &Dataset,
        preprocessing: &Preprocessing,
        device: &B::Device,
    ) -> (Self, Vec<Skipped>) {
        let side = preprocessing.side;
        let mut features = Self {
            shape: [0; 3],
            photos: Vec::new(),
            labels: Vec::new(),
            upright: Vec::new(),
            mirrored: Vec::new(),
        };
        let mut skipped = Vec::new();
        let bar = progress::bar(dataset.photos.len(), "photos through the frozen layers");
        for photos in dataset.photos.chunks(CHUNK) {
            let mut codes = Vec::new();
            for (photo, loaded) in photos.iter().zip(data::load_codes(photos, side)) {
                match loaded {
                    Ok(image) => {
                        codes.extend(image);
                        features.labels.push(photo.labels.clone());
                        features.photos.push(photo.clone());
                    }
                    Err(reason) => skipped.push(reason),
                }
            }
            let mut run = |codes: &[i8]| {
                let output = trunk.features(normalised(codes, preprocessing, device));
                let [_, channels, height, width] = output.dims();
                features.shape = [channels, height, width];
                let values: Vec<f32> = output.into_data().iter().collect();
                values.into_iter().map(f16::from_f32).collect::<Vec<f16>>()
            };
            if !codes.is_empty() {
                let upright = run(&codes);
                codes.chunks_exact_mut(side * side * 3).for_each(|image| mirror(image, side));
                let mirrored = run(&codes);
                features.upright.extend(upright);
                features.mirrored.extend(mirrored);
            }
            bar.inc(photos.len() as u64);
        }
        bar.finish_and_clear();
        (features, skipped)
    }

    /// `None` where there is no such file, or it holds something else.
    fn read(path: &Path, key: &str, dataset: &Dataset) -> Option<Self> {
        let mut file = BufReader::new(std::fs::File::open(path).ok()?);
        let mut length = [0; 8];
        file.read_exact(&mut length).ok()?;
        let mut json = vec![0; usize::try_from(u64::from_le_bytes(length)).ok()?.min(1 << 28)];
        file.read_exact(&mut json).ok()?;
        let header: Header =
            serde_json::from_slice(&json).ok().filter(|h: &Header| h.key == key)?;
        let elements = dataset.photos.len() * header.shape.iter().product::<usize>();
        let mut view = || {
            let mut values = vec![f16::ZERO; elements];
            file.read_exact(bytemuck::cast_slice_mut(&mut values)).ok().map(|()| values)
        };
        Some(Self {
            shape: header.shape,
            photos: dataset.photos.clone(),
            labels: dataset.photos.iter().map(|photo| photo.labels.clone()).collect(),
            upright: view()?,
            mirrored: view()?,
        })
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
        file.write_all(bytemuck::cast_slice(&self.upright))?;
        file.write_all(bytemuck::cast_slice(&self.mirrored))?;
        file.flush()?;
        std::fs::rename(partial, path)
    }
}

/// What features depend on: weights, photos and preprocessing.
fn key(weights: &Weights, dataset: &Dataset, preprocessing: &Preprocessing) -> String {
    let mut hash = Sha256::new();
    for (name, weight) in weights {
        hash.update(name);
        hash.update(bytemuck::cast_slice::<f32, u8>(&weight.values));
    }
    for photo in &dataset.photos {
        hash.update(photo.id.to_le_bytes());
        hash.update(photo.path.as_os_str().as_encoded_bytes());
    }
    hash.update(format!("{preprocessing:?}"));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
