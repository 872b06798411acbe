//! Whether an artifact's numbers fit its network, and no sum of theirs can overflow.

use super::bits::WeightBits;
use super::error::ArtifactError;
use super::network::Artifact;
use crate::graph::{Conv, IMAGE};
use crate::quant::{self, ACTIVATION_MAX};

impl Artifact {
    /// Checks sizes, ranges and that no sum can overflow.
    pub(super) fn validate(&self) -> Result<(), ArtifactError> {
        self.metadata.validate()?;
        self.validate_graph()?;
        for conv in self.graph.convs() {
            self.validate_sizes(conv)?;
        }
        let scales = self.scales();
        for conv in self.graph.convs() {
            self.validate_sums(conv, &scales)?;
        }
        self.validate_head(&scales)
    }

    /// Checks that the network is the one that the metadata and the parameters are of.
    fn validate_graph(&self) -> Result<(), ArtifactError> {
        let Self { graph, convs, metadata, .. } = self;
        let fail = |reason: &str| Err(ArtifactError::Metadata(reason.to_owned()));
        if graph.head().classes != metadata.labels.len() {
            return fail("the network has another number of outputs than there are labels");
        }
        let image = graph.shape(IMAGE);
        if [image.height, image.width] != [metadata.preprocessing.side; 2] {
            return fail("the network takes images of another side");
        }
        if !convs.fits(graph) {
            return fail(
                "the network has another number of convolutions than there are parameters",
            );
        }
        Ok(())
    }

    fn validate_sizes(&self, conv: &Conv) -> Result<(), ArtifactError> {
        let params = &self.convs[conv];
        let (outputs, taps) = (conv.channels, self.graph.taps(conv));
        let rows = Rows { name: &conv.name, outputs, taps };
        rows.check(&params.weight, params.bits, &params.weight_scale, &params.bias)?;
        if !is_scale(params.output_scale) {
            let reason = "its output scale is not a positive finite number";
            return Err(ArtifactError::tensor(&conv.name, reason));
        }
        Ok(())
    }

    fn validate_sums(&self, conv: &Conv, scales: &[f32]) -> Result<(), ArtifactError> {
        let fail = |reason: &str| Err(ArtifactError::tensor(&conv.name, reason));
        let (graph, params) = (&self.graph, &self.convs[conv]);
        let input_scale = scales[conv.input];
        let taps = params.weight.len() / params.bias.len();
        // A zero point is folded into the bias: that counts as well as the codes.
        let largest_input = ACTIVATION_MAX + graph.zero_point(conv.input);
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
                            i64::from(multiplier * (ACTIVATION_MAX + graph.zero_point(residual)))
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

    fn validate_head(&self, scales: &[f32]) -> Result<(), ArtifactError> {
        let (head, features) = (self.graph.head(), self.graph.features());
        let fail = |reason: &str| Err(ArtifactError::tensor(&head.name, reason));
        let params = &self.head;
        let rows = Rows { name: &head.name, outputs: head.classes, taps: features.channels };
        rows.check(&params.weight, params.bits, &params.weight_scale, &params.bias)?;
        let largest_input = (features.height * features.width) as i32 * ACTIVATION_MAX;
        let rows = params.weight.chunks_exact(features.channels).zip(&params.bias);
        for ((codes, &bias), scale) in rows.zip(self.logit_scales(scales)) {
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
        let codes = -bits.quant_max()..=bits.quant_max();
        if !weight.iter().all(|code| codes.contains(code)) {
            return fail("a weight code is out of range: -128, or -8 of 4 bits");
        }
        if !scale.iter().copied().all(is_scale) {
            return fail("a weight scale is not a positive finite number");
        }
        Ok(())
    }
}
