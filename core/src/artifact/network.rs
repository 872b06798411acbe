//! A quantised network in memory.

use super::bits::WeightBits;
use super::metadata::Metadata;
use crate::graph::{Conv, Graph, Interpreter, MaxPool, PerConv};
use crate::quant;

/// One convolution's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantConv {
    /// Codes `[out, kh, kw, in]`.
    pub weight: Vec<i8>,
    /// What the codes take in the file.
    pub bits: WeightBits,
    /// Value of one weight code, per output channel.
    pub weight_scale: Vec<f32>,
    /// In units of the sum, per output channel.
    pub bias: Vec<i32>,
    /// Value of one output code.
    pub output_scale: f32,
}

/// The classifier's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantLinear {
    /// Codes `[classes, in]`.
    pub weight: Vec<i8>,
    /// What the codes take in the file.
    pub bits: WeightBits,
    /// Value of one weight code, per class.
    pub weight_scale: Vec<f32>,
    /// In units of the sum over all pooled pixels, per class.
    pub bias: Vec<i32>,
}

/// A quantised network with everything needed to tag a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// Labels, preprocessing, thresholds and so on.
    pub metadata: Metadata,
    /// The layers that the parameters belong to.
    pub graph: Graph,
    /// The convolutions' parameters.
    pub convs: PerConv<QuantConv>,
    /// The classifier.
    pub head: QuantLinear,
}

impl Artifact {
    /// The parameters of the convolution of this name; none if there is none.
    pub fn conv(&self, name: &str) -> Option<&QuantConv> {
        let conv = self.graph.convs().find(|conv| conv.name == name)?;
        Some(&self.convs[conv])
    }

    /// The same, to be changed; none if there is none.
    pub fn conv_mut(&mut self, name: &str) -> Option<&mut QuantConv> {
        let conv = self.graph.convs().find(|conv| conv.name == name)?;
        Some(self.convs.get_mut(conv))
    }

    /// Value of one code of each of the network's tensors.
    pub fn scales(&self) -> Vec<f32> {
        self.graph.interpret_all(quant::PIXEL_SCALE, &mut Scales(&self.convs))
    }

    /// Value of one unit of each class's sum over the pooled pixels, given those of tensors' codes.
    pub(crate) fn logit_scales(&self, scales: &[f32]) -> Vec<f32> {
        let features = self.graph.features();
        let area = (features.height * features.width) as f32;
        let pooled_scale = scales[self.graph.head().input] / area;
        self.head.weight_scale.iter().map(|scale| scale * pooled_scale).collect()
    }
}

/// Values of one code.
struct Scales<'a>(&'a PerConv<QuantConv>);

impl Interpreter for Scales<'_> {
    type Value = f32;

    fn conv(&mut self, conv: &Conv, _: &f32, _: Option<&f32>) -> f32 {
        self.0[conv].output_scale
    }

    fn max_pool(&mut self, _: &MaxPool, input: &f32) -> f32 {
        *input
    }
}
