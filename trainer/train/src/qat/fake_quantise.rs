//! Rounding to codes with LSQ's gradients (Esser et al. 2020, arXiv 1902.08153).
//!
//! A code is `round(clip(value / step))`, half to even. In the backward pass rounding is the
//! identity and clipping stops the gradient. A value is dequantised by its reader, which multiplies
//! by the very same step; what comes back through both places is the paper's gradient of the step,
//! `round(v/s) − v/s` inside the clip bounds and the bound outside.

use std::any::Any;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::{Autodiff, Flex};
use burn::prelude::*;
use burn::tensor::ops::FloatTensor;
use burn::tensor::{TensorMetadata, TensorPrimitive};
use rayon::prelude::*;
use tagsight_core::quant::Activation;

/// The processor's backend with gradients, for which all of this is one pass over memory.
type Cpu = Autodiff<Flex>;
/// Its tensors without gradients.
type Primitive = FloatTensor<Flex>;

/// The least number of values that is worth a thread's while.
const VALUES_A_TASK: usize = 1 << 14;
/// Partial sums, so that sums vectorise.
const LANES: usize = 8;

/// Smallest and largest code, less the zero point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantRange {
    /// Smallest.
    pub min: f32,
    /// Largest.
    pub max: f32,
}

impl QuantRange {
    /// Weights of so many bits: symmetric, so `-7..=7` of four.
    pub fn weights(bits: u32) -> Self {
        let max = ((1 << (bits - 1)) - 1) as f32;
        Self { min: -max, max }
    }

    /// Outputs of an activation; with all 7 bits they are the integer engines' codes.
    pub fn activation(activation: Activation, bits: u32) -> Self {
        let part = |code: i32| (code >> (7 - bits)) as f32;
        let max = part(activation.quant_max());
        match activation {
            Activation::Relu | Activation::Relu6 => Self { min: 0.0, max },
            Activation::Linear => Self { min: -max, max },
            Activation::Asymmetric => Self { min: part(activation.quant_min()), max },
        }
    }
}

/// `round(clip(values · factor))` of `[outer, channels, inner]`, with one factor a channel.
pub fn fake_quantise<B: Backend>(
    values: Tensor<B, 3>,
    factor: Tensor<B, 1>,
    range: QuantRange,
) -> Tensor<B, 3> {
    let on_cpu = (&values as &dyn Any).downcast_ref::<Tensor<Cpu, 3>>();
    let factor_on_cpu = (&factor as &dyn Any).downcast_ref::<Tensor<Cpu, 1>>();
    if let (Some(values), Some(factor)) = (on_cpu, factor_on_cpu) {
        let codes = tracked(values.clone(), factor.clone(), range);
        let codes = (&codes as &dyn Any).downcast_ref::<Tensor<B, 3>>();
        return codes.expect("B is the backend that was just recognised").clone();
    }
    round_by_operations(values, factor, range)
}

/// [`fake_quantise`] in burn's own operations, on any backend.
fn round_by_operations<B: Backend>(
    values: Tensor<B, 3>,
    factor: Tensor<B, 1>,
    range: QuantRange,
) -> Tensor<B, 3> {
    let scaled = values * factor.reshape([1, -1, 1]);
    round_through(scaled.clamp(range.min, range.max))
}

/// Rounds half to even; the gradient passes through.
pub(super) fn round_through<B: Backend, const D: usize>(values: Tensor<B, D>) -> Tensor<B, D> {
    // value + (round(value) − value) is exactly round(value) in floats: the difference is exact.
    let fixed = values.clone().detach();
    values + (fixed.clone().round() - fixed)
}

fn tracked(values: Tensor<Cpu, 3>, factor: Tensor<Cpu, 1>, range: QuantRange) -> Tensor<Cpu, 3> {
    let [_, channels, inner] = values.dims();
    let grid = Grid { channels, inner, range };
    let (values, factor) = (values.into_primitive().tensor(), factor.into_primitive().tensor());
    let parents = [values.node.clone(), factor.node.clone()];
    let (values, factor) = (values.primitive.to_contiguous(), factor.primitive.to_contiguous());
    let codes = grid.codes(&values, &factor);
    let codes = match FakeQuantise.prepare::<NoCheckpointing>(parents).compute_bound().stateful() {
        OpsKind::Tracked(prepared) => prepared.finish((values, factor, grid), codes),
        OpsKind::UnTracked(prepared) => prepared.finish(codes),
    };
    Tensor::from_primitive(TensorPrimitive::Float(codes))
}

#[derive(Debug)]
struct FakeQuantise;

impl Backward<Flex, 2> for FakeQuantise {
    type State = (Primitive, Primitive, Grid);

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [values_node, factor_node] = ops.parents;
        let (values, factor, grid) = ops.state;
        let gradient = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let (of_values, of_factor) = grid.gradients(&values, &factor, &gradient);
        if let Some(node) = values_node {
            gradients.register::<Flex>(node.id, of_values);
        }
        if let Some(node) = factor_node {
            gradients.register::<Flex>(node.id, of_factor);
        }
    }
}

/// How values `[outer, channels, inner]` are rounded, plane by plane.
#[derive(Debug, Clone, Copy)]
struct Grid {
    channels: usize,
    inner: usize,
    range: QuantRange,
}

impl Grid {
    fn codes(self, values: &Primitive, factor: &Primitive) -> Primitive {
        let (input, factor) = (values.storage::<f32>(), factor.storage::<f32>());
        let QuantRange { min, max } = self.range;
        let mut codes = vec![0.0; input.len()];
        let planes = codes.par_chunks_mut(self.inner).zip(input.par_chunks(self.inner));
        let planes = planes.enumerate().with_min_len(self.planes_a_task());
        planes.for_each(|(index, (codes, values))| {
            let factor = factor[index % self.channels];
            for (code, value) in codes.iter_mut().zip(values) {
                *code = (value * factor).clamp(min, max).round_ties_even();
            }
        });
        Primitive::from_data(TensorData::new(codes, values.shape()))
    }

    /// Of the values and of the factors. Each factor's planes are summed in their order, whatever
    /// thread takes them, so that a run is the same every time.
    fn gradients(
        self,
        values: &Primitive,
        factor: &Primitive,
        gradient: &Primitive,
    ) -> (Primitive, Primitive) {
        let (input, factors) = (values.storage::<f32>(), factor.storage::<f32>());
        let gradient = gradient.storage::<f32>();
        let mut result = vec![0.0; input.len()];
        let mut sums = vec![0.0; input.len() / self.inner];
        let planes = result.par_chunks_mut(self.inner).zip(&mut sums);
        let planes = planes.zip(input.par_chunks(self.inner).zip(gradient.par_chunks(self.inner)));
        let planes = planes.enumerate().with_min_len(self.planes_a_task());
        planes.for_each(|(index, ((result, sum), (values, gradient)))| {
            *sum = self.plane_gradient(values, factors[index % self.channels], gradient, result);
        });
        let mut of_factor = vec![0.0f64; self.channels];
        for (index, sum) in sums.iter().enumerate() {
            of_factor[index % self.channels] += f64::from(*sum);
        }
        let of_factor: Vec<f32> = of_factor.into_iter().map(|sum| sum as f32).collect();
        let tensor = |values, shape| Primitive::from_data(TensorData::new(values, shape));
        (tensor(result, values.shape()), tensor(of_factor, factor.shape()))
    }

    /// Writes the gradient of a plane's values and returns that of its factor.
    fn plane_gradient(
        self,
        values: &[f32],
        factor: f32,
        gradient: &[f32],
        result: &mut [f32],
    ) -> f32 {
        let QuantRange { min, max } = self.range;
        let mut sums = [0.0; LANES];
        let mut visit = |lane: usize, value: f32, gradient: f32, result: &mut f32| {
            let scaled = value * factor;
            let passed = if min < scaled && scaled < max { gradient } else { 0.0 };
            *result = passed * factor;
            sums[lane] += passed * value;
        };
        let (value_lanes, value_rest) = values.as_chunks::<LANES>();
        let (gradient_lanes, gradient_rest) = gradient.as_chunks::<LANES>();
        let (result_lanes, result_rest) = result.as_chunks_mut::<LANES>();
        for ((values, gradient), result) in value_lanes.iter().zip(gradient_lanes).zip(result_lanes)
        {
            for lane in 0..LANES {
                visit(lane, values[lane], gradient[lane], &mut result[lane]);
            }
        }
        let rest = value_rest.iter().zip(gradient_rest).zip(result_rest);
        for (lane, ((&value, &gradient), result)) in rest.enumerate() {
            visit(lane, value, gradient, result);
        }
        sums.iter().sum()
    }

    fn planes_a_task(self) -> usize {
        VALUES_A_TASK.div_ceil(self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    /// Rounding of sums of a thousand products, which mostly cancel.
    const TOLERANCE: f32 = 1e-3;

    #[test]
    fn ranges_are_the_integers() {
        let bounds = |range: QuantRange| (range.min, range.max);
        assert_eq!(bounds(QuantRange::weights(8)), (-127.0, 127.0));
        assert_eq!(bounds(QuantRange::weights(2)), (-1.0, 1.0));
        for (kind, seven, four) in [
            (Activation::Relu, (0.0, 127.0), (0.0, 15.0)),
            (Activation::Relu6, (0.0, 127.0), (0.0, 15.0)),
            (Activation::Linear, (-127.0, 127.0), (-15.0, 15.0)),
            (Activation::Asymmetric, (-64.0, 63.0), (-8.0, 7.0)),
        ] {
            assert_eq!(bounds(QuantRange::activation(kind, 7)), seven, "{kind:?}");
            assert_eq!(bounds(QuantRange::activation(kind, 4)), four, "{kind:?}");
        }
    }

    /// Codes and gradients of both arguments, for a loss that weighs every code differently.
    fn results(
        round: impl Fn(Tensor<Cpu, 3>, Tensor<Cpu, 1>, QuantRange) -> Tensor<Cpu, 3>,
        values: &Tensor<Cpu, 3>,
        factor: &Tensor<Cpu, 1>,
    ) -> [TensorData; 3] {
        let range = QuantRange { min: -7.0, max: 7.0 };
        let codes = round(values.clone(), factor.clone(), range);
        let gradients = (codes.clone() * codes.clone().sin()).sum().backward();
        [
            codes.into_data(),
            values.grad(&gradients).unwrap().into_data(),
            factor.grad(&gradients).unwrap().into_data(),
        ]
    }

    #[test]
    fn the_processors_pass_equals_burns_operations() {
        let mut rng = testing::generator();
        for shape in [[3, 5, 49], [1, 4, 1200], [2, 3, 3]] {
            let values = testing::normal(shape, 0.0, 0.3, &mut rng);
            let factor = testing::normal([shape[1]], 18.0, 3.0, &mut rng);
            let own = results(fake_quantise, &values, &factor);
            let burns = results(round_by_operations, &values, &factor);
            let codes = |data: &TensorData| data.iter::<f32>().collect::<Vec<_>>();
            assert_eq!(codes(&own[0]), codes(&burns[0]));
            for (own, burns) in own[1..].iter().zip(&burns[1..]) {
                for (a, b) in own.iter::<f32>().zip(burns.iter::<f32>()) {
                    assert!((a - b).abs() <= TOLERANCE * b.abs().max(1.0), "{shape:?}: {a} {b}");
                }
            }
        }
    }
}
