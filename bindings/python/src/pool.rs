//! Engines at work: as many as photos are seen at a time, kept for the next ones.

use std::fs;
use std::sync::{Mutex, PoisonError};

use tagsight_core::photo::{MAX_SIDE, Reduced};
use tagsight_core::{self as core, Isa};

use crate::error::Trouble;
use crate::photo::Photo;

/// One model's taggers.
pub(crate) struct Pool {
    model: Vec<u8>,
    idle: Mutex<Vec<core::Tagger>>,
}

impl Pool {
    /// Of a model's file, with the first tagger, of which its metadata can be had.
    pub(crate) fn new(model: Vec<u8>) -> Result<(Self, core::Tagger), Trouble> {
        let first = core::Tagger::new(&model, Isa::best())?;
        Ok((Self { model, idle: Mutex::default() }, first))
    }

    /// Lends a tagger that nobody else uses.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut core::Tagger) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let idle = self.idle().pop();
        let mut tagger = match idle {
            Some(tagger) => tagger,
            None => core::Tagger::new(&self.model, Isa::best())?,
        };
        let done = work(&mut tagger);
        self.give_back(tagger);
        done
    }

    /// Keeps a tagger for whoever asks next.
    pub(crate) fn give_back(&self, tagger: core::Tagger) {
        self.idle().push(tagger);
    }

    /// One score a label.
    pub(crate) fn scores(&self, photo: &Photo) -> Result<Vec<f32>, Trouble> {
        self.with(|tagger| {
            let mut photo = decoded(tagger, photo)?;
            Ok(tagger.scores_of(&mut photo))
        })
    }

    /// A thread that panicked had a tagger of its own, so the others are whole.
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<core::Tagger>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn decoded(tagger: &core::Tagger, photo: &Photo) -> Result<Reduced, Trouble> {
    match photo {
        Photo::Bytes(bytes) => {
            tagger.decode(bytes).map_err(|error| Trouble::of_photo(None, &error))
        }
        Photo::Path(path) => {
            let read = fs::read(path);
            let bytes = read.map_err(|source| Trouble::Read { path: path.clone(), source })?;
            tagger.decode(&bytes).map_err(|error| Trouble::of_photo(Some(path.clone()), &error))
        }
        Photo::Pixels(pixels) => {
            let size = (pixels.width, pixels.height);
            if size.0.max(size.1) > MAX_SIDE as usize {
                let (width, height) = (size.0 as u32, size.1 as u32);
                let error = core::PhotoError::TooLong { width, height };
                return Err(Trouble::of_photo(None, &error));
            }
            Ok(Reduced::of_picture(pixels.clone(), size))
        }
    }
}
