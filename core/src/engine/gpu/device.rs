//! A graphics device, and what became of it.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::GpuError;
use crate::kernels::wgsl::{Dot, Kernel, fingerprint};

/// Seconds after which a device that does not answer is given up.
const PATIENCE_SECONDS: u64 = 30;

/// Which device, and what to use of it.
#[derive(Debug, Clone, Default)]
pub struct GpuOptions {
    /// Take a processor that plays a graphics device: for tests.
    pub software: bool,
    /// Do without the packed dot product, even where there is one.
    pub unpacked: bool,
}

/// A graphics device that networks can be put on.
#[derive(Debug, Clone)]
pub struct Gpu {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) dot: Dot,
    pub(super) pipelines: Arc<Mutex<HashMap<Kernel, wgpu::ComputePipeline>>>,
    info: wgpu::AdapterInfo,
    fault: Arc<Mutex<Option<GpuError>>>,
}

/// The way to this machine's devices: one for the whole process, never dropped. With the last one a
/// driver's library would be unloaded, and NVIDIA's leaves code of it to be run where a thread ends: the
/// program crashed after its work was done (driver 580, Vulkan).
#[cfg(not(target_arch = "wasm32"))]
fn instance() -> wgpu::Instance {
    static INSTANCE: std::sync::OnceLock<wgpu::Instance> = std::sync::OnceLock::new();
    INSTANCE.get_or_init(new_instance).clone()
}

#[cfg(target_arch = "wasm32")]
use new_instance as instance;

fn new_instance() -> wgpu::Instance {
    wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle())
}

impl Gpu {
    /// Asks for a device.
    ///
    /// # Errors
    /// [`GpuError::NoAdapter`] if there is none.
    pub async fn request(options: &GpuOptions) -> Result<Self, GpuError> {
        let instance = instance();
        let absent = |reason: String| GpuError::NoAdapter(reason);
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                force_fallback_adapter: options.software,
                ..Default::default()
            })
            .await
            .map_err(|error| absent(error.to_string()))?;
        let features = adapter.features() & wgpu::Features::TIMESTAMP_QUERY;
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("tagsight"),
                required_features: features,
                required_limits: limits(&adapter.limits()),
                ..Default::default()
            })
            .await
            .map_err(|error| absent(error.to_string()))?;
        let has_packed = instance
            .wgsl_language_features()
            .contains(wgpu::WgslLanguageFeatures::Packed4x8IntegerDotProduct);
        let dot = if has_packed && !options.unpacked { Dot::Packed } else { Dot::Unpacked };
        let (info, pipelines, fault) = (adapter.get_info(), Arc::default(), Arc::default());
        let gpu = Self { device, queue, dot, pipelines, info, fault };
        gpu.watch();
        Ok(gpu)
    }

    /// Keeps what goes wrong.
    fn watch(&self) {
        let fault = Arc::clone(&self.fault);
        self.device.set_device_lost_callback(move |_, message| {
            note(&fault, GpuError::Lost(message));
        });
        let fault = Arc::clone(&self.fault);
        self.device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            note(&fault, error.into());
        }));
    }

    /// Whether it still works, as far as is known.
    ///
    /// # Errors
    /// What went wrong.
    pub fn check(&self) -> Result<(), GpuError> {
        // Natively, this is when a device says that it is lost.
        let _ = self.device.poll(wgpu::PollType::Poll);
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.clone().map_or(Ok(()), Err)
    }

    /// Makes something on the device.
    ///
    /// # Errors
    /// What the device refuses of it, which is then no fault of the device's.
    pub(super) async fn make<T>(&self, make: impl FnOnce() -> T) -> Result<T, GpuError> {
        use wgpu::ErrorFilter::{Internal, OutOfMemory, Validation};
        let scope = |kind| self.device.push_error_scope(kind);
        let (memory, internal, validity) = (scope(OutOfMemory), scope(Internal), scope(Validation));
        let made = make();
        for refused in [validity.pop(), internal.pop(), memory.pop()] {
            if let Some(error) = refused.await {
                return Err(error.into());
            }
        }
        Ok(made)
    }

    /// A name for people.
    pub fn name(&self) -> String {
        // Browsers keep it to themselves.
        if self.info.name.is_empty() { "WebGPU".to_owned() } else { self.info.name.clone() }
    }

    /// A name for its kernels. What was measured under another name may not hold any more.
    pub fn kernels(&self) -> String {
        format!("{:08x}", fingerprint(self.dot))
    }

    /// Whether a processor plays the graphics device.
    pub fn is_software(&self) -> bool {
        self.info.device_type == wgpu::DeviceType::Cpu
    }

    /// How words are multiplied on it.
    pub fn dot(&self) -> Dot {
        self.dot
    }

    /// Gives the device and its memory back; whatever is still on it is lost.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    /// Lets native devices work until `submission` is done. Browsers do so by themselves.
    pub(super) fn wait(&self, submission: wgpu::SubmissionIndex) -> Result<(), GpuError> {
        let submission_index = Some(submission);
        let timeout = Some(Duration::from_secs(PATIENCE_SECONDS));
        match self.device.poll(wgpu::PollType::Wait { submission_index, timeout }) {
            Ok(_) => Ok(()),
            Err(wgpu::PollError::Timeout) => Err(GpuError::Timeout(PATIENCE_SECONDS)),
            Err(error) => Err(GpuError::Lost(error.to_string())),
        }
    }
}

/// Keeps the first error; but all kinds of errors follow from a loss, so that counts in any case.
fn note(fault: &Mutex<Option<GpuError>>, error: GpuError) {
    let mut fault = fault.lock().unwrap_or_else(PoisonError::into_inner);
    if fault.is_none() || matches!(error, GpuError::Lost(_)) {
        *fault = Some(error);
    }
}

/// What every device has, but for the sizes of buffers, of which large batches need more.
fn limits(adapter: &wgpu::Limits) -> wgpu::Limits {
    wgpu::Limits {
        max_buffer_size: adapter.max_buffer_size,
        max_storage_buffer_binding_size: adapter.max_storage_buffer_binding_size,
        ..wgpu::Limits::defaults()
    }
}
