//! Backups, and bringing them in.

use tagsight_library::{Backup, Decision, Library, Merged, Newer, Part, Settings, Step, VERSION};

use super::*;

#[test]
fn a_backup_fills_an_empty_library() {
    let mut library = scored([0.9, 0.6, 0.1]);
    library.remove_tag(&[id("a")], "cat");
    library.set_step(Step::More);
    library.set_word("dog", "콩이");
    let backup: Backup = {
        let text = serde_json::to_string(&library.backup()).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let mut restored = Library::default();
    let (merged, changes) = restored.merge(backup).unwrap();
    assert_eq!(merged, Merged { new: 1, ..Merged::default() });
    assert_eq!((changes.photos, changes.settings), (vec![id("a")], true));
    assert_eq!(restored.settings(), library.settings());
    assert_eq!(restored.tags(&id("a")), library.tags(&id("a")));
}

#[test]
fn what_is_there_wins_and_what_is_new_is_added() {
    let mut library = scored([0.9, 0.6, 0.1]);
    library.add_tag(&[id("a")], "sea");
    library.add_tag(&[id("a")], "Trip");
    library.set_hidden("person", true);
    let old = library.backup();
    library.remove_tag(&[id("a")], "sea");
    library.set_hidden("person", false);
    let mut backup = old.clone();
    let decisions = &mut backup.photos[0].decisions;
    decisions.insert("cat".into(), Decision::Removed);
    decisions.insert("trip".into(), Decision::Removed);
    backup.photos.push(photo("b"));
    let (merged, changes) = library.merge(backup.clone()).unwrap();
    assert_eq!(merged, Merged { new: 1, joined: 1, refused: 0 });
    assert_eq!(changes.photos, [id("a"), id("b")]);
    assert_eq!(tags(&library, "a"), ["Trip", "dog"]);
    assert!(!library.settings().is_hidden("person"));
    let (merged, changes) = library.merge(backup).unwrap();
    assert_eq!(merged, Merged { new: 0, joined: 2, refused: 0 });
    assert!(changes.is_empty(), "all of it is there");
}

#[test]
fn a_newer_builds_backup_is_refused() {
    let mut library = library(&[]);
    let version = VERSION + 1;
    let backup = Backup { version, ..Backup::default() };
    assert_eq!(library.merge(backup).unwrap_err(), Newer { part: Part::Backup, version });
    let settings = Settings { version, ..Settings::default() };
    let backup = Backup { settings, ..Backup::default() };
    assert_eq!(library.merge(backup).unwrap_err(), Newer { part: Part::Settings, version });
    let photos = vec![Photo { version, ..photo("a") }, Photo::default(), photo("b")];
    let (merged, _) = library.merge(Backup { photos, ..Backup::default() }).unwrap();
    assert_eq!(merged, Merged { new: 1, joined: 0, refused: 2 });
}

#[test]
fn undoing_after_a_restore_takes_no_word_of_the_backups() {
    let mut library = library(&[photo("a")]);
    let mut backup = library.backup();
    backup.photos[0].decisions.insert("cat".into(), Decision::Added);
    library.delete(&[id("a")]);
    library.merge(backup).unwrap();
    library.undo();
    assert_eq!(tags(&library, "a"), ["cat"]);
}
