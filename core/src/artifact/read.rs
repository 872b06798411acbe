//! Bytes → artifact, trusting nothing.

use super::bits::{self, WeightBits};
use super::container::{Container, Dtype};
use super::error::ArtifactError;
use super::graph::Layers;
use super::json;
use super::metadata::Metadata;
use super::network::{Artifact, QuantConv, QuantLinear};
use super::version::{FORMAT_VERSION, FOUR_BIT_VERSION, GRAPH_VERSION};
use crate::graph::{Conv, Graph, PerConv};

impl Artifact {
    /// Reads and checks a model file.
    ///
    /// # Errors
    /// Anything that is cut short, of another version, of wrong type or shape, not finite, or
    /// large enough for a sum to overflow is refused with the reason.
    pub fn read(bytes: &[u8]) -> Result<Self, ArtifactError> {
        let tensors = Container::read(bytes).map_err(ArtifactError::Container)?;
        let json = tensors.metadata("tagsight").ok_or_else(|| {
            ArtifactError::Metadata("it has no entry \"tagsight\": not a Tagsight model".into())
        })?;
        let (metadata, graph, version) = parse_metadata(json)?;
        let four_bits = version >= FOUR_BIT_VERSION;
        let mut reader = Reader { tensors, four_bits, used: 0 };
        let convs = PerConv::try_new(&graph, |conv| reader.conv(&graph, conv))?;
        let head = reader.linear(&graph.head().name, &graph)?;
        if reader.used != reader.tensors.len() {
            let extra = reader.tensors.len() - reader.used;
            return Err(ArtifactError::Container(format!("{extra} tensors that do not belong")));
        }
        let artifact = Self { metadata, graph, convs, head };
        artifact.validate()?;
        Ok(artifact)
    }
}

/// Metadata as of today's version, the network, and the version that the file is of.
fn parse_metadata(json: &str) -> Result<(Metadata, Graph, u32), ArtifactError> {
    let version = json::read(json, Metadata::read_version).map_err(ArtifactError::Metadata)?;
    check_version(version)?;
    let (mut metadata, layers) =
        json::read(json, Metadata::read).map_err(ArtifactError::Metadata)?;
    metadata.format_version = FORMAT_VERSION;
    metadata.validate()?;
    let graph = network(&metadata, layers, version)?;
    Ok((metadata, graph, version))
}

/// Refuses versions that are not known.
fn check_version(found: u32) -> Result<(), ArtifactError> {
    if (1..=FORMAT_VERSION).contains(&found) {
        Ok(())
    } else {
        Err(ArtifactError::Version { found })
    }
}

/// The layers that the file has, or those that an earlier version named.
fn network(
    metadata: &Metadata,
    layers: Option<Layers>,
    version: u32,
) -> Result<Graph, ArtifactError> {
    let (side, classes) = (metadata.preprocessing.side, metadata.labels.len());
    let fail = |reason: String| Err(ArtifactError::Metadata(reason));
    match (layers, version >= GRAPH_VERSION) {
        (Some(layers), true) => Ok(layers.graph(side, classes)?),
        (None, false) => match metadata.architecture() {
            Some(architecture) => Ok(architecture.graph(side, classes)),
            None => fail(format!("unknown architecture {:?}", metadata.architecture)),
        },
        (None, true) => fail("graph is missing".into()),
        (Some(_), false) => fail("a graph, which files of its version do not have".into()),
    }
}

/// Takes tensors out of the container, each with the type and shape that it must have.
struct Reader<'data> {
    tensors: Container<'data>,
    /// Whether the file's version knows 4-bit weights.
    four_bits: bool,
    used: usize,
}

impl Reader<'_> {
    fn conv(&mut self, graph: &Graph, conv: &Conv) -> Result<QuantConv, ArtifactError> {
        let (name, kernel) = (&conv.name, conv.window.kernel);
        let (inputs, outputs) = (graph.inputs_per_output(conv), conv.channels);
        let output_scale = self.f32s(&format!("{name}.output_scale"), 1)?[0];
        let (weight, bits) = self.weight(name, &[outputs, kernel, kernel, inputs])?;
        Ok(QuantConv {
            weight,
            bits,
            weight_scale: self.f32s(&format!("{name}.weight_scale"), outputs)?,
            bias: self.i32s(&format!("{name}.bias"), outputs)?,
            output_scale,
        })
    }

    fn linear(&mut self, name: &str, graph: &Graph) -> Result<QuantLinear, ArtifactError> {
        let (outputs, inputs) = (graph.head().classes, graph.features().channels);
        let (weight, bits) = self.weight(name, &[outputs, inputs])?;
        Ok(QuantLinear {
            weight,
            bits,
            weight_scale: self.f32s(&format!("{name}.weight_scale"), outputs)?,
            bias: self.i32s(&format!("{name}.bias"), outputs)?,
        })
    }

    /// Weights in whichever form the file has them; if it has both, one is left over.
    fn weight(
        &mut self,
        layer: &str,
        shape: &[usize],
    ) -> Result<(Vec<i8>, WeightBits), ArtifactError> {
        let packed = format!("{layer}.weight4");
        if self.four_bits && self.tensors.tensor(&packed).is_some() {
            let taps = shape[1..].iter().product();
            let bytes = self.bytes(&packed, Dtype::U8, &[shape[0], bits::packed_len(taps)])?;
            let uneven = || ArtifactError::tensor(&packed, "a row ends in a half that is not 0");
            return Ok((bits::unpack4(bytes, taps).ok_or_else(uneven)?, WeightBits::Four));
        }
        let bytes = self.bytes(&format!("{layer}.weight"), Dtype::I8, shape)?;
        Ok((bytes.iter().map(|&byte| byte as i8).collect(), WeightBits::Eight))
    }

    fn i32s(&mut self, name: &str, len: usize) -> Result<Vec<i32>, ArtifactError> {
        let bytes = self.bytes(name, Dtype::I32, &[len])?;
        Ok(words(bytes).map(i32::from_le_bytes).collect())
    }

    fn f32s(&mut self, name: &str, len: usize) -> Result<Vec<f32>, ArtifactError> {
        let bytes = self.bytes(name, Dtype::F32, &[len])?;
        Ok(words(bytes).map(f32::from_le_bytes).collect())
    }

    fn bytes(&mut self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&[u8], ArtifactError> {
        let tensor = self.tensors.tensor(name);
        let tensor = tensor.ok_or_else(|| ArtifactError::tensor(name, "it is absent"))?;
        if tensor.dtype != dtype || tensor.shape != shape {
            let reason =
                format!("it is {:?} {:?}, not {dtype:?} {shape:?}", tensor.dtype, tensor.shape);
            return Err(ArtifactError::tensor(name, reason));
        }
        self.used += 1;
        Ok(tensor.data)
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> + '_ {
    bytes.chunks_exact(4).map(|word| word.try_into().expect("chunks of four"))
}
