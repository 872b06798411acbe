//! Reading weights that others saved: safetensors, and PyTorch's `.pth` state dictionaries.

use std::path::Path;

use burn_store::pytorch::PytorchReader;
use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::strides::permuted_tensors;
use super::{Weight, Weights, WeightsError};

/// Keys under which training scripts keep the state dictionary inside a larger one.
const WRAPPER_KEYS: [&str; 3] = ["state_dict", "model", "model_state_dict"];

/// Reads weights from a `.safetensors` file, or else from what `torch.save` wrote.
///
/// Counters (`num_batches_tracked`) are left out, as they are no weights.
///
/// # Errors
/// If the file cannot be read, is damaged, or holds tensors that are not floating-point.
pub fn load(path: &Path) -> Result<Weights, WeightsError> {
    let is_safetensors = path.extension().is_some_and(|extension| extension == "safetensors");
    if is_safetensors { load_safetensors(path) } else { load_pytorch(path) }
}

fn load_safetensors(path: &Path) -> Result<Weights, WeightsError> {
    let bytes =
        std::fs::read(path).map_err(|source| WeightsError::Io { path: path.to_owned(), source })?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(|error| WeightsError::Damaged {
        path: path.to_owned(),
        detail: error.to_string(),
    })?;
    read_named(&tensors, |name| !is_counter(name))
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
            let values = floats(name, &view)?;
            Ok((name.to_owned(), Weight::new(view.shape(), values)))
        })
        .collect()
}

fn is_counter(name: &str) -> bool {
    name.ends_with("num_batches_tracked")
}

fn floats(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, WeightsError> {
    let bytes = view.data();
    Ok(match view.dtype() {
        Dtype::F32 => words(bytes, f32::from_le_bytes),
        Dtype::F16 => words(bytes, |word| f16::from_le_bytes(word).to_f32()),
        Dtype::BF16 => words(bytes, |word| bf16::from_le_bytes(word).to_f32()),
        Dtype::F64 => words(bytes, |word| f64::from_le_bytes(word) as f32),
        other => {
            return Err(WeightsError::Type { name: name.to_owned(), dtype: format!("{other:?}") });
        }
    })
}

fn words<const N: usize>(bytes: &[u8], decode: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.chunks_exact(N).map(|word| decode(word.try_into().expect("chunks of N"))).collect()
}

fn load_pytorch(path: &Path) -> Result<Weights, WeightsError> {
    if let Err(source) = std::fs::File::open(path) {
        return Err(WeightsError::Io { path: path.to_owned(), source });
    }
    let damaged = |detail: String| WeightsError::Damaged { path: path.to_owned(), detail };
    let permuted = permuted_tensors(path).map_err(damaged)?;
    if !permuted.is_empty() {
        return Err(WeightsError::Permuted(permuted));
    }
    let wrapped = WRAPPER_KEYS
        .iter()
        .find_map(|key| PytorchReader::with_top_level_key(path, key).ok())
        .filter(|reader| !reader.is_empty());
    let reader = match wrapped {
        Some(reader) => reader,
        None => PytorchReader::new(path).map_err(|error| damaged(error.to_string()))?,
    };
    if reader.is_empty() {
        return Err(damaged("no tensors in it".into()));
    }
    let mut weights = Weights::new();
    for (name, snapshot) in reader.tensors() {
        if is_counter(name) {
            continue;
        }
        let data = snapshot.to_data().map_err(|error| damaged(format!("{name}: {error:?}")))?;
        if !data.dtype.is_float() {
            let dtype = format!("{:?}", data.dtype);
            return Err(WeightsError::Type { name: name.clone(), dtype });
        }
        let shape = data.shape.to_vec();
        let values = data.iter::<f32>().collect();
        weights.insert(name.clone(), Weight::new(shape, values));
    }
    Ok(weights)
}
