//! Bytes → artifact, trusting nothing.

use std::collections::BTreeMap;

use super::bits::{self, WeightBits};
use super::container::{Container, Dtype};
use super::json;
use super::metadata::{FOUR_BIT_VERSION, check_version};
use super::{Artifact, ArtifactError, FORMAT_VERSION, Metadata, QuantConv, QuantLinear};
use crate::graph::{Conv, Graph};
use crate::quant::{self, CODE_MAX};

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
        let (metadata, version) = parse_metadata(json)?;
        let graph =
            metadata.architecture().graph(metadata.preprocessing.side, metadata.labels.len());
        let four_bits = version >= FOUR_BIT_VERSION;
        let mut reader = Reader { tensors, four_bits, used: 0 };
        let mut convs = BTreeMap::new();
        for conv in graph.convs() {
            convs.insert(conv.name.clone(), reader.conv(&graph, conv)?);
        }
        let head = reader.linear(graph.classifier().0, graph.classes, features(&graph))?;
        if reader.used != reader.tensors.len() {
            let extra = reader.tensors.len() - reader.used;
            return Err(ArtifactError::Container(format!("{extra} tensors that do not belong")));
        }
        let artifact = Self { metadata, convs, head };
        artifact.validate()?;
        Ok(artifact)
    }

    /// Checks sizes, ranges and that no sum can overflow.
    pub(super) fn validate(&self) -> Result<(), ArtifactError> {
        self.metadata.validate()?;
        let graph = self.graph();
        for conv in graph.convs() {
            self.validate_sizes(&graph, conv)?;
        }
        let scales = self.scales(&graph);
        for conv in graph.convs() {
            self.validate_sums(&graph, conv, &scales)?;
        }
        self.validate_head(&graph, &scales)
    }

    fn validate_sizes(&self, graph: &Graph, conv: &Conv) -> Result<(), ArtifactError> {
        let absent = || ArtifactError::tensor(&conv.name, "it is absent");
        let params = self.convs.get(&conv.name).ok_or_else(absent)?;
        let outputs = graph.tensors[conv.output].channels;
        let taps = conv.window.kernel.pow(2) * graph.inputs_per_output(conv);
        let rows = Rows { name: &conv.name, outputs, taps };
        rows.check(&params.weight, params.bits, &params.weight_scale, &params.bias)?;
        if !is_scale(params.output_scale) {
            let reason = "its output scale is not a positive finite number";
            return Err(ArtifactError::tensor(&conv.name, reason));
        }
        Ok(())
    }

    fn validate_sums(
        &self,
        graph: &Graph,
        conv: &Conv,
        scales: &[f32],
    ) -> Result<(), ArtifactError> {
        let fail = |reason: &str| Err(ArtifactError::tensor(&conv.name, reason));
        let params = &self.convs[&conv.name];
        let input_scale = scales[conv.input];
        let taps = params.weight.len() / params.bias.len();
        // A zero point is folded into the bias: that counts as well as the codes.
        let largest_input = CODE_MAX + graph.zero_point(conv.input);
        for (channel, codes) in params.weight.chunks_exact(taps).enumerate() {
            let weight_scale = params.weight_scale[channel];
            if !is_scale(quant::multiplier(input_scale, weight_scale, params.output_scale)) {
                return fail("its scales have a ratio that is out of range");
            }
            let largest_residual = match conv.residual {
                None => 0,
                Some(residual) => {
                    let scale = scales[residual];
                    match quant::residual_multiplier(scale, input_scale, weight_scale) {
                        Some(multiplier) => {
                            i64::from(multiplier * (CODE_MAX + graph.zero_point(residual)))
                        }
                        None => return fail("its residual multiplier is out of range"),
                    }
                }
            };
            let sum = largest_sum(codes, largest_input, params.bias[channel]);
            if sum + largest_residual > i64::from(i32::MAX) {
                return fail("its sum can overflow");
            }
        }
        Ok(())
    }

    fn validate_head(&self, graph: &Graph, scales: &[f32]) -> Result<(), ArtifactError> {
        let fail = |reason: &str| Err(ArtifactError::tensor(graph.classifier().0, reason));
        let (head, inputs) = (&self.head, features(graph));
        let (name, pooled) = graph.classifier();
        let rows = Rows { name, outputs: graph.classes, taps: inputs };
        rows.check(&head.weight, head.bits, &head.weight_scale, &head.bias)?;
        let pooled = graph.tensors[pooled];
        let largest_input = (pooled.height * pooled.width) as i32 * CODE_MAX;
        let rows = head.weight.chunks_exact(inputs).zip(&head.bias);
        for ((codes, &bias), scale) in rows.zip(self.logit_scales(graph, scales)) {
            let sum = largest_sum(codes, largest_input, bias);
            if sum > i64::from(i32::MAX) {
                return fail("its sum can overflow");
            }
            // Each scale may be a number where their product is none, and 0 · ∞ is no logit.
            if !is_scale(scale) || !(sum as f32 * scale).is_finite() {
                return fail("its scales have a product that is out of range");
            }
        }
        Ok(())
    }
}

fn features(graph: &Graph) -> usize {
    graph.tensors[graph.classifier().1].channels
}

/// The largest magnitude that the sum of `codes` over inputs `0..=largest_input` can have.
fn largest_sum(codes: &[i8], largest_input: i32, bias: i32) -> i64 {
    let weights: i64 = codes.iter().map(|&code| i64::from(code).abs()).sum();
    weights * i64::from(largest_input) + i64::from(bias).abs()
}

fn is_scale(value: f32) -> bool {
    value.is_normal() && value > 0.0
}

/// What a weight matrix must look like.
struct Rows<'a> {
    name: &'a str,
    outputs: usize,
    taps: usize,
}

impl Rows<'_> {
    fn check(
        &self,
        weight: &[i8],
        bits: WeightBits,
        scale: &[f32],
        bias: &[i32],
    ) -> Result<(), ArtifactError> {
        let fail = |reason: &str| Err(ArtifactError::tensor(self.name, reason));
        if weight.len() != self.outputs * self.taps {
            return fail("wrong number of weights");
        }
        if scale.len() != self.outputs || bias.len() != self.outputs {
            return fail("not one scale and one bias an output");
        }
        let codes = -bits.code_max()..=bits.code_max();
        if !weight.iter().all(|code| codes.contains(code)) {
            return fail("a weight code is out of range: -128, or -8 of 4 bits");
        }
        if !scale.iter().copied().all(is_scale) {
            return fail("a weight scale is not a positive finite number");
        }
        Ok(())
    }
}

/// Metadata as of today's version, and the version that the file is of.
fn parse_metadata(json: &str) -> Result<(Metadata, u32), ArtifactError> {
    let version = json::read(json, Metadata::read_version).map_err(ArtifactError::Metadata)?;
    check_version(version)?;
    let mut metadata = json::read(json, Metadata::read).map_err(ArtifactError::Metadata)?;
    metadata.format_version = FORMAT_VERSION;
    metadata.validate()?;
    Ok((metadata, version))
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
        let (inputs, outputs) =
            (graph.inputs_per_output(conv), graph.tensors[conv.output].channels);
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

    fn linear(
        &mut self,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<QuantLinear, ArtifactError> {
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
