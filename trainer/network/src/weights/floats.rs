//! Floating-point elements of files as `f32`.

use half::{bf16, f16};
use safetensors::tensor::Dtype;

/// The values of little-endian elements, if they are floating-point.
pub(super) fn floats(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    Some(match dtype {
        Dtype::F32 => words(bytes, f32::from_le_bytes),
        Dtype::F16 => words(bytes, |word| f16::from_le_bytes(word).to_f32()),
        Dtype::BF16 => words(bytes, |word| bf16::from_le_bytes(word).to_f32()),
        Dtype::F64 => words(bytes, |word| f64::from_le_bytes(word) as f32),
        _ => return None,
    })
}

fn words<const N: usize>(bytes: &[u8], decode: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.chunks_exact(N).map(|word| decode(word.try_into().expect("chunks of N"))).collect()
}
