//! `tagsight tag`.

use std::fs;

use serde_json::Value;
use tagsight_core::tags::{Scores, Told};
use tagsight_core::{Isa, Step, Tagger};

use crate::support::{Folder, PHOTOS, Run, fixture, foreign_sidecar, model, model_bytes};

/// Tags by photo, of JSON lines.
fn tags(run: &Run) -> Vec<(String, Vec<String>)> {
    let of_line = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let tags = line["tags"].as_array().unwrap().iter();
        let tags = tags.map(|tag| tag["label"].as_str().unwrap().to_owned()).collect();
        (line["photo"].as_str().unwrap().to_owned(), tags)
    };
    run.lines().into_iter().map(of_line).collect()
}

#[test]
fn every_photo_gets_a_sidecar_and_a_second_run_touches_nothing() {
    let folder = Folder::of(&PHOTOS);
    let first = folder.tag(&[]).with_code(0);
    assert_eq!(first.lines().len(), PHOTOS.len());
    let after = folder.snapshot();
    for name in PHOTOS {
        assert_eq!(after[name].0, fixture(name), "{name} itself stays");
        let sidecar = folder.read(&format!("{name}.xmp"));
        assert!(sidecar.contains("dc:subject") && sidecar.contains("tagsight:Given"), "{name}");
    }
    let second = folder.tag(&[]).with_code(0);
    assert_eq!(second.stdout, first.stdout);
    let untouched = folder.snapshot();
    let changed: Vec<_> =
        after.keys().filter(|name| untouched.get(*name) != after.get(*name)).collect();
    assert!(changed.is_empty(), "{changed:?}");
    // Negative control: a photo that changed is seen.
    folder.put("rgb.png", &fixture("grey.png"));
    assert_ne!(folder.tag(&[]).with_code(0).stdout, first.stdout);
}

#[test]
fn the_report_is_that_of_core() {
    let folder = Folder::of(&PHOTOS);
    let run =
        folder.tag(&["--write", "none", "--format", "json", "--thresholds", "more"]).with_code(0);
    let mut tagger = Tagger::new(&model_bytes(), Isa::best()).unwrap();
    let labels = tagger.metadata().labels.clone();
    let mut names = PHOTOS;
    names.sort();
    let expected = names.map(|name| {
        let scores = tagger.scores(&fixture(name)).unwrap();
        let tags = tagger.tags(&scores, Step::More);
        assert!(!tags.is_empty(), "{name}: nothing is compared");
        let photo = format!("photos/{name}");
        let scores = Scores { labels: &labels, scores: &scores };
        serde_json::to_string(&Told { photo: photo.into(), tags, scores }).unwrap()
    });
    assert_eq!(run.lines(), expected);
    // From the index, the same to the last digit.
    let json =
        |folder: &Folder| folder.tag(&["--format", "json", "--thresholds", "more"]).with_code(0);
    assert_eq!(json(&folder).lines(), expected);
    assert_eq!(json(&folder).lines(), expected);
}

#[test]
fn a_dry_run_and_a_report_leave_the_folder_as_it_is() {
    let folder = Folder::of(&PHOTOS);
    folder.put("rgb.png.xmp", foreign_sidecar(&["바다"]).as_bytes());
    let before = folder.snapshot();
    let dry = folder.tag(&["--dry-run", "--lang", "ko"]).with_code(0);
    assert_eq!(folder.snapshot(), before);
    assert!(dry.stdout.contains("would write photos/baseline.jpg.xmp"), "{}", dry.stdout);
    assert!(dry.stdout.contains("dc:subject: – → "), "{}", dry.stdout);
    assert!(dry.stdout.contains("dc:subject: 바다 → 바다, "), "{}", dry.stdout);
    folder.tag(&["--dry-run", "--write", "embed", "--format", "json"]).with_code(0);
    for format in ["table", "json", "csv"] {
        folder.tag(&["--write", "none", "--format", format]).with_code(0);
    }
    folder.tag(&["--undo"]).with_code(0);
    assert_eq!(folder.snapshot(), before);
    // Negative control.
    folder.tag(&[]).with_code(0);
    assert_ne!(folder.snapshot(), before);
}

#[test]
fn an_index_elsewhere_leaves_the_folder_as_it_is() {
    let folder = Folder::of(&["rgb.png"]);
    let before = folder.snapshot();
    let report = ["--write", "none", "--index", "elsewhere.jsonl"];
    let first = folder.tag(&report).with_code(0);
    assert_eq!(folder.snapshot(), before);
    let index = fs::read(folder.around.path().join("elsewhere.jsonl")).unwrap();
    assert_eq!(folder.tag(&report).with_code(0).stdout, first.stdout);
    assert_eq!(fs::read(folder.around.path().join("elsewhere.jsonl")).unwrap(), index);
    let other = folder.tag(&["--index", "photos/rgb.png"]).with_code(2);
    assert!(other.stderr.contains("no index"), "{}", other.stderr);
    assert_eq!(folder.snapshot(), before);
}

#[test]
fn photos_that_cannot_be_read_are_named_and_the_others_go_on() {
    let folder = Folder::of(&["rgb.png", "windows.bmp"]);
    folder.put("a-note.jpg", b"no photo at all");
    folder.put("cut.jpg", &fixture("baseline.jpg")[..200]);
    folder.put("empty.png", b"");
    let run = folder.tag(&[]).with_code(1);
    assert_eq!(run.lines().len(), 2);
    for name in ["a-note.jpg", "cut.jpg", "empty.png"] {
        assert!(run.stderr.contains(&format!("photos/{name}: ")), "{name}: {}", run.stderr);
        assert!(!folder.path(&format!("{name}.xmp")).exists(), "{name}");
    }
    assert!(folder.path("rgb.png.xmp").exists() && folder.path("windows.bmp.xmp").exists());
}

#[test]
fn tags_in_photos_leave_the_picture_alone_and_can_be_taken_back() {
    let names = ["baseline.jpg", "rgb.png", "lossy.webp", "palette.gif"];
    let folder = Folder::of(&names);
    let run = folder.tag(&["--write", "embed"]).with_code(0);
    let written = folder.contents();
    assert!(
        run.stderr.contains("photos/palette.gif: not written into the photo"),
        "{}",
        run.stderr
    );
    assert_eq!(written.len(), names.len() + 1, "{:?}", written.keys());
    assert!(written.contains_key("palette.gif.xmp"));
    for name in &names[..3] {
        let (old, new) = (fixture(name), &written[*name]);
        assert_ne!(&old, new, "{name}");
        let parts = |bytes: &[u8]| tagsight_core::photo::coded_parts(bytes).concat();
        assert_eq!(parts(&old), parts(new), "{name}");
        let said = tagsight_metadata::read(new, &tagsight_cli::words::fold).unwrap();
        assert!(!said.given.is_empty() && said.own.is_empty(), "{name}");
    }
    assert_eq!(folder.tag(&["--write", "embed"]).with_code(0).stdout, run.stdout);
    assert_eq!(folder.contents(), written, "again changes nothing");
    folder.tag(&["--undo"]).with_code(0);
    let undone = folder.contents();
    assert_eq!(undone.len(), names.len(), "{:?}", undone.keys());
    for name in &names[..3] {
        let said = tagsight_metadata::read(&undone[*name], &tagsight_cli::words::fold).unwrap();
        assert!(said.given.is_empty() && said.lists.is_empty(), "{name}: {said:?}");
    }
    assert_eq!(folder.run(&["find", "photos", "person or dog or cat or chair"]).code, 1);
}

#[test]
fn what_was_written_beside_photos_goes_and_what_others_wrote_stays() {
    let folder = Folder::of(&["rgb.png", "grey.png"]);
    let foreign = foreign_sidecar(&["바다", "Grandma"]);
    folder.put("grey.png.xmp", foreign.as_bytes());
    let before = folder.contents();
    folder.tag(&["--add-parent", "--lang", "both"]).with_code(0);
    assert!(folder.path("rgb.png.xmp").exists());
    assert_ne!(folder.read("grey.png.xmp"), foreign);
    folder.tag(&["--undo"]).with_code(0);
    assert_eq!(folder.contents().keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    let sidecar = folder.read("grey.png.xmp");
    assert!(sidecar.contains("바다") && sidecar.contains("Grandma"), "{sidecar}");
    assert!(!sidecar.contains("tagsight:"), "{sidecar}");
}

#[test]
fn the_other_name_of_a_sidecar_is_used_where_only_that_is_there() {
    let folder = Folder::of(&["rgb.png", "grey.png"]);
    folder.put("grey.xmp", foreign_sidecar(&["바다"]).as_bytes());
    folder.tag(&[]).with_code(0);
    let files = folder.contents();
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["grey.png", "grey.xmp", "rgb.png", "rgb.png.xmp"]);
    assert!(folder.read("grey.xmp").contains("tagsight:Given"));
    let folder = Folder::of(&["rgb.png"]);
    folder.tag(&["--sidecar-name", "stem"]).with_code(0);
    assert!(folder.path("rgb.xmp").exists() && !folder.path("rgb.png.xmp").exists());
}

#[test]
fn scores_follow_a_picture_that_moves_or_gets_other_metadata() {
    let folder = Folder::of(&["baseline.jpg"]);
    folder.tag(&[]).with_code(0);
    // Scores that no network gives show where they come from.
    let index = folder.read(".tagsight/index.jsonl");
    let entry: Value = serde_json::from_str(index.lines().last().unwrap()).unwrap();
    let scores = entry["photo"]["scores"].as_str().unwrap();
    let marked: String = scores.chars().map(|_| 'A').collect();
    folder.put(".tagsight/index.jsonl", index.replace(scores, &marked).as_bytes());
    fs::create_dir(folder.path("moved")).unwrap();
    fs::rename(folder.path("baseline.jpg"), folder.path("moved/renamed.jpg")).unwrap();
    let moved = folder.tag(&[]).with_code(0);
    assert_eq!(moved.stdout, "photos/moved/renamed.jpg: no tags\n", "known by its picture");
    let forced = folder.tag(&["--force"]).with_code(0);
    assert!(!forced.stdout.contains("no tags"), "{}", forced.stdout);
}

#[test]
fn what_somebody_removed_stays_removed() {
    let folder = Folder::of(&["rgb.png"]);
    let json = ["--format", "json"];
    let given = tags(&folder.tag(&json).with_code(0)).remove(0).1;
    assert!(given.len() > 2, "{given:?}");
    let gone = given[0].clone();
    let sidecar = folder.read("rgb.png.xmp");
    let lists_end = sidecar.find("<tagsight:").unwrap();
    let (lists, rest) = sidecar.split_at(lists_end);
    let item = format!("<rdf:li>{gone}</rdf:li>");
    assert!(lists.contains(&item));
    folder.put("rgb.png.xmp", (lists.replace(&item, "") + rest).as_bytes());
    for arguments in [&json[..], &["--format", "json", "--force"]] {
        let now = tags(&folder.tag(arguments).with_code(0)).remove(0).1;
        assert_eq!(now, given[1..], "{arguments:?}");
    }
    let subject = folder.read("rgb.png.xmp");
    assert!(!subject[..subject.find("<tagsight:").unwrap()].contains(&item));
    // Also when nothing else is left to be said, and until all is taken back.
    let sidecar = folder.read("rgb.png.xmp");
    let (lists, rest) = sidecar.split_at(sidecar.find("<tagsight:").unwrap());
    let items = given.iter().map(|label| format!("<rdf:li>{label}</rdf:li>"));
    let emptied = items.fold(lists.to_owned(), |lists, item| lists.replace(&item, ""));
    folder.put("rgb.png.xmp", (emptied + rest).as_bytes());
    for _ in 0..2 {
        let now = tags(&folder.tag(&["--format", "json", "--force"]).with_code(0)).remove(0).1;
        assert!(now.is_empty(), "{now:?}");
    }
    folder.tag(&["--undo"]).with_code(0);
    assert_eq!(tags(&folder.tag(&json).with_code(0)).remove(0).1, given);
}

#[test]
fn without_a_model_it_says_what_to_do() {
    let folder = Folder::of(&["rgb.png"]);
    let before = folder.snapshot();
    let run = folder.run(&["tag", "--model", "nowhere", "photos"]).with_code(2);
    assert!(run.stderr.contains("nowhere") && run.stderr.contains("--model"), "{}", run.stderr);
    let run = folder.run(&["tag", "--model", "photos/rgb.png", "photos"]).with_code(2);
    assert!(run.stderr.contains("rgb.png"), "{}", run.stderr);
    assert_eq!(folder.snapshot(), before);
    folder.run(&["tag", "nowhere"]).with_code(2);
    folder.run(&["tag"]).with_code(2);
    folder.run(&["tag", "photos", "--write", "everywhere"]).with_code(2);
}

/// It is the one that the page starts with.
#[test]
fn the_program_brings_a_model_with_it() {
    let folder = Folder::of(&["rgb.png"]);
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../models");
    let built_in =
        folder.run(&["tag", "--write", "none", "--format", "json", "photos"]).with_code(0);
    let named =
        folder.run(&["tag", "--model", models, "--write", "none", "--format", "json", "photos"]);
    assert_eq!(built_in.stdout, named.with_code(0).stdout);
    folder.run(&["tag", "photos"]).with_code(0);
    let index = folder.snapshot()[".tagsight/index.jsonl"].clone();
    folder.run(&["tag", "--model", models, "photos"]).with_code(0);
    assert_eq!(folder.snapshot()[".tagsight/index.jsonl"], index, "one file, one digest");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_refused_with_the_way_out() {
    let folder = Folder::of(&["rgb.png"]);
    // As good as no right to write: whoever tests may have every right.
    folder.put(".tagsight", b"a file");
    let run = folder.tag(&[]).with_code(2);
    assert!(run.stderr.contains("--index"), "{}", run.stderr);
    assert!(!folder.path("rgb.png.xmp").exists());
    folder.tag(&["--write", "none"]).with_code(0);
}

#[test]
fn a_part_of_a_folder_is_known_by_the_folders_index() {
    let folder = Folder::of(&[]);
    folder.put("2026/a.png", &fixture("rgb.png"));
    folder.tag(&[]).with_code(0);
    let before = folder.snapshot();
    let model = model().to_str().unwrap();
    let run =
        folder.run(&["tag", "--model", model, "photos/2026", "photos/2026/a.png"]).with_code(0);
    assert_eq!(run.lines().len(), 2);
    assert_eq!(folder.snapshot(), before);
}

#[test]
fn csv_is_quoted() {
    let folder = Folder::of(&[]);
    folder.put("a, \"b\".png", &fixture("rgb.png"));
    let run = folder.tag(&["--write", "none", "--format", "csv"]).with_code(0);
    assert_eq!(run.lines()[0], "photo,tags,scores,taken");
    assert!(run.lines()[1].starts_with("\"photos/a, \"\"b\"\".png\","), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn links_stay_links() {
    let folder = Folder::of(&[]);
    let target = folder.around.path().join("elsewhere.png");
    fs::write(&target, fixture("rgb.png")).unwrap();
    std::os::unix::fs::symlink("../elsewhere.png", folder.path("link.png")).unwrap();
    folder.tag(&["--write", "embed"]).with_code(0);
    assert!(fs::symlink_metadata(folder.path("link.png")).unwrap().is_symlink());
    assert_ne!(fs::read(target).unwrap(), fixture("rgb.png"));
}

/// Whoever reads a pipe that nobody writes waits for ever.
#[cfg(unix)]
#[test]
fn pipes_are_not_read() {
    let folder = Folder::of(&["rgb.png"]);
    let pipe = folder.path("pipe.jpg");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let run = folder.tag(&["--write", "none"]).with_code(0);
    assert_eq!(run.lines().len(), 1);
    folder.run(&["tag", "--write", "none", "photos/pipe.jpg", "photos"]).with_code(1);
}

/// As behind `| head`.
#[cfg(target_os = "linux")]
#[test]
fn whoever_has_read_enough_is_told_nothing() {
    let folder = Folder::of(&PHOTOS);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let model = model().to_str().unwrap();
    let mut command = folder.command(&["tag", "--model", model, "photos"]);
    let run = Run::of(command.stdout(writer).output().unwrap()).with_code(130);
    assert_eq!(run.stderr, "");
    assert_eq!(folder.tag(&[]).with_code(0).lines().len(), PHOTOS.len());
}
