//! Reading weights that others saved: safetensors, and PyTorch's `.pth` state dictionaries.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors};

use super::names::without_wrappers;
use super::{Weight, Weights, WeightsError, pytorch};

/// Reads weights from safetensors or from what `torch.save` wrote.
///
/// Counters (`num_batches_tracked`, `n_averaged`) are left out, as they are no weights, and so are
/// the parts of names that wrappers of a network add (`module.`, `_orig_mod.`).
///
/// # Errors
/// If the file cannot be read, is damaged or incomplete, holds something else, or tensors that are
/// not floating-point.
pub fn load(path: &Path) -> Result<Weights, WeightsError> {
    let io = |source| WeightsError::Io { path: path.to_owned(), source };
    let weights = if is_safetensors(path).map_err(io)? {
        load_safetensors(path, &std::fs::read(path).map_err(io)?)?
    } else {
        pytorch::load(path, is_weight).map_err(|refusal| refusal.of(path))?
    };
    if weights.is_empty() {
        let detail = "there are no tensors in it".to_owned();
        return Err(WeightsError::Damaged { path: path.to_owned(), detail });
    }
    let ambiguous = |name| WeightsError::Ambiguous { path: path.to_owned(), name };
    without_wrappers(weights).map_err(ambiguous)
}

/// Whether the file is safetensors, whatever its name: a length, and then JSON.
fn is_safetensors(path: &Path) -> std::io::Result<bool> {
    const LENGTH: usize = 8;
    let mut start = Vec::new();
    File::open(path)?.take(LENGTH as u64 + 1).read_to_end(&mut start)?;
    Ok(start.get(LENGTH) == Some(&b'{'))
}

fn load_safetensors(path: &Path, bytes: &[u8]) -> Result<Weights, WeightsError> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| WeightsError::Damaged {
        path: path.to_owned(),
        detail: error.to_string(),
    })?;
    read_named(&tensors, is_weight)
}

/// The tensors of an opened file that `wanted` names.
///
/// # Errors
/// If one is not floating-point.
pub fn read_named(
    tensors: &SafeTensors<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Weights, WeightsError> {
    let named = tensors.iter().filter(|(name, _)| wanted(name));
    named
        .map(|(name, view)| {
            let values = floats(view.dtype(), view.data()).ok_or_else(|| WeightsError::Type {
                name: name.to_owned(),
                dtype: view.dtype().to_string(),
            })?;
            Ok((name.to_owned(), Weight::new(view.shape(), values)))
        })
        .collect()
}

/// Whether a tensor is no counter of a batch norm or of an averaged model.
fn is_weight(name: &str) -> bool {
    !name.ends_with("num_batches_tracked") && name != "n_averaged"
}

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
