//! Artifact → bytes.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, TensorView};
use serde::Serialize;

use super::bits::{self, WeightBits};
use super::error::ArtifactError;
use super::metadata::Metadata;
use super::network::Artifact;
use crate::graph::Graph;

/// An artifact's tensor, ready to be written.
struct Entry {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// What the file says of itself.
#[derive(Serialize)]
struct Header<'a> {
    #[serde(flatten)]
    metadata: &'a Metadata,
    graph: &'a Graph,
}

impl Artifact {
    /// The file's bytes; the same artifact always gives the same ones.
    ///
    /// # Errors
    /// As [`Artifact::read`] would give them: what cannot be read is not written.
    pub fn write(&self) -> Result<Vec<u8>, ArtifactError> {
        self.validate()?;
        let container = |error: &dyn std::fmt::Display| ArtifactError::Container(error.to_string());
        let json = serde_json::to_string(&Header { metadata: &self.metadata, graph: &self.graph });
        let json = json.map_err(|error| container(&error))?;
        let metadata = HashMap::from([("tagsight".to_owned(), json)]);
        let entries = self.entries();
        let views: Result<Vec<_>, _> = entries
            .iter()
            .map(|entry| {
                TensorView::new(entry.dtype, entry.shape.clone(), &entry.bytes)
                    .map(|view| (entry.name.as_str(), view))
            })
            .collect();
        let views = views.map_err(|error| container(&error))?;
        safetensors::serialize(views, Some(metadata)).map_err(|error| container(&error))
    }

    fn entries(&self) -> Vec<Entry> {
        let graph = &self.graph;
        let mut entries = Vec::new();
        for conv in graph.convs() {
            let (name, params) = (&conv.name, &self.convs[conv]);
            let kernel = conv.window.kernel;
            let shape = vec![conv.channels, kernel, kernel, graph.inputs_per_output(conv)];
            entries.push(weights(name, shape, &params.weight, params.bits));
            entries.push(f32s(name, "weight_scale", &params.weight_scale));
            entries.push(i32s(name, &params.bias));
            entries.push(f32s(name, "output_scale", &[params.output_scale]));
        }
        let (name, classes) = (&graph.head().name, graph.head().classes);
        let shape = vec![classes, graph.features().channels];
        entries.push(weights(name, shape, &self.head.weight, self.head.bits));
        entries.push(f32s(name, "weight_scale", &self.head.weight_scale));
        entries.push(i32s(name, &self.head.bias));
        entries
    }
}

fn weights(layer: &str, shape: Vec<usize>, codes: &[i8], bits: WeightBits) -> Entry {
    match bits {
        WeightBits::Eight => {
            let bytes = codes.iter().map(|&code| code as u8).collect();
            Entry { name: format!("{layer}.weight"), dtype: Dtype::I8, shape, bytes }
        }
        WeightBits::Four => {
            let taps = shape[1..].iter().product();
            let bytes = bits::pack4(codes, taps);
            let shape = vec![shape[0], bits::packed_len(taps)];
            Entry { name: format!("{layer}.weight4"), dtype: Dtype::U8, shape, bytes }
        }
    }
}

fn i32s(layer: &str, values: &[i32]) -> Entry {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Entry { name: format!("{layer}.bias"), dtype: Dtype::I32, shape: vec![values.len()], bytes }
}

fn f32s(layer: &str, what: &str, values: &[f32]) -> Entry {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Entry { name: format!("{layer}.{what}"), dtype: Dtype::F32, shape: vec![values.len()], bytes }
}
