//! An artifact of our own as a teacher, run by the core's engine.

use sha2::{Digest, Sha256};
use tagsight_core::engine::{Engine, Isa};
use tagsight_core::{Artifact, photo};
use tagsight_data::augment::{Painter, View};
use tagsight_data::{Dataset, coco_labels};

use super::{DistilError, Scorer, Teacher};

/// See the module.
pub struct IntegerTeacher {
    artifact: Artifact,
    digest: [u8; 32],
}

impl IntegerTeacher {
    /// The network of an artifact's bytes.
    ///
    /// # Errors
    /// If it is no artifact, or its labels are not COCO's.
    pub fn new(bytes: &[u8]) -> Result<Self, String> {
        let artifact = Artifact::read(bytes).map_err(|error| error.to_string())?;
        if artifact.metadata.labels != coco_labels() {
            return Err("its labels are not COCO's".into());
        }
        Ok(Self { artifact, digest: Sha256::digest(bytes).into() })
    }
}

impl Teacher for IntegerTeacher {
    fn name(&self) -> &str {
        &self.artifact.metadata.architecture
    }

    fn digest(&self) -> [u8; 32] {
        self.digest
    }

    fn scorer(&self) -> Box<dyn Scorer + '_> {
        let engine = Engine::new(&self.artifact, Isa::best()).expect("the best one runs here");
        let side = self.artifact.metadata.preprocessing.side;
        Box::new(IntegerScorer { engine, side, painter: Painter::default() })
    }
}

struct IntegerScorer {
    engine: Engine,
    side: usize,
    painter: Painter,
}

impl Scorer for IntegerScorer {
    fn logits(&mut self, view: &View, dataset: &Dataset) -> Result<Vec<f32>, DistilError> {
        let rgb = self.painter.square(view, dataset, self.side)?;
        Ok(self.engine.logits(&photo::quantise(&rgb)).to_vec())
    }
}
