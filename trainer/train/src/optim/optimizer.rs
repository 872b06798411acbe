//! The optimiser of a module whose parameters do not all learn alike.

use std::collections::HashMap;

use burn::module::{AutodiffModule, ModuleVisitor, Param, ParamId};
use burn::optim::adaptor::OptimizerAdaptor;
use burn::optim::{GradientsParams, LearningRate};
use burn::prelude::*;
use burn::tensor::backend::AutodiffBackend;

use super::{Algorithm, OptimizerConfig};

/// burn's optimiser of a whole module.
type Whole<B, M> = OptimizerAdaptor<Algorithm<<B as AutodiffBackend>::InnerBackend>, M, B>;
/// What it remembers, by parameter.
type Record<B, M> = <Whole<B, M> as burn::optim::Optimizer<M, B>>::Record;

/// What an [`Optimizer`] is made by.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The algorithm.
    pub algorithm: OptimizerConfig,
    /// Decay of weights; biases, batch norms and whatever else has one dimension have none.
    pub weight_decay: f64,
    /// Layers that differ; of several that fit a parameter, the last counts.
    pub rates: Vec<LayerRate>,
}

/// How some layers differ.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerRate {
    /// Prefixes of the parameters' names, up to a dot.
    pub layers: Vec<String>,
    /// Multiplies the learning rate.
    pub factor: f64,
    /// Multiplies the weight decay.
    pub decay: f64,
}

/// Layers were named that the module does not have, or that are not fitted.
#[derive(Debug, thiserror::Error)]
#[error("rates: no layer {0:?} is fitted; name one as the checkpoints do, or \"stem\" or \"head\"")]
pub struct UnknownLayer(String);

/// Steps a module; parameters that learn alike are a group, and a group has burn's optimiser.
pub struct Optimizer<B: AutodiffBackend, M: AutodiffModule<B>> {
    groups: Vec<Group<B, M>>,
    group_of: HashMap<ParamId, usize>,
}

/// Parameters that learn alike.
struct Group<B: AutodiffBackend, M: AutodiffModule<B>> {
    learning: Learning,
    optimizer: Whole<B, M>,
}

/// How a group learns: multiples of the learning rate and of the weight decay.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Learning {
    factor: f64,
    decay: f64,
}

impl<B: AutodiffBackend, M: AutodiffModule<B>> Optimizer<B, M> {
    /// An optimiser for `module`, some of whose parameters have the given names.
    ///
    /// # Errors
    /// If no name fits one of the settings' rates.
    pub fn new(
        settings: &Settings,
        module: &M,
        names: &HashMap<ParamId, String>,
    ) -> Result<Self, UnknownLayer> {
        let mut update = Update { rates: &settings.rates, names, learning: Vec::new() };
        module.visit(&mut update);
        let is_known = |rate: &&LayerRate| names.values().any(|name| rate.fits(name));
        if let Some(unknown) = settings.rates.iter().find(|rate| !is_known(rate)) {
            return Err(UnknownLayer(unknown.layers.join(", ")));
        }
        let mut groups: Vec<Group<B, M>> = Vec::new();
        let mut group_of = HashMap::new();
        for (id, learning) in update.learning {
            let known = groups.iter().position(|group| group.learning == learning);
            let index = known.unwrap_or_else(|| {
                let weight_decay = settings.weight_decay * learning.decay;
                let algorithm = Algorithm::new(&settings.algorithm, weight_decay);
                groups.push(Group { learning, optimizer: algorithm.into() });
                groups.len() - 1
            });
            group_of.insert(id, index);
        }
        Ok(Self { groups, group_of })
    }

    /// The module after a step.
    pub fn step(&mut self, rate: LearningRate, module: M, gradients: GradientsParams) -> M {
        let parts = self.groups.iter().map(|_| GradientsParams::new()).collect();
        let mut deal = Deal { group_of: &self.group_of, gradients, parts };
        module.visit(&mut deal);
        self.groups.iter_mut().zip(deal.parts).fold(module, |module, (group, part)| {
            let rate = rate * group.learning.factor;
            burn::optim::Optimizer::step(&mut group.optimizer, rate, module, part)
        })
    }

    /// What the optimiser remembers, to be recorded.
    pub fn to_record(&self) -> Record<B, M> {
        let records = self.groups.iter();
        records.flat_map(|group| burn::optim::Optimizer::to_record(&group.optimizer)).collect()
    }

    /// The optimiser, remembering what was recorded. Groups may have been other ones then.
    pub fn load_record(mut self, record: Record<B, M>) -> Self {
        let mut parts: Vec<Record<B, M>> =
            self.groups.iter().map(|_| Record::<B, M>::new()).collect();
        for (id, state) in record {
            if let Some(&group) = self.group_of.get(&id) {
                parts[group].insert(id, state);
            }
        }
        for (group, part) in self.groups.iter_mut().zip(parts) {
            let optimizer = group.optimizer.clone();
            group.optimizer = burn::optim::Optimizer::<M, B>::load_record(optimizer, part);
        }
        self
    }
}

impl LayerRate {
    /// Whether a parameter's name is that of one of the layers, or of something in it.
    fn fits(&self, name: &str) -> bool {
        let rests = self.layers.iter().filter_map(|layer| name.strip_prefix(layer.as_str()));
        rests.into_iter().any(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// Decides how each parameter learns.
struct Update<'a> {
    rates: &'a [LayerRate],
    names: &'a HashMap<ParamId, String>,
    learning: Vec<(ParamId, Learning)>,
}

impl<B: Backend> ModuleVisitor<B> for Update<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        let name = self.names.get(&param.id);
        let fits = |rate: &&LayerRate| name.is_some_and(|name| rate.fits(name));
        let own = self.rates.iter().rev().find(fits);
        let (factor, decay) = own.map_or((1.0, 1.0), |rate| (rate.factor, rate.decay));
        let decay = if D == 1 { 0.0 } else { decay };
        self.learning.push((param.id, Learning { factor, decay }));
    }
}

/// Deals the gradients out to the groups.
struct Deal<'a> {
    group_of: &'a HashMap<ParamId, usize>,
    gradients: GradientsParams,
    parts: Vec<GradientsParams>,
}

impl<B: AutodiffBackend> ModuleVisitor<B> for Deal<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        if let Some(gradient) = self.gradients.remove::<B::InnerBackend, D>(param.id) {
            self.parts[self.group_of[&param.id]].register(param.id, gradient);
        }
    }
}
