//! Steps → layers as core has them: what follows a convolution becomes part of it.

use std::collections::HashMap;

use tagsight_core::graph::{MAX_NODES, Window};

use super::kernel::Kernel;
use super::steps::{Codes, Conv, Op, Pane, Source, Step};

/// A layer's input: the image, or an earlier layer by its place.
pub(super) type Input = Option<usize>;

/// The layers of a network in an order of their own: what a layer reads comes before it, and its residual
/// before its input.
pub(super) struct Fused {
    pub(super) layers: Vec<Layer>,
    pub(super) head: Head,
}

/// One layer.
pub(super) enum Layer {
    Conv(Box<FusedConv>),
    MaxPool { name: String, input: usize, pane: Pane },
}

/// A convolution with all that follows it.
pub(super) struct FusedConv {
    /// With batch norms folded.
    pub(super) conv: Conv,
    pub(super) node: String,
    pub(super) input: Input,
    pub(super) residual: Option<usize>,
    /// What it is clipped to, in real values.
    pub(super) least: f32,
    pub(super) most: f32,
    /// Of what comes out, if that is quantised.
    pub(super) codes: Option<Codes>,
}

/// Global average pool and classifier.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) input: usize,
    /// The side that the pool has to cover, if it is said.
    pub(super) side: Option<usize>,
    pub(super) kernel: Kernel,
    pub(super) bias: Vec<f32>,
}

/// Makes layers of steps, of which `output` gives the logits.
///
/// # Errors
/// The nodes that are no part of a layer.
pub(super) fn fuse(steps: &[Step], output: usize) -> Result<Fused, Vec<String>> {
    let mut fusing = Fusing {
        steps,
        readers: readers(steps, output),
        depths: depths(steps),
        places: HashMap::new(),
        layers: Vec::new(),
    };
    let layers = steps.iter().filter(|step| matches!(step.op, Op::Conv(_) | Op::MaxPool(_)));
    // Layers call one another, so there may not be too many.
    if layers.count() > MAX_NODES {
        return Err(vec![format!("it has more than {MAX_NODES} layers")]);
    }
    let head = fusing.head(output).map_err(|problem| vec![problem])?;
    Ok(Fused { layers: fusing.layers, head })
}

/// How many of the steps that lead to `output` read each, the world included.
fn readers(steps: &[Step], output: usize) -> Vec<usize> {
    let mut readers = vec![0; steps.len()];
    readers[output] = 1;
    // Steps read earlier ones alone.
    for number in (0..=output).rev() {
        if readers[number] == 0 {
            continue;
        }
        for input in &steps[number].inputs {
            if let Source::Step(input) = *input {
                readers[input] += 1;
            }
        }
    }
    readers
}

/// Convolutions on the longest way from the image to each step.
fn depths(steps: &[Step]) -> Vec<usize> {
    let mut depths: Vec<usize> = Vec::with_capacity(steps.len());
    for step in steps {
        let depth = |input: &Source| match *input {
            Source::Image => 0,
            Source::Step(number) => depths[number],
        };
        let most = step.inputs.iter().map(depth).max().unwrap_or(0);
        depths.push(most + usize::from(matches!(step.op, Op::Conv(_))));
    }
    depths
}

struct Fusing<'a> {
    steps: &'a [Step],
    readers: Vec<usize>,
    depths: Vec<usize>,
    /// Places of layers by the step that gives their result.
    places: HashMap<usize, usize>,
    layers: Vec<Layer>,
}

impl<'a> Fusing<'a> {
    fn head(&mut self, output: usize) -> Result<Head, String> {
        let steps = self.steps;
        let Op::Linear(linear) = &steps[output].op else {
            return Err(self.problem(output, "logits come of a linear layer here"));
        };
        let Source::Step(pool) = steps[output].inputs[0] else {
            return Err(self.problem(output, "it classifies the image"));
        };
        let Op::Mean { side } = steps[pool].op else {
            return Err(
                self.problem(pool, "a mean over rows and columns comes before the classifier")
            );
        };
        let Source::Step(features) = steps[pool].inputs[0] else {
            return Err(self.problem(pool, "it pools the image"));
        };
        let input = self.layer(features)?;
        let name = linear.name.clone().unwrap_or_else(|| steps[output].node.clone());
        let (kernel, bias) = (linear.kernel.clone(), linear.bias.clone());
        Ok(Head { name, input, side, kernel, bias })
    }

    /// The place of the layer whose result is that of step `top`.
    fn layer(&mut self, top: usize) -> Result<usize, String> {
        if let Some(&place) = self.places.get(&top) {
            return Ok(place);
        }
        let layer = match self.steps[top].op {
            Op::MaxPool(pane) => self.max_pool(top, pane)?,
            _ => Layer::Conv(Box::new(self.conv(top)?)),
        };
        let place = self.layers.len();
        self.layers.push(layer);
        self.places.insert(top, place);
        Ok(place)
    }

    fn max_pool(&mut self, top: usize, pane: Pane) -> Result<Layer, String> {
        let Source::Step(input) = self.steps[top].inputs[0] else {
            return Err(self.problem(top, "it pools the image"));
        };
        let input = self.layer(input)?;
        Ok(Layer::MaxPool { name: self.steps[top].node.clone(), input, pane })
    }

    /// From a layer's last step back to its convolution.
    fn conv(&mut self, top: usize) -> Result<FusedConv, String> {
        let (mut at, mut codes) = (top, None);
        let (mut least, mut most) = (f32::NEG_INFINITY, f32::INFINITY);
        while let Op::Clip { least: above, most: below } = self.steps[at].op {
            (least, most) = (least.max(above), most.min(below));
            codes = codes.or(self.steps[at].codes);
            at = self.before(at, top)?;
        }
        codes = codes.or(self.steps[at].codes);
        let (sum, residual) = match self.steps[at].op {
            Op::Add if at != top && self.readers[at] != 1 => {
                return Err(self.problem(at, "something else reads it before it is whole"));
            }
            Op::Add => {
                let (sum, residual) = self.addends(at)?;
                (sum, Some(residual))
            }
            _ => (at, None),
        };
        let (number, conv) = self.folded(sum, if residual.is_some() { at } else { top })?;
        let residual = residual.map(|residual| self.layer(residual)).transpose()?;
        let input = match self.steps[number].inputs[0] {
            Source::Image => None,
            Source::Step(input) => Some(self.layer(input)?),
        };
        let node = self.steps[number].node.clone();
        Ok(FusedConv { conv, node, input, residual, least, most, codes })
    }

    /// The convolution that step `sum` gives, with the batch norms that lead there.
    fn folded(&self, sum: usize, top: usize) -> Result<(usize, Conv), String> {
        let (mut at, mut norms) = (sum, Vec::new());
        while let Op::Affine { factor, shift } = &self.steps[at].op {
            norms.push((factor, shift));
            at = self.before(at, top)?;
        }
        let Op::Conv(conv) = &self.steps[at].op else {
            return Err(self.problem(at, "it does not follow a convolution"));
        };
        if at != top && self.readers[at] != 1 {
            return Err(self.problem(at, "something else reads it before it is whole"));
        }
        let mut conv = Conv::clone(conv);
        for (factor, shift) in norms.into_iter().rev() {
            if factor.len() != conv.bias.len() {
                return Err(self.problem(at, "its batch norm has another number of channels"));
            }
            conv.kernel.scale(factor);
            for ((bias, factor), shift) in conv.bias.iter_mut().zip(factor).zip(shift) {
                *bias = (f64::from(*bias) * factor + shift) as f32;
            }
        }
        Ok((at, conv))
    }

    /// The step before `at`, which is part of the layer that ends with `top`.
    fn before(&self, at: usize, top: usize) -> Result<usize, String> {
        if at != top && self.readers[at] != 1 {
            return Err(self.problem(at, "something else reads it before it is whole"));
        }
        match self.steps[at].inputs[0] {
            Source::Step(before) => Ok(before),
            Source::Image => Err(self.problem(at, "it does not follow a convolution")),
        }
    }

    /// Of what step `at` adds, the convolution that it is part of, and the residual: the convolution at the
    /// end of the longer way.
    fn addends(&self, at: usize) -> Result<(usize, usize), String> {
        let [Source::Step(left), Source::Step(right)] = self.steps[at].inputs[..] else {
            return Err(self.problem(at, "it adds something to the image"));
        };
        let is_sum = |&(sum, other): &(usize, usize)| {
            let is_open = matches!(self.steps[sum].op, Op::Conv(_) | Op::Affine { .. });
            is_open && self.readers[sum] == 1 && sum != other
        };
        let ways = [(left, right), (right, left)].into_iter().filter(is_sum);
        ways.max_by_key(|&(sum, _)| (self.depths[sum], sum))
            .ok_or_else(|| self.problem(at, "neither of what it adds is a convolution of its own"))
    }

    fn problem(&self, step: usize, reason: &str) -> String {
        format!("{:?}: {reason}", self.steps[step].node)
    }
}

/// The window of a layer over `side` inputs.
pub(super) fn window(pane: Pane, side: usize, name: &str) -> Result<Window, String> {
    pane.window(side).ok_or_else(|| format!("{name:?}: it has no window that fits its input"))
}
