//! An artifact's network, on the processor or on a graphics device.

use pollster::block_on;
use tagsight_core::Artifact;
use tagsight_core::engine::gpu::{self, Gpu, GpuEngine, GpuError, GpuOptions, TileChoice};
use tagsight_core::engine::{Engine, EngineError, Isa};

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The processor, with these kernels.
    Cpu(Isa),
    /// The best graphics device there is, through wgpu.
    WebGpu,
}

/// A network that is ready to run.
pub enum Inference {
    /// On the processor, one photo at a time on all of the current rayon pool's threads.
    Cpu(Box<Engine>),
    /// On a graphics device, in batches.
    WebGpu(Box<GpuEngine>),
}

/// Why there is no network that is ready to run, or it stopped.
#[derive(Debug, thiserror::Error)]
pub enum InferenceError {
    /// The processor's kernels.
    #[error(transparent)]
    Cpu(#[from] EngineError),
    /// The graphics device.
    #[error("{0}; --backend cpu does without it")]
    WebGpu(#[from] GpuError),
}

impl Inference {
    /// Puts `artifact` on `backend`, in batches of up to `batch` photos. A graphics device is taken
    /// only once it gave the processor's logits for a known image.
    ///
    /// # Errors
    /// If it does not run there.
    pub fn new(
        artifact: &Artifact,
        backend: Backend,
        batch: usize,
    ) -> Result<Self, InferenceError> {
        match backend {
            Backend::Cpu(isa) => {
                let mut engine = Engine::new(artifact, isa)?;
                engine.set_parallel(true);
                Ok(Self::Cpu(Box::new(engine)))
            }
            Backend::WebGpu => {
                let device = block_on(Gpu::request(&GpuOptions::default()))?;
                let engine = GpuEngine::new(&device, artifact, batch, TileChoice::BySize);
                let mut engine = block_on(engine)?;
                block_on(gpu::verify(&mut engine, artifact))?;
                Ok(Self::WebGpu(Box::new(engine)))
            }
        }
    }

    /// What runs, for people.
    pub fn name(&self) -> String {
        match self {
            Self::Cpu(engine) => engine.isa().name().to_owned(),
            Self::WebGpu(engine) => format!("webgpu on {}", engine.gpu().name()),
        }
    }

    /// Logits of images (7-bit codes, HWC), one photo after the other.
    ///
    /// # Errors
    /// If a graphics device is gone or does not answer.
    ///
    /// # Panics
    /// If an image has another size than the network's.
    pub fn logits(&mut self, images: &[Vec<i8>]) -> Result<Vec<f32>, InferenceError> {
        match self {
            Self::Cpu(engine) => {
                Ok(images.iter().flat_map(|codes| engine.logits(codes).to_vec()).collect())
            }
            Self::WebGpu(engine) => {
                let mut logits = Vec::new();
                for batch in images.chunks(engine.capacity()) {
                    let batch: Vec<&[i8]> = batch.iter().map(Vec::as_slice).collect();
                    logits.extend(block_on(engine.logits(&batch))?.concat());
                }
                Ok(logits)
            }
        }
    }
}
