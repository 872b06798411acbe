//! Views, and what teachers say of them, on painted photos and (where they are at hand) COCO's.

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use tagsight_core::engine::Isa;
use tagsight_core::photo::{Squasher, load_squashed};
use tagsight_core::{Architecture, Artifact, artifact};
use tagsight_data::Dataset;
use tagsight_data::augment::{AugmentConfig, Jitter, Painter, Scene, View, Views};
use tagsight_train::distil::{self, Lessons, Scores, TeacherConfig};
use tagsight_trainer::inference::Backend;
use tagsight_trainer::predict;

use crate::photos::PaintedPhotos;

const SIDE: usize = 64;

fn config() -> AugmentConfig {
    AugmentConfig {
        views: 8,
        crop_area: [0.4, 1.0],
        crop_aspect: [0.75, 4.0 / 3.0],
        brightness: 0.2,
        contrast: 0.2,
        saturation: 0.2,
        mosaic: 0.5,
        ..AugmentConfig::default()
    }
}

fn dataset(photos: &PaintedPhotos) -> Dataset {
    Dataset::read(&photos.annotations(), &photos.images()).unwrap()
}

fn squashed(dataset: &Dataset, photo: usize) -> Vec<u8> {
    let bytes = std::fs::read(&dataset.photos[photo].path).unwrap();
    load_squashed(&bytes, SIDE, &mut Squasher::default()).unwrap()
}

fn mirrored(rgb: &[u8]) -> Vec<u8> {
    let rows = rgb.chunks_exact(SIDE * 3);
    rows.flat_map(|row| row.chunks_exact(3).rev().flatten()).copied().collect()
}

fn square(views: &Views, view: &View) -> Vec<u8> {
    Painter::default().square(view, views.dataset(), SIDE).unwrap()
}

/// View 0 is what the core makes of a photo, and by default view 1 is its mirror image.
#[test]
fn the_first_views_are_the_photo_and_its_mirror_image() {
    let photos = PaintedPhotos::new(6);
    let views = Views::new(dataset(&photos), AugmentConfig::default(), 3);
    for photo in 0..6 {
        let whole = squashed(views.dataset(), photo);
        assert_eq!(square(&views, &views.view(photo, 0)), whole);
        assert_eq!(square(&views, &views.view(photo, 1)), mirrored(&whole));
        assert_ne!(mirrored(&whole), whole, "photo {photo} is no test of mirroring");
    }
}

#[test]
fn a_mosaic_has_four_photos_and_all_their_labels() {
    let photos = PaintedPhotos::new(12);
    let dataset = dataset(&photos);
    let whole = AugmentConfig { mosaic: 1.0, flip: false, ..AugmentConfig::default() };
    let views = Views::new(dataset.clone(), whole, 3);
    for photo in 0..12 {
        let view = views.view(photo, 1);
        assert!(matches!(view.scene, Scene::Mosaic(_)));
        assert_eq!(view.crops()[0].photo, photo);
        let painted = square(&views, &view);
        for (tile, crop) in view.crops().iter().enumerate() {
            let alone = View::whole(crop.photo);
            let alone = Painter::default().square(&alone, &dataset, SIDE / 2).unwrap();
            let (top, left) = (tile / 2 * SIDE / 2, tile % 2 * SIDE / 2);
            for (y, row) in alone.chunks_exact(SIDE / 2 * 3).enumerate() {
                let start = ((top + y) * SIDE + left) * 3;
                assert_eq!(painted[start..start + row.len()], *row, "tile {tile}, row {y}");
            }
        }
        let is_on = |label: &usize| {
            view.crops()
                .iter()
                .any(|crop| dataset.photos[crop.photo].target.labels().contains(label))
        };
        let outputs = views.outputs(photo, 1);
        assert_eq!(outputs.len(), dataset.subject.labels.len());
        for (label, output) in outputs.into_iter().enumerate() {
            assert_eq!(output, if is_on(&label) { 1.0 } else { 0.0 }, "label {label}");
        }
    }
}

/// One thread or several, in whichever order: a view is always the same; of another number or seed
/// it is another.
#[test]
fn views_follow_from_seed_and_number_alone() {
    let photos = PaintedPhotos::new(12);
    let views = Views::new(dataset(&photos), config(), 3);
    let picked: Vec<(usize, usize)> =
        (0..12).flat_map(|photo| (0..8).map(move |number| (photo, number))).collect();
    let paint = |&(photo, number): &(usize, usize)| square(&views, &views.view(photo, number));
    let expected: Vec<Vec<u8>> = picked.iter().map(paint).collect();
    for threads in [1, 3] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let painted: Vec<Vec<u8>> = pool.install(|| picked.par_iter().map(paint).collect());
        assert_eq!(painted, expected, "{threads} threads");
    }
    let other = Views::new(dataset(&photos), config(), 4);
    for photo in 0..12 {
        assert_ne!(other.view(photo, 1), views.view(photo, 1));
        assert_ne!(views.view(photo, 1), views.view(photo, 2));
        for number in 1..8 {
            for crop in views.view(photo, number).crops() {
                assert!(crop.left >= 0.0 && crop.left + crop.width <= 1.0 + 1e-12, "{crop:?}");
                assert!(crop.top >= 0.0 && crop.top + crop.height <= 1.0 + 1e-12, "{crop:?}");
            }
        }
    }
}

/// What is kept of views stays valid when only their number grows, and not otherwise.
#[test]
fn a_digest_changes_with_what_changes_a_view() {
    let photos = PaintedPhotos::new(4);
    let dataset = dataset(&photos);
    let digest = |config: AugmentConfig, seed, number| {
        Views::new(dataset.clone(), config, seed).digest(number)
    };
    let ours = digest(config(), 3, 1);
    assert_eq!(ours, digest(AugmentConfig { views: 99, ..config() }, 3, 1));
    let others = [
        digest(config(), 4, 1),
        digest(config(), 3, 2),
        digest(AugmentConfig { mosaic: 0.4, ..config() }, 3, 1),
        digest(AugmentConfig { saturation: 0.1, ..config() }, 3, 1),
        digest(AugmentConfig { crop_area: [0.5, 1.0], ..config() }, 3, 1),
        Views::new(dataset.filter(|photo| photo.id != 1), config(), 3).digest(1),
    ];
    assert!(others.iter().all(|other| *other != ours));
    assert_eq!(digest(config(), 3, 0), digest(AugmentConfig::default(), 4, 0), "a whole photo");
}

#[test]
fn jitter_changes_colours_as_it_says() {
    let photos = PaintedPhotos::new(2);
    let views = Views::whole(dataset(&photos));
    let plain = square(&views, &View::whole(1));
    let paint = |brightness, contrast, saturation| {
        let jitter = Some(Jitter { brightness, contrast, saturation });
        square(&views, &View { jitter, ..View::whole(1) })
    };
    assert_eq!(paint(1.0, 1.0, 1.0), plain);
    let dark = paint(0.5, 1.0, 1.0);
    assert!(dark.iter().zip(&plain).all(|(dark, plain)| dark.abs_diff(plain / 2) <= 1));
    let grey = paint(1.0, 1.0, 0.0);
    assert!(grey.chunks_exact(3).all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]));
    let flat = paint(1.0, 0.0, 1.0);
    assert!(flat.iter().all(|value| *value == flat[0]), "no contrast, one grey");
}

/// Half a photo, seen by a teacher that takes 128 pixels, keeps its proportions.
#[test]
fn a_proportional_view_keeps_its_aspect() {
    let photos = PaintedPhotos::new(1);
    let dataset = dataset(&photos);
    let image = image::open(&dataset.photos[0].path).unwrap();
    let mut view = View::whole(0);
    let Scene::Single(crop) = &mut view.scene else { unreachable!("a whole photo") };
    crop.height = 0.5;
    let seen = Painter::default().proportional(&view, &dataset, 128).unwrap();
    let aspect = f64::from(image.width()) / (f64::from(image.height()) / 2.0);
    assert_eq!(seen.width.max(seen.height), 128);
    assert!((seen.width as f64 / seen.height as f64 / aspect - 1.0).abs() < 0.02);
}

/// An artifact of our own as a teacher: of whole photos it says what it says anywhere else, once.
#[test]
fn a_teacher_is_asked_once() {
    let photos = PaintedPhotos::new(12);
    let artifact = Artifact::synthetic(Architecture::ResNet18, SIDE, 5);
    let folder = photos.folder().join("teacher");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join(artifact::FILE_NAME), artifact.write().unwrap()).unwrap();
    let config = TeacherConfig { model: folder, weight: 2.0 };
    let teachers = distil::load(&[config], photos.folder()).unwrap();
    let dataset = dataset(&photos);
    let (cache, teacher) = (photos.folder().join("cache"), teachers[0].teacher.as_ref());
    let whole = Views::whole(dataset.clone());
    let scores = Scores::of_views(teacher, &whole, 0, &cache).unwrap();

    let backend = Backend::Cpu(Isa::best());
    let expected =
        predict::integer_logits(&artifact, backend, &dataset).unwrap().answers.outputs().to_vec();
    for (score, expected) in scores.logits().iter().zip(&expected) {
        // f16 has eleven bits.
        assert!((score - expected).abs() <= expected.abs() / 2048.0, "{score} {expected}");
    }

    let views = Views::new(dataset, self::config(), 3);
    let lessons = Lessons::prepare(&teachers, &views, &whole, &cache).unwrap();
    assert_ne!(lessons.of(0, 1), lessons.of(0, 2));
    assert!(lessons.of(11, 7).iter().all(|probability| (0.0..=1.0).contains(probability)));

    std::fs::remove_dir_all(photos.images()).unwrap();
    assert_eq!(Scores::of_views(teacher, &whole, 0, &cache).unwrap(), scores);
    let again = Lessons::prepare(&teachers, &views, &whole, &cache).unwrap();
    assert_eq!(again.of(3, 5), lessons.of(3, 5));
    let unseen = Views::new(views.dataset().clone(), self::config(), 4);
    let error = Scores::of_views(teacher, &unseen, 1, &cache).unwrap_err().to_string();
    assert!(error.contains("run the command again"), "{error}");
}

/// The detector as a tagger: some of `coco/val`, whose mean average precision is 0.679 as a whole.
#[cfg(feature = "teacher-onnx")]
#[test]
fn the_detector_tags_coco() {
    use tagsight_data as data;
    use tagsight_metrics as metrics;

    const PHOTOS: usize = 60;
    let data = data::data_dir();
    let model = std::path::PathBuf::from("weights/yolox_nano_coco.onnx");
    if !data.join(&model).exists() {
        println!("skipped: {} is not there", data.join(&model).display());
        return;
    }
    let annotations = data.join("coco/annotations/instances_val.json");
    let mut dataset = Dataset::read(&annotations, &data.join("coco/val")).unwrap();
    dataset.photos.truncate(PHOTOS);
    let teachers = distil::load(&[TeacherConfig { model, weight: 1.0 }], &data).unwrap();
    let cache = tempfile::tempdir().unwrap();
    let scored = distil::joint_scored(&teachers, &Views::whole(dataset), cache.path()).unwrap();
    assert_eq!(scored.classes, data::coco_labels().len());
    let map = metrics::mean_average_precision_present(&scored);
    assert!(map > 0.75, "{map}");
}
