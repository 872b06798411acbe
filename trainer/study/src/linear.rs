//! A linear classifier of features that stay as they are: what a network gives without being fitted.

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_logistic::MultiLogisticRegression;
use ndarray::{Array1, Array2, Axis};
use tagsight_core::graph::Graph;
use tagsight_network::weights::{Weight, Weights};

use crate::error::StudyError;

/// Strengths of its decay that are tried, of which the one that is best on the validation photos is taken; of
/// equal ones the strongest. They are beside a sum over photos.
const DECAYS: [f64; 6] = [1000.0, 100.0, 10.0, 1.0, 0.1, 0.01];
/// Steps of a fit.
const STEPS: u64 = 500;

/// Features of photos and their classes.
#[derive(Clone, Copy)]
pub(crate) struct Labelled<'a> {
    /// Photo after photo.
    pub(crate) features: &'a [f32],
    /// One a photo.
    pub(crate) classes: &'a [usize],
}

/// A classifier's weights and biases, `[classes, features]` and `[classes]`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Linear {
    pub(crate) weight: Weight,
    pub(crate) bias: Weight,
}

impl Labelled<'_> {
    fn records(&self) -> Array2<f64> {
        let (photos, values) = (self.classes.len(), self.features.iter().map(|&f| f64::from(f)));
        let width = self.features.len() / photos.max(1);
        Array2::from_shape_vec((photos, width), values.collect()).expect("as many a photo")
    }
}

impl Linear {
    /// That of these weights and biases, one after the other.
    ///
    /// # Panics
    /// If there are not as many weights for each bias.
    pub(crate) fn of([weight, bias]: [Vec<f32>; 2]) -> Self {
        let count = bias.len();
        let width = weight.len() / count.max(1);
        Self { weight: Weight::new([count, width], weight), bias: Weight::new([count], bias) }
    }

    /// Puts it in the place of a network's classifier.
    pub(crate) fn replace(&self, weights: &mut Weights, graph: &Graph) {
        let head = &graph.head().name;
        weights.insert(format!("{head}.weight"), self.weight.clone());
        weights.insert(format!("{head}.bias"), self.bias.clone());
    }

    /// Fits a multinomial logistic regression of `count` classes, of features by their deviations; without
    /// validation photos it is chosen by those that it is fitted to.
    ///
    /// # Errors
    /// If there are no photos to learn from, or none of the fits ends.
    pub(crate) fn fit(
        fitted: &Labelled,
        validation: &Labelled,
        count: usize,
    ) -> Result<Self, StudyError> {
        let found = fitted.classes.len();
        if found == 0 {
            return Err(StudyError::Photos { purpose: "to learn from", found, least: 1 });
        }
        let validation = if validation.classes.is_empty() { fitted } else { validation };
        let records = fitted.records();
        let mean = records.mean_axis(Axis(0)).expect("there are photos");
        // A feature that never changes says nothing.
        let deviation = records.std_axis(Axis(0), 0.0).mapv(|d| if d > 1e-9 { d } else { 1.0 });
        let scaled = |records: Array2<f64>| (records - &mean) / &deviation;
        let classes = Array1::from(fitted.classes.to_vec());
        let dataset = DatasetBase::new(scaled(records), classes);
        let chosen_on = scaled(validation.records());
        let mut best = None;
        let mut trouble = String::new();
        for decay in DECAYS {
            let regression = MultiLogisticRegression::default().alpha(decay).max_iterations(STEPS);
            match regression.fit(&dataset) {
                Ok(model) => {
                    let said: Array1<usize> = model.predict(&chosen_on);
                    let pairs = said.iter().zip(validation.classes);
                    let right = pairs.filter(|(said, class)| said == class).count();
                    if best.as_ref().is_none_or(|(most, _)| right > *most) {
                        best = Some((right, model));
                    }
                }
                Err(error) => trouble = error.to_string(),
            }
        }
        let (_, model) = best.ok_or(StudyError::Linear(trouble))?;
        let width = mean.len();
        let mut weight = vec![0.0; count * width];
        // A class without photos to learn from is never said.
        let mut bias = vec![-1e3; count];
        for (column, &class) in model.classes().iter().enumerate() {
            let slopes = &model.params().column(column) / &deviation;
            bias[class] = (model.intercept()[column] - slopes.dot(&mean)) as f32;
            let row = weight[class * width..][..width].iter_mut();
            row.zip(&slopes).for_each(|(weight, &slope)| *weight = slope as f32);
        }
        Ok(Self::of([weight, bias]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two features, of which the first, shifted and small, tells three classes apart.
    #[test]
    fn classes_that_a_line_parts_are_told_apart() {
        let classes: Vec<usize> = (0..60).map(|photo| [0, 1, 3][photo % 3]).collect();
        let noise = |photo: usize| ((photo * 37) % 11) as f32;
        let one = |(photo, &class): (usize, &usize)| {
            [7.0 + 0.01 * class as f32 + 1e-4 * noise(photo), 100.0 * noise(photo + 5), 4.0]
        };
        let features: Vec<f32> = classes.iter().enumerate().flat_map(one).collect();
        let all = |from: usize, to: usize| Labelled {
            features: &features[from * 3..to * 3],
            classes: &classes[from..to],
        };
        let Linear { weight, bias } = Linear::fit(&all(0, 40), &all(40, 60), 4).unwrap();
        assert_eq!((&weight.shape[..], &bias.shape[..]), (&[4, 3][..], &[4][..]));
        for (features, &class) in features.chunks_exact(3).zip(&classes) {
            let logit = |row: usize| {
                let row_weights = weight.values[row * 3..][..3].iter();
                let sum: f64 = row_weights.zip(features).map(|(&w, &f)| f64::from(w * f)).sum();
                sum + f64::from(bias.values[row])
            };
            let said = (0..4).max_by(|&one, &other| logit(one).total_cmp(&logit(other)));
            assert_eq!(said, Some(class));
        }
        assert!(weight.values[2 * 3..][..3].iter().all(|&weight| weight == 0.0));
    }
}
