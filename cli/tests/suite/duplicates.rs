//! `tagsight duplicates`.

use serde_json::Value;

use crate::support::{Folder, fixture};

/// Groups by the names of their photos, sorted, with the distances that are told.
fn groups(folder: &Folder, arguments: &[&str]) -> Vec<Vec<(String, bool, u64)>> {
    let arguments = [&["duplicates", "--format", "json"], arguments, &["photos"]].concat();
    let run = folder.run(&arguments).with_code(0);
    let group = |line: &&str| {
        let group: Value = serde_json::from_str(line).unwrap();
        let photo = |photo: &Value| {
            let name = photo["photo"].as_str().unwrap().strip_prefix("photos/").unwrap();
            let same = photo["same"].as_bool().unwrap();
            (name.to_owned(), same, photo["distance"].as_u64().unwrap())
        };
        group["photos"].as_array().unwrap().iter().map(photo).collect()
    };
    run.lines().iter().map(group).collect()
}

/// The same picture with a comment in it: a larger file.
fn with_comment(jpeg: &[u8]) -> Vec<u8> {
    let comment = b"\xff\xfe\x00\x07hello";
    [&jpeg[..2], comment, &jpeg[2..]].concat()
}

#[test]
fn the_same_picture_is_found_whatever_its_name_and_metadata() {
    let folder = Folder::of(&["baseline.jpg", "alpha.png", "one_pixel.png"]);
    folder.put("deep/copy.jpg", &with_comment(&fixture("baseline.jpg")));
    let before = folder.snapshot();
    let found = groups(&folder, &["--distance", "0"]);
    let same = |name: &str| (name.to_owned(), true, 0);
    assert_eq!(found, [[same("deep/copy.jpg"), same("baseline.jpg")]], "the largest is first");
    assert_eq!(folder.snapshot(), before, "who asks changes nothing");
}

/// A plain picture has a hash that says nothing, and is found by its bytes alone.
#[test]
fn plain_pictures_are_the_same_or_nothing() {
    let folder = Folder::of(&["one_pixel.png", "alpha.png"]);
    folder.put("another.png", &fixture("one_pixel.png"));
    let found = groups(&folder, &["--distance", "16"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].iter().all(|(name, same, _)| *same && name != "alpha.png"), "{found:?}");
}

#[test]
fn what_looks_alike_is_suggested_within_a_distance() {
    // One scene, coded in many ways; and another.
    let folder = Folder::of(&["baseline.jpg", "progressive.jpg", "lossy.webp", "alpha.png"]);
    let found = groups(&folder, &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    let names: Vec<&str> = found[0].iter().map(|(name, ..)| name.as_str()).collect();
    assert!(names.contains(&"baseline.jpg") && names.contains(&"lossy.webp"), "{found:?}");
    assert!(!names.contains(&"alpha.png"), "{found:?}");
    assert!(found[0][1..].iter().all(|(_, same, distance)| !same && *distance <= 4), "{found:?}");
}

#[test]
fn what_the_index_knows_is_not_read_again_and_says_the_same() {
    let folder = Folder::of(&["baseline.jpg", "rgb.png", "lossy.webp", "alpha.png"]);
    folder.put("copy.jpg", &with_comment(&fixture("baseline.jpg")));
    // The model's side is another one, so a few bits may differ: which photos are alike does not.
    let names = || -> Vec<Vec<String>> {
        let found = groups(&folder, &[]).into_iter();
        found.map(|group| group.into_iter().map(|(name, ..)| name).collect()).collect()
    };
    let afresh = names();
    folder.tag(&[]).with_code(0);
    assert_eq!(folder.read(".tagsight/index.jsonl").matches("\"hash\":\"").count(), 5);
    assert_eq!(names(), afresh);
    // The index is believed: with another hash in it, another photo is alike.
    let index = folder.read(".tagsight/index.jsonl");
    let hash = |name: &str| -> String {
        let line = index.lines().find(|line| line.contains(&format!("\"{name}\""))).unwrap();
        line.split("\"hash\":\"").nth(1).unwrap()[..16].to_owned()
    };
    folder.put(
        ".tagsight/index.jsonl",
        index.replace(&hash("alpha.png"), &hash("rgb.png")).as_bytes(),
    );
    assert!(names()[0].contains(&"alpha.png".to_owned()));
    // But not of another picture in the same place.
    folder.put("alpha.png", &fixture("one_pixel.png"));
    assert!(!names()[0].contains(&"alpha.png".to_owned()));
}

#[test]
fn the_table_tells_groups_apart_and_what_cannot_be_read_is_named() {
    let folder = Folder::of(&["baseline.jpg"]);
    folder.put("copy.jpg", &with_comment(&fixture("baseline.jpg")));
    folder.put("broken.jpg", b"\xff\xd8\xff\xe0");
    let run = folder.run(&["duplicates", "photos"]).with_code(1);
    assert_eq!(run.stdout, "photos/copy.jpg\n  the same picture: photos/baseline.jpg\n");
    assert!(run.stderr.contains("broken.jpg"), "{}", run.stderr);
    let absent = folder.run(&["duplicates", "nowhere"]).with_code(2);
    assert!(absent.stderr.contains("nowhere"), "{}", absent.stderr);
}
