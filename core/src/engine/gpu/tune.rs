//! Measuring which tile is fastest for each convolution, on the device itself.

use core::fmt;
use std::collections::BTreeMap;

use super::build::{Builder, Ready};
use super::network::largest_batch;
use super::plan::{self, Planner, Step, TileChoice};
use super::transfer::Transfer;
use super::{Gpu, GpuError};
use crate::artifact::Artifact;
use crate::engine::params::conv_params;
use crate::graph::{Conv, Graph, Mixing, Node};
use crate::kernels::wgsl::{Kernel, Tile};

/// Milliseconds next to which what an answer takes besides is little.
const ENOUGH_MILLIS: f64 = 8.0;
/// Runs that are measured together at the most, and how their number grows until they take enough.
const MAX_RUNS: usize = 256;
const GROWTH: usize = 4;

/// The fastest tiles by the shapes of convolutions. It is worth keeping, by the device's name: as
/// text it is a line for each, the tile and then the shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tuning(BTreeMap<String, Tile>);

impl Tuning {
    /// Reads what was kept. Lines that say nothing that is known any more are left out.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| {
            let (tile, shape) = line.split_once(' ')?;
            Some((shape.to_owned(), Tile::from_name(tile)?))
        });
        Self(lines.collect())
    }

    /// The tile for a convolution of this shape, if it was measured.
    pub(super) fn tile(&self, shape: &str) -> Option<Tile> {
        self.0.get(shape).copied()
    }

    /// Adds what was measured elsewhere, which counts where both know a shape.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl fmt::Display for Tuning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(shape, tile)| writeln!(f, "{} {shape}", tile.name()))
    }
}

/// Measures tiles one by one, so that a caller can do something else in between.
pub struct Tuner {
    gpu: Gpu,
    network: Network,
    builder: Builder,
    /// One convolution of each shape that is left, the next one last.
    left: Vec<Conv>,
    /// How many tiles that one was measured with, and the fastest.
    tiles: usize,
    fastest: Option<(f64, Tile)>,
    tuning: Tuning,
}

impl Tuner {
    /// For the convolutions of `artifact`, in batches of up to `capacity` photos, that `known` does
    /// not know.
    ///
    /// # Errors
    /// If the device has too little memory, or is gone.
    pub fn new(
        gpu: &Gpu,
        artifact: Artifact,
        capacity: usize,
        known: &Tuning,
    ) -> Result<Self, GpuError> {
        gpu.check()?;
        let capacity = capacity.clamp(1, largest_batch(gpu, &artifact)?);
        let network = Network::new(artifact, capacity);
        let batch = gpu.batch();
        gpu.queue.write_buffer(&batch, 0, &(capacity as u32).to_le_bytes());
        let bytes = network.buffers.iter().map(|bytes| gpu.activations(bytes * capacity));
        let builder = Builder::new(gpu, &batch, &bytes.collect::<Vec<_>>());
        let left = network.left(known);
        let (gpu, tuning) = (gpu.clone(), Tuning::default());
        Ok(Self { gpu, network, builder, left, tiles: 0, fastest: None, tuning })
    }

    /// Whether nothing is left to measure.
    pub fn is_done(&self) -> bool {
        self.left.is_empty()
    }

    /// Measures one convolution with one tile; `now` gives milliseconds.
    ///
    /// # Errors
    /// If the device refuses it, is gone or does not answer.
    pub async fn step(&mut self, now: &dyn Fn() -> f64) -> Result<(), GpuError> {
        let Some(conv) = self.left.last() else { return Ok(()) };
        let tile = Tile::ALL[self.tiles];
        let mut step = self.network.step(conv, tile);
        if matches!(step.kernel, Kernel::Conv { tile: possible, .. } if possible == tile) {
            let ready = self.builder.ready(&mut step);
            let millis = self.time(&step, &ready, now).await?;
            if self.fastest.is_none_or(|(least, _)| millis < least) {
                self.fastest = Some((millis, tile));
            }
        }
        self.tiles += 1;
        if self.tiles == Tile::ALL.len() {
            self.settle();
        }
        Ok(())
    }

    /// What was measured, but for a convolution whose tiles were not all measured.
    pub fn finish(self) -> Tuning {
        self.tuning
    }

    /// Goes on to the next convolution.
    fn settle(&mut self) {
        self.tiles = 0;
        let measured = self.left.pop().zip(self.fastest.take());
        if let Some((conv, (_, tile))) = measured {
            self.tuning.0.insert(self.network.shape_name(&conv), tile);
        }
    }

    /// Milliseconds of one run with a full batch.
    async fn time(
        &self,
        step: &Step,
        ready: &Ready,
        now: &dyn Fn() -> f64,
    ) -> Result<f64, GpuError> {
        // The first run is not counted: it is when some devices compile.
        self.run(step, ready, 1, now).await?;
        let mut runs = 1;
        loop {
            let millis = self.run(step, ready, runs, now).await?;
            if millis >= ENOUGH_MILLIS || runs == MAX_RUNS {
                let again = self.run(step, ready, runs, now).await?;
                return Ok(millis.min(again) / runs as f64);
            }
            runs *= GROWTH;
        }
    }

    async fn run(
        &self,
        step: &Step,
        ready: &Ready,
        runs: usize,
        now: &dyn Fn() -> f64,
    ) -> Result<f64, GpuError> {
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        for _ in 0..runs {
            ready.dispatch_alone(&mut encoder, step.groups(self.network.capacity));
        }
        let start = now();
        let output = self.builder.buffer(step.output);
        Transfer::submit(&self.gpu, encoder, output, size_of::<u32>()).bytes().await?;
        Ok(now() - start)
    }
}

/// What is measured.
struct Network {
    artifact: Artifact,
    graph: Graph,
    scales: Vec<f32>,
    /// The buffer of each tensor, and bytes of each buffer.
    slots: Vec<usize>,
    buffers: Vec<usize>,
    capacity: usize,
}

impl Network {
    fn new(artifact: Artifact, capacity: usize) -> Self {
        let graph = artifact.graph();
        let scales = artifact.scales(&graph);
        let (slots, buffers) = plan::slots(&graph);
        Self { artifact, graph, scales, slots, buffers, capacity }
    }

    /// One dense convolution of each shape that `known` does not know, the first one last.
    fn left(&self, known: &Tuning) -> Vec<Conv> {
        let mut by_shape = BTreeMap::new();
        for (number, node) in self.graph.nodes.iter().enumerate() {
            match node {
                Node::Conv(conv) if conv.mixing == Mixing::Dense => {
                    by_shape.entry(self.shape_name(conv)).or_insert((number, conv));
                }
                _ => {}
            }
        }
        by_shape.retain(|shape, _| known.tile(shape).is_none());
        let mut left: Vec<_> = by_shape.into_values().collect();
        left.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        left.into_iter().map(|(_, conv)| conv.clone()).collect()
    }

    fn shape_name(&self, conv: &Conv) -> String {
        self.planner(TileChoice::BySize).shape_name(conv)
    }

    fn step(&self, conv: &Conv, tile: Tile) -> Step {
        let stored = &self.artifact.convs[&conv.name];
        let params = conv_params(&self.graph, conv, stored, &self.scales);
        self.planner(TileChoice::Always(tile)).conv(conv, &params)
    }

    fn planner<'a>(&'a self, tiles: TileChoice<'a>) -> Planner<'a> {
        let padding = self.artifact.metadata.preprocessing.padding_codes();
        let Self { graph, slots, capacity, .. } = self;
        Planner { graph, slots, capacity: *capacity, tiles, padding }
    }
}
