//! What the commands say to bad input.

use std::process::{Command, Output};

use serde_json::json;
use tagsight_core::tags::{Scores, Told};
use tagsight_core::{Architecture, Artifact, Goal, Isa, Step, Tagger, artifact};
use tagsight_network::weights::fold_batch_norm;
use tagsight_train::checkpoint::{Checkpoint, CheckpointMetadata};
use tagsight_train::config::TrainConfig;

use crate::formula;
use crate::photos::PaintedPhotos;

/// Runs the trainer in the photos' folder.
fn trainer(photos: &PaintedPhotos, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trainer"))
        .current_dir(photos.folder())
        .env("TAGSIGHT_DATA", photos.folder())
        .args(arguments)
        .output()
        .unwrap()
}

/// What a command that must succeed prints.
pub(crate) fn succeed(photos: &PaintedPhotos, arguments: &[&str]) -> String {
    let output = trainer(photos, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that must fail says.
pub(crate) fn fail(photos: &PaintedPhotos, arguments: &[&str]) -> String {
    let output = trainer(photos, arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{arguments:?} succeeded");
    assert!(!errors.contains("panicked"), "{errors}");
    errors
}

fn write_random_model(photos: &PaintedPhotos) {
    let folder = photos.folder().join("model");
    std::fs::create_dir(&folder).unwrap();
    let artifact = Artifact::synthetic(Architecture::ResNet18, 64, 1);
    std::fs::write(folder.join(artifact::FILE_NAME), artifact.write().unwrap()).unwrap();
}

fn write_checkpoint(photos: &PaintedPhotos, name: &str) {
    let config = TrainConfig { side: 64, ..TrainConfig::default() };
    let labels = tagsight_data::coco_labels();
    let metadata = CheckpointMetadata::new(Architecture::ResNet34, labels, Goal::default(), config);
    let weights = formula::weights(&metadata.graph());
    let checkpoint = Checkpoint { metadata, weights, resume: None };
    checkpoint.write(&photos.folder().join(name)).unwrap();
}

const EVALUATE: [&str; 7] =
    ["evaluate", "--artifact", "model", "--images", "photos", "--annotations", "instances.json"];

/// Writes the photos' annotations with one more.
fn annotate(photos: &PaintedPhotos, image: u32, category: u32) {
    let mut instances = photos.read_annotations();
    let annotation = json!({"image_id": image, "category_id": category});
    instances["annotations"].as_array_mut().unwrap().push(annotation);
    photos.write_annotations(&instances);
}

#[test]
fn annotations_that_cannot_be_placed_are_named() {
    let photos = PaintedPhotos::new(4);
    write_random_model(&photos);
    annotate(&photos, 999, 1);
    let output = trainer(&photos, &EVALUATE);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors.matches("left out: 1, of the image ids 999").count(), 1, "{errors}");
    annotate(&photos, 1, 999);
    let errors = fail(&photos, &EVALUATE);
    assert!(errors.contains("unknown category ids: 999;"), "{errors}");
    std::fs::write(photos.annotations(), "{").unwrap();
    assert!(fail(&photos, &EVALUATE).contains("no COCO instances file"));
}

#[test]
fn a_reason_that_many_photos_share_is_said_once() {
    let photos = PaintedPhotos::new(4);
    write_random_model(&photos);
    std::fs::remove_dir_all(photos.images()).unwrap();
    let errors = fail(&photos, &EVALUATE);
    assert_eq!(errors.matches("skipped").count(), 1, "{errors}");
    for expected in ["0001.png", "0004.png", "give --images"] {
        assert!(errors.contains(expected), "{expected:?} is not in {errors}");
    }
}

#[test]
fn missing_and_damaged_photos_are_named_and_the_others_count() {
    let photos = PaintedPhotos::new(5);
    write_random_model(&photos);
    std::fs::remove_file(photos.photo(2)).unwrap();
    std::fs::write(photos.photo(3), b"\x89PNG\r\n\x1a\n and no more").unwrap();
    let output = trainer(&photos, &[&EVALUATE[..], &["--json"]].concat());
    assert!(output.status.success());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["photos"], &report["skipped"]), (&json!(3), &json!(2)));
    let errors = String::from_utf8_lossy(&output.stderr);
    for name in ["0002.png", "0003.png"] {
        assert!(errors.contains(name), "{name} is not in {errors}");
    }
}

#[test]
fn training_names_photos_that_it_cannot_read() {
    let photos = PaintedPhotos::new(12);
    std::fs::write(
        photos.folder().join("run.toml"),
        "side = 32\nepochs = 1\nbatch_size = 4\nholdout = 0.4\n",
    )
    .unwrap();
    std::fs::write(photos.photo(5), b"no photo").unwrap();
    let data = ["--images", "photos", "--annotations", "instances.json"];
    let train = ["train", "--model", "resnet18", "--config", "run.toml", "--out", "run"];
    let output = trainer(&photos, &[&train[..], &data].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(errors.contains("skipped photos/0005.png"), "{errors}");
    std::fs::remove_dir_all(photos.images()).unwrap();
    let errors = fail(&photos, &[&train[..], &data].concat());
    assert!(errors.contains("too few for batches of 4"), "{errors}");
}

/// What is written as ONNX is read again; what is no network says why.
#[test]
fn onnx_goes_out_and_comes_in() {
    let photos = PaintedPhotos::new(1);
    write_checkpoint(&photos, "first.safetensors");
    let onnx = ["--format", "onnx", "--out", "onnx"];
    succeed(&photos, &[&["export", "--checkpoint", "first.safetensors"], &onnx[..]].concat());
    succeed(&photos, &["import", "onnx/model.onnx", "--out", "again"]);
    let read = |name: &str| Checkpoint::read(&photos.folder().join(name)).unwrap();
    let (first, again) = (read("first.safetensors"), read("again/checkpoint.safetensors"));
    assert_eq!(again.metadata.spec(), first.metadata.spec());
    assert!(again.weights == fold_batch_norm(&first.weights, &first.metadata.graph()));

    write_random_model(&photos);
    succeed(&photos, &[&["export", "--artifact", "model"], &onnx[..]].concat());
    let import = ["import", "onnx/model.onnx", "--out", "integers", "--task", "single-label"];
    succeed(&photos, &import);
    let bytes = std::fs::read(photos.folder().join("integers").join(artifact::FILE_NAME)).unwrap();
    let artifact = Artifact::read(&bytes).unwrap();
    assert_eq!(artifact.metadata.architecture(), Some(Architecture::ResNet18));
    assert_eq!(artifact.metadata.task.goal(), Goal::SingleLabel);
    let errors = fail(&photos, &[&import[..], &["--side", "65"]].concat());
    assert!(errors.contains("images of 64 pixels a side and no others"), "{errors}");
    let integers = ["--onnx-style", "qoperator", "--onnx-batch", "1"];
    succeed(&photos, &[&["export", "--artifact", "model"], &onnx[..], &integers].concat());
    let errors = fail(&photos, &import);
    assert!(errors.contains("ConvInteger \"layer4.1.conv2.sum\""), "{errors}");
    let errors = fail(&photos, &["import", "photos/0001.png", "--out", "none"]);
    assert!(errors.contains("damaged or no ONNX file"), "{errors}");
}

/// So does `tagsight tag --format json`, by a test of its own.
#[test]
fn tagging_tells_what_core_says() {
    let photos = PaintedPhotos::new(2);
    write_random_model(&photos);
    let model = std::fs::read(photos.folder().join("model").join(artifact::FILE_NAME)).unwrap();
    let mut tagger = Tagger::new(&model, Isa::best()).unwrap();
    let labels = tagger.metadata().labels.clone();
    let files = ["photos/0001.png", "photos/0002.png"];
    let expected = files.map(|file| {
        let scores = tagger.scores(&std::fs::read(photos.folder().join(file)).unwrap()).unwrap();
        let tags = tagger.tags(&scores, Step::Balanced);
        let scores = Scores { labels: &labels, scores: &scores };
        serde_json::to_string(&Told { photo: file.into(), tags, scores }).unwrap()
    });
    let tag = ["tag", "--artifact", "model", "--json"];
    let printed = succeed(&photos, &[&tag[..], &files].concat());
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn peaks_of_maps_are_looked_for_in_boxes() {
    let photos = PaintedPhotos::new(2);
    write_random_model(&photos);
    // One covers its photo, the other lies where nothing can peak: cells' middles are further inside.
    let boxes = json!({
        "images": [{"id": 1, "file_name": "0001.png"}, {"id": 2, "file_name": "0002.png"}],
        "categories": [{"id": 1, "name": "person"}, {"id": 18, "name": "dog"}],
        "annotations": [
            {"image_id": 1, "category_id": 18, "bbox": [0, 0, 10_000, 10_000]},
            {"image_id": 2, "category_id": 1, "bbox": [0, 0, 1, 1]},
        ],
    });
    std::fs::write(photos.folder().join("boxes.json"), boxes.to_string()).unwrap();
    let point = ["point", "--artifact", "model", "--images", "photos", "--annotations"];
    let printed = succeed(&photos, &[&point[..], &["boxes.json", "--json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let line = |label: &str, rate: f64| json!({"label": label, "photos": 1, "rate": rate, "centre_rate": rate});
    assert_eq!(report["per_class"], json!([line("person", 0.0), line("dog", 1.0)]));
    assert_eq!([&report["rate"], &report["centre_rate"]], [&json!(0.5); 2]);
    std::fs::remove_file(photos.photo(1)).unwrap();
    std::fs::remove_file(photos.photo(2)).unwrap();
    let error = fail(&photos, &[&point[..], &["boxes.json"]].concat());
    assert!(error.contains("no readable photo with a box"), "{error}");
}

#[test]
fn a_bad_photo_does_not_stop_the_others() {
    let photos = PaintedPhotos::new(3);
    write_random_model(&photos);
    std::fs::write(photos.photo(2), b"").unwrap();
    let files = ["photos/0001.png", "photos/0002.png", "photos/none.png", "photos/0003.png"];
    let output =
        trainer(&photos, &[&["tag", "--artifact", "model", "--json"], &files[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    let named: Vec<serde_json::Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named: Vec<&str> = named.iter().map(|object| object["photo"].as_str().unwrap()).collect();
    assert_eq!(named, [files[0], files[3]]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("0002.png: The file is empty"), "{errors}");
    assert!(errors.contains("none.png"), "{errors}");
}

#[test]
fn checkpoints_of_another_architecture_and_damaged_ones_are_refused() {
    let photos = PaintedPhotos::new(4);
    write_checkpoint(&photos, "deep.safetensors");
    std::fs::write(photos.folder().join("run.toml"), "side = 64").unwrap();
    let resume = |file: &str| {
        let data = ["--images", "photos", "--annotations", "instances.json"];
        let command = ["train", "--model", "resnet18", "--config", "run.toml", "--resume", file];
        fail(&photos, &[&command[..], &data].concat())
    };
    let errors = resume("deep.safetensors");
    assert!(errors.contains("is a checkpoint of resnet34, not of resnet18"), "{errors}");

    let path = photos.folder().join("deep.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert!(resume("deep.safetensors").contains("damaged"));
    let export = ["export", "--checkpoint", "deep.safetensors", "--int8", "--out", "model"];
    assert!(fail(&photos, &export).contains("damaged"));
    std::fs::write(&path, b"").unwrap();
    assert!(resume("deep.safetensors").contains("damaged"));
    assert!(resume("none.safetensors").contains("none.safetensors"));
}

#[test]
fn unknown_configuration_keys_are_named() {
    let photos = PaintedPhotos::new(4);
    for (text, expected) in [("lerning_rate = 1.0", "lerning_rate"), ("epochs = -1", "epochs")] {
        std::fs::write(photos.folder().join("run.toml"), text).unwrap();
        let errors = fail(&photos, &["train", "--model", "resnet18", "--config", "run.toml"]);
        assert!(errors.contains(expected), "{errors}");
    }
    let errors = fail(&photos, &["train", "--model", "resnet19", "--config", "run.toml"]);
    assert!(errors.contains("resnet18, resnet34, resnet50"), "{errors}");
}

/// What `config` prints is a configuration, and the default one.
#[test]
fn the_printed_settings_are_the_defaults() {
    let printed = succeed(&PaintedPhotos::new(1), &["config"]);
    assert_eq!(TrainConfig::from_toml(&printed).unwrap(), TrainConfig::default());
}

#[test]
fn a_damaged_model_is_refused() {
    let photos = PaintedPhotos::new(1);
    write_random_model(&photos);
    let path = photos.folder().join("model").join(artifact::FILE_NAME);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let tag = ["tag", "--artifact", "model", "photos/0001.png"];
    assert!(fail(&photos, &tag).contains("damaged"));
    let tag = ["tag", "--artifact", "nowhere", "photos/0001.png"];
    assert!(fail(&photos, &tag).contains("cannot read the model"));
}
