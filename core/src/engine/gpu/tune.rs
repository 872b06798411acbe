//! Measuring which tile is fastest for each convolution, on the device itself.

use wgpu::ComputePass;

use super::build::{Builder, Parameters, Ready};
use super::network::largest_batch;
use super::program::{self, Dispatch, Planner, TileChoice};
use super::stopwatch::{least, one_run};
use super::transfer::Readback;
use super::tuning::Tuning;
use super::{Gpu, GpuError};
use crate::artifact::Artifact;
use crate::engine::params::conv_params;
use crate::graph::{Conv, Groups, Slots};
use crate::kernels::wgsl::Tile;

/// Measures tiles one by one, so that a caller can do something else in between.
pub struct Tuner {
    gpu: Gpu,
    clock: Box<dyn Fn() -> f64>,
    network: Candidates,
    builder: Builder,
    readback: Readback,
    /// Milliseconds until the device answers that it has done nothing.
    latency: f64,
    /// One convolution of each shape that is left, the next one last.
    left: Vec<Conv>,
    subject: Option<Subject>,
    tuning: Tuning,
}

/// A convolution that is being measured.
struct Subject {
    shape: String,
    step: Dispatch,
    parameters: Parameters,
    /// How many tiles it was measured with, and the fastest.
    tiles: usize,
    fastest: Option<(f64, Tile)>,
}

impl Tuner {
    /// For the convolutions of `artifact`, in batches of up to `capacity` photos, that `known` does
    /// not know; `clock` gives milliseconds.
    ///
    /// # Errors
    /// If the device has too little memory, is gone or does not answer.
    pub async fn new(
        gpu: &Gpu,
        artifact: Artifact,
        capacity: usize,
        known: &Tuning,
        clock: impl Fn() -> f64 + 'static,
    ) -> Result<Self, GpuError> {
        gpu.check()?;
        let capacity = capacity.clamp(1, largest_batch(gpu, &artifact)?);
        let network = Candidates::new(artifact, capacity);
        let buffers = gpu.make(|| gpu.all_activations(&network.buffers, capacity)).await?;
        let batch = gpu.batch();
        gpu.set_batch(&batch, capacity);
        let mut tuner = Self {
            gpu: gpu.clone(),
            clock: Box::new(clock),
            builder: Builder::new(gpu, &batch, &buffers),
            readback: Readback::new(gpu, size_of::<u32>(), 1),
            latency: 0.0,
            left: network.left(known),
            network,
            subject: None,
            tuning: Tuning::default(),
        };
        if !tuner.is_done() {
            tuner.latency = least(async || tuner.run(|_| {}).await).await?;
        }
        Ok(tuner)
    }

    /// Whether nothing is left to measure.
    pub fn is_done(&self) -> bool {
        self.left.is_empty() && self.subject.is_none()
    }

    /// Whether a convolution was measured with some of the tiles, of which nothing is known yet.
    pub fn is_halfway(&self) -> bool {
        self.subject.is_some()
    }

    /// What was measured so far.
    pub fn tuning(&self) -> &Tuning {
        &self.tuning
    }

    /// Measures one convolution with one tile. One that the device refuses is left out.
    ///
    /// # Errors
    /// If the device is gone or does not answer.
    pub async fn step(&mut self) -> Result<(), GpuError> {
        if self.subject.is_none() {
            self.subject = self.next().await;
        }
        let Some(mut subject) = self.subject.take() else { return Ok(()) };
        let tile = Tile::ALL[subject.tiles];
        if subject.step.take_tile(tile, self.network.capacity) {
            let Subject { step, parameters, .. } = &subject;
            if let Ok(ready) = self.gpu.make(|| self.builder.bind(step, parameters)).await {
                let millis = self.time(step, &ready).await?;
                if subject.fastest.is_none_or(|(least, _)| millis < least) {
                    subject.fastest = Some((millis, tile));
                }
            }
        }
        subject.tiles += 1;
        if subject.tiles < Tile::ALL.len() {
            self.subject = Some(subject);
        } else {
            self.settle(subject);
        }
        Ok(())
    }

    /// The next convolution that there is memory for.
    async fn next(&mut self) -> Option<Subject> {
        while let Some(conv) = self.left.pop() {
            let shape = self.network.shape_name(&conv);
            let mut step = self.network.step(&conv);
            if let Ok(parameters) = self.gpu.make(|| self.builder.load(&mut step)).await {
                return Some(Subject { shape, step, parameters, tiles: 0, fastest: None });
            }
        }
        None
    }

    /// Is done with a convolution.
    fn settle(&mut self, subject: Subject) {
        subject.parameters.destroy();
        if let Some((_, tile)) = subject.fastest {
            self.tuning.insert(subject.shape, tile);
        }
    }

    /// Milliseconds of one run with a full batch.
    async fn time(&self, step: &Dispatch, ready: &Ready) -> Result<f64, GpuError> {
        let groups = step.groups(self.network.capacity);
        let run = async |runs| {
            self.run(|pass| (0..runs).for_each(|_| ready.dispatch(pass, groups))).await
        };
        // The first run is not counted: it is when some devices compile.
        run(1).await?;
        one_run(self.latency, run).await
    }

    /// Milliseconds until the device says that what `record` records is done.
    async fn run(&self, record: impl FnOnce(&mut ComputePass<'_>)) -> Result<f64, GpuError> {
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        record(&mut encoder.begin_compute_pass(&Default::default()));
        let start = (self.clock)();
        let word = size_of::<u32>();
        self.readback.submit(&self.gpu, encoder, self.builder.buffer(0), word).bytes().await?;
        Ok((self.clock)() - start)
    }
}

impl Drop for Tuner {
    fn drop(&mut self) {
        self.builder.destroy();
        if let Some(subject) = &self.subject {
            subject.parameters.destroy();
        }
    }
}

/// What is measured.
struct Candidates {
    artifact: Artifact,
    scales: Vec<f32>,
    /// The buffer of each tensor, and bytes of each buffer.
    slots: Vec<usize>,
    buffers: Vec<usize>,
    capacity: usize,
}

impl Candidates {
    fn new(artifact: Artifact, capacity: usize) -> Self {
        let scales = artifact.scales();
        let Slots { of: slots, bytes: buffers } = program::shared_buffers(&artifact.graph);
        Self { artifact, scales, slots, buffers, capacity }
    }

    /// One dense convolution of each shape that `known` does not know, the first one last.
    fn left(&self, known: &Tuning) -> Vec<Conv> {
        let mut shapes = Vec::new();
        let mut left = Vec::new();
        for conv in self.artifact.graph.convs() {
            let shape = self.shape_name(conv);
            let is_known = known.tile(&shape).is_some() || shapes.contains(&shape);
            if conv.groups == Groups::One && !is_known {
                shapes.push(shape);
                left.push(conv.clone());
            }
        }
        left.reverse();
        left
    }

    fn shape_name(&self, conv: &Conv) -> String {
        self.planner().shape_name(conv)
    }

    fn step(&self, conv: &Conv) -> Dispatch {
        self.planner().conv(conv, &conv_params(&self.artifact, conv, &self.scales))
    }

    fn planner(&self) -> Planner<'_> {
        let padding = self.artifact.metadata.preprocessing.quantised_mean();
        let shapes = self.artifact.graph.shapes();
        let (slots, capacity) = (&self.slots, self.capacity);
        Planner { shapes, slots, capacity, tiles: TileChoice::BySize, padding }
    }
}
