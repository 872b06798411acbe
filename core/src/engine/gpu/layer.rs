//! One convolution by itself, for tests and analysis.

use super::build::Builder;
use super::network::dense;
use super::program::{Planner, TileChoice};
use super::transfer::Transfer;
use super::{Gpu, GpuError};
use crate::graph::{Conv, Groups, IMAGE, IMAGE_CHANNELS, Shape, TensorId};
use crate::kernels::conv::ConvParams;
use crate::kernels::wgsl;

/// A convolution and what it is given. Codes are dense, HWC, of one photo after the other.
#[derive(Debug, Clone)]
pub struct Layer<'a> {
    /// Weights and so on.
    pub params: &'a ConvParams,
    /// Which input channels an output channel sees.
    pub groups: Groups,
    /// Shape of one photo's input.
    pub shape: Shape,
    /// What is convolved.
    pub input: &'a [i8],
    /// The input is an image, which is padded with these codes.
    pub image_padding: Option<[i8; 3]>,
    /// What is added, of the output's shape.
    pub residual: Option<&'a [i8]>,
    /// The workgroups' outputs.
    pub tiles: TileChoice<'a>,
}

/// What pads channels: their weights are zero.
const ANYTHING: u8 = 77;

/// The tensors of the layer's graph.
const INPUT: TensorId = 1;
const RESIDUAL: TensorId = 2;
const OUTPUT: TensorId = 3;

impl Layer<'_> {
    /// Computes it on `gpu`.
    ///
    /// # Errors
    /// If the device refuses it, is gone or does not answer.
    pub async fn run(&self, gpu: &Gpu) -> Result<Vec<i8>, GpuError> {
        let photos =
            self.input.len() / (self.shape.height * self.shape.width * self.shape.channels);
        let output = self.output();
        let from = if self.image_padding.is_some() { IMAGE } else { INPUT };
        let conv = Conv {
            name: "layer".into(),
            window: self.params.window,
            groups: self.groups,
            channels: output.channels,
            input: from,
            residual: self.residual.map(|_| RESIDUAL),
            output: OUTPUT,
            activation: self.params.activation,
            number: 0,
        };
        let image = Shape { channels: IMAGE_CHANNELS, ..self.shape };
        let planner = Planner {
            shapes: &[image, self.shape, output, output],
            slots: &[IMAGE, INPUT, RESIDUAL, OUTPUT],
            capacity: photos,
            tiles: self.tiles,
            padding: self.image_padding.unwrap_or_default(),
        };
        let mut step = planner.conv(&conv, self.params);
        let contents = [
            self.image_padding.map_or_else(Vec::new, |_| packed_image(self.input)),
            wgsl::pack_rows(self.input, self.shape.channels, ANYTHING),
            wgsl::pack_rows(self.residual.unwrap_or_default(), output.channels, ANYTHING),
        ];
        let output_bytes = photos * wgsl::tensor_bytes(output);
        let sizes = contents.iter().map(Vec::len).chain([output_bytes]);
        let buffers: Vec<wgpu::Buffer> = sizes.map(|size| gpu.activations(size.max(1))).collect();
        for (buffer, bytes) in buffers.iter().zip(&contents) {
            gpu.queue.write_buffer(buffer, 0, bytes);
        }
        let batch = gpu.batch();
        gpu.set_batch(&batch, photos);
        let ready = gpu.make(|| Builder::new(gpu, &batch, &buffers).ready(&mut step)).await?;
        let mut encoder = gpu.device.create_command_encoder(&Default::default());
        ready.dispatch_alone(&mut encoder, step.groups(photos));
        let transfer = Transfer::submit(gpu, encoder, &buffers[OUTPUT], output_bytes);
        Ok(dense(&transfer.bytes().await?, output))
    }

    fn output(&self) -> Shape {
        let (Shape { height, width, .. }, window) = (self.shape, self.params.window);
        Shape {
            height: window.output_side(height),
            width: window.output_side(width),
            channels: self.params.outputs(),
        }
    }
}

fn packed_image(codes: &[i8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    wgsl::pack_image(codes, &mut bytes);
    bytes
}
