//! A depthwise convolution's weights in the order that its kernel reads them.

use crate::kernels::conv::ConvParams;
use crate::kernels::wgsl::words;

/// Weights `[channels, kh, kw]` as `[kh, kw, channels]`, channels padded.
pub fn pack_depthwise(params: &ConvParams) -> Vec<u8> {
    let taps = params.window.kernel.pow(2);
    let stride = words(params.outputs()) * 4;
    let mut packed = vec![0; taps * stride];
    for (index, &weight) in params.weight.iter().enumerate() {
        packed[index % taps * stride + index / taps] = weight as u8;
    }
    packed
}
