//! Videos, from a table to integers: what a network says of one is the mean of what it says of its frames.

use std::num::NonZero;
use std::path::Path;

use burn::backend::{Autodiff, Flex};
use tagsight_core::engine::Isa;
use tagsight_core::{Architecture, Goal};
use tagsight_data::drawn::{HeartPlan, write_hearts};
use tagsight_data::{Answer, Columns, Dataset, Medium, Part, Partition, Photo, Target};
use tagsight_metrics::Answers;
use tagsight_network::weights::fold_batch_norm;
use tagsight_quantiser::PostTraining;
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::config::TrainConfig;
use tagsight_train::fit::{self, LAST, Paths};
use tagsight_train::predict::checkpoint_logits;
use tagsight_trainer::inference::Backend;
use tagsight_trainer::predict;

/// Of a video, all of which are looked at.
const FRAMES: usize = 4;
const SIDE: usize = 32;
/// Float networks take a video's frames together or one by one: sums in other orders.
const TOLERANCE: f32 = 1e-4;

/// Hearts with their ejection fractions, as EchoNet lists them.
fn hearts(folder: &Path) -> Dataset {
    let plan = HeartPlan { frames: FRAMES, side: 40, ..HeartPlan::default() };
    write_hearts(folder, &plan, [8, 3, 3], 5).unwrap();
    let columns = Columns {
        file: "FileName".into(),
        answer: Answer::Values(vec!["EF=%".parse().unwrap()]),
        part: Some("Split".into()),
    };
    let (table, partition) = (folder.join("FileList.csv"), Partition::default());
    let mut dataset = Dataset::read_table(&table, folder, &columns, &partition).unwrap();
    dataset.subject.medium = Medium::Videos { frames: NonZero::new(FRAMES).unwrap() };
    dataset
}

/// The frames of the videos of a part, each as a photo with its video's value.
fn frames(dataset: &Dataset, part: Part) -> Dataset {
    let mut photos = Dataset { photos: Vec::new(), ..dataset.clone() };
    photos.subject.medium = Medium::Photos;
    for video in dataset.photos.iter().filter(|video| video.part == Some(part)) {
        let frame = |number: usize| {
            let path = video.path.join(format!("{number:03}.png"));
            Photo::new(number as u64, path, video.target.clone())
        };
        photos.photos.extend((0..FRAMES).map(frame));
    }
    photos
}

fn values(answers: &Answers) -> Vec<f32> {
    let Answers::Values(measured) = answers else { panic!("a regression gives values") };
    measured.values.clone()
}

/// The largest difference of videos' values from the means of their frames'.
fn difference(videos: &Answers, frames: &Answers) -> f32 {
    let (videos, frames) = (values(videos), values(frames));
    assert_eq!(frames.len(), FRAMES * videos.len());
    let means = frames.chunks(FRAMES).map(|frames| frames.iter().sum::<f32>() / FRAMES as f32);
    videos.iter().zip(means).map(|(video, mean)| (video - mean).abs()).fold(0.0, f32::max)
}

#[test]
fn what_is_said_of_a_video_is_the_mean_over_its_frames() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = hearts(folder.path());
    // So that there is something to tell videos apart by after so few steps.
    let (learning_rate, average_decay) = (1e-2, 0.0);
    let config = TrainConfig {
        epochs: 3,
        batch_size: 4,
        side: SIDE,
        learning_rate,
        average_decay,
        ..TrainConfig::default()
    };
    let paths = Paths {
        run: folder.path().join("run"),
        cache: folder.path().join("cache"),
        data: folder.path().to_owned(),
    };
    let (model, device) =
        (Architecture::from_name("resnet-1-1-1-1-w8").unwrap(), Default::default());
    let options = fit::Options::default();
    {
        let _alone = crate::fit_alone();
        fit::train::<Autodiff<Flex>>(model, &config, &dataset, options, &paths, &device).unwrap();
    }
    let checkpoint = Checkpoint::read(&paths.run.join(LAST)).unwrap();
    assert!(matches!(checkpoint.metadata.task, Goal::Regression { .. }));

    let test = dataset.filter(|video| video.part == Some(Part::Test));
    let one_by_one = frames(&dataset, Part::Test);
    let videos = checkpoint_logits(&checkpoint, &test).answers;
    let alone = checkpoint_logits(&checkpoint, &one_by_one).answers;
    assert_eq!(values(&videos).len(), 3);
    assert!(difference(&videos, &alone) <= TOLERANCE);
    // The comparison is able to fail: frames of another video.
    let others = checkpoint_logits(&checkpoint, &frames(&dataset, Part::Validation)).answers;
    assert!(difference(&videos, &others) > TOLERANCE);

    let spec = checkpoint.metadata.spec();
    let folded = fold_batch_norm(&checkpoint.weights, &spec.graph);
    let images = tagsight_data::images(&dataset, 16, SIDE);
    assert_eq!(images.len(), 16, "pictures, and not videos");
    let artifact = PostTraining::default().integers(&spec, &folded, &images);
    let integers = |dataset: &Dataset| {
        predict::integer_logits(&artifact, Backend::Cpu(Isa::best()), dataset).unwrap().answers
    };
    assert!(difference(&integers(&test), &integers(&one_by_one)) <= TOLERANCE);
}

/// A video that cannot be read is named, and does not shift the frames of the others.
#[test]
fn a_video_without_frames_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = hearts(folder.path());
    let (medium, photos) = (dataset.subject.medium, &dataset.photos);
    for file in std::fs::read_dir(&photos[1].path).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    let loaded = tagsight_data::load_inputs(medium, photos, SIDE);
    let pictures: Vec<Option<usize>> =
        loaded.iter().map(|loaded| loaded.as_ref().ok().map(Vec::len)).collect();
    let expected = |place| (place != 1).then_some(FRAMES);
    assert_eq!(pictures, (0..photos.len()).map(expected).collect::<Vec<_>>());
    let (readable, skipped) = tagsight_data::readable(&dataset);
    assert_eq!((readable.photos.len(), skipped.len()), (photos.len() - 1, 1));
    assert_eq!(skipped[0].path, photos[1].path);
    let target = |photo: &Photo| matches!(photo.target, Target::Values(_));
    assert!(readable.photos.iter().all(target));
}
