//! Storages: the rows of elements that tensors are views of.

use std::collections::BTreeMap;

use safetensors::tensor::Dtype;

use super::pickle::Pickle;
use super::value::{Id, Value};

/// Elements that tensors are views of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Storage {
    /// Its name in the file.
    pub(super) key: String,
    /// Type of its elements.
    pub(super) dtype: Dtype,
    /// How many there are.
    pub(super) count: usize,
}

impl Storage {
    /// Its size in bytes, if that is a number.
    pub(super) fn bytes(&self) -> Option<usize> {
        self.count.checked_mul(self.dtype.bitsize() / 8)
    }

    /// What a pickle says of a storage.
    pub(super) fn parse(pickle: &Pickle, id: Id) -> Option<Result<Self, String>> {
        let items = pickle.tuple(id)?;
        let (&[kind, class, key, _, count], rest) = items.split_first_chunk()?;
        if pickle.text(kind)? != "storage" {
            return None;
        }
        let Value::Global(class) = pickle.get(class) else { return None };
        if rest.iter().any(|&view| *pickle.get(view) != Value::None) {
            return Some(
                Err("storages that are views of others, as PyTorch 0.3 wrote them".into()),
            );
        }
        let (key, count) = (pickle.text(key)?.to_owned(), pickle.size(count)?);
        let dtype = dtype_of(class).ok_or_else(|| format!("storages of type {class}"));
        Some(dtype.map(|dtype| Self { key, dtype, count }))
    }
}

/// The type of a storage class's elements; that of quantised ones is how they are stored.
fn dtype_of(class: &str) -> Option<Dtype> {
    Some(match class.rsplit('.').next()? {
        "FloatStorage" => Dtype::F32,
        "DoubleStorage" => Dtype::F64,
        "HalfStorage" => Dtype::F16,
        "BFloat16Storage" => Dtype::BF16,
        "LongStorage" => Dtype::I64,
        "IntStorage" | "QInt32Storage" => Dtype::I32,
        "ShortStorage" => Dtype::I16,
        "CharStorage" | "QInt8Storage" => Dtype::I8,
        "ByteStorage" | "UntypedStorage" | "QUInt8Storage" => Dtype::U8,
        "BoolStorage" => Dtype::BOOL,
        "ComplexFloatStorage" => Dtype::C64,
        _ => return None,
    })
}

/// Every storage that a pickle names, by its key, whether or not a tensor of interest is a view of
/// it.
///
/// # Errors
/// If one is described in no known way, or in two ways.
pub(super) fn storages(pickle: &Pickle) -> Result<BTreeMap<String, Storage>, String> {
    let mut storages = BTreeMap::new();
    for value in pickle.values() {
        let Value::Persistent(id) = value else { continue };
        // Others are classes of a whole model, with their source.
        let Some(storage) = Storage::parse(pickle, *id).transpose()? else { continue };
        let known = storages.entry(storage.key.clone()).or_insert_with(|| storage.clone());
        if *known != storage {
            return Err(format!("storage {} is described in two ways", storage.key));
        }
    }
    Ok(storages)
}
