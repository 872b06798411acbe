//! What `torch.save` wrote.
//!
//! The reader is our own because a tensor that is there only in part has to be an error: burn-store
//! gives zeros for storages that are cut or absent, and reads views in their storage's order.

mod machine;
mod pickle;
mod saved;
mod state_dict;
mod storage;
mod value;
mod view;

use std::collections::BTreeMap;
use std::path::Path;

use self::saved::Saved;
use self::state_dict::tensors;
use self::view::View;
use super::floats::floats;
use super::refusal::Refusal;
use super::{Weight, Weights};

/// Reads the tensors that `wanted` names from what `torch.save` wrote.
///
/// # Errors
/// If the file is damaged or incomplete, holds something else, or a tensor is not floating-point.
pub(super) fn load(path: &Path, wanted: impl Fn(&str) -> bool) -> Result<Weights, Refusal> {
    let mut saved = Saved::open(path)?;
    // A storage that tensors share is read once.
    let mut sharers = BTreeMap::<String, Vec<(String, View)>>::new();
    for (name, view) in tensors(&saved.pickle, wanted)? {
        sharers.entry(view.storage.key.clone()).or_default().push((name, view));
    }
    let mut weights = Weights::new();
    for views in sharers.into_values() {
        let (first, storage) = (&views[0].0, &views[0].1.storage);
        let values = floats(storage.dtype, &saved.read(storage)?)
            .ok_or_else(|| Refusal::of_type(first, &storage.dtype.to_string()))?;
        for (name, view) in views {
            let gathered = view.gather(&values);
            weights.insert(name, Weight::new(view.shape, gathered));
        }
    }
    Ok(weights)
}
