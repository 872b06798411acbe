//! What is done to a convolution's sums, as the kernels see it.

use crate::kernels::conv::ConvParams;
use crate::kernels::wgsl::words;

/// What is done to the sums of four output channels, as the kernels' `Channels`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Channels {
    /// Where sums start.
    pub bias: [i32; 4],
    /// Sum to output code.
    pub multiplier: [f32; 4],
    /// What one residual code adds.
    pub residual: [i32; 4],
}

impl Channels {
    /// Of all output channels, and zeros for those that pad them.
    pub fn of(params: &ConvParams) -> Vec<Self> {
        let mut all = vec![Self::default(); words(params.outputs())];
        for channel in 0..params.outputs() {
            let (group, lane) = (&mut all[channel / 4], channel % 4);
            group.bias[lane] = params.bias[channel];
            group.multiplier[lane] = params.multiplier[channel];
            group.residual[lane] = params.residual_multiplier.get(channel).copied().unwrap_or(0);
        }
        all
    }

    /// As the device sees it.
    pub fn bytes(&self) -> impl Iterator<Item = u8> {
        let bias = self.bias.map(i32::to_le_bytes);
        let multiplier = self.multiplier.map(f32::to_le_bytes);
        let residual = self.residual.map(i32::to_le_bytes);
        [bias, multiplier, residual].into_iter().flatten().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Window;
    use crate::quant::Activation;

    #[test]
    fn channels_are_padded_with_zeros() {
        let channels = Channels::of(&ConvParams {
            window: Window::pointwise(1),
            weight: vec![1; 4 * 5],
            bias: (1..=5).collect(),
            multiplier: vec![0.5; 5],
            residual_multiplier: Vec::new(),
            activation: Activation::Relu,
        });
        assert_eq!(channels.len(), 4);
        assert_eq!(
            (channels[1].bias, channels[1].multiplier),
            ([5, 0, 0, 0], [0.5, 0.0, 0.0, 0.0])
        );
        assert_eq!(channels[3], Channels::default());
        assert_eq!(channels[0].bytes().count(), 48);
    }
}
