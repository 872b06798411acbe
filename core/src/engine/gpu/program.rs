//! A network as a list of kernels to run, each with its numbers.

use super::tuning::Tuning;
use crate::artifact::Artifact;
use crate::engine::params::{classifier, conv_params};
use crate::graph::{
    Conv, Graph, Groups, IMAGE, Interpreter, MaxPool, Shape, Slots, TensorId, Window, slots,
};
use crate::kernels::conv::ConvParams;
use crate::kernels::linear::Linear;
use crate::kernels::wgsl::{self, Channels, Kernel, Tile};

/// Workgroups that keep a large device busy: fewer of a larger tile are worse than more of a
/// smaller one.
const BUSY_GROUPS: u32 = 128;
/// Workgroups along one dimension that every device takes.
const MAX_GROUPS: u32 = 65_535;

/// How a convolution's tile is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TileChoice<'a> {
    /// The largest that keeps a device busy.
    #[default]
    BySize,
    /// That one, where the device can run it.
    Always(Tile),
    /// What was measured; the largest that keeps a device busy where nothing was.
    Measured(&'a Tuning),
}

/// A network's kernels in the order they run, and the memory that they share.
pub(super) struct Program {
    pub(super) steps: Vec<Dispatch>,
    /// Bytes of each buffer, for one photo.
    pub(super) buffers: Vec<usize>,
    /// The buffer of the image.
    pub(super) image: usize,
    /// The buffer of the classifier's sums, the last step's output.
    pub(super) sums: usize,
    /// Value of one unit of those, per class.
    pub(super) scale: Vec<f32>,
}

/// One kernel's run.
pub(super) struct Dispatch {
    /// What it computes: the layer's name.
    pub(super) name: String,
    pub(super) kernel: Kernel,
    /// The kernel's `Layer`, word by word.
    pub(super) layer: Vec<u32>,
    pub(super) weights: Vec<u8>,
    /// Per output channel.
    pub(super) channels: Vec<u8>,
    /// Buffers.
    pub(super) input: usize,
    pub(super) residual: Option<usize>,
    pub(super) output: usize,
    /// Shape of the output, where it is a tensor.
    pub(super) shape: Option<Shape>,
    pub(super) cost: Cost,
    work: Work,
}

/// What a step cannot do without.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    /// Multiply-accumulates of one photo.
    pub(super) macs: u64,
    /// Bytes of its weights.
    pub(super) weight_bytes: u64,
    /// Bytes of one photo's inputs and output.
    pub(super) photo_bytes: u64,
}

/// How much a step does for a photo.
#[derive(Debug, Clone, Copy)]
enum Work {
    Tiled { tile: Tile, pixels: usize, channels: usize },
    Threads(usize),
    Classes(usize),
}

impl Dispatch {
    /// Workgroups for so many photos.
    pub(super) fn groups(&self, photos: usize) -> [u32; 2] {
        match self.work {
            Work::Tiled { tile, pixels, channels } => tile.groups(photos * pixels, channels),
            Work::Threads(threads) => Kernel::flat_groups(photos * threads),
            Work::Classes(classes) => [classes as u32, photos as u32],
        }
    }

    /// Divides a dense convolution's outputs otherwise, if the device can run so many workgroups for
    /// so many photos; whether it can.
    pub(super) fn take_tile(&mut self, new: Tile, photos: usize) -> bool {
        let (Kernel::Conv { tile, .. }, Work::Tiled { tile: worked, pixels, channels }) =
            (&mut self.kernel, &mut self.work)
        else {
            return false;
        };
        let is_possible = is_possible(new.groups(photos * *pixels, *channels));
        if is_possible {
            (*tile, *worked) = (new, new);
        }
        is_possible
    }
}

impl Program {
    /// Plans for up to `capacity` photos at a time.
    pub(super) fn new(artifact: &Artifact, capacity: usize, tiles: TileChoice<'_>) -> Self {
        let graph = &artifact.graph;
        let scales = artifact.scales();
        let Slots { of: slots, bytes: mut buffers } = shared_buffers(graph);
        let head = classifier(artifact, &scales);
        let pooled_sums = buffers.len();
        buffers.push(wgsl::words(graph.features().channels) * size_of::<[i32; 4]>());
        let sums = buffers.len();
        buffers.push(graph.head().classes * size_of::<i32>());
        let padding = artifact.metadata.preprocessing.quantised_mean();
        let shapes = graph.shapes();
        let planner = Planner { shapes, slots: &slots, capacity, tiles, padding };
        let mut planning = Planning { planner, artifact, scales: &scales, steps: Vec::new() };
        graph.interpret((), &mut planning);
        let Planning { planner, mut steps, .. } = planning;
        steps.push(planner.global_sum(graph.head().input, pooled_sums));
        steps.push(linear(graph, &head, [pooled_sums, sums]));
        Self { steps, buffers, image: slots[IMAGE], sums, scale: head.scale }
    }

    /// Bytes of the largest buffer, for one photo.
    pub(super) fn largest_buffer(graph: &Graph) -> usize {
        shared_buffers(graph).bytes.into_iter().max().unwrap_or(0)
    }
}

/// Writes a network's steps down.
struct Planning<'a> {
    planner: Planner<'a>,
    artifact: &'a Artifact,
    scales: &'a [f32],
    steps: Vec<Dispatch>,
}

/// Tensors are known by their numbers.
impl Interpreter for Planning<'_> {
    type Value = ();

    fn conv(&mut self, conv: &Conv, (): &(), _: Option<&()>) {
        let params = conv_params(self.artifact, conv, self.scales);
        self.steps.push(self.planner.conv(conv, &params));
    }

    fn max_pool(&mut self, pool: &MaxPool, (): &()) {
        self.steps.push(self.planner.max_pool(pool));
    }
}

/// The buffers that tensors share.
pub(super) fn shared_buffers(graph: &Graph) -> Slots {
    slots(graph, |tensor| {
        let shape = graph.shape(tensor);
        match tensor {
            IMAGE => shape.height * shape.width * size_of::<u32>(),
            _ => wgsl::tensor_bytes(shape),
        }
    })
}

/// Makes steps.
pub(super) struct Planner<'a> {
    /// Of each tensor.
    pub(super) shapes: &'a [Shape],
    /// The buffer of each tensor.
    pub(super) slots: &'a [usize],
    pub(super) capacity: usize,
    pub(super) tiles: TileChoice<'a>,
    /// Codes of what is outside the image.
    pub(super) padding: [i8; 3],
}

impl Planner<'_> {
    pub(super) fn conv(&self, conv: &Conv, params: &ConvParams) -> Dispatch {
        match conv.groups {
            Groups::One => self.dense(conv, params),
            Groups::Depthwise => self.depthwise(conv, params),
        }
    }

    fn dense(&self, conv: &Conv, params: &ConvParams) -> Dispatch {
        let reads_image = conv.input == IMAGE;
        let (input, output) = (self.shapes[conv.input], self.shapes[conv.output]);
        let in_vectors = wgsl::words(input.channels) / 4;
        let taps = conv.window.kernel.pow(2);
        let vectors = if reads_image { taps.div_ceil(4) } else { taps * in_vectors };
        let weights = wgsl::pack_conv(params, reads_image);
        let columns = params.outputs().next_multiple_of(Tile::MAX_COLUMNS);
        let [r, g, b] = self.padding.map(|code| code as u8);
        let mut layer = [input.height, input.width, in_vectors, output.height, output.width]
            .map(|size| size as u32)
            .to_vec();
        let words = wgsl::words(output.channels);
        let Window { kernel, stride, padding } = conv.window;
        let sizes = [words, kernel, stride, padding.before, vectors, columns];
        layer.extend(sizes.map(|size| size as u32));
        layer.push(u32::from_le_bytes([r, g, b, 0]));
        layer.extend(range(params));
        let (pixels, channels) = (output.height * output.width, words * 4);
        let tile = self.tile(conv, pixels, channels);
        Dispatch {
            kernel: Kernel::Conv { tile, reads_image, has_residual: conv.residual.is_some() },
            work: Work::Tiled { tile, pixels, channels },
            ..self.conv_step(conv, params, layer, weights)
        }
    }

    fn depthwise(&self, conv: &Conv, params: &ConvParams) -> Dispatch {
        let layer = self.windowed(conv.window, conv.input, conv.output, range(params));
        self.conv_step(conv, params, layer, wgsl::pack_depthwise(params))
    }

    /// A convolution's step, on the depthwise kernel.
    fn conv_step(
        &self,
        conv: &Conv,
        params: &ConvParams,
        layer: Vec<u32>,
        weights: Vec<u8>,
    ) -> Dispatch {
        Dispatch {
            name: conv.name.clone(),
            kernel: Kernel::Depthwise,
            layer,
            weights,
            channels: Channels::of(params).iter().flat_map(Channels::bytes).collect(),
            input: self.slots[conv.input],
            residual: conv.residual.map(|residual| self.slots[residual]),
            output: self.slots[conv.output],
            shape: Some(self.shapes[conv.output]),
            cost: self.conv_cost(conv, params),
            work: Work::Threads(wgsl::tensor_words(self.shapes[conv.output])),
        }
    }

    fn conv_cost(&self, conv: &Conv, params: &ConvParams) -> Cost {
        let Shape { height, width, .. } = self.shapes[conv.output];
        let tensors = [conv.input, conv.output].into_iter().chain(conv.residual);
        Cost {
            macs: (params.weight.len() * height * width) as u64,
            weight_bytes: params.weight.len() as u64,
            photo_bytes: tensors.map(|tensor| self.codes(tensor)).sum(),
        }
    }

    /// Codes of a tensor of one photo.
    fn codes(&self, tensor: TensorId) -> u64 {
        let Shape { height, width, channels } = self.shapes[tensor];
        (height * width * channels) as u64
    }

    fn max_pool(&self, pool: &MaxPool) -> Dispatch {
        let MaxPool { window, input, output, .. } = *pool;
        Dispatch {
            name: pool.name.clone(),
            kernel: Kernel::MaxPool,
            // Codes stay as they are.
            layer: self.windowed(window, input, output, [0; 3]),
            weights: Vec::new(),
            channels: Vec::new(),
            input: self.slots[input],
            residual: None,
            output: self.slots[output],
            shape: Some(self.shapes[output]),
            cost: Cost { photo_bytes: self.codes(input) + self.codes(output), ..Cost::default() },
            work: Work::Threads(wgsl::tensor_words(self.shapes[output])),
        }
    }

    fn global_sum(&self, input: TensorId, output: usize) -> Dispatch {
        let Shape { height, width, channels } = self.shapes[input];
        let words = wgsl::words(channels);
        Dispatch {
            name: "global sum".into(),
            kernel: Kernel::GlobalSum,
            layer: vec![(height * width) as u32, words as u32],
            weights: Vec::new(),
            channels: Vec::new(),
            input: self.slots[input],
            residual: None,
            output,
            shape: None,
            cost: Cost { photo_bytes: self.codes(input), ..Cost::default() },
            work: Work::Threads(words),
        }
    }

    /// The `Layer` of a kernel over windows.
    fn windowed(
        &self,
        window: Window,
        input: TensorId,
        output: TensorId,
        range: [u32; 3],
    ) -> Vec<u32> {
        let (from, to) = (self.shapes[input], self.shapes[output]);
        let words = wgsl::words(to.channels);
        let Window { kernel, stride, padding } = window;
        let shapes = [from.height, from.width, to.height, to.width, words];
        let window = [kernel, stride, padding.before];
        shapes.into_iter().chain(window).map(|size| size as u32).chain(range).collect()
    }

    /// All that a dense convolution's time depends on.
    pub(super) fn shape_name(&self, conv: &Conv) -> String {
        let Shape { height, width, channels } = self.shapes[conv.input];
        let Window { kernel, stride, .. } = conv.window;
        let outputs = self.shapes[conv.output].channels;
        let residual = if conv.residual.is_some() { "+" } else { "" };
        let photos = self.capacity;
        format!("{height}x{width}x{channels} k{kernel} s{stride} {outputs}{residual} @{photos}")
    }

    /// The tile for a layer of so many pixels a photo and channels.
    fn tile(&self, conv: &Conv, pixels: usize, channels: usize) -> Tile {
        let groups = |tile: Tile| tile.groups(self.capacity * pixels, channels);
        let is_possible = |tile: &Tile| is_possible(groups(*tile));
        let wanted = match self.tiles {
            TileChoice::BySize => None,
            TileChoice::Always(tile) => Some(tile),
            TileChoice::Measured(tuning) => tuning.tile(&self.shape_name(conv)),
        };
        if let Some(tile) = wanted.filter(is_possible) {
            return tile;
        }
        let keeps_busy = |tile: &Tile| groups(*tile).iter().product::<u32>() >= BUSY_GROUPS;
        let wastes_little = |tile: &Tile| tile.columns() <= channels.next_multiple_of(32);
        let possible = Tile::ALL.into_iter().filter(is_possible).filter(wastes_little);
        let smallest = possible.clone().next_back();
        possible.clone().find(keeps_busy).or(smallest).unwrap_or(Tile::ALL[0])
    }
}

fn is_possible(groups: [u32; 2]) -> bool {
    groups.iter().all(|&groups| groups <= MAX_GROUPS)
}

/// The last fields of a convolution's `Layer`.
fn range(params: &ConvParams) -> [u32; 3] {
    let range = params.activation.quant_range();
    [range.min.to_bits(), range.max.to_bits(), i32::from(range.zero_point) as u32]
}

/// The classifier over sums.
fn linear(graph: &Graph, head: &Linear, buffers: [usize; 2]) -> Dispatch {
    let (channels, classes) = (graph.features().channels, graph.head().classes);
    Dispatch {
        name: graph.head().name.clone(),
        kernel: Kernel::Linear,
        layer: vec![wgsl::words(channels) as u32, classes as u32],
        weights: wgsl::pack_rows(&head.weight, channels, 0),
        channels: head.bias.iter().flat_map(|bias| bias.to_le_bytes()).collect(),
        input: buffers[0],
        residual: None,
        output: buffers[1],
        shape: None,
        cost: Cost {
            macs: head.weight.len() as u64,
            weight_bytes: head.weight.len() as u64,
            photo_bytes: 0,
        },
        work: Work::Classes(classes),
    }
}
