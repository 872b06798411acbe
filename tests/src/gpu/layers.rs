//! Random and adversarial convolutions.

use fastrand::Rng;
use tagsight_core::engine::gpu::{Gpu, GpuError, Layer, TileChoice};
use tagsight_core::graph::{Groups, Padding, Shape, Window};
use tagsight_core::kernels::conv::{self, ConvLayouts, ConvParams};
use tagsight_core::kernels::depthwise;
use tagsight_core::kernels::wgsl::Tile;
use tagsight_core::quant::Activation;
use tagsight_core::{Isa, Layout, Tensor, Threads};

use super::Extent;

/// Codes of what is outside of an image.
const IMAGE_PADDING: [i8; 3] = [62, 58, 52];
/// Photos at a time: more than one, so that each must find its own pixels.
const PHOTOS: usize = 2;

/// A convolution to compare.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    window: Window,
    groups: Groups,
    height: usize,
    width: usize,
    inputs: usize,
    outputs: usize,
    reads_image: bool,
    has_residual: bool,
    activation: Activation,
    /// All codes 127 and all weights ±127 by channel: the largest sums there are, beyond a float's
    /// 24 bits.
    is_extreme: bool,
    tiles: TileChoice<'static>,
}

/// A case's numbers. Codes are dense, photo after photo.
struct Numbers {
    params: ConvParams,
    input: Vec<i8>,
    residual: Option<Vec<i8>>,
}

/// What is changed on the device alone, by those who check that it would be seen.
#[derive(Debug, Clone, Copy)]
pub enum Change {
    /// Nothing.
    None,
    /// One weight.
    Weight,
    /// One channel's bias.
    Bias,
    /// One channel's residual multiplier.
    Residual,
}

/// The cases that are compared.
pub fn cases(extent: Extent) -> Vec<Case> {
    let mut cases = dense_cases(extent);
    cases.extend(depthwise_cases(extent));
    cases
}

fn window(kernel: usize, stride: usize, padding: usize) -> Window {
    Window::new(kernel, stride, Padding::even(padding))
}

fn base() -> Case {
    Case {
        window: window(3, 1, 1),
        groups: Groups::One,
        height: 7,
        width: 9,
        inputs: 32,
        outputs: 48,
        reads_image: false,
        has_residual: false,
        activation: Activation::Relu,
        is_extreme: false,
        tiles: TileChoice::BySize,
    }
}

/// Whether these numbers of a first, a second and a third factor's values meet: in a choice, all pairs
/// do, since each pair of the first two has one of the third.
fn meet(extent: Extent, [first, second, third]: [usize; 3], thirds: usize) -> bool {
    extent == Extent::All || (first + second) % thirds == third
}

fn dense_cases(extent: Extent) -> Vec<Case> {
    let base = base();
    let activations =
        [Activation::Relu, Activation::Relu6, Activation::Linear, Activation::Asymmetric];
    let mut cases = Vec::new();
    let channels = [(16, 16), (1, 1), (33, 31), (7, 65), (100, 40)];
    for (shape, (kernel, padding)) in [(1, 0), (3, 1), (3, 0), (5, 2)].into_iter().enumerate() {
        for stride in [1, 2, 3] {
            for (width, (inputs, outputs)) in channels.into_iter().enumerate() {
                if !meet(extent, [shape, width, stride - 1], 3) {
                    continue;
                }
                let activation = activations[(inputs + stride) % 4];
                let has_residual = (inputs + kernel + stride) % 2 == 0;
                let window = window(kernel, stride, padding);
                cases.push(Case { window, inputs, outputs, activation, has_residual, ..base });
            }
        }
    }
    for kernel in [3, 7] {
        let uneven = Window::new(kernel, 2, Padding { before: 0, after: 1 });
        let image =
            Case { window: uneven, reads_image: true, inputs: 3, height: 32, width: 30, ..base };
        cases.push(image);
        let window = window(kernel, 2, kernel / 2);
        cases.push(Case { window, outputs: 5, is_extreme: true, ..image });
    }
    for (number, tile) in Tile::ALL.into_iter().enumerate() {
        let tiles = TileChoice::Always(tile);
        cases.push(Case { tiles, height: 13, width: 11, outputs: 70, has_residual: true, ..base });
        let special = [
            Case { tiles, height: 1, width: 1, inputs: 8, outputs: 3, ..base },
            Case { tiles, inputs: 150, is_extreme: true, ..base },
            Case { tiles, reads_image: true, inputs: 3, window: window(7, 2, 3), ..base },
        ];
        let chosen = special.into_iter().enumerate();
        cases.extend(chosen.filter_map(|(kind, case)| {
            (extent == Extent::All || kind == number % special.len()).then_some(case)
        }));
    }
    for activation in activations {
        cases.push(Case { activation, is_extreme: true, inputs: 512, height: 3, ..base });
    }
    cases.push(Case { height: 1, width: 1, ..base });
    cases.push(Case { height: 17, width: 1, ..base });
    cases.push(Case { height: 1, width: 17, ..base });
    cases
}

fn depthwise_cases(extent: Extent) -> Vec<Case> {
    let mut cases = Vec::new();
    let paddings = [Padding::even(1), Padding { before: 0, after: 1 }, Padding::even(0)];
    let widths = [(32, false), (1, true), (33, false), (96, true)];
    for kernel in [3, 5] {
        for stride in [1, 2, 3] {
            for (edge, padding) in paddings.into_iter().enumerate() {
                for (width, (channels, is_extreme)) in widths.into_iter().enumerate() {
                    if meet(extent, [stride - 1, width, edge], paddings.len()) {
                        let window = Window::new(kernel, stride, wider(padding, kernel));
                        cases.push(depthwise_case(window, channels, is_extreme));
                    }
                }
            }
        }
    }
    cases
}

/// What pads a window of that side as `padding` does one of 3×3.
fn wider(padding: Padding, kernel: usize) -> Padding {
    let more = kernel / 2 - 1;
    Padding { before: padding.before + more, after: padding.after + more }
}

fn depthwise_case(window: Window, channels: usize, is_extreme: bool) -> Case {
    Case {
        window,
        groups: Groups::Depthwise,
        activation: if is_extreme { Activation::Linear } else { Activation::Relu6 },
        is_extreme,
        inputs: channels,
        outputs: channels,
        ..base()
    }
}

impl Case {
    /// How many codes differ between `gpu`, with `change`, and the scalar engine.
    ///
    /// # Errors
    /// If the device refuses it or is gone.
    pub async fn differing(&self, gpu: &Gpu, seed: u64, change: Change) -> Result<usize, GpuError> {
        let mut numbers = self.numbers(seed);
        let expected = self.scalar(&numbers);
        match change {
            Change::None => {}
            Change::Weight => {
                let weight = &mut numbers.params.weight[5];
                *weight = if *weight > 0 { *weight - 100 } else { *weight + 100 };
            }
            Change::Bias => numbers.params.bias[0] += 5_000,
            Change::Residual => numbers.params.residual_multiplier[0] += 500,
        }
        let layer = Layer {
            params: &numbers.params,
            groups: self.groups,
            shape: Shape { height: self.height, width: self.width, channels: self.inputs },
            input: &numbers.input,
            image_padding: self.reads_image.then_some(IMAGE_PADDING),
            residual: numbers.residual.as_deref(),
            tiles: self.tiles,
        };
        let found = layer.run(gpu).await?;
        assert_eq!(found.len(), expected.len(), "{self:?}");
        Ok(found.iter().zip(&expected).filter(|(found, expected)| found != expected).count())
    }

    /// The pairs of values that a choice of cases must not lack.
    #[cfg(test)]
    pub(super) fn pairs(&self) -> [String; 4] {
        let kind = (self.groups == Groups::One, self.reads_image);
        let (padding, channels) = (self.window.padding, (self.inputs, self.outputs));
        let shape = (self.window.kernel, padding.before, padding.after);
        [
            format!("{:?}", self.tiles),
            format!("{kind:?} {shape:?} {}", self.window.stride),
            format!("{kind:?} {shape:?} {channels:?}"),
            format!("{kind:?} {channels:?} {}", self.window.stride),
        ]
    }

    fn inputs_per_output(&self) -> usize {
        if self.groups == Groups::One { self.inputs } else { 1 }
    }

    fn output(&self) -> (usize, usize) {
        (self.window.output_side(self.height), self.window.output_side(self.width))
    }

    fn numbers(&self, seed: u64) -> Numbers {
        let mut random = Rng::with_seed(seed);
        let taps = self.window.kernel.pow(2) * self.inputs_per_output();
        let weight = |index: usize| match (self.is_extreme, index / taps % 2) {
            (false, _) => random.i8(-127..=127),
            (true, 0) => 127,
            (true, _) => -127,
        };
        let weight = (0..self.outputs * taps).map(weight).collect();
        let low = if self.is_extreme { 127 } else { 0 };
        let pixels = PHOTOS * self.height * self.width;
        let input = (0..pixels * self.inputs).map(|_| random.i8(low..=127)).collect();
        // Scaled so that codes are spread over the whole range and both clamps are reached; the
        // largest sums give some hundred codes, each at the edge of a rounding.
        let spread = match self.is_extreme {
            false => 64.0 / ((taps as f32).sqrt() * 64.0 * 73.0),
            true => 60.0 / (taps as f32 * 127.0 * 127.0),
        };
        let (height, width) = self.output();
        let channels = 0..self.outputs;
        let residual = self.has_residual.then(|| {
            let size = PHOTOS * height * width * self.outputs;
            (0..size).map(|_| random.i8(-127..=127)).collect()
        });
        let mut within = |low: i32, high: i32| random.i32(low..=high);
        let params = ConvParams {
            window: self.window,
            weight,
            bias: channels.clone().map(|_| within(-30_000, 30_000)).collect(),
            multiplier: channels.clone().map(|_| spread * within(50, 150) as f32 / 100.0).collect(),
            residual_multiplier: match self.has_residual {
                true => channels.map(|_| within(1, 2_000)).collect(),
                false => Vec::new(),
            },
            activation: self.activation,
        };
        Numbers { params, input, residual }
    }

    /// What the scalar engine makes of each photo.
    fn scalar(&self, numbers: &Numbers) -> Vec<i8> {
        let (height, width) = self.output();
        let layouts = ConvLayouts {
            input: self.input_layout(),
            residual: self.has_residual.then(|| Layout::padded(height, width, self.outputs, 0)),
            output: Layout::padded(height, width, self.outputs, 0),
        };
        let prepare = match self.groups {
            Groups::One => conv::prepare,
            Groups::Depthwise => depthwise::prepare,
        };
        let layer = prepare(Isa::Scalar, numbers.params.clone(), layouts).expect("the scalar one");
        let photo = |number: usize| {
            let codes = |all: &[i8]| {
                let size = all.len() / PHOTOS;
                all[number * size..(number + 1) * size].to_vec()
            };
            let mut input = Tensor::zeros(layouts.input);
            if self.reads_image {
                input.fill_halo(&IMAGE_PADDING);
            }
            input.copy_from_dense(&codes(&numbers.input));
            let residual = layouts.residual.zip(numbers.residual.as_ref()).map(|(layout, all)| {
                let mut residual = Tensor::zeros(layout);
                residual.copy_from_dense(&codes(all));
                residual
            });
            let mut output = Tensor::zeros(layouts.output);
            layer.run(&input, residual.as_ref(), &mut output, &mut Threads::One);
            output.to_dense()
        };
        (0..PHOTOS).flat_map(photo).collect()
    }

    fn input_layout(&self) -> Layout {
        let halo = self.window.padding.largest();
        let layout = if self.reads_image { Layout::dense } else { Layout::padded };
        layout(self.height, self.width, self.inputs, halo)
    }
}

/// Compares the cases; names those that differ.
///
/// # Errors
/// If the device refuses one or is gone.
pub async fn differing(gpu: &Gpu, extent: Extent) -> Result<Vec<String>, GpuError> {
    let mut differing = Vec::new();
    for (seed, case) in cases(extent).into_iter().enumerate() {
        let codes = case.differing(gpu, seed as u64, Change::None).await?;
        if codes > 0 {
            differing.push(format!("{case:?}: {codes} codes"));
        }
    }
    Ok(differing)
}

/// The changes that a device's results would not show.
///
/// # Errors
/// If the device refuses one or is gone.
pub async fn unseen_changes(gpu: &Gpu) -> Result<Vec<Change>, GpuError> {
    let case = Case { has_residual: true, activation: Activation::Linear, ..base() };
    let mut unseen = Vec::new();
    for change in [Change::Weight, Change::Bias, Change::Residual] {
        if case.differing(gpu, 1, change).await? == 0 {
            unseen.push(change);
        }
    }
    Ok(unseen)
}
