//! `tagsight why`.

use std::fs;

use serde_json::Value;
use tagsight_core::photo::{self, Squasher};
use tagsight_core::{Isa, Step, Tagger};

use crate::support::{Folder, Run, fixture, model, model_bytes};

const PHOTO: &str = "orientation6.jpg";

fn why(folder: &Folder, arguments: &[&str]) -> Run {
    let model = model().to_str().unwrap();
    folder.run(&[&["why", "--model", model], arguments].concat())
}

fn path(name: &str) -> String {
    format!("photos/{name}")
}

#[test]
fn every_tag_has_a_place_and_its_shares() {
    let folder = Folder::of(&[PHOTO]);
    let json = why(&folder, &[&path(PHOTO), "--format", "json"]).with_code(0);
    let lines: Vec<Value> =
        json.lines().into_iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut tagger = Tagger::new(&model_bytes(), Isa::best()).unwrap();
    let mut photo = tagger.decode(&fixture(PHOTO)).unwrap();
    let labels = tagger.metadata().labels.clone();
    let scores = tagger.scores_of(&mut photo);
    let tags = tagger.tags(&scores, Step::Balanced);
    assert!(tags.len() > 1 && tags.len() < labels.len(), "{} tags", tags.len());
    let told = |line: &Value| line["label"].as_str().unwrap().to_owned();
    let mut named: Vec<_> = lines.iter().map(told).collect();
    let score = |line: &Value| line["score"].as_f64().unwrap() as f32;
    assert_eq!(score(&lines[0]), tags[0].score, "best first");
    for line in &lines {
        let number = labels.iter().position(|label| *label == told(line)).unwrap();
        let (_, maps) = tagger.explain(&mut photo, &[number]);
        assert_eq!(line["shares"], serde_json::to_value(maps[0].shares()).unwrap());
        assert_eq!(score(line), scores[number]);
    }
    named.sort();
    let mut expected: Vec<_> = tags.into_iter().map(|tag| tag.label).collect();
    expected.sort();
    assert_eq!(named, expected);
    let table = why(&folder, &[&path(PHOTO)]).with_code(0);
    assert_eq!(table.lines().len(), lines.len());
}

#[test]
fn a_label_is_named_in_english_or_korean_whether_it_was_given_or_not() {
    let folder = Folder::of(&[PHOTO]);
    let [english, korean] =
        ["dog", "개"].map(|word| why(&folder, &[&path(PHOTO), word]).with_code(0).stdout);
    assert_eq!(english, korean);
    assert!(english.starts_with("dog  "), "{english}");
    let unknown = why(&folder, &[&path(PHOTO), "unicorn"]).with_code(2);
    assert!(unknown.stderr.contains("no label unicorn; it has person, bicycle"), "{unknown:?}");
}

#[test]
fn the_map_is_laid_over_the_upright_photo() {
    let folder = Folder::of(&[PHOTO]);
    let arguments =
        |opacity| [&path(PHOTO), "dog", "-o", "map.png", "--opacity", opacity].map(str::to_owned);
    let picture = |opacity| {
        let arguments = arguments(opacity);
        why(&folder, &arguments.each_ref().map(String::as_str)).with_code(0);
        photo::decode(&fs::read(folder.around.path().join("map.png")).unwrap()).unwrap()
    };
    let small = photo::decode_reduced(&fixture(PHOTO), 1024).unwrap();
    let plain = { small }.shrink(1024, &mut Squasher::default());
    assert_eq!(picture("0"), plain, "nothing hides the photo");
    let hidden = picture("1");
    assert_eq!((hidden.width, hidden.height), (plain.width, plain.height));
    assert_ne!(hidden, plain);
    assert_eq!(fs::read(folder.path(PHOTO)).unwrap(), fixture(PHOTO), "the photo stays");
}

#[test]
fn nothing_is_written_over() {
    let folder = Folder::of(&["rgb.png"]);
    let over = why(&folder, &[&path("rgb.png"), "-o", "photos/../photos/rgb.png"]).with_code(2);
    assert!(over.stderr.contains("is the photo itself"), "{over:?}");
    assert_eq!(fs::read(folder.path("rgb.png")).unwrap(), fixture("rgb.png"));
    let ending = why(&folder, &[&path("rgb.png"), "-o", "map.jpg"]).with_code(2);
    assert!(ending.stderr.contains("written as a PNG"), "{ending:?}");
    let absent = why(&folder, &["photos/absent.jpg"]).with_code(2);
    assert!(absent.stderr.contains("absent.jpg"), "{absent:?}");
    folder.put("broken.jpg", &fixture("baseline.jpg")[..400]);
    let broken = why(&folder, &[&path("broken.jpg")]).with_code(2);
    assert!(broken.stderr.contains("broken.jpg: "), "{broken:?}");
}
