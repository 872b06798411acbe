//! The batches of an epoch, made by a thread ahead of the one that fits.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::{Beta, Distribution};
use rayon::prelude::*;
use tagsight_data::{Skipped, fnv1a};

use super::source::{Pick, Source};
use crate::distil::Lessons;
use crate::sampling::Sampling;

/// Batches made before they are asked for.
const AHEAD: usize = 2;

/// One batch's inputs and targets.
pub(super) struct Batch {
    /// Photos in it.
    pub count: usize,
    /// Inputs, one after the other.
    pub inputs: Vec<f32>,
    /// What the outputs should be, photo by photo.
    pub targets: Vec<f32>,
    /// What the teacher would have them be, if there is one.
    pub teacher: Option<Vec<f32>>,
}

/// How an epoch is made up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Epoch<'a> {
    /// Of the order, the choice of views and the mixing.
    pub seed: u64,
    /// How often it shows a photo.
    pub sampling: Sampling,
    /// Photos a batch; what is left over at the end sits this epoch out.
    pub batch_size: usize,
    /// α of mixup, or 0.
    pub mixup: f64,
    /// What the teacher says of the views, if there is one.
    pub lessons: Option<&'a Lessons>,
}

impl<'a> Epoch<'a> {
    /// Batches in an epoch over `photos` photos.
    pub(super) fn batches_of(&self, photos: usize) -> usize {
        (photos / self.batch_size).max(1)
    }

    /// What everything random of a batch follows from, so that an epoch can begin at any of them.
    pub(super) fn batch_seed(&self, index: usize) -> u64 {
        fnv1a(self.seed.to_le_bytes().into_iter().chain((index as u64).to_le_bytes()))
    }

    /// The epoch's batches from `first` on, as a thread of `scope` makes them. They end with the
    /// first one of which a photo cannot be read any more.
    pub(super) fn batches<'scope, S: Source>(
        self,
        first: usize,
        source: &'scope S,
        scope: &'scope Scope<'scope, '_>,
    ) -> Receiver<Result<Batch, Skipped>>
    where
        'a: 'scope,
    {
        let (sender, receiver) = sync_channel(AHEAD);
        scope.spawn(move || {
            let labels = source.views().dataset().subject.labels.len();
            let order = self.sampling.order(source.photos(), labels, self.seed);
            let count = self.batches_of(order.len());
            let batches = order.chunks(self.batch_size).take(count).enumerate();
            for (index, picked) in batches.skip(first) {
                let mut rng = ChaCha12Rng::seed_from_u64(self.batch_seed(index));
                let batch = self.batch(source, picked, &mut rng);
                let is_last = batch.is_err();
                if sender.send(batch).is_err() || is_last {
                    return; // The fitting thread gave up, or will.
                }
            }
        });
        receiver
    }

    fn batch<S: Source>(
        &self,
        source: &S,
        picked: &[usize],
        rng: &mut ChaCha12Rng,
    ) -> Result<Batch, Skipped> {
        let views = source.views();
        let picked: Vec<Pick> = picked
            .iter()
            .map(|&photo| Pick { photo, view: rng.random_range(0..views.count()) })
            .collect();
        let targets = picked.iter().flat_map(|pick| views.outputs(pick.photo, pick.view)).collect();
        let teacher = self.lessons.map(|lessons| {
            picked.iter().flat_map(|pick| lessons.of(pick.photo, pick.view)).copied().collect()
        });
        let inputs = source.inputs(&picked)?;
        let mut batch = Batch { count: picked.len(), inputs, targets, teacher };
        if self.mixup > 0.0 {
            let share =
                Beta::new(self.mixup, self.mixup).expect("α is positive").sample(rng) as f32;
            let parts = [&mut batch.inputs, &mut batch.targets];
            for values in parts.into_iter().chain(&mut batch.teacher) {
                mix_with_reverse(values, batch.count, share);
            }
        }
        Ok(batch)
    }
}

/// Blends the i-th of `count` rows with the i-th from the end: `share` of itself and the rest of
/// the other. The order is random, so the partner is.
fn mix_with_reverse(values: &mut [f32], count: usize, share: f32) {
    let width = values.len() / count;
    // A row in the middle is its own partner.
    let (first, second) = values.split_at_mut(count.div_ceil(2) * width);
    let partners = second.par_chunks_exact_mut(width).rev();
    first.par_chunks_exact_mut(width).zip(partners).for_each(|(row, partner)| {
        for (value, other) in row.iter_mut().zip(partner) {
            let mixed = share * *value + (1.0 - share) * *other;
            *other = share * *other + (1.0 - share) * *value;
            *value = mixed;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_data::augment::{AugmentConfig, Views};
    use tagsight_data::{Dataset, Photo, Subject, Target};

    const EPOCH: Epoch<'static> =
        Epoch { seed: 1, sampling: Sampling::EachOnce, batch_size: 4, mixup: 0.0, lessons: None };

    struct Numbers {
        views: Views,
        vanished: Option<usize>,
    }

    impl Numbers {
        fn new() -> Self {
            let photo = |id| Photo::new(id, "x", Target::Labels(vec![id as usize % 3]));
            let labels = ["a", "b", "c"].map(String::from).into();
            let dataset = Dataset {
                subject: Subject { labels, ..Subject::default() },
                photos: (0..12).map(photo).collect(),
                remarks: vec![],
            };
            Self { views: Views::new(dataset, AugmentConfig::default(), 0), vanished: None }
        }
    }

    impl Source for Numbers {
        fn views(&self) -> &Views {
            &self.views
        }

        fn shape(&self) -> [usize; 3] {
            [1, 1, 1]
        }

        fn inputs(&self, picked: &[Pick]) -> Result<Vec<f32>, Skipped> {
            match picked.iter().find(|pick| self.vanished == Some(pick.photo)) {
                Some(_) => Err(Skipped { path: "x".into(), reason: "it vanished".into() }),
                None => Ok(picked.iter().map(|pick| pick.photo as f32).collect()),
            }
        }
    }

    fn inputs(epoch: Epoch<'_>, first: usize, source: &Numbers) -> Vec<f32> {
        std::thread::scope(|scope| {
            let batches = epoch.batches(first, source, scope).into_iter();
            batches.flat_map(|batch| batch.unwrap().inputs).collect()
        })
    }

    #[test]
    fn an_epoch_shows_every_photo_once_in_the_seeds_order() {
        let source = Numbers::new();
        let epoch = EPOCH;
        let mut shown = inputs(epoch, 0, &source);
        assert_eq!(shown, inputs(epoch, 0, &source));
        assert_ne!(shown, inputs(Epoch { seed: 2, ..epoch }, 0, &source));
        shown.sort_by(f32::total_cmp);
        assert_eq!(shown, (0..12).map(|index| index as f32).collect::<Vec<_>>());
    }

    #[test]
    fn an_epoch_can_begin_at_any_batch() {
        let source = Numbers::new();
        for sampling in [Sampling::EachOnce, Sampling::ByClass] {
            let epoch = Epoch { sampling, mixup: 0.4, ..EPOCH };
            let shown = inputs(epoch, 0, &source);
            for first in 0..=3 {
                assert_eq!(inputs(epoch, first, &source), shown[first * 4..]);
            }
        }
    }

    #[test]
    fn an_epoch_ends_at_a_photo_that_vanished() {
        let epoch = EPOCH;
        let last = inputs(epoch, 2, &Numbers::new())[0] as usize;
        let source = Numbers { vanished: Some(last), ..Numbers::new() };
        std::thread::scope(|scope| {
            let batches: Vec<_> = epoch.batches(0, &source, scope).into_iter().collect();
            let are_whole: Vec<bool> = batches.iter().map(Result::is_ok).collect();
            assert_eq!(are_whole, [true, true, false]);
        });
    }

    #[test]
    fn mixing_blends_rows_from_both_ends() {
        let mut values = [0.0, 0.0, 1.0, 1.0, 4.0, 4.0];
        mix_with_reverse(&mut values, 3, 0.75);
        assert_eq!(values, [1.0, 1.0, 1.0, 1.0, 3.0, 3.0]);
    }
}
