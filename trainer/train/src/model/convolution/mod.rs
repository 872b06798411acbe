//! Convolution fused with bias and rectifier, with passes of its own on the processor.
//!
//! burn's backward passes of a convolution copy permuted tensors element by element, and run a
//! grouped one group by group. On the processor a convolution is therefore one operation here,
//! forward and backward: `dense` as matrix products over many photos at once, `depthwise` (of
//! [`tagsight_network::kernels`]) plane by plane; where nothing is learnt there it is burn's own. Every other backend, a graphics device's,
//! takes `device`: few and large operations of burn's.

mod definition;
mod dense;
mod device;
mod processor;

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::prelude::*;
use burn::tensor::module::conv2d;
use burn::tensor::ops::PaddedConvOptions;
use burn::tensor::{FloatDType, TensorPrimitive};
use rayon::prelude::*;
use tagsight_core::graph::{Groups, Window};
use tagsight_core::quant::Activation;
use tagsight_network::kernels::{Geometry, depthwise, range};

pub use definition::Convolution;

use definition::{rectified, sum};
use processor::{Cpu, Primitive, as_cpu, floats, is_processor, recognised};

impl Convolution {
    /// `activation(weight * input + bias)` of `[n, in, h, w]`, `weight` `[out, in, k, k]` (`[c, 1,
    /// k, k]` if depthwise) and `bias` `[out]`.
    pub fn forward<B: Backend>(
        self,
        input: Tensor<B, 4>,
        weight: Tensor<B, 4>,
        bias: Option<Tensor<B, 1>>,
    ) -> Tensor<B, 4> {
        let [outputs, ..] = weight.dims();
        let bias = bias.unwrap_or_else(|| Tensor::zeros([outputs], &input.device()));
        match (as_cpu(&input), as_cpu(&weight), as_cpu(&bias)) {
            (Some(input), Some(weight), Some(bias)) => {
                let output = self.tracked(input, weight, bias);
                recognised(&output).expect("B is the backend that was just recognised")
            }
            _ => self.burns(input, weight, bias),
        }
    }

    /// [`Self::forward`] with factors of bfloat16, as matrix units multiply them; what comes out,
    /// and what the gradients are added to, is float32.
    pub fn forward_bf16<B: Backend>(
        self,
        input: Tensor<B, 4>,
        weight: Tensor<B, 4>,
        bias: Option<Tensor<B, 1>>,
    ) -> Tensor<B, 4> {
        let [outputs, ..] = weight.dims();
        let bias = bias.unwrap_or_else(|| Tensor::zeros([outputs], &input.device()));
        let (input, weight) = (input.cast(FloatDType::BF16), weight.cast(FloatDType::BF16));
        let sums = Self { activation: Activation::Linear, ..self };
        let sums = sums.burns(input, weight, bias.cast(FloatDType::BF16));
        joined(sums.cast(FloatDType::F32), None, self.activation)
    }

    /// The same in burn's operations.
    fn burns<B: Backend>(
        self,
        input: Tensor<B, 4>,
        weight: Tensor<B, 4>,
        bias: Tensor<B, 1>,
    ) -> Tensor<B, 4> {
        if !is_processor(&input) {
            return device::forward(self, input, weight, bias);
        }
        let Window { stride, padding, .. } = self.window;
        let groups = match self.groups {
            Groups::One => 1,
            Groups::Depthwise => weight.dims()[0],
        };
        let (before, after) = ([padding.before; 2], [padding.after; 2]);
        let options = PaddedConvOptions::asymmetric([stride; 2], before, after, [1; 2], groups);
        rectified(conv2d(input, weight, Some(bias), options), self.activation)
    }

    /// The processor's own passes, noted for the backward pass.
    fn tracked(
        self,
        input: Tensor<Cpu, 4>,
        weight: Tensor<Cpu, 4>,
        bias: Tensor<Cpu, 1>,
    ) -> Tensor<Cpu, 4> {
        let [count, inputs, height, width] = input.dims();
        let [outputs, ..] = weight.dims();
        let geometry = Geometry { count, inputs, outputs, height, width, window: self.window };
        let input = input.into_primitive().tensor();
        let weight = weight.into_primitive().tensor();
        let bias = bias.into_primitive().tensor();
        let parents = [input.node.clone(), weight.node.clone(), bias.node.clone()];
        let (input, weight) = (input.primitive.to_contiguous(), weight.primitive.to_contiguous());
        let mut sums = match self.groups {
            Groups::One => dense::forward(&geometry, &input, &weight),
            Groups::Depthwise => depthwise::forward(&geometry, floats(&input), floats(&weight)),
        };
        let bias = bias.primitive.to_contiguous();
        geometry.finish(&mut sums, floats(&bias), self.activation);
        let output = output_tensor(&geometry, sums);
        let pass = Pass { convolution: self, geometry, input, weight, output: output.clone() };
        let prepared =
            ConvolutionBackward.prepare::<NoCheckpointing>(parents).compute_bound().stateful();
        let output = match prepared {
            OpsKind::Tracked(prepared) => prepared.finish(pass, output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        };
        Tensor::from_primitive(TensorPrimitive::Float(output))
    }
}

/// `activation(value + residual)`.
pub(super) fn joined<B: Backend>(
    value: Tensor<B, 4>,
    residual: Option<Tensor<B, 4>>,
    activation: Activation,
) -> Tensor<B, 4> {
    if !is_processor(&value) {
        return device::joined(value, residual, activation);
    }
    rectified(sum(value, residual), activation)
}

/// What the backward pass needs.
#[derive(Debug, Clone)]
struct Pass {
    convolution: Convolution,
    geometry: Geometry,
    input: Primitive,
    weight: Primitive,
    output: Primitive,
}

#[derive(Debug)]
struct ConvolutionBackward;

impl Backward<Flex, 3> for ConvolutionBackward {
    type State = Pass;

    fn backward(
        self,
        ops: Ops<Pass, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [input_node, weight_node, bias_node] = ops.parents;
        let Pass { convolution, geometry, input, weight, output } = ops.state;
        let mut gradient = gradients.consume::<Flex>(&ops.node).to_contiguous();
        mask(&geometry, &mut gradient, floats(&output), convolution.activation);
        if let Some(node) = bias_node {
            gradients.register::<Flex>(node.id, bias_gradient(&geometry, floats(&gradient)));
        }
        let (of_input, of_weight) = match convolution.groups {
            Groups::One => {
                dense::backward(&geometry, &gradient, &input, &weight, input_node.is_some())
            }
            Groups::Depthwise => {
                let gradient = floats(&gradient);
                let of_input = input_node
                    .is_some()
                    .then(|| depthwise::input_gradient(&geometry, gradient, floats(&weight)));
                (of_input, depthwise::weight_gradient(&geometry, gradient, floats(&input)))
            }
        };
        if let (Some(node), Some(values)) = (input_node, of_input) {
            gradients.register::<Flex>(node.id, input_tensor(&geometry, values));
        }
        if let Some(node) = weight_node {
            let shape = [geometry.outputs, of_weight.len() / geometry.outputs / geometry.taps()];
            let kernel = geometry.window.kernel;
            let shape = [shape[0], shape[1], kernel, kernel];
            gradients.register::<Flex>(node.id, tensor(of_weight, shape));
        }
    }
}

fn input_tensor(geometry: &Geometry, values: Vec<f32>) -> Primitive {
    let Geometry { count, inputs, height, width, .. } = *geometry;
    tensor(values, [count, inputs, height, width])
}

fn output_tensor(geometry: &Geometry, values: Vec<f32>) -> Primitive {
    let [rows, columns] = geometry.output_sides();
    tensor(values, [geometry.count, geometry.outputs, rows, columns])
}

/// Stops gradients where the activation is flat.
fn mask(geometry: &Geometry, gradient: &mut Primitive, output: &[f32], activation: Activation) {
    let (low, high) = range(activation);
    if low == f32::NEG_INFINITY {
        return;
    }
    let planes = gradient.storage_mut::<f32>().par_chunks_mut(geometry.output_plane());
    planes.zip(output.par_chunks(geometry.output_plane())).for_each(|(gradient, output)| {
        for (gradient, &output) in gradient.iter_mut().zip(output) {
            let keep = output > low && output < high;
            *gradient = if keep { *gradient } else { 0.0 };
        }
    });
}

fn bias_gradient(geometry: &Geometry, gradient: &[f32]) -> Primitive {
    let plane = geometry.output_plane();
    let of_channel = |channel: usize| -> f32 {
        let planes = (0..geometry.count).map(|photo| (photo * geometry.outputs + channel) * plane);
        planes.map(|start| gradient[start..start + plane].iter().sum::<f32>()).sum()
    };
    let values: Vec<f32> = (0..geometry.outputs).into_par_iter().map(of_channel).collect();
    Primitive::from_data(TensorData::new(values, [geometry.outputs]))
}

fn tensor(values: Vec<f32>, shape: [usize; 4]) -> Primitive {
    Primitive::from_data(TensorData::new(values, shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_core::graph::Padding;

    use crate::testing;

    /// Rounding of sums of some hundred products of values around 1.
    const TOLERANCE: f32 = 2e-4;

    struct Case {
        convolution: Convolution,
        input: [usize; 4],
        weight: [usize; 4],
    }

    fn cases() -> Vec<Case> {
        let one_sided = Padding { before: 0, after: 1 };
        let windows = [
            (3, 1, Padding::even(1), 9, 17),
            (3, 2, one_sided, 8, 12),
            (3, 2, Padding::even(1), 7, 7),
            (3, 1, Padding::even(0), 3, 5),
            (5, 1, Padding::even(2), 6, 4),
            (5, 2, Padding { before: 1, after: 2 }, 8, 10),
            (1, 1, Padding::even(0), 4, 6),
            (1, 2, Padding::even(0), 7, 5),
            (7, 2, Padding::even(3), 16, 14),
        ];
        let activations = [Activation::Relu, Activation::Relu6, Activation::Linear];
        let mut cases = Vec::new();
        for (kernel, stride, padding, height, width) in windows {
            let window = Window::new(kernel, stride, padding);
            for activation in activations {
                for (groups, inputs, outputs) in [(Groups::One, 5, 4), (Groups::Depthwise, 5, 5)] {
                    let per_output = if groups == Groups::One { inputs } else { 1 };
                    cases.push(Case {
                        convolution: Convolution { window, groups, activation },
                        input: [3, inputs, height, width],
                        weight: [outputs, per_output, kernel, kernel],
                    });
                }
            }
        }
        cases
    }

    /// Output and gradients, of input, weight and bias.
    fn results(
        inputs: &(Tensor<Cpu, 4>, Tensor<Cpu, 4>, Tensor<Cpu, 1>),
        output: Tensor<Cpu, 4>,
    ) -> [TensorData; 4] {
        // Gradients of all sizes and signs reach the output.
        let count = output.shape().num_elements();
        let waves: Vec<f32> = (0..count).map(|index| (index as f32).sin()).collect();
        let waves = TensorData::new(waves, output.shape());
        let weighted = output.clone() * Tensor::from_data(waves, &output.device());
        let gradients = weighted.sum().backward();
        let (input, weight, bias) = inputs;
        [
            output.inner().into_data(),
            input.grad(&gradients).unwrap().into_data(),
            weight.grad(&gradients).unwrap().into_data(),
            bias.grad(&gradients).unwrap().into_data(),
        ]
    }

    fn assert_close(own: &[TensorData; 4], burns: &[TensorData; 4], convolution: Convolution) {
        for (own, burns) in own.iter().zip(burns) {
            assert_eq!(own.shape, burns.shape);
            for (a, b) in own.iter::<f32>().zip(burns.iter::<f32>()) {
                let close = (a - b).abs() <= TOLERANCE * b.abs().max(1.0);
                assert!(close, "{convolution:?}: {a} {b}");
            }
        }
    }

    #[test]
    fn values_and_gradients_are_those_of_burns_convolution() {
        let mut rng = testing::generator();
        for Case { convolution, input, weight } in cases() {
            let inputs = (
                testing::normal(input, 0.2, 1.5, &mut rng),
                testing::normal(weight, 0.2, 1.5, &mut rng),
                testing::normal([weight[0]], 0.2, 1.5, &mut rng),
            );
            let (input, weight, bias) = inputs.clone();
            let own = convolution.forward(input.clone(), weight.clone(), Some(bias.clone()));
            let devices = device::forward(convolution, input.clone(), weight.clone(), bias.clone());
            let burns = convolution.burns(input, weight, bias);
            let burns = results(&inputs, burns);
            assert_close(&results(&inputs, own), &burns, convolution);
            assert_close(&results(&inputs, devices), &burns, convolution);
        }
    }
}
