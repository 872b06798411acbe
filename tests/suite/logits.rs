//! The shipped models' logits of the project's own pictures, as they were when somebody last looked:
//! whatever changes them between a photo's bytes and the classifier is noticed, without COCO.
//!
//! `golden/logits` has a table a model. After a change that is meant, of a model or of what comes
//! before it, they are written anew, and the difference belongs into the commit:
//!
//! ```text
//! cargo test --profile checked -p tagsight-tests --test suite -- --ignored logits
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use tagsight_core::{Isa, Tagger};

use super::checkout::{root, text};

/// Each of another kind, and all of them colourful: one in grey has the same codes with red and blue
/// swapped.
const PHOTOS: [&str; 4] = [
    "static/sample.jpg",
    "tests/fixtures/photos/display_p3.png",
    "tests/fixtures/photos/lossy.webp",
    "tests/fixtures/photos/orientation6.jpg",
];

/// The folders of models.
fn models() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("models")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

/// Where the table of a model's folder is.
fn golden(model: &Path) -> PathBuf {
    let name = model.file_name().expect("a model's name");
    root().join("tests/golden/logits").join(name).with_extension("tsv")
}

/// A line a label, a column a photo. Floats are written with as many digits as tell them from all
/// others, so tables are equal if all bits are.
fn table(model: &Path, isa: Isa) -> String {
    let file = fs::read(model.join("model.safetensors")).unwrap();
    let mut tagger = Tagger::new(&file, isa).unwrap();
    let columns = PHOTOS.map(|photo| {
        let bytes = fs::read(root().join(photo)).unwrap();
        let mut photo = tagger.decode(&bytes).expect(photo);
        let codes = tagger.input(&mut photo);
        tagger.engine_mut().logits(&codes).to_vec()
    });
    let mut table = format!("label\t{}\n", PHOTOS.join("\t"));
    for (number, label) in tagger.metadata().labels.iter().enumerate() {
        let row = columns.each_ref().map(|logits| logits[number].to_string());
        table += &format!("{label}\t{}\n", row.join("\t"));
    }
    table
}

#[test]
fn the_shipped_models_logits_are_those_of_before() {
    let models = models();
    assert!(!models.is_empty(), "there are models");
    for model in &models {
        let expected = text(&golden(model));
        for isa in Isa::available() {
            let found = table(model, isa);
            let lines = expected.lines().zip(found.lines());
            let differences = lines.filter(|(left, right)| left != right);
            let first = differences.clone().next();
            let name = model.display();
            assert!(
                found == expected,
                "{name} on {isa:?}: {} of 80 labels have other logits, first {first:#?}",
                differences.count()
            );
        }
    }
}

/// Writes the tables, and nothing fails.
#[test]
#[ignore = "writes what another test compares with"]
fn logits_are_written_anew() {
    for model in models() {
        let file = golden(&model);
        fs::create_dir_all(file.parent().expect("a folder")).unwrap();
        fs::write(file, table(&model, Isa::Scalar)).unwrap();
    }
}
