//! Nodes that have weights or a window, as steps.

use tagsight_core::graph::{Groups, Padding};

use super::attributes::Attributes;
use super::constant::Constant;
use super::kernel::Kernel;
use super::steps::{Conv, Linear, Op, Pane};
use crate::proto::Node;

/// A convolution.
pub(super) fn conv(node: &Node, weight: &Constant, bias: Option<Vec<f32>>) -> Result<Op, String> {
    let attributes = Attributes::of(node);
    let &[outputs, inputs, height, width] = &weight.sizes[..] else {
        return Err("it is not one over two dimensions".to_owned());
    };
    if height != width {
        return Err(format!("its kernel is {height} by {width}, and none here is not square"));
    }
    let group = attributes.int("group", 1);
    let groups = match usize::try_from(group) {
        Ok(1) => Groups::One,
        Ok(groups) if groups == outputs && inputs == 1 => Groups::Depthwise,
        _ => return Err(format!("its {group} groups are neither one nor one a channel")),
    };
    let pane = pane(attributes, height)?;
    let bias = bias.unwrap_or_else(|| vec![0.0; outputs]);
    if bias.len() != outputs {
        return Err("its bias has another number of channels".to_owned());
    }
    let name = layer_name(weight);
    Ok(Op::Conv(Box::new(Conv { name, kernel: Kernel::new(weight), bias, pane, groups })))
}

/// A max pool.
pub(super) fn max_pool(node: &Node) -> Result<Op, String> {
    let attributes = Attributes::of(node);
    let kernel = attributes.square("kernel_shape", 0)?;
    let rounds_up = attributes.int("ceil_mode", 0) != 0;
    if rounds_up || attributes.int("storage_order", 0) != 0 {
        return Err("it counts a last window that is not whole, or by columns".to_owned());
    }
    pane(attributes, kernel).map(Op::MaxPool)
}

/// A window of that kernel.
fn pane(attributes: Attributes<'_>, kernel: usize) -> Result<Pane, String> {
    if attributes.square("kernel_shape", kernel)? != kernel {
        return Err("its kernel has another size than its weights".to_owned());
    }
    if attributes.square("dilations", 1)? != 1 {
        return Err("it is dilated".to_owned());
    }
    let stride = attributes.square("strides", 1)?;
    let padding = match attributes.word("auto_pad") {
        b"" | b"NOTSET" => Some(padding(attributes)?),
        b"VALID" => Some(Padding::NONE),
        b"SAME_UPPER" => None,
        _ => return Err("it pads in an unknown way".to_owned()),
    };
    Ok(Pane { kernel, stride, padding })
}

fn padding(attributes: Attributes<'_>) -> Result<Padding, String> {
    match attributes.ints("pads") {
        None | Some([]) => Ok(Padding::NONE),
        Some(&[top, left, bottom, right]) if top == left && bottom == right => {
            let size = |size: i64| usize::try_from(size).map_err(|_| "it crops".to_owned());
            Ok(Padding { before: size(top)?, after: size(bottom)? })
        }
        Some(_) => Err("it pads rows and columns differently".to_owned()),
    }
}

/// A matrix product with a bias.
pub(super) fn gemm(node: &Node, weight: &Constant, bias: Option<Vec<f32>>) -> Result<Op, String> {
    let attributes = Attributes::of(node);
    let is_plain = attributes.float("alpha", 1.0) == 1.0
        && attributes.float("beta", 1.0) == 1.0
        && attributes.int("transA", 0) == 0;
    if !is_plain {
        return Err("its factors are not 1, or its first input is transposed".to_owned());
    }
    linear(weight, attributes.int("transB", 0) != 0, bias)
}

/// A matrix product; `by_rows` where weights are `[out, in]`.
pub(super) fn linear(
    weight: &Constant,
    by_rows: bool,
    bias: Option<Vec<f32>>,
) -> Result<Op, String> {
    let kernel = match (by_rows, weight.sizes.len()) {
        (true, 2) => Kernel::new(weight),
        (false, 2) => Kernel::of_columns(weight),
        _ => return Err("its weights are no matrix".to_owned()),
    };
    let bias = bias.unwrap_or_else(|| vec![0.0; kernel.outputs()]);
    if bias.len() != kernel.outputs() {
        return Err("its bias has another number of outputs".to_owned());
    }
    Ok(Op::Linear(Box::new(Linear { name: layer_name(weight), kernel, bias })))
}

/// A batch norm as what it does with each channel, whose constants are scale, bias, mean and variance.
pub(super) fn batch_norm(node: &Node, constants: [Vec<f32>; 4]) -> Result<Op, String> {
    let attributes = Attributes::of(node);
    if attributes.int("training_mode", 0) != 0 {
        return Err("it is of a network that is trained; export it for inference".to_owned());
    }
    let epsilon = f64::from(attributes.float("epsilon", 1e-5));
    let [scale, bias, mean, variance] = constants;
    if [&bias, &mean, &variance].iter().any(|values| values.len() != scale.len()) {
        return Err("its constants have different numbers of channels".to_owned());
    }
    let factor = scale.iter().zip(&variance);
    let factor: Vec<f64> = factor
        .map(|(&scale, &variance)| f64::from(scale) / (f64::from(variance) + epsilon).sqrt())
        .collect();
    let shift = bias.iter().zip(&mean).zip(&factor);
    let shift =
        shift.map(|((&bias, &mean), factor)| f64::from(bias) - f64::from(mean) * factor).collect();
    Ok(Op::Affine { factor, shift })
}

/// The layer's name, as frameworks name weights after it.
fn layer_name(weight: &Constant) -> Option<String> {
    let name = weight.name.strip_suffix("_quantized").unwrap_or(&weight.name);
    name.strip_suffix(".weight").filter(|name| !name.is_empty()).map(str::to_owned)
}
