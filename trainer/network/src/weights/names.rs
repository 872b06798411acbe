//! Names of tensors without what wrappers of a network add to them.

use std::collections::btree_map::Entry;

use super::Weights;

/// Attributes under which wrappers keep the network or a part of it: (distributed) data parallel and
/// averaged models, compiled ones, sharded ones, recomputed activations, training frameworks. No
/// layer of a network here has such a name.
const WRAPPERS: [&str; 5] =
    ["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "model"];

/// The tensors by the names that they have in the network proper.
///
/// # Errors
/// The name that two tensors would have.
pub(super) fn without_wrappers(weights: Weights) -> Result<Weights, String> {
    let mut unwrapped = Weights::new();
    for (name, weight) in weights {
        let parts = name.split('.').filter(|part| !WRAPPERS.contains(part));
        match unwrapped.entry(parts.collect::<Vec<_>>().join(".")) {
            Entry::Vacant(vacant) => vacant.insert(weight),
            Entry::Occupied(occupied) => return Err(occupied.key().clone()),
        };
    }
    Ok(unwrapped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::Weight;

    fn named(names: &[&str]) -> Weights {
        let weight = |&name: &&str| (name.to_owned(), Weight::new([1], vec![0.5]));
        names.iter().map(weight).collect()
    }

    #[test]
    fn wrappers_are_left_out_wherever_they_are() {
        let cases = [
            ("conv1.weight", "conv1.weight"),
            ("module.conv1.weight", "conv1.weight"),
            ("_orig_mod.module.conv1.weight", "conv1.weight"),
            ("features.module.0.0.weight", "features.0.0.weight"),
            ("layer1._orig_mod.0.conv1.weight", "layer1.0.conv1.weight"),
            ("modules.conv1.weight", "modules.conv1.weight"),
        ];
        for (wrapped, bare) in cases {
            assert_eq!(without_wrappers(named(&[wrapped])).unwrap(), named(&[bare]), "{wrapped}");
        }
    }

    #[test]
    fn two_tensors_of_one_name_are_refused() {
        let twice = named(&["conv1.weight", "module.conv1.weight"]);
        assert_eq!(without_wrappers(twice).unwrap_err(), "conv1.weight");
    }
}
