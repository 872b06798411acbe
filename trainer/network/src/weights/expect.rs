//! Which tensors an architecture has, and whether given ones fit it.

use std::collections::BTreeMap;

use tagsight_core::Architecture;
use tagsight_core::graph::Graph;

use super::batch_norm::NORM_FIELDS;
use super::{Weight, Weights, WeightsError, norm_name};

/// What to do about tensors that are absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They are an error.
    Refuse,
    /// They are reported to the caller, who starts those layers afresh.
    Report,
}

/// Names and shapes of the tensors every checkpoint of a network has: kernels and classifier.
pub fn expected_shapes(graph: &Graph) -> BTreeMap<String, Vec<usize>> {
    let mut shapes = BTreeMap::new();
    for conv in graph.convs() {
        let kernel = conv.window.kernel;
        let shape = vec![conv.channels, graph.inputs_per_output(conv), kernel, kernel];
        shapes.insert(format!("{}.weight", conv.name), shape);
    }
    let (head, features) = (graph.head(), graph.features().channels);
    shapes.insert(format!("{}.weight", head.name), vec![head.classes, features]);
    shapes.insert(format!("{}.bias", head.name), vec![head.classes]);
    shapes
}

/// Names and shapes of the tensors that may be there: a bias, or a batch norm's four.
fn optional_shapes(graph: &Graph) -> BTreeMap<String, Vec<usize>> {
    let mut shapes = BTreeMap::new();
    for conv in graph.convs() {
        let outputs = vec![conv.channels];
        let norm = norm_name(&conv.name);
        shapes.insert(format!("{}.bias", conv.name), outputs.clone());
        for field in NORM_FIELDS {
            shapes.insert(format!("{norm}.{field}"), outputs.clone());
        }
    }
    shapes
}

/// Checks `weights` against a network, and returns the absent tensors where `missing` lets it.
///
/// # Errors
/// [`WeightsError::Mismatch`] names every tensor that is of another shape, does not belong,
/// belongs to half a batch norm, or is absent; [`WeightsError::NotFinite`] those with values that
/// are infinite or no numbers.
pub fn check(
    weights: &Weights,
    architecture: Architecture,
    graph: &Graph,
    missing: Missing,
) -> Result<Vec<String>, WeightsError> {
    check_with(weights, architecture, graph, BTreeMap::new(), missing)
}

/// [`check`], with `further` tensors that are required as well.
///
/// # Errors
/// As [`check`].
pub fn check_with(
    weights: &Weights,
    architecture: Architecture,
    graph: &Graph,
    further: BTreeMap<String, Vec<usize>>,
    missing: Missing,
) -> Result<Vec<String>, WeightsError> {
    let (mut required, optional) = (expected_shapes(graph), optional_shapes(graph));
    required.extend(further);
    let mut problems = Vec::new();
    for (name, weight) in weights {
        match required.get(name).or_else(|| optional.get(name)) {
            None => problems.push(format!("{name} does not belong to it")),
            Some(shape) if *shape != weight.shape => {
                problems.push(format!("{name} is {:?}, not {shape:?}", weight.shape));
            }
            Some(_) => {}
        }
    }
    problems.extend(graph.convs().filter_map(|conv| half_norm(weights, &norm_name(&conv.name))));
    let absent: Vec<String> =
        required.into_keys().filter(|name| !weights.contains_key(name)).collect();
    if missing == Missing::Refuse {
        problems.extend(absent.iter().map(|name| format!("{name} is absent")));
    }
    if !problems.is_empty() {
        return Err(WeightsError::Mismatch { architecture: architecture.name().into(), problems });
    }
    check_finite(weights)?;
    Ok(absent)
}

fn check_finite(weights: &Weights) -> Result<(), WeightsError> {
    let is_finite = |weight: &Weight| weight.values.iter().all(|value| value.is_finite());
    let others = weights.iter().filter(|(_, weight)| !is_finite(weight));
    let others: Vec<String> = others.map(|(name, _)| name.clone()).collect();
    if others.is_empty() { Ok(()) } else { Err(WeightsError::NotFinite(others)) }
}

/// A batch norm has all of its four tensors or none.
fn half_norm(weights: &Weights, norm: &str) -> Option<String> {
    let present = NORM_FIELDS.map(|field| weights.contains_key(&format!("{norm}.{field}")));
    let count = present.iter().filter(|&&present| present).count();
    (count != 0 && count != NORM_FIELDS.len())
        .then(|| format!("{norm} has only {count} of its {} tensors", NORM_FIELDS.len()))
}
