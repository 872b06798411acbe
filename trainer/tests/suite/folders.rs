//! A network of single labels from boxes on photos to tags: cut out, split, fitted, quantised, measured.

use std::path::Path;

use serde_json::Value;
use tagsight_data::drawn::write_pills;

use crate::commands::{fail, succeed};
use crate::photos::PaintedPhotos;

/// Rows of a split in a part.
fn rows(split: &Path, part: &str) -> usize {
    let text = std::fs::read_to_string(split).unwrap();
    text.lines().filter(|line| line.ends_with(&format!(",{part}"))).count()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn boxes_become_a_network_of_single_labels() {
    let _alone = crate::fit_alone();
    let photos = PaintedPhotos::new(1);
    let folder = photos.folder();
    write_pills(&folder.join("pills"), 64, 40, 1).unwrap();
    let boxes = ["--images", "pills/photos", "--annotations", "pills/annotations", "--side", "8"];
    let printed = succeed(&photos, &[&["crops", "--out", "crops"], &boxes[..]].concat());
    assert!(printed.contains("white disc") && printed.contains("crops in crops"), "{printed}");

    let settings = "side = 32\nepochs = 1\nbatch_size = 8\nsampling = \"by-class\"\n\
        [augment]\nphotos = \"minority\"\n";
    std::fs::write(folder.join("run.toml"), settings).unwrap();
    let run = |command: &[&str]| succeed(&photos, &[command, &["--folder", "crops"]].concat());
    run(&["train", "--model", "resnet18", "--config", "run.toml", "--out", "run"]);
    let checkpoint = ["--checkpoint", "run/best.safetensors"];
    run(&[&["export", "--int8", "--out", "model"], &checkpoint[..]].concat());
    let measured = [&["--artifact", "model"], &checkpoint[..]].concat();

    let split = folder.join("crops/split.csv");
    let report = json(&run(&[&["evaluate", "--json"], &measured[..]].concat()));
    assert_eq!(report["photos"], rows(&split, "test"));
    assert_eq!(report["score"]["metric"], "accuracy");
    assert!(report["macro_f1"].is_number() && report["float_minus_int8"].is_object());
    let report = json(&run(&[&["evaluate", "--json", "--part", "val"], &measured[..]].concat()));
    assert_eq!(report["photos"], rows(&split, "val"));

    run(&[&["card", "--data-name", "pills"], &measured[..]].concat());
    let card = json(&std::fs::read_to_string(folder.join("model/card.json")).unwrap());
    assert_eq!(card["made_from"]["fitted_photos"], rows(&split, "train"));
    assert_eq!(card["measured"]["photos"], rows(&split, "test"));

    let crop = std::fs::read_dir(folder.join("crops/pink disc")).unwrap().next().unwrap().unwrap();
    let crop = crop.path();
    let told =
        json(&succeed(&photos, &["tag", "--artifact", "model", "--json", crop.to_str().unwrap()]));
    let scores = told["scores"].as_object().unwrap().values().map(|score| score.as_f64().unwrap());
    assert!((scores.sum::<f64>() - 1.0).abs() < 1e-3, "{told}");
}

#[test]
fn data_that_contradicts_itself_is_refused() {
    let photos = PaintedPhotos::new(2);
    let evaluate =
        |data: &[&str]| fail(&photos, &[&["evaluate", "--artifact", "model"], data].concat());
    let errors = evaluate(&["--folder", "photos", "--annotations", "instances.json"]);
    assert!(errors.contains("cannot be used with"), "{errors}");
    assert!(evaluate(&["--table", "table.csv"]).contains("required"));
    assert!(evaluate(&["--folder", "photos"]).contains("no class with photos"));
    let errors =
        evaluate(&["--part", "test", "--images", "photos", "--annotations", "instances.json"]);
    assert!(errors.contains("leave --part out"), "{errors}");
    for class in ["a", "b"] {
        let path = photos.folder().join("kinds").join(class).join("1.png");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(photos.photo(1), path).unwrap();
    }
    assert!(
        evaluate(&["--folder", "kinds"]).contains("no photos of the part test; give --part train")
    );
    let errors = fail(
        &photos,
        &["crops", "--images", "photos", "--annotations", "instances.json", "--out", "x"],
    );
    assert!(errors.contains("there is no box to cut out"), "{errors}");
}
