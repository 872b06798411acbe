//! Float networks on disk: safetensors with torchvision's names and a `tagsight-checkpoint` entry
//! in the metadata; a checkpoint of a run also holds what resuming it needs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use tagsight_core::Preprocessing;
use tagsight_core::graph::Graph;
use tagsight_core::{Architecture, Goal, labels};
use tagsight_data::write_atomically;
use tagsight_network::Spec;
use tagsight_network::weights::{self, Missing, Weights, WeightsError};

use crate::config::TrainConfig;
use crate::qat::{self, QatConfig};

/// The version that is written, and the only one that is read.
const FORMAT_VERSION: u32 = 2;
const METADATA_KEY: &str = "tagsight-checkpoint";
/// Prefix of the weights that the optimiser was at, in contrast to their moving average.
const CURRENT_PREFIX: &str = "resume/";
const OPTIMIZER_NAME: &str = "resume/optimizer";
const LOSSES_NAME: &str = "resume/losses";

/// What a checkpoint says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointMetadata {
    format_version: u32,
    architecture: String,
    /// One label an output.
    pub labels: Vec<String>,
    /// What is asked of the network; labels, each for itself, before there was anything else.
    #[serde(default)]
    pub task: Goal,
    /// How a photo becomes the input.
    pub preprocessing: Preprocessing,
    /// Epochs that were fitted.
    pub epoch: usize,
    /// How good it is on the validation photos, by the task's metric.
    #[serde(alias = "held_back_map")]
    pub validation_score: f64,
    /// The best epoch so far, which may be this one; none before the first.
    pub best: Option<BestEpoch>,
    /// The run's settings.
    pub config: TrainConfig,
    /// How the network is quantised, if it was fitted so; there are steps among its weights then,
    /// and batch norms are folded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qat: Option<QatConfig>,
}

/// The epoch of a run that was best on the validation photos.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BestEpoch {
    /// Epochs that were fitted, this one included.
    pub epoch: usize,
    /// How good it is on the validation photos, by the task's metric.
    #[serde(alias = "held_back_map")]
    pub validation_score: f64,
}

/// A float network.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// Labels, preprocessing and so on.
    pub metadata: CheckpointMetadata,
    /// The weights by torchvision's names; of a run, their moving average.
    pub weights: Weights,
    /// What resuming the run needs.
    pub resume: Option<Resume>,
}

/// Where the optimiser is.
#[derive(Debug, Clone)]
pub struct Resume {
    /// The weights it works on.
    pub current: Weights,
    /// Its state, as burn records it.
    pub optimizer: Vec<u8>,
    /// Losses of the batches that were fitted since the last whole epoch.
    pub losses: Vec<f32>,
}

/// Why a checkpoint could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// Cut short, altered, or something else.
    #[error("{path} is damaged or no checkpoint of this program: {detail}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// A run of another network.
    #[error("{path} is a checkpoint of {found}, not of {expected}; give --model {found}")]
    Architecture {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// Its tensors do not fit its architecture.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

impl CheckpointMetadata {
    /// Metadata of weights as they are before the first epoch.
    pub fn new(
        architecture: Architecture,
        labels: Vec<String>,
        task: Goal,
        config: TrainConfig,
    ) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            architecture: architecture.name().into_owned(),
            labels,
            task,
            preprocessing: architecture.preprocessing(config.side),
            epoch: 0,
            validation_score: 0.0,
            best: None,
            config,
            qat: None,
        }
    }

    /// The network.
    pub fn architecture(&self) -> Architecture {
        Architecture::from_name(&self.architecture).expect("checked when read")
    }

    /// What the network is, apart from its weights and this run.
    pub fn spec(&self) -> Spec {
        let (labels, task) = (self.labels.clone(), self.task.clone());
        Spec::new(self.architecture(), labels, task, self.preprocessing.clone())
    }

    /// The network's layers.
    pub fn graph(&self) -> Graph {
        self.spec().graph
    }
}

impl Checkpoint {
    /// Reads and checks a checkpoint.
    ///
    /// # Errors
    /// If it is damaged, of another version, or its tensors do not fit its architecture.
    pub fn read(path: &Path) -> Result<Self, CheckpointError> {
        let damaged = |detail: String| CheckpointError::Damaged { path: path.to_owned(), detail };
        let bytes = std::fs::read(path)
            .map_err(|source| CheckpointError::Io { path: path.to_owned(), source })?;
        let (_, header) =
            SafeTensors::read_metadata(&bytes).map_err(|error| damaged(error.to_string()))?;
        let entries = header.metadata().as_ref();
        let json = entries.and_then(|entries| entries.get(METADATA_KEY)).ok_or_else(|| {
            damaged(format!("no {METADATA_KEY:?} in it; foreign weights go into the configuration"))
        })?;
        let metadata = parse_metadata(json).map_err(damaged)?;
        let tensors =
            SafeTensors::deserialize(&bytes).map_err(|error| damaged(error.to_string()))?;
        let (weights, resume) = sort_tensors(&tensors)?;
        let (architecture, graph) = (metadata.architecture(), metadata.graph());
        let further = metadata.qat.as_ref().map(|_| qat::further_shapes(&graph));
        let further = further.unwrap_or_default();
        weights::check_with(&weights, architecture, &graph, further, Missing::Refuse)?;
        Ok(Self { metadata, weights, resume })
    }

    /// [`Self::read`], refusing other architectures.
    ///
    /// # Errors
    /// As [`Self::read`], or if the checkpoint is of another architecture.
    pub fn read_as(path: &Path, architecture: Architecture) -> Result<Self, CheckpointError> {
        let checkpoint = Self::read(path)?;
        if checkpoint.metadata.architecture() == architecture {
            return Ok(checkpoint);
        }
        Err(CheckpointError::Architecture {
            path: path.to_owned(),
            found: checkpoint.metadata.architecture,
            expected: architecture.name().into_owned(),
        })
    }

    /// Writes the checkpoint whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), CheckpointError> {
        let json = serde_json::to_string(&self.metadata).expect("plain data serialises");
        let metadata = HashMap::from([(METADATA_KEY.to_owned(), json)]);
        let mut tensors = encode("", &self.weights);
        if let Some(resume) = &self.resume {
            tensors.extend(encode(CURRENT_PREFIX, &resume.current));
            let length = vec![resume.optimizer.len()];
            let optimizer = (Dtype::U8, length, resume.optimizer.clone());
            tensors.push((OPTIMIZER_NAME.to_owned(), optimizer));
            if !resume.losses.is_empty() {
                let losses = (Dtype::F32, vec![resume.losses.len()], le_bytes(&resume.losses));
                tensors.push((LOSSES_NAME.to_owned(), losses));
            }
        }
        let views = tensors.iter().map(|(name, (dtype, shape, bytes))| {
            let view = TensorView::new(*dtype, shape.clone(), bytes);
            (name.as_str(), view.expect("bytes were made for the shape"))
        });
        let bytes = safetensors::serialize(views, Some(metadata)).map_err(|error| {
            CheckpointError::Damaged { path: path.to_owned(), detail: error.to_string() }
        })?;
        write_atomically(path, &bytes)
            .map_err(|source| CheckpointError::Io { path: path.to_owned(), source })
    }
}

fn parse_metadata(json: &str) -> Result<CheckpointMetadata, String> {
    /// What every version has.
    #[derive(Deserialize)]
    struct Version {
        format_version: u32,
    }
    let Version { format_version } =
        serde_json::from_str(json).map_err(|error| error.to_string())?;
    if format_version != FORMAT_VERSION {
        return Err(format!(
            "it has format version {format_version}, this program reads {FORMAT_VERSION}"
        ));
    }
    let metadata: CheckpointMetadata =
        serde_json::from_str(json).map_err(|error| error.to_string())?;
    let architecture = Architecture::from_name(&metadata.architecture)
        .ok_or_else(|| format!("unknown architecture {:?}", metadata.architecture))?;
    if metadata.labels.is_empty() {
        return Err("it has no labels".into());
    }
    let (side, outputs) = (metadata.preprocessing.side, metadata.labels.len());
    architecture.try_graph(side, outputs).map_err(|error| error.to_string())?;
    labels::check(&metadata.labels)?;
    if let Goal::Regression { quantities } = &metadata.task
        && quantities.len() != metadata.labels.len()
    {
        return Err("it has not one quantity an output".into());
    }
    Ok(metadata)
}

type Encoded = (String, (Dtype, Vec<usize>, Vec<u8>));

fn encode(prefix: &str, weights: &Weights) -> Vec<Encoded> {
    let one = |(name, weight): (&String, &weights::Weight)| {
        (format!("{prefix}{name}"), (Dtype::F32, weight.shape.clone(), le_bytes(&weight.values)))
    };
    weights.iter().map(one).collect()
}

fn le_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The weights proper, and what resuming needs if that is there.
fn sort_tensors(tensors: &SafeTensors<'_>) -> Result<(Weights, Option<Resume>), WeightsError> {
    let optimizer = tensors.tensor(OPTIMIZER_NAME).ok().map(|view| view.data().to_vec());
    let mut floats = weights::read_named(tensors, |name| name != OPTIMIZER_NAME)?;
    let losses = floats.remove(LOSSES_NAME).map_or_else(Vec::new, |losses| losses.values);
    let (mut weights, mut current) = (Weights::new(), Weights::new());
    for (name, weight) in floats {
        match name.strip_prefix(CURRENT_PREFIX) {
            Some(name) => current.insert(name.to_owned(), weight),
            None => weights.insert(name, weight),
        };
    }
    Ok((weights, optimizer.map(|optimizer| Resume { current, optimizer, losses })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_of_before_there_were_tasks_are_of_labels() {
        let labels = vec!["dog".to_owned()];
        let config = TrainConfig::default();
        let metadata =
            CheckpointMetadata::new(Architecture::ResNet18, labels, Goal::SingleLabel, config);
        let text = serde_json::to_string(&metadata).unwrap();
        assert_eq!(parse_metadata(&text).unwrap().task, Goal::SingleLabel);
        let earlier = text
            .replace(r#""task":"single-label","#, "")
            .replace("validation_score", "held_back_map");
        assert_ne!(text, earlier);
        assert_eq!(parse_metadata(&earlier).unwrap().task, Goal::MultiLabel);
        let uneven = text.replace(r#""single-label""#, r#"{"regression":{"quantities":[]}}"#);
        assert!(parse_metadata(&uneven).unwrap_err().contains("one quantity an output"));
    }

    #[test]
    fn labels_that_cannot_be_told_apart_are_refused() {
        let read = |labels: &[&str]| {
            let labels = labels.iter().map(|&label| label.to_owned()).collect();
            let config = TrainConfig::default();
            let metadata =
                CheckpointMetadata::new(Architecture::ResNet18, labels, Goal::default(), config);
            parse_metadata(&serde_json::to_string(&metadata).unwrap())
        };
        assert!(read(&["dog", "cat"]).is_ok());
        assert!(read(&[]).unwrap_err().contains("no labels"));
        assert!(read(&["dog", "cat", "dog"]).unwrap_err().contains("twice"));
        assert!(read(&["dog", ""]).unwrap_err().contains("empty"));
    }
}
