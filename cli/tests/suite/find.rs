//! `tagsight find`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Folder, PHOTOS, fixture, foreign_sidecar};

fn found(folder: &Folder, query: &str) -> BTreeSet<String> {
    let run = folder.run(&["find", "photos", query]);
    let paths: BTreeSet<String> = run.stdout.lines().map(str::to_owned).collect();
    assert_eq!(run.code, i32::from(paths.is_empty()), "{query}: {run:?}");
    paths
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(|name| format!("photos/{name}")).into()
}

#[test]
fn what_tags_say_is_found_in_both_languages() {
    let folder = Folder::of(&PHOTOS);
    let run = folder.tag(&["--format", "json", "--lang", "ko"]).with_code(0);
    let lines: Vec<Value> =
        run.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let having = |label: &str| -> BTreeSet<String> {
        let has = |line: &&Value| {
            line["tags"].as_array().unwrap().iter().any(|tag| tag["label"] == label)
        };
        lines.iter().filter(has).map(|line| line["photo"].as_str().unwrap().to_owned()).collect()
    };
    let mut compared = 0;
    for (one, in_korean) in
        [("zebra", "얼룩말"), ("laptop", "노트북"), ("elephant", "코끼리"), ("kite", "연")]
    {
        for (other, other_in_korean) in
            [("giraffe", "기린"), ("umbrella", "우산"), ("banana", "바나나")]
        {
            let (with, without) = (having(one), having(other));
            let both: BTreeSet<_> = with.intersection(&without).cloned().collect();
            let only: BTreeSet<_> = with.difference(&without).cloned().collect();
            assert_eq!(found(&folder, &format!("{one} {other}")), both);
            assert_eq!(found(&folder, &format!("{one} and not {other}")), only);
            assert_eq!(found(&folder, &format!("\"{in_korean}\" -\"{other_in_korean}\"")), only);
            compared += only.len() + both.len();
        }
    }
    assert!(compared > 0, "nothing was found anywhere");
    let sure = folder
        .run(&["find", "--thresholds", "sure", "--format", "json", "photos", ""])
        .with_code(0);
    assert_eq!(sure.lines().len(), PHOTOS.len());
    let line: Value = serde_json::from_str(sure.lines()[0]).unwrap();
    assert!(line["tags"][0]["score"].is_f64(), "{line}");
}

#[test]
fn what_other_programs_wrote_is_found_without_an_index() {
    let folder = Folder::of(&["rgb.png", "grey.png", "baseline.jpg"]);
    folder.put("rgb.png.xmp", foreign_sidecar(&["강아지", "바다"]).as_bytes());
    folder.put("grey.xmp", foreign_sidecar(&["dog", "person"]).as_bytes());
    let before = folder.snapshot();
    assert_eq!(found(&folder, "dog"), names(["rgb.png", "grey.png"]));
    assert_eq!(found(&folder, "dog and not person"), names(["rgb.png"]));
    assert_eq!(found(&folder, "개 사람 제외"), names(["rgb.png"]));
    assert_eq!(found(&folder, "바다"), names(["rgb.png"]));
    assert_eq!(found(&folder, "baseline"), names(["baseline.jpg"]));
    assert_eq!(found(&folder, "zebra"), names([]));
    assert_eq!(folder.snapshot(), before, "who asks changes nothing");
}

#[test]
fn what_changed_since_it_was_tagged_is_read_again() {
    let folder = Folder::of(&["rgb.png", "grey.png"]);
    folder.tag(&["--thresholds", "sure"]).with_code(0);
    assert_eq!(found(&folder, "Grandma"), names([]));
    folder.put("rgb.png.xmp", foreign_sidecar(&["Grandma"]).as_bytes());
    assert_eq!(found(&folder, "Grandma"), names(["rgb.png"]));
    // A photo that came since, and one that went.
    folder.put("new/dog.jpg", &fixture("baseline.jpg"));
    folder.put("new/dog.jpg.xmp", foreign_sidecar(&["Grandma"]).as_bytes());
    std::fs::remove_file(folder.path("rgb.png")).unwrap();
    assert_eq!(found(&folder, "Grandma"), names(["new/dog.jpg"]));
}

#[test]
fn names_are_handed_on_as_they_are() {
    let folder = Folder::of(&[]);
    folder.put("two\nlines.png", &fixture("rgb.png"));
    folder.put("plain.png", &fixture("rgb.png"));
    let run = folder.run(&["find", "--print0", "photos", "png"]).with_code(0);
    let paths: Vec<&str> = run.stdout.split_terminator('\0').collect();
    assert_eq!(paths, ["photos/plain.png", "photos/two\nlines.png"]);
    // Options may stand anywhere, and a query that begins with a dash behind two.
    let after = folder.run(&["find", "photos", "png", "--print0"]).with_code(0);
    assert_eq!(after.stdout, run.stdout);
    let without = folder.run(&["find", "photos", "--", "-plain"]).with_code(0);
    assert_eq!(without.stdout, "photos/two\nlines.png\n");
    folder.run(&["find", "photos", "png", "--nothing-like-it"]).with_code(2);
    folder.run(&["find", "nowhere", "dog"]).with_code(2);
    folder.run(&["find", "photos"]).with_code(2);
}
