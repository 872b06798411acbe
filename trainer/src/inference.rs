//! An artifact's network, on the processor or on a graphics device.

use std::path::PathBuf;
use std::time::Instant;

use pollster::block_on;
use tagsight_core::Artifact;
use tagsight_core::engine::gpu::{
    self, Gpu, GpuEngine, GpuError, GpuOptions, TileChoice, Tuner, Tuning,
};
use tagsight_core::engine::{Engine, EngineError, Isa, Run};

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

/// What was measured on `device` before.
fn remembered(device: &Gpu) -> Tuning {
    Tuning::parse(&std::fs::read_to_string(tuning_path(device)).unwrap_or_default())
}

/// Where that is kept: in `TAGSIGHT_CACHE`, or the user's cache.
fn tuning_path(device: &Gpu) -> PathBuf {
    let own = || std::env::home_dir().unwrap_or_default().join(".cache/tagsight");
    let cache = std::env::var_os("TAGSIGHT_CACHE").map_or_else(own, PathBuf::from);
    let is_plain = |character: char| character.is_ascii_alphanumeric();
    let name = device.name().replace(|character| !is_plain(character), "-");
    cache.join("tiles").join(format!("{name}-{}.txt", device.kernels()))
}

/// A network that gives the processor's logits for a known image.
fn verified(
    device: &Gpu,
    artifact: &Artifact,
    batch: usize,
    tuning: &Tuning,
) -> Result<GpuEngine, GpuError> {
    let tiles = TileChoice::Measured(tuning);
    let mut engine = block_on(GpuEngine::new(device, artifact, batch, tiles))?;
    block_on(gpu::verify(&mut engine, artifact))?;
    Ok(engine)
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
    /// What was measured cannot be kept.
    #[error("cannot write {path}: {source}; set TAGSIGHT_CACHE to a folder that can be written to")]
    Tuning {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
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
                engine.set_parallel(rayon::current_num_threads() > 1);
                Ok(Self::Cpu(Box::new(engine)))
            }
            Backend::WebGpu => {
                let device = block_on(Gpu::request(&GpuOptions::default()))?;
                let engine = verified(&device, artifact, batch, &remembered(&device))?;
                Ok(Self::WebGpu(Box::new(engine)))
            }
        }
    }

    /// Measures which tiles are fastest for `artifact` on the best graphics device in batches of
    /// `batch` photos, and remembers it for later networks of these shapes, if the integers are
    /// the processor's.
    ///
    /// # Errors
    /// If the network does not run there, or the file cannot be written.
    pub fn tune(artifact: &Artifact, batch: usize) -> Result<(), InferenceError> {
        let device = block_on(Gpu::request(&GpuOptions::default()))?;
        let start = Instant::now();
        let clock = move || start.elapsed().as_secs_f64() * 1e3;
        let known = Tuning::default();
        let mut tuner = block_on(Tuner::new(&device, artifact.clone(), batch, &known, clock))?;
        while !tuner.is_done() {
            block_on(tuner.step())?;
        }
        let mut tuning = remembered(&device);
        tuning.extend(tuner.tuning().clone());
        verified(&device, artifact, batch, &tuning)?;
        let path = tuning_path(&device);
        let folder = path.parent().expect("it is in a folder");
        let made = std::fs::create_dir_all(folder);
        let written = made.and_then(|()| std::fs::write(&path, tuning.to_string()));
        written.map_err(|source| InferenceError::Tuning { path, source })
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
        let (mut all, mut logits) = (Vec::new(), Vec::new());
        for batch in images.chunks(self.capacity()) {
            let batch: Vec<&[i8]> = batch.iter().map(Vec::as_slice).collect();
            logits = block_on(self.start(&batch, logits))?;
            all.extend_from_slice(&logits);
        }
        Ok(all)
    }
}

impl Run for Inference {
    type Error = InferenceError;

    fn capacity(&self) -> usize {
        match self {
            Self::Cpu(engine) => engine.capacity(),
            Self::WebGpu(engine) => engine.capacity(),
        }
    }

    fn start(
        &mut self,
        images: &[&[i8]],
        logits: Vec<f32>,
    ) -> impl Future<Output = Result<Vec<f32>, InferenceError>> + use<> {
        let started = match self {
            Self::Cpu(engine) => Started::Cpu(engine.start(images, logits)),
            Self::WebGpu(engine) => Started::WebGpu(engine.start(images, logits)),
        };
        async {
            match started {
                Started::Cpu(logits) => {
                    let Ok(logits) = logits.await;
                    Ok(logits)
                }
                Started::WebGpu(logits) => Ok(logits.await?),
            }
        }
    }
}

/// Logits that are on their way.
enum Started<C, G> {
    Cpu(C),
    WebGpu(G),
}
