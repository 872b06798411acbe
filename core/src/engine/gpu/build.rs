//! Pipelines, buffers and bindings.

use std::sync::PoisonError;

use wgpu::util::DeviceExt;
use wgpu::{BufferUsages, CommandEncoder, ComputePass};

use super::Gpu;
use super::program::Dispatch;
use crate::kernels::wgsl::Kernel;

/// Bytes of a buffer are a multiple of this.
const ALIGN: usize = 16;

/// Makes bindings, one a step.
pub(super) struct Builder {
    gpu: Gpu,
    batch: wgpu::Buffer,
    buffers: Vec<wgpu::Buffer>,
}

/// What a step computes with, on the device.
pub(super) struct Parameters {
    layer: wgpu::Buffer,
    weights: wgpu::Buffer,
    channels: wgpu::Buffer,
}

/// A step that can be run.
pub(super) struct Ready {
    pipeline: wgpu::ComputePipeline,
    bindings: wgpu::BindGroup,
}

impl Parameters {
    /// Gives their memory back. A browser would do so when it next collects garbage.
    pub(super) fn destroy(&self) {
        for buffer in [&self.layer, &self.weights, &self.channels] {
            buffer.destroy();
        }
    }
}

impl Ready {
    /// Runs so many workgroups.
    pub(super) fn dispatch(&self, pass: &mut ComputePass<'_>, [x, y]: [u32; 2]) {
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.bindings, &[]);
        pass.dispatch_workgroups(x, y, 1);
    }

    /// The same in a pass of its own.
    pub(super) fn dispatch_alone(&self, encoder: &mut CommandEncoder, groups: [u32; 2]) {
        self.dispatch(&mut encoder.begin_compute_pass(&Default::default()), groups);
    }
}

impl Gpu {
    /// Memory for activations.
    pub(super) fn activations(&self, bytes: usize) -> wgpu::Buffer {
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC;
        self.empty("activations", bytes, usage)
    }

    /// The same for buffers of so many bytes a photo.
    pub(super) fn all_activations(&self, bytes: &[usize], photos: usize) -> Vec<wgpu::Buffer> {
        bytes.iter().map(|bytes| self.activations(bytes * photos)).collect()
    }

    /// How many photos there are.
    pub(super) fn batch(&self) -> wgpu::Buffer {
        self.empty("batch", ALIGN, BufferUsages::UNIFORM | BufferUsages::COPY_DST)
    }

    /// Says so.
    pub(super) fn set_batch(&self, batch: &wgpu::Buffer, photos: usize) {
        self.queue.write_buffer(batch, 0, &(photos as u32).to_le_bytes());
    }

    /// A kernel, compiled once for all networks.
    fn pipeline(&self, kernel: Kernel) -> wgpu::ComputePipeline {
        let make = || {
            let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(kernel.label()),
                source: wgpu::ShaderSource::Wgsl(kernel.source(self.dot).into()),
            });
            self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(kernel.label()),
                layout: None,
                module: &module,
                entry_point: Some("main"),
                compilation_options: Default::default(),
                cache: None,
            })
        };
        let mut pipelines = self.pipelines.lock().unwrap_or_else(PoisonError::into_inner);
        pipelines.entry(kernel).or_insert_with(make).clone()
    }

    fn empty(&self, label: &str, bytes: usize, usage: BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: bytes.next_multiple_of(ALIGN) as u64,
            usage,
            mapped_at_creation: false,
        })
    }

    fn filled(&self, label: &str, mut bytes: Vec<u8>, usage: BufferUsages) -> wgpu::Buffer {
        bytes.resize(bytes.len().next_multiple_of(ALIGN).max(ALIGN), 0);
        let descriptor =
            wgpu::util::BufferInitDescriptor { label: Some(label), contents: &bytes, usage };
        self.device.create_buffer_init(&descriptor)
    }
}

impl Builder {
    /// For steps over these buffers.
    pub(super) fn new(gpu: &Gpu, batch: &wgpu::Buffer, buffers: &[wgpu::Buffer]) -> Self {
        let (gpu, batch, buffers) = (gpu.clone(), batch.clone(), buffers.to_vec());
        Self { gpu, batch, buffers }
    }

    /// One of the buffers.
    pub(super) fn buffer(&self, number: usize) -> &wgpu::Buffer {
        &self.buffers[number]
    }

    /// Gives the buffers' memory back; see [`Parameters::destroy`].
    pub(super) fn destroy(&self) {
        self.buffers.iter().for_each(wgpu::Buffer::destroy);
    }

    /// Makes a step ready; takes its weights, so that they are not kept twice.
    pub(super) fn ready(&self, step: &mut Dispatch) -> Ready {
        let parameters = self.load(step);
        self.bind(step, &parameters)
    }

    /// Loads what a step computes with; takes it, so that it is not kept twice.
    pub(super) fn load(&self, step: &mut Dispatch) -> Parameters {
        let layer: Vec<u8> = step.layer.iter().flat_map(|word| word.to_le_bytes()).collect();
        let layer = self.gpu.filled("layer", layer, BufferUsages::UNIFORM);
        let storage = |label, bytes| self.gpu.filled(label, bytes, BufferUsages::STORAGE);
        let weights = storage("weights", std::mem::take(&mut step.weights));
        let channels = storage("channels", std::mem::take(&mut step.channels));
        Parameters { layer, weights, channels }
    }

    /// Makes a step ready whose parameters are loaded.
    pub(super) fn bind(&self, step: &Dispatch, parameters: &Parameters) -> Ready {
        let pipeline = self.gpu.pipeline(step.kernel);
        let buffers = [
            (0, Some(&self.batch)),
            (1, Some(&parameters.layer)),
            (2, Some(&parameters.weights)),
            (3, Some(&parameters.channels)),
            (4, Some(&self.buffers[step.input])),
            (5, step.residual.map(|residual| &self.buffers[residual])),
            (6, Some(&self.buffers[step.output])),
        ];
        let used = step.kernel.bindings();
        let entries: Vec<wgpu::BindGroupEntry<'_>> = buffers
            .iter()
            .filter(|(binding, _)| used.contains(binding))
            .filter_map(|&(binding, buffer)| {
                Some(wgpu::BindGroupEntry { binding, resource: buffer?.as_entire_binding() })
            })
            .collect();
        let bindings = self.gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(&step.name),
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        Ready { pipeline, bindings }
    }
}
