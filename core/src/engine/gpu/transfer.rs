//! From the device's memory to the program's.

use std::sync::{Arc, Mutex, PoisonError};

use futures_channel::oneshot;

use super::{Gpu, GpuError};

/// Buffers that results are read from. A transfer takes one and brings it back.
#[derive(Clone)]
pub(super) struct Readback {
    bytes: usize,
    free: Arc<Mutex<Vec<wgpu::Buffer>>>,
}

/// Bytes that the device is still working on.
pub(super) struct Transfer {
    gpu: Gpu,
    buffer: wgpu::Buffer,
    bytes: u64,
    submission: wgpu::SubmissionIndex,
    mapped: oneshot::Receiver<Result<(), wgpu::BufferAsyncError>>,
    readback: Readback,
}

impl Readback {
    /// `count` buffers for results of up to `bytes` bytes. More are made where more transfers go on
    /// at a time.
    pub(super) fn new(gpu: &Gpu, bytes: usize, count: usize) -> Self {
        let readback = Self { bytes, free: Arc::default() };
        for _ in 0..count {
            readback.give_back(readback.make(gpu));
        }
        readback
    }

    /// Submits `encoder` and, after it, a copy of the first `bytes` bytes of `source`.
    pub(super) fn submit(
        &self,
        gpu: &Gpu,
        mut encoder: wgpu::CommandEncoder,
        source: &wgpu::Buffer,
        bytes: usize,
    ) -> Transfer {
        let buffer = self.take().unwrap_or_else(|| self.make(gpu));
        let bytes = bytes as u64;
        encoder.copy_buffer_to_buffer(source, 0, &buffer, 0, bytes);
        let submission = gpu.queue.submit([encoder.finish()]);
        let (sender, mapped) = oneshot::channel();
        buffer.map_async(wgpu::MapMode::Read, ..bytes, move |result| {
            // If this fails, nobody waits for it any more.
            let _ = sender.send(result);
        });
        Transfer { gpu: gpu.clone(), buffer, bytes, submission, mapped, readback: self.clone() }
    }

    fn make(&self, gpu: &Gpu) -> wgpu::Buffer {
        gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("result"),
            size: self.bytes as u64,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    fn take(&self) -> Option<wgpu::Buffer> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, buffer: wgpu::Buffer) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
    }
}

impl Transfer {
    /// A transfer with a buffer of its own, for what is done once.
    pub(super) fn submit(
        gpu: &Gpu,
        encoder: wgpu::CommandEncoder,
        source: &wgpu::Buffer,
        bytes: usize,
    ) -> Self {
        Readback::new(gpu, bytes, 0).submit(gpu, encoder, source, bytes)
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
        let view = self.buffer.get_mapped_range(..self.bytes);
        let bytes = view.map_err(|error| lost(error.to_string()))?.to_vec();
        self.buffer.unmap();
        self.readback.give_back(self.buffer);
        self.gpu.check().map(|()| bytes)
    }
}
