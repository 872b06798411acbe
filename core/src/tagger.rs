//! Photo bytes in, tags out: what the page's worker and the command line call.

use crate::artifact::{Artifact, ArtifactError, Metadata};
use crate::engine::{Engine, EngineError, Isa};
use crate::heatmap::Heatmap;
use crate::photo::{self, Orientation, PhotoError, Reduced, Rgb8, Squasher};
use crate::tags::Tag;
use crate::thresholds::Step;

/// Why a tagger could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TaggerError {
    /// The model was refused.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The engine was refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// A model, an engine and the buffers of one photo.
pub struct Tagger {
    metadata: Metadata,
    engine: Engine,
    squasher: Squasher,
}

/// A photo as the network takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The input codes.
    pub codes: Vec<i8>,
    /// How the stored picture was turned for them.
    pub orientation: Orientation,
}

impl Tagger {
    /// Reads a model file and packs it for `isa`.
    ///
    /// # Errors
    /// If the model is not usable, or `isa` does not run here.
    pub fn new(model: &[u8], isa: Isa) -> Result<Self, TaggerError> {
        let artifact = Artifact::read(model)?;
        let engine = Engine::new(&artifact, isa)?;
        Ok(Self { metadata: artifact.metadata, engine, squasher: Squasher::default() })
    }

    /// Labels, the task and so on.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The engine, for those who have codes already.
    pub fn engine_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// The input codes of a photo: everything that comes before inference.
    ///
    /// # Errors
    /// If the photo cannot be read; the message is for its owner.
    pub fn codes(&mut self, photo: &[u8]) -> Result<Vec<i8>, PhotoError> {
        self.prepare(photo).map(|prepared| prepared.codes)
    }

    /// The same, and how the picture was turned.
    ///
    /// # Errors
    /// As [`Self::codes`].
    pub fn prepare(&mut self, photo: &[u8]) -> Result<Prepared, PhotoError> {
        let mut photo = photo::decode_reduced(photo, self.metadata.preprocessing.side)?;
        Ok(self.prepare_reduced(&mut photo))
    }

    /// What [`Self::prepare`] does after decoding.
    pub fn prepare_reduced(&mut self, photo: &mut Reduced) -> Prepared {
        let squashed = photo.squash(self.metadata.preprocessing.side, &mut self.squasher);
        Prepared { codes: photo::codes(&squashed.rgb), orientation: squashed.orientation }
    }

    /// A decoded photo in its own proportions, no side longer than `longest` pixels, upright and in
    /// sRGB.
    pub fn thumbnail(&mut self, photo: &mut Reduced, longest: usize) -> Rgb8 {
        photo.shrink(longest, &mut self.squasher)
    }

    /// What the task makes of a photo's logits ([`Task::figures`](crate::Task::figures)), one a label.
    ///
    /// # Panics
    /// If `codes` are not those of one image.
    pub fn scores_of_codes(&mut self, codes: &[i8]) -> Vec<f32> {
        self.metadata.task.figures(self.engine.logits(codes))
    }

    /// The same, and what each place of the photo adds to the scores of some labels, given by their
    /// numbers.
    ///
    /// # Panics
    /// If `codes` are not those of one image, or there is no such label.
    pub fn explain(&mut self, codes: &[i8], labels: &[usize]) -> (Vec<f32>, Vec<Heatmap>) {
        let (logits, maps) = self.engine.logits_explained(codes, labels);
        (self.metadata.task.figures(logits), maps)
    }

    /// The same of a photo's bytes.
    ///
    /// # Errors
    /// As [`Self::codes`].
    pub fn scores(&mut self, photo: &[u8]) -> Result<Vec<f32>, PhotoError> {
        let codes = self.codes(photo)?;
        Ok(self.scores_of_codes(&codes))
    }

    /// The labels that a photo of these scores gets at `step`, best first; none where the task is to
    /// measure values.
    pub fn tags(&self, scores: &[f32], step: Step) -> Vec<Tag> {
        let labels = &self.metadata.labels;
        let rule = self.metadata.task.rule(labels.len());
        rule.map_or_else(Vec::new, |rule| rule.tags(labels, scores, step))
    }
}
