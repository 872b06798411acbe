//! A folder of photos by class: looked at before anything is learnt, learnt from a few ways, and as integers.
//!
//! What is seen of the photos (counts, sizes, look-alikes, features in groups and on a plane) needs no training.
//! Then a network that was fitted to others' photos is fitted to these, some ways and times, and the best becomes
//! integers; a linear classifier of its features before that is what fitting has to beat.

mod alike;
mod config;
mod explored;
mod figures;
mod measured;
mod runs;
mod seen;

use std::path::Path;

use tagsight_core::Goal;
use tagsight_data::crops::CropPlan;
use tagsight_data::{Dataset, Part, Partition};
use tagsight_network::weights::{Weights, fold_batch_norm};
use tagsight_report::Report;

pub use config::{Config, Way};

use self::explored::Explored;
use self::figures::Told;
use self::measured::{Before, Compared};
use self::runs::{Run, Trainings};
use crate::boxes::BoxedPhotos;
use crate::error::StudyError;
use crate::features::class;
use crate::kept::{Kept, digest, weights_hash};
use crate::linear::Linear;
use crate::study::Study;
use crate::transfer::{initial, write_beginning};

/// Fewer photos to choose by, or to measure on, say nothing.
const LEAST: usize = 2;

/// The study of somebody's folder, or of pills that it draws.
#[derive(Debug, Clone)]
pub struct Folder(pub Option<Dataset>);

impl Study for Folder {
    const NAME: &'static str = "folder";
    const DEFAULTS: &'static str = include_str!("../../../configs/studies/folder.toml");
    type Config = Config;

    fn check(config: &Config) -> Result<(), StudyError> {
        config.check()
    }

    fn miniature(config: &mut Config) {
        config.network = "resnet-1-1-1-1-w8".into();
        config.initial_weights = String::new();
        // Two by two places of the last feature map.
        config.side = 64;
        config.drawn = 40;
        config.ways = vec![Way::Plain, Way::Minority];
        config.seeds = 2;
        config.calibration_images = 8;
        config.timed_runs = 2;
        config.pictures = 4;
        config.augment.views = 2;
        for fit in [&mut config.float, &mut config.qat] {
            (fit.epochs, fit.batch_size, fit.train_from) = (1, 8, "layer4".into());
        }
    }

    fn report(
        &self,
        config: &Config,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Report, StudyError> {
        let dataset = self.dataset(config, kept, folder)?;
        for (part, purpose) in
            [(Part::Validation, "to choose by"), (Part::Test, "of the part test to measure on")]
        {
            let found = dataset.filter(|photo| photo.part == Some(part)).photos.len();
            if found < LEAST {
                return Err(StudyError::Photos { purpose, found, least: LEAST });
            }
        }
        let architecture = config.architecture().expect("settings are checked");
        let settings =
            config.training(&config.float, Way::Plain, config.seed, &config.initial_weights);
        let begin = initial(architecture, &settings, &dataset)?;
        let folded = fold_batch_norm(&begin.weights, &begin.metadata.graph());
        let source = source(&dataset, &folded);
        let looked = (&source, &config.network, config.side);
        let explored = kept.get_or("photos", &digest(&looked), || {
            Explored::of(config, &dataset, &begin.metadata, &folded)
        })?;
        let linear = Linear::of(explored.linear.clone());
        let beginning = write_beginning(&begin, &linear, &folder.join("runs"))?;
        let beginning = beginning.to_str().ok_or_else(|| StudyError::Name(beginning.clone()))?;
        let trainings = Trainings { config, dataset: &dataset, beginning, folder };
        let runs = trainings.all(&source, kept)?;
        let chosen = best(config, &runs, dataset.subject.labels.len());
        let compared = kept.get_or("networks", &digest(&(&source, config, chosen)), || {
            let (spec, mut weights) = (begin.metadata.spec(), folded.clone());
            linear.replace(&mut weights, &spec.graph);
            let before = Before { spec, weights };
            let (networks, images) = trainings.integers(chosen)?;
            Compared::of(config, &before, &networks, &images, &explored.test(&dataset))
        })?;
        let (dataset, explored, compared) = (&dataset, &explored, &compared);
        figures::report(&Told { config, dataset, explored, runs: &runs, chosen, compared })
    }
}

impl Folder {
    fn dataset(
        &self,
        config: &Config,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Dataset, StudyError> {
        if let Some(dataset) = &self.0 {
            let is_of_classes = dataset.subject.task == Goal::SingleLabel;
            return if is_of_classes { Ok(dataset.clone()) } else { Err(StudyError::Subject) };
        }
        let plan = CropPlan { labels: vec![], margin: 0.1, least_side: 8.0, least_boxes: 2 };
        let partition = Partition { seed: config.seed, ..Partition::default() };
        BoxedPhotos::drawn_crops(config.drawn, &plan, &partition, kept, folder)
    }
}

/// A hash of the photos and the network to begin with.
fn source(dataset: &Dataset, folded: &Weights) -> String {
    let photos = dataset.photos.iter().map(|photo| {
        let part = photo.part.map(Part::name);
        (photo.id, photo.content, part, class(photo))
    });
    digest(&(photos.collect::<Vec<_>>(), &dataset.subject.labels, weights_hash(folded)))
}

/// The way whose networks are best on the photos to choose by; of equal ones the first.
fn best(config: &Config, runs: &[Run], classes: usize) -> Way {
    let score = |way: Way| -> f64 {
        runs.iter().filter(|run| run.way == way).map(|run| run.score(classes)).sum()
    };
    let better = |best: Way, way: &Way| if score(*way) > score(best) { *way } else { best };
    config.ways.iter().fold(config.ways[0], better)
}
