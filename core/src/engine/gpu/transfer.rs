//! From the device's memory to the program's.

use futures_channel::oneshot;

use super::{Gpu, GpuError};

/// Bytes that the device is still working on.
pub(super) struct Transfer {
    gpu: Gpu,
    buffer: wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
    mapped: oneshot::Receiver<Result<(), wgpu::BufferAsyncError>>,
}

impl Transfer {
    /// Submits `encoder` and, after it, a copy of the first `size` bytes of `source`.
    pub(super) fn submit(
        gpu: &Gpu,
        mut encoder: wgpu::CommandEncoder,
        source: &wgpu::Buffer,
        size: usize,
    ) -> Self {
        let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("result"),
            size: size as u64,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        encoder.copy_buffer_to_buffer(source, 0, &buffer, 0, size as u64);
        let submission = gpu.queue.submit([encoder.finish()]);
        let (sender, mapped) = oneshot::channel();
        buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            // If this fails, nobody waits for it any more.
            let _ = sender.send(result);
        });
        Self { gpu: gpu.clone(), buffer, submission, mapped }
    }

    /// Waits for the bytes.
    ///
    /// # Errors
    /// If the device is gone or does not answer.
    pub(super) async fn bytes(self) -> Result<Vec<u8>, GpuError> {
        self.gpu.wait(self.submission)?;
        let gpu = &self.gpu;
        let lost = |what: String| gpu.check().err().unwrap_or(GpuError::Lost(what));
        let mapped = self.mapped.await.map_err(|error| lost(error.to_string()))?;
        mapped.map_err(|error| lost(error.to_string()))?;
        let view = self.buffer.get_mapped_range(..).map_err(|error| lost(error.to_string()))?;
        let bytes = view.to_vec();
        self.gpu.check().map(|()| bytes)
    }
}
