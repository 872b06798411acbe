//! A network on a graphics device.

use super::build::{Builder, Ready};
use super::program::{Program, TileChoice};
use super::transfer::{Readback, Transfer};
use super::{Gpu, GpuError};
use crate::artifact::Artifact;
use crate::engine::run::Run;
use crate::graph::Shape;
use crate::kernels::wgsl;

/// Batches whose results have a buffer from the start: one is computed while the other is prepared.
const IN_FLIGHT: usize = 2;

/// A network with its pipelines, weights and the memory for a batch of photos, all made once.
pub struct GpuEngine {
    pub(super) gpu: Gpu,
    pub(super) program: Program,
    pub(super) steps: Vec<Ready>,
    /// How many photos there are.
    pub(super) batch: wgpu::Buffer,
    pub(super) buffers: Vec<wgpu::Buffer>,
    readback: Readback,
    capacity: usize,
    image_codes: usize,
    upload: Vec<u8>,
}

/// Logits that the device is still working on.
struct Pending {
    sums: Transfer,
    scale: Vec<f32>,
}

impl GpuEngine {
    /// Puts an artifact's network on `gpu`, for up to `capacity` photos at a time (fewer where the
    /// device's buffers are too small for so many; see [`Run::capacity`]).
    ///
    /// # Errors
    /// If the device has too little memory, does not take the kernels, or is gone.
    ///
    /// # Panics
    /// If the artifact was changed after it was read, so that it no longer is valid.
    pub async fn new(
        gpu: &Gpu,
        artifact: &Artifact,
        capacity: usize,
        tiles: TileChoice<'_>,
    ) -> Result<Self, GpuError> {
        gpu.check()?;
        let capacity = capacity.clamp(1, largest_batch(gpu, artifact)?);
        let program = Program::new(artifact, capacity, tiles);
        let engine = gpu.make(|| Self::build(gpu, artifact, program, capacity)).await?;
        gpu.check().map(|()| engine)
    }

    fn build(gpu: &Gpu, artifact: &Artifact, mut program: Program, capacity: usize) -> Self {
        let batch = gpu.batch();
        let buffers = gpu.all_activations(&program.buffers, capacity);
        let builder = Builder::new(gpu, &batch, &buffers);
        let readback = Readback::new(gpu, program.buffers[program.sums] * capacity, IN_FLIGHT);
        let steps = program.steps.iter_mut().map(|step| builder.ready(step)).collect();
        let image_codes = artifact.metadata.preprocessing.side.pow(2) * 3;
        let (gpu, upload) = (gpu.clone(), Vec::new());
        Self { gpu, program, steps, batch, buffers, readback, capacity, image_codes, upload }
    }

    /// The device that it is on.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Starts on images; see [`Run::start`].
    fn submit(&mut self, images: &[&[i8]]) -> Result<Pending, GpuError> {
        self.gpu.check()?;
        self.upload(images);
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        self.encode(&mut encoder, images.len());
        let (sums, size) =
            (self.program.sums, self.program.buffers[self.program.sums] * images.len());
        let sums = self.readback.submit(&self.gpu, encoder, &self.buffers[sums], size);
        Ok(Pending { sums, scale: self.program.scale.clone() })
    }

    /// Every convolution's and pool's output for one image: its layer's name and dense HWC codes.
    ///
    /// # Errors
    /// If the device is gone or does not answer.
    ///
    /// # Panics
    /// If the image has another length.
    pub async fn layers(&mut self, image: &[i8]) -> Result<Vec<(String, Vec<i8>)>, GpuError> {
        self.upload(&[image]);
        let mut layers = Vec::new();
        for (step, ready) in self.program.steps.iter().zip(&self.steps) {
            // What comes after the last tensor is the classifier.
            let Some(shape) = step.shape else { break };
            let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
            ready.dispatch_alone(&mut encoder, step.groups(1));
            let (output, size) = (&self.buffers[step.output], wgsl::tensor_bytes(shape));
            let bytes = Transfer::submit(&self.gpu, encoder, output, size).bytes().await?;
            layers.push((step.name.clone(), dense(&bytes, shape)));
        }
        Ok(layers)
    }

    pub(super) fn upload(&mut self, images: &[&[i8]]) {
        assert!((1..=self.capacity).contains(&images.len()), "one to {} images", self.capacity);
        self.upload.clear();
        for image in images {
            assert_eq!(image.len(), self.image_codes, "codes of one image");
            wgsl::pack_image(image, &mut self.upload);
        }
        self.gpu.set_batch(&self.batch, images.len());
        self.gpu.queue.write_buffer(&self.buffers[self.program.image], 0, &self.upload);
    }

    fn encode(&self, encoder: &mut wgpu::CommandEncoder, photos: usize) {
        let mut pass = encoder.begin_compute_pass(&Default::default());
        for (step, ready) in self.program.steps.iter().zip(&self.steps) {
            ready.dispatch(&mut pass, step.groups(photos));
        }
    }
}

/// A batch is one submission, and the next may be submitted before it is done.
impl Run for GpuEngine {
    type Error = GpuError;

    fn capacity(&self) -> usize {
        self.capacity
    }

    fn start(
        &mut self,
        images: &[&[i8]],
        logits: Vec<f32>,
    ) -> impl Future<Output = Result<Vec<f32>, GpuError>> + use<> {
        let pending = self.submit(images);
        async { pending?.logits(logits).await }
    }
}

impl Pending {
    /// Waits for the logits, and writes them into `logits`.
    async fn logits(self, mut logits: Vec<f32>) -> Result<Vec<f32>, GpuError> {
        let bytes = self.sums.bytes().await?;
        let sums = bytes.as_chunks().0.iter().map(|&word| i32::from_le_bytes(word));
        logits.clear();
        logits.extend(sums.zip(self.scale.iter().cycle()).map(|(sum, scale)| sum as f32 * scale));
        Ok(logits)
    }
}

/// Photos of which the device's buffers take the largest tensor.
pub(super) fn largest_batch(gpu: &Gpu, artifact: &Artifact) -> Result<usize, GpuError> {
    let limits = gpu.device.limits();
    let limit = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
    let photo = Program::largest_buffer(&artifact.graph);
    match usize::try_from(limit).unwrap_or(usize::MAX) / photo {
        0 => Err(GpuError::OutOfMemory(format!("a buffer has at most {limit} bytes"))),
        photos => Ok(photos),
    }
}

/// What comes from the device as dense codes.
pub(super) fn dense(bytes: &[u8], shape: Shape) -> Vec<i8> {
    let pixels = bytes.chunks_exact(wgsl::words(shape.channels) * size_of::<u32>());
    pixels.flat_map(|pixel| pixel[..shape.channels].iter().map(|&code| code as i8)).collect()
}
