//! Photo bytes in, tags out: what the page's worker, the command line and the trainer call.

use std::sync::Arc;

use crate::artifact::{Artifact, ArtifactError, Metadata};
use crate::engine::{Engine, EngineError, Isa, Run};
use crate::heatmap::Heatmap;
use crate::photo::{self, PhotoError, Reduced, Squasher};
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

/// What a model's numbers mean, an engine that runs its network, and the buffers of one photo.
pub struct Tagger<R = Engine> {
    metadata: Arc<Metadata>,
    engine: R,
    squasher: Squasher,
}

impl<R: Run> Tagger<R> {
    /// For a model with this metadata, whose network `engine` runs. Taggers of one model share it.
    pub fn with_engine(metadata: Arc<Metadata>, engine: R) -> Self {
        Self { metadata, engine, squasher: Squasher::default() }
    }

    /// Labels, the task and so on.
    pub fn metadata(&self) -> &Arc<Metadata> {
        &self.metadata
    }

    /// The engine, for those who have codes and want logits.
    pub fn engine_mut(&mut self) -> &mut R {
        &mut self.engine
    }

    /// Decodes a photo no larger than the network sees it.
    ///
    /// # Errors
    /// If the photo cannot be read; the message is for its owner.
    pub fn decode(&self, photo: &[u8]) -> Result<Reduced, PhotoError> {
        photo::decode_reduced(photo, self.metadata.preprocessing.side)
    }

    /// A decoded photo as the network takes it: HWC, `side · side · 3` codes.
    pub fn input(&mut self, photo: &mut Reduced) -> Vec<i8> {
        let squashed = photo.squash(self.metadata.preprocessing.side, &mut self.squasher);
        photo::quantise(&squashed.rgb)
    }

    /// Starts on a photo's codes, see [`Run::start`]; the future gives what the task makes of the
    /// logits ([`Task::figures`](crate::Task::figures)), one a label.
    ///
    /// # Errors
    /// The future gives the engine's.
    ///
    /// # Panics
    /// If `codes` are not those of one image.
    pub fn start(
        &mut self,
        codes: &[i8],
    ) -> impl Future<Output = Result<Vec<f32>, R::Error>> + use<R> {
        let logits = self.engine.start(&[codes], Vec::new());
        let metadata = self.metadata.clone();
        async move { Ok(metadata.task.figures(&logits.await?)) }
    }

    /// The labels that a photo of these scores gets at `step`, best first; none where the task is to
    /// measure values.
    pub fn tags(&self, scores: &[f32], step: Step) -> Vec<Tag> {
        let labels = &self.metadata.labels;
        let rule = self.metadata.task.rule(labels.len());
        rule.map_or_else(Vec::new, |rule| rule.tags(labels, scores, step))
    }
}

/// On a processor nothing has to be waited for.
impl Tagger<Engine> {
    /// Reads a model file and packs it for `isa`.
    ///
    /// # Errors
    /// If the model is not usable, or `isa` does not run here.
    pub fn new(model: &[u8], isa: Isa) -> Result<Self, TaggerError> {
        let artifact = Artifact::read(model)?;
        let engine = Engine::new(&artifact, isa)?;
        Ok(Self::with_engine(artifact.metadata.into(), engine))
    }

    /// What the task makes of a photo, one figure a label.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn scores(&mut self, photo: &[u8]) -> Result<Vec<f32>, PhotoError> {
        let mut photo = self.decode(photo)?;
        Ok(self.scores_of(&mut photo))
    }

    /// The same of a photo that is decoded.
    pub fn scores_of(&mut self, photo: &mut Reduced) -> Vec<f32> {
        let codes = self.input(photo);
        self.scores_of_codes(&codes)
    }

    /// The same of [`Self::input`].
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
    /// If there is no such label.
    pub fn explain(&mut self, photo: &mut Reduced, labels: &[usize]) -> (Vec<f32>, Vec<Heatmap>) {
        let codes = self.input(photo);
        self.explain_codes(&codes, labels)
    }

    /// The same of [`Self::input`].
    ///
    /// # Panics
    /// If `codes` are not those of one image, or there is no such label.
    pub fn explain_codes(&mut self, codes: &[i8], labels: &[usize]) -> (Vec<f32>, Vec<Heatmap>) {
        let (logits, maps) = self.engine.logits_explained(codes, labels);
        (self.metadata.task.figures(logits), maps)
    }
}
