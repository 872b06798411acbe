//! How long each of a network's kernels takes.

use super::transfer::Transfer;
use super::{GpuEngine, GpuError};

/// Bytes of a timestamp.
const STAMP: usize = size_of::<u64>();

/// A kernel's run.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerTime {
    /// The layer.
    pub name: String,
    /// Multiply-accumulates, or 0 where there are none.
    pub macs: u64,
    /// Bytes that it has to read and write at the least.
    pub bytes: u64,
    /// Milliseconds on the device.
    pub millis: f64,
}

impl GpuEngine {
    /// Runs `images` once, each kernel in a pass of its own, and gives their times; `None` where the
    /// device has no timestamps.
    ///
    /// # Errors
    /// If the device is gone or does not answer.
    ///
    /// # Panics
    /// If there are none, more than the engine takes, or one has another length.
    pub async fn profile(&mut self, images: &[&[i8]]) -> Result<Option<Vec<LayerTime>>, GpuError> {
        let device = &self.gpu.device;
        if !device.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
            return Ok(None);
        }
        let stamps = 2 * self.steps.len();
        let queries = device.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("times"),
            ty: wgpu::QueryType::Timestamp,
            count: stamps as u32,
        });
        let resolved = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("times"),
            size: (stamps * STAMP) as u64,
            usage: wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        self.upload(images);
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        for (number, (step, ready)) in self.program.steps.iter().zip(&self.steps).enumerate() {
            let first = 2 * number as u32;
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: Some(&step.name),
                timestamp_writes: Some(wgpu::ComputePassTimestampWrites {
                    query_set: &queries,
                    beginning_of_pass_write_index: Some(first),
                    end_of_pass_write_index: Some(first + 1),
                }),
            });
            ready.dispatch(&mut pass, step.groups(images.len()));
        }
        encoder.resolve_query_set(&queries, 0..stamps as u32, &resolved, 0);
        let transfer = Transfer::submit(&self.gpu, encoder, &resolved, stamps * STAMP);
        let bytes = transfer.bytes().await?;
        let ticks: Vec<u64> =
            bytes.as_chunks().0.iter().map(|&word| u64::from_le_bytes(word)).collect();
        Ok(Some(self.layer_times(&ticks, images.len())))
    }

    fn layer_times(&self, ticks: &[u64], photos: usize) -> Vec<LayerTime> {
        let nanos = f64::from(self.gpu.queue.get_timestamp_period());
        let steps = self.program.steps.iter().zip(ticks.as_chunks::<2>().0);
        let time = |(step, [start, end]): (&super::program::Dispatch, &[u64; 2])| LayerTime {
            name: step.name.clone(),
            macs: step.cost.macs * photos as u64,
            bytes: step.cost.weight_bytes + step.cost.photo_bytes * photos as u64,
            millis: end.saturating_sub(*start) as f64 * nanos * 1e-6,
        };
        steps.map(time).collect()
    }
}
