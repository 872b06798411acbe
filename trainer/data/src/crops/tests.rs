//! Crops of small photos.

use std::path::Path;

use tagsight_core::photo::{self, Rgb8};

use super::*;
use crate::coco::{Area, NamedBox, NamedBoxes};
use crate::picture::png_bytes;
use crate::{Dataset, Partition};

const PLAN: CropPlan = CropPlan { labels: vec![], margin: 0.0, least_side: 4.0, least_boxes: 2 };

/// Photos of ten boxes each, of three classes, one of which has but one box and another but small ones.
fn photos(images: &Path) -> Vec<NamedBoxes> {
    std::fs::create_dir_all(images.join("sub")).unwrap();
    let photo = |number: usize| {
        let path = images.join(format!("sub/{number}.png"));
        let bytes = (0..64 * 48 * 3).map(|at| (at * 7 + number * 50) as u8).collect();
        std::fs::write(&path, png_bytes(&Rgb8 { width: 64, height: 48, bytes })).unwrap();
        let one = |index: usize| {
            let name = match index % 5 {
                0 if index == 0 && number == 0 => "rare",
                4 => "small",
                other => ["apple", "Pear/green"][other % 2],
            };
            let side = if name == "small" { 3.0 } else { 8.0 };
            let area = Area { left: 6.0 * index as f64, top: 5.0, width: side, height: 8.0 };
            NamedBox { name: name.into(), area }
        };
        NamedBoxes { path, boxes: (0..10).map(one).collect() }
    };
    (0..12).map(photo).collect()
}

#[test]
fn boxes_become_a_folder_of_classes_whose_photos_stay_together() {
    let folder = tempfile::tempdir().unwrap();
    let (images, out) = (folder.path().join("images"), folder.path().join("crops"));
    let mut photos = photos(&images);
    let missing = images.join("sub/missing.png");
    photos.push(NamedBoxes { path: missing.clone(), boxes: photos[1].boxes.clone() });
    let Cut { classes, remarks, skipped } = cut(&photos, &images, &PLAN, &out).unwrap();
    let counts: Vec<(&str, usize)> =
        classes.iter().map(|(name, &count)| (&**name, count)).collect();
    assert_eq!(counts, [("Pear/green", 48), ("apple", 47)]);
    assert_eq!(skipped[0].path, missing);
    let remarks = remarks.join("\n");
    for expected in
        ["26 boxes of fewer than 4 pixels", "left out: rare (1), small (0)", "8 boxes lie outside"]
    {
        assert!(remarks.contains(expected), "{expected:?} is not in {remarks}");
    }
    let crop = std::fs::read(out.join("Pear_green/sub_3_box001.png")).unwrap();
    let source = photo::decode(&std::fs::read(&photos[3].path).unwrap()).unwrap();
    let crop = photo::decode(&crop).unwrap();
    assert_eq!([crop.width, crop.height], [8, 8]);
    assert_eq!(crop.bytes[..24], source.bytes[(5 * 64 + 6) * 3..][..24]);
    let table = std::fs::read_to_string(out.join(CROPS_NAME)).unwrap();
    let row =
        format!("Pear_green/sub_3_box001.png,Pear/green,{},6,5,8,8", photos[3].path.display());
    assert!(table.contains(&row), "{row} is not in {table}");

    let dataset = Dataset::read_folder(&out, &Partition::default()).unwrap();
    assert_eq!(dataset.subject.labels, ["Pear_green", "apple"]);
    let mut parts = std::collections::BTreeMap::new();
    for photo in &dataset.photos {
        let name = photo.path.file_name().unwrap().to_str().unwrap();
        let source = name.split_once("_box").unwrap().0.to_owned();
        assert_eq!(*parts.entry(source).or_insert(photo.part), photo.part, "{name}");
    }
    assert_eq!(parts.len(), 12);
    let error = cut(&photos, &images, &PLAN, &out).unwrap_err().to_string();
    assert!(error.contains("is not empty"), "{error}");
}

#[test]
fn labels_may_be_chosen_and_those_without_boxes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (images, out) = (folder.path().join("images"), folder.path().join("crops"));
    let photos = photos(&images);
    let plan =
        |labels: &[&str]| CropPlan { labels: labels.iter().map(|&l| l.into()).collect(), ..PLAN };
    let chosen = cut(&photos, &images, &plan(&["Apple", "plum"]), &out).unwrap();
    assert_eq!(chosen.classes.into_iter().collect::<Vec<_>>(), [("apple".to_owned(), 47)]);
    assert_eq!(chosen.remarks, ["without any box: plum"]);
    let error = cut(&photos, &images, &plan(&["plum"]), &folder.path().join("none")).unwrap_err();
    assert!(error.to_string().contains("no box to cut out: without any box: plum"));
    let mut twins = photos.clone();
    twins[1].path = images.join("sub_0.jpg");
    let error = cut(&twins, &images, &PLAN, &folder.path().join("twins")).unwrap_err();
    assert!(error.to_string().contains("called the same"), "{error}");
}
