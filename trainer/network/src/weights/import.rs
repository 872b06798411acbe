//! Reading weights that others saved: safetensors, and PyTorch's `.pth` state dictionaries.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use safetensors::tensor::SafeTensors;

use super::floats::floats;
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
