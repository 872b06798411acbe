//! Whole networks: every engine must give the scalar one's codes in every layer, and its logits.

use tagsight_core::threads::Threads;
use tagsight_core::{Artifact, Engine, Isa};

/// Where two runs of a network first differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The layer, or `logits`.
    pub layer: String,
    /// How many of its values differ.
    pub values: usize,
}

/// Every layer's codes and the logits' bits of one photo.
#[derive(Debug, PartialEq, Eq)]
pub struct Trace {
    layers: Vec<(String, Vec<i8>)>,
    logits: Vec<u32>,
}

impl Trace {
    /// Runs `codes` (HWC) through `artifact` on `isa`.
    ///
    /// # Panics
    /// If `isa` does not run here.
    pub fn record(artifact: &Artifact, isa: Isa, codes: &[i8]) -> Self {
        Self::record_on(artifact, isa, codes, Threads::One)
    }

    /// The same with the layers computed by `threads`.
    ///
    /// # Panics
    /// If `isa` does not run here.
    pub fn record_on(artifact: &Artifact, isa: Isa, codes: &[i8], threads: Threads) -> Self {
        let mut engine = Engine::new(artifact, isa).expect("an available engine");
        engine.set_threads(threads);
        let mut layers = Vec::new();
        let logits = engine.logits_observed(codes, &mut |name, tensor| {
            layers.push((name.to_owned(), tensor.to_dense()));
        });
        Self { logits: bits(logits), layers }
    }

    /// What another engine gave: every layer's name and dense codes, and the logits.
    pub fn new(layers: Vec<(String, Vec<i8>)>, logits: &[f32]) -> Self {
        Self { layers, logits: bits(logits) }
    }

    /// How many layers were recorded.
    pub fn layers(&self) -> usize {
        self.layers.len()
    }

    /// The first difference to `other`, if there is one.
    pub fn difference(&self, other: &Self) -> Option<Difference> {
        assert_eq!(self.layers(), other.layers(), "traces of one network");
        let layers = self.layers.iter().zip(&other.layers);
        let mut differences = layers
            .map(|((name, left), (_, right))| (name.as_str(), differing(left, right)))
            .chain([("logits", differing(&self.logits, &other.logits))]);
        differences
            .find(|&(_, values)| values > 0)
            .map(|(layer, values)| Difference { layer: layer.to_owned(), values })
    }
}

fn bits(logits: &[f32]) -> Vec<u32> {
    logits.iter().map(|logit| logit.to_bits()).collect()
}

fn differing<T: PartialEq>(left: &[T], right: &[T]) -> usize {
    assert_eq!(left.len(), right.len(), "tensors of one layer");
    left.iter().zip(right).filter(|(left, right)| left != right).count()
}

/// Compares every engine that runs here with the scalar one; gives the engines it compared.
///
/// # Panics
/// If one differs, naming the layer.
pub fn assert_engines_agree(artifact: &Artifact, codes: &[i8]) -> Vec<Isa> {
    let expected = Trace::record(artifact, Isa::Scalar, codes);
    let engines: Vec<Isa> =
        Isa::available().into_iter().filter(|&isa| isa != Isa::Scalar).collect();
    for &isa in &engines {
        let name = &artifact.metadata.architecture;
        let difference = Trace::record(artifact, isa, codes).difference(&expected);
        assert_eq!(difference, None, "{name} on {isa:?} against the scalar engine");
    }
    engines
}

#[cfg(test)]
mod tests {
    #[cfg(not(target_family = "wasm"))]
    use std::thread;

    use tagsight_core::Architecture;
    use tagsight_core::artifact::WeightBits;
    #[cfg(not(target_family = "wasm"))]
    use tagsight_core::threads::Team;

    use super::*;
    use crate::random;

    /// Small enough for the scalar engine under emulation; 72 gives odd sizes on the way down.
    const SIDES: [usize; 2] = [64, 72];

    /// Browsers start threads otherwise: `tests/e2e/threads.mjs`.
    #[cfg(not(target_family = "wasm"))]
    #[test]
    fn however_many_threads_there_are_the_codes_are_the_same() {
        let networks = [Architecture::ResNet18, Architecture::MobileNetV2]
            .map(|architecture| Artifact::synthetic(architecture, 72, 7));
        let codes = random::image(72, 8);
        for (artifact, isa) in networks
            .iter()
            .flat_map(|artifact| Isa::available().into_iter().map(move |isa| (artifact, isa)))
        {
            let expected = Trace::record(artifact, isa, &codes);
            for members in 0..4 {
                let (team, all) = Team::new(members);
                let found = thread::scope(|scope| {
                    for member in all {
                        scope.spawn(|| member.serve());
                    }
                    Trace::record_on(artifact, isa, &codes, team.into())
                });
                assert_eq!(found.difference(&expected), None, "{isa:?}, {members} members");
            }
        }
    }

    #[test]
    fn every_engine_equals_the_scalar_one_on_whole_networks() {
        let networks = Architecture::ALL.map(|architecture| (WeightBits::Eight, architecture));
        let own = Architecture::from_name("resnet-1-2-1-1-w16-bottleneck-deep").unwrap();
        let further = [(WeightBits::Four, Architecture::ResNet18), (WeightBits::Eight, own)];
        for (bits, architecture) in networks.into_iter().chain(further) {
            for side in SIDES {
                let artifact = Artifact::synthetic_of(bits, architecture, side, 7);
                let engines = assert_engines_agree(&artifact, &random::image(side, 8));
                assert!(!engines.is_empty(), "no engine but the scalar one on this machine");
                println!(
                    "{architecture:?}, {bits:?} bits, at {side}: {engines:?} equal the scalar engine"
                );
            }
        }
    }

    /// An engine must not remember the photo before.
    #[test]
    fn a_second_photo_is_computed_afresh() {
        let artifact = Artifact::synthetic(Architecture::ResNet18, 64, 7);
        for isa in Isa::available() {
            let mut engine = Engine::new(&artifact, isa).unwrap();
            let first = engine.logits(&random::image(64, 1)).to_vec();
            let second = engine.logits(&random::image(64, 2)).to_vec();
            assert_ne!(first, second, "{isa:?}");
            assert_eq!(engine.logits(&random::image(64, 1)), first, "{isa:?}");
        }
    }

    /// The negative control: one changed weight must be seen, and where it is.
    #[test]
    fn a_perturbed_weight_is_seen() {
        let artifact = Artifact::synthetic(Architecture::ResNet18, 64, 7);
        let codes = random::image(64, 8);
        let expected = Trace::record(&artifact, Isa::Scalar, &codes);
        let mut perturbed = artifact;
        let weight = &mut perturbed.conv_mut("conv1").unwrap().weight[0];
        *weight = if *weight > 0 { *weight - 100 } else { *weight + 100 };
        for isa in Isa::available() {
            let difference = Trace::record(&perturbed, isa, &codes).difference(&expected);
            assert_eq!(difference.unwrap().layer, "conv1", "{isa:?}");
        }
    }
}
