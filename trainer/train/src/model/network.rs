//! A segment with parameters, as a burn module.

use burn::module::{Module, Param, ParamId, RunningState};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig, PaddingConfig2d,
};
use burn::prelude::*;
use serde::{Deserialize, Serialize};
use tagsight_core::graph::{Conv, Groups, Interpreter, MaxPool, Padding, Window};
use tagsight_core::quant::Activation;
use tagsight_data::fnv1a;
use tagsight_network::Segment;
use tagsight_network::weights::{Weight, Weights, norm_epsilon, norm_name};

use super::convolution::{Convolution, joined};

/// A convolution with bias, batch norm, or both.
#[derive(Module, Debug)]
pub struct ConvUnit<B: Backend> {
    conv: Conv2d<B>,
    norm: Option<BatchNorm<B>>,
}

/// What convolutions multiply. Everything else is float32: weights, norms, sums and steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// float32.
    #[default]
    F32,
    /// bfloat16, whose range is float32's, so that no gradient has to be scaled.
    Bf16,
}

/// A segment of a network.
#[derive(Module, Debug)]
pub struct Network<B: Backend> {
    /// One a convolution, in the segment's order.
    units: Vec<ConvUnit<B>>,
    /// The classifier, if the segment has it.
    classifier: Option<Linear<B>>,
    /// Before the classifier, while training.
    dropout: Dropout,
    #[module(skip)]
    segment: Segment,
    #[module(skip)]
    precision: Precision,
}

/// Sees every convolution's name and output.
pub type Observer<'a, B> = dyn FnMut(&str, &Tensor<B, 4>) + 'a;

impl<B: Backend> Network<B> {
    /// The network of `segment` with the weights that bear its layers' names; others are ignored.
    ///
    /// # Panics
    /// If a weight is absent or has another shape; see [`tagsight_network::weights::check`].
    pub fn new(segment: Segment, weights: &Weights, dropout: f64, device: &B::Device) -> Self {
        let units = segment.convs().map(|conv| ConvUnit::new(conv, weights, device)).collect();
        let classifier = segment.head().map(|head| linear(&head.name, weights, device));
        let dropout = DropoutConfig::new(dropout).init();
        Self { units, classifier, dropout, segment, precision: Precision::F32 }
    }

    /// The network with another precision.
    pub fn with_precision(self, precision: Precision) -> Self {
        Self { precision, ..self }
    }

    /// The parameters by name; the inverse of [`Self::new`].
    pub fn weights(&self) -> Weights {
        let mut weights = Weights::new();
        for (conv, unit) in self.segment.convs().zip(&self.units) {
            unit.store(&conv.name, &mut weights);
        }
        if let (Some(head), Some(linear)) = (self.segment.head(), &self.classifier) {
            // burn keeps a linear layer as [in, out], torchvision as [out, in].
            put(&mut weights, &head.name, "weight", linear.weight.val().transpose());
            let bias = linear.bias.as_ref().expect("made with a bias");
            put(&mut weights, &head.name, "bias", bias.val());
        }
        weights
    }

    /// The layers.
    pub fn segment(&self) -> &Segment {
        &self.segment
    }

    /// What the last convolution or pool gives: `[n, channels, height, width]`.
    pub fn features(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        self.features_observed(input, &mut |_, _| {})
    }

    /// [`Self::features`], showing every convolution's output after its activation.
    pub fn features_observed(
        &self,
        input: Tensor<B, 4>,
        observe: &mut Observer<'_, B>,
    ) -> Tensor<B, 4> {
        self.segment.run(input, &mut Forward { network: self, observe })
    }

    /// Logits `[n, classes]`.
    ///
    /// # Panics
    /// If the segment has no classifier.
    pub fn logits(&self, input: Tensor<B, 4>) -> Tensor<B, 2> {
        self.classify(self.features(input))
    }

    /// Logits of the last features: global average pool, dropout while training, classifier.
    ///
    /// # Panics
    /// If the segment has no classifier.
    pub fn classify(&self, features: Tensor<B, 4>) -> Tensor<B, 2> {
        let [count, channels, ..] = features.dims();
        let pooled = features.mean_dim(3).mean_dim(2).reshape([count, channels]);
        let classifier = self.classifier.as_ref().expect("the segment ends with the classifier");
        classifier.forward(self.dropout.forward(pooled))
    }
}

/// A batch's way through a network.
struct Forward<'a, 'o, B: Backend> {
    network: &'a Network<B>,
    observe: &'a mut Observer<'o, B>,
}

impl<B: Backend> Interpreter for Forward<'_, '_, B> {
    type Value = Tensor<B, 4>;

    fn conv(
        &mut self,
        conv: &Conv,
        input: &Tensor<B, 4>,
        residual: Option<&Tensor<B, 4>>,
    ) -> Tensor<B, 4> {
        let Network { units, segment, precision, .. } = self.network;
        let unit = &units[segment.position(conv)];
        let value = unit.forward(conv, input.clone(), residual.cloned(), *precision);
        (self.observe)(&conv.name, &value);
        value
    }

    fn max_pool(&mut self, pool: &MaxPool, input: &Tensor<B, 4>) -> Tensor<B, 4> {
        max_pool(pool.window).forward(input.clone())
    }
}

impl<B: Backend> ConvUnit<B> {
    fn new(node: &Conv, weights: &Weights, device: &B::Device) -> Self {
        let Window { kernel, stride, padding, .. } = node.window;
        let groups = match node.groups {
            Groups::One => 1,
            Groups::Depthwise => weights[&format!("{}.weight", node.name)].shape[0],
        };
        let weight_name = format!("{}.weight", node.name);
        let shape = &weights[&weight_name].shape;
        let mut conv = Conv2dConfig::new([shape[1] * groups, shape[0]], [kernel, kernel])
            .with_stride([stride, stride])
            .with_groups(groups)
            .with_padding(explicit(padding))
            .with_bias(false)
            .init(device);
        conv.weight = param(weights, &weight_name, device);
        let bias_name = format!("{}.bias", node.name);
        conv.bias = weights.contains_key(&bias_name).then(|| param(weights, &bias_name, device));
        Self { conv, norm: batch_norm(&node.name, weights, device) }
    }

    fn forward(
        &self,
        node: &Conv,
        input: Tensor<B, 4>,
        residual: Option<Tensor<B, 4>>,
        precision: Precision,
    ) -> Tensor<B, 4> {
        // With nothing between sum and activation, the convolution applies it.
        let is_fused = self.norm.is_none() && residual.is_none();
        let activation = if is_fused { node.activation } else { Activation::Linear };
        let convolution = Convolution { window: node.window, groups: node.groups, activation };
        let bias = self.conv.bias.as_ref().map(Param::val);
        let weight = self.conv.weight.val();
        let mut value = match precision {
            Precision::F32 => convolution.forward(input, weight, bias),
            Precision::Bf16 => convolution.forward_bf16(input, weight, bias),
        };
        if is_fused {
            return value;
        }
        if let Some(norm) = &self.norm {
            value = norm.forward(value);
        }
        joined(value, residual, node.activation)
    }

    fn store(&self, name: &str, weights: &mut Weights) {
        put(weights, name, "weight", self.conv.weight.val());
        if let Some(bias) = &self.conv.bias {
            put(weights, name, "bias", bias.val());
        }
        if let Some(norm) = &self.norm {
            let name = norm_name(name);
            put(weights, &name, "weight", norm.gamma.val());
            put(weights, &name, "bias", norm.beta.val());
            put(weights, &name, "running_mean", norm.running_mean.value_sync());
            put(weights, &name, "running_var", norm.running_var.value_sync());
        }
    }
}

/// The batch norm that follows convolution `conv`, if the weights have it.
fn batch_norm<B: Backend>(
    conv: &str,
    weights: &Weights,
    device: &B::Device,
) -> Option<BatchNorm<B>> {
    let name = norm_name(conv);
    let gamma = format!("{name}.weight");
    let channels = weights.get(&gamma)?.shape[0];
    let mut norm = BatchNormConfig::new(channels).with_epsilon(norm_epsilon(conv)).init(device);
    norm.gamma = param(weights, &gamma, device);
    norm.beta = param(weights, &format!("{name}.bias"), device);
    norm.running_mean = running(weights, &format!("{name}.running_mean"), device);
    norm.running_var = running(weights, &format!("{name}.running_var"), device);
    Some(norm)
}

fn linear<B: Backend>(name: &str, weights: &Weights, device: &B::Device) -> Linear<B> {
    let weight_name = format!("{name}.weight");
    let shape = &weights[&weight_name].shape;
    let mut linear = LinearConfig::new(shape[1], shape[0]).init(device);
    let weight: Tensor<B, 2> = tensor(&weights[&weight_name], device);
    linear.weight = Param::initialized(param_id(&weight_name), weight.transpose().require_grad());
    linear.bias = Some(param(weights, &format!("{name}.bias"), device));
    linear
}

pub(crate) fn max_pool(window: Window) -> MaxPool2d {
    let Window { kernel, stride, padding, .. } = window;
    MaxPool2dConfig::new([kernel, kernel])
        .with_strides([stride, stride])
        .with_padding(explicit(padding))
        .init()
}

fn explicit(Padding { before, after }: Padding) -> PaddingConfig2d {
    PaddingConfig2d::Explicit(before, before, after, after)
}

fn tensor<B: Backend, const D: usize>(weight: &Weight, device: &B::Device) -> Tensor<B, D> {
    Tensor::from_data(TensorData::new(weight.values.clone(), weight.shape.clone()), device)
}

/// A parameter with a weight's values and an id of its name.
pub(crate) fn param<B: Backend, const D: usize>(
    weights: &Weights,
    name: &str,
    device: &B::Device,
) -> Param<Tensor<B, D>> {
    Param::initialized(param_id(name), tensor(&weights[name], device).require_grad())
}

fn running<B: Backend>(
    weights: &Weights,
    name: &str,
    device: &B::Device,
) -> RunningState<Tensor<B, 1>> {
    RunningState::with_id(param_id(name), tensor(&weights[name], device))
}

/// A parameter's id from its name, so that a saved optimiser state finds its parameters in a later
/// process.
pub(crate) fn param_id(name: &str) -> ParamId {
    ParamId::from(fnv1a(name.bytes()))
}

/// Adds a parameter's values under its name.
pub(crate) fn put<B: Backend, const D: usize>(
    weights: &mut Weights,
    layer: &str,
    field: &str,
    value: Tensor<B, D>,
) {
    let data = value.into_data();
    let shape = data.shape.to_vec();
    let values = data.iter::<f32>().collect();
    weights.insert(format!("{layer}.{field}"), Weight::new(shape, values));
}
