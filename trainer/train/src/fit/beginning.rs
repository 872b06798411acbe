//! The network that a run begins with.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tagsight_core::graph::Graph;
use tagsight_core::{Architecture, Artifact, artifact};
use tagsight_data::{Dataset, Subject};
use tagsight_network::weights::{self, Missing, Weights};

use crate::checkpoint::{Checkpoint, CheckpointMetadata};
use crate::config::TrainConfig;
use crate::qat;

/// The network before its first epoch, with `config`'s initial weights, which are looked for in the folder
/// `data`; says which layers start afresh.
///
/// # Errors
/// If there is no such network, or its weights cannot be used.
pub fn network(
    architecture: Architecture,
    config: &TrainConfig,
    fitted: &Dataset,
    data: &Path,
) -> Result<Checkpoint> {
    let Subject { labels, task, .. } = fitted.subject.clone();
    architecture.try_graph(config.side, labels.len()).with_context(|| {
        format!("there is no {} for {} pixels", architecture.name(), config.side)
    })?;
    let metadata = CheckpointMetadata::new(architecture, labels, task, config.clone());
    let graph = metadata.graph();
    let mut weights = match &config.initial_weights {
        Some(name) => initial(&find(data, name), &metadata, &graph)?,
        None => Weights::new(),
    };
    qat::drop_steps(&mut weights, &graph);
    let absent = weights::check(&weights, architecture, &graph, Missing::Report)?;
    if !absent.is_empty() {
        eprintln!("absent from the initial weights, so fitted afresh: {}", absent.join(", "));
    }
    let prior = fitted.prior_logits();
    tagsight_network::complete(&mut weights, &absent, &graph, &prior, config.seed);
    if config.fold_batch_norm {
        weights = weights::fold_batch_norm(&weights, &graph);
    }
    Ok(Checkpoint { metadata, weights, resume: None })
}

/// The file of that name in the data folder, or else in the current one: a run's own weights.
fn find(data: &Path, name: &str) -> PathBuf {
    let in_data = data.join(name);
    if in_data.exists() { in_data } else { PathBuf::from(name) }
}

/// Weights that somebody saved, or those of an artifact's folder; without a classifier of others.
fn initial(path: &Path, metadata: &CheckpointMetadata, graph: &Graph) -> Result<Weights> {
    if path.is_dir() {
        let path = path.join(artifact::FILE_NAME);
        return of_artifact(&path, metadata, graph)
            .with_context(|| format!("initial_weights: cannot begin with {}", path.display()));
    }
    let mut weights = weights::load(path)?;
    if classes(&weights, graph).is_some_and(|classes| classes != graph.head().classes) {
        drop_classifier(&mut weights, graph);
    }
    Ok(weights)
}

/// A shipped network's weights as floats.
fn of_artifact(path: &Path, metadata: &CheckpointMetadata, graph: &Graph) -> Result<Weights> {
    let artifact = Artifact::read(&std::fs::read(path)?)?;
    let (theirs, ours) = (&artifact.metadata.preprocessing, &metadata.preprocessing);
    ensure!(
        (theirs.mean, theirs.std) == (ours.mean, ours.std),
        "it takes photos normalised otherwise than the network to be fitted"
    );
    let mut weights = weights::dequantised(&artifact);
    if artifact.metadata.labels != metadata.labels {
        drop_classifier(&mut weights, graph);
    }
    Ok(weights)
}

/// The classes that a classifier among the weights tells apart.
fn classes(weights: &Weights, graph: &Graph) -> Option<usize> {
    weights.get(&format!("{}.weight", graph.head().name)).map(|weight| weight.shape[0])
}

/// A classifier of other classes (ImageNet's 1,000, say) is of no use.
fn drop_classifier(weights: &mut Weights, graph: &Graph) {
    for field in ["weight", "bias"] {
        weights.remove(&format!("{}.{field}", graph.head().name));
    }
}
