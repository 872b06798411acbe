//! Folders of tiny files; what a photo is, its first bytes say.

use super::*;

/// Writes files that look like photos, each with other bytes.
fn write(folder: &Path, names: &[&str]) {
    for name in names {
        write_photo(folder, name, name);
    }
}

fn write_photo(folder: &Path, name: &str, bytes: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, [b"\xff\xd8\xff", bytes.as_bytes()].concat()).unwrap();
}

fn read(folder: &Path) -> Dataset {
    Dataset::read_folder(folder, &Partition::default()).unwrap()
}

/// The photos' names below `folder`, by part.
fn of_part(dataset: &Dataset, folder: &Path, part: Part) -> Vec<String> {
    let name = |photo: &Photo| photo.path.strip_prefix(folder).unwrap().display().to_string();
    let mut names: Vec<String> =
        dataset.photos.iter().filter(|photo| photo.part == Some(part)).map(name).collect();
    names.sort();
    names
}

#[test]
fn folders_are_classes_at_any_depth() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(
        folder,
        &["pear/x/y/1.jpg", "pear/2.PNG", "apple/1.jpg", "apple/.hidden.jpg", ".git/a/1.jpg"],
    );
    write(folder, &["pear/3.jpg", "stray.jpg", "apple/x_box001.jpg"]);
    std::fs::create_dir(folder.join("plum")).unwrap();
    std::fs::write(folder.join("pear/notes.txt"), "none").unwrap();
    std::fs::write(folder.join("pear/empty.jpg"), "").unwrap();
    let dataset = read(folder);
    assert_eq!(dataset.subject.labels, ["apple", "pear"]);
    assert_eq!(dataset.subject.task, Goal::SingleLabel);
    let ids: Vec<u64> = dataset.photos.iter().map(|photo| photo.id).collect();
    let mut expected: Vec<u64> =
        ["apple/1.jpg", "apple/x_box001.jpg", "pear/2.PNG", "pear/3.jpg", "pear/x/y/1.jpg"]
            .map(|name| fnv1a(name.bytes()))
            .to_vec();
    expected.sort();
    assert_eq!(ids, expected);
    let deep = dataset.photos.iter().find(|photo| photo.path.ends_with("x/y/1.jpg")).unwrap();
    assert_eq!(deep.target, Target::Class(1));
    let said = dataset.remarks.join("\n");
    for expected in
        ["pear/notes.txt", "pear/empty.jpg", "classes without photos are left out: plum"]
    {
        assert!(said.contains(expected), "{expected:?} is not in {said}");
    }
    assert!(folder.join(SPLIT_NAME).is_file());
}

#[test]
fn a_folder_of_no_or_one_class_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = |folder: &Path| {
        Dataset::read_folder(folder, &Partition::default()).unwrap_err().to_string()
    };
    assert!(error(folder.path()).contains("no class"));
    write(folder.path(), &["apple/1.jpg", "2.jpg"]);
    assert!(error(folder.path()).contains("only the class apple"));
    assert!(!folder.path().join(SPLIT_NAME).exists());
    write(folder.path(), &["pear/1.jpg"]);
    assert!(error(&folder.path().join("none")).contains("--folder"));
    std::fs::write(folder.path().join(SPLIT_NAME), "path,part\nx,held\n").unwrap();
    assert!(error(folder.path()).contains("is no split"));
}

#[test]
fn parts_that_folders_say_are_kept_and_classes_absent_in_training_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(
        folder,
        &["train/a/1.jpg", "train/b/1.jpg", "val/a/2.jpg", "val/c/3.jpg", "Test/b/4.jpg"],
    );
    write_photo(folder, "val/b/copy.jpg", "train/a/1.jpg");
    let dataset = read(folder);
    assert_eq!(dataset.subject.labels, ["a", "b"]);
    assert_eq!(of_part(&dataset, folder, Part::Train), ["train/a/1.jpg", "train/b/1.jpg"]);
    assert_eq!(of_part(&dataset, folder, Part::Validation), ["val/a/2.jpg", "val/b/copy.jpg"]);
    assert_eq!(of_part(&dataset, folder, Part::Test), ["Test/b/4.jpg"]);
    let said = dataset.remarks.join("\n");
    assert!(said.contains("absent in training are left out, and their 1 photos: c"), "{said}");
    assert!(said.contains("val/b/copy.jpg (val) is train/a/1.jpg (train)"), "{said}");
    assert!(!folder.join(SPLIT_NAME).exists());
}

#[test]
fn without_a_folder_for_validation_it_is_drawn_from_train() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for number in 0..17 {
        write(folder, &[&format!("train/a/{number}.jpg"), &format!("train/b/{number}.jpg")]);
    }
    write(folder, &["test/a/x.jpg", "test/b/x.jpg"]);
    let dataset = read(folder);
    let count = |part| of_part(&dataset, folder, part).len();
    assert_eq!(Part::ALL.map(count), [28, 6, 2]);
    assert_eq!(read(folder).photos, dataset.photos);
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_end() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, &["a/1.jpg", "b/1.jpg"]);
    std::os::unix::fs::symlink(folder, folder.join("a/up")).unwrap();
    std::os::unix::fs::symlink(folder.join("a"), folder.join("a/again")).unwrap();
    let dataset = read(folder);
    let names = Part::ALL.map(|part| of_part(&dataset, folder, part)).concat();
    assert_eq!(names, ["a/1.jpg", "b/1.jpg"]);
}
