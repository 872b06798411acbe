//! Backups, and bringing them in.

use tagsight_library::{Backup, Decision, Library, Merged, Newer, Part, Settings, Step, VERSION};
use tagsight_plain::Plain;

use super::*;

#[test]
fn a_backup_fills_an_empty_library() {
    let mut library = scored([0.9, 0.6, 0.1]);
    library.remove_tag(&[id("a")], "cat");
    library.set_step(Step::More);
    library.set_word("dog", "콩이");
    let backup = Backup::from_bytes(&library.backup().to_bytes()).unwrap();
    let mut restored = Library::default();
    let (merged, changes) = restored.merge(backup).unwrap();
    assert_eq!(merged, Merged { new: 1, ..Merged::default() });
    assert_eq!((changes.photos, changes.settings), (vec![id("a")], true));
    library.backed_up(library.settings().since_backup);
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

#[test]
fn decisions_are_counted_until_they_are_in_a_backup() {
    let mut library = scored([0.9, 0.6, 0.1]);
    let count = |library: &Library| library.settings().since_backup;
    assert_eq!(count(&library), 0, "what a network says is no decision");
    library.set_step(Step::More);
    assert!(library.add_tag(&[id("a")], "sea").settings, "the count is to be kept");
    library.remove_tag(&[id("a")], "cat");
    assert!(library.add_tag(&[id("a")], "sea").is_empty());
    assert_eq!(count(&library), 2, "what changes nothing is none either");
    library.undo();
    library.redo();
    let mut library = Library::open(store::Store::of(&library).stored()).unwrap();
    assert_eq!(count(&library), 2, "it is there after a reload, and undoing adds nothing");
    let begun = count(&library);
    assert_eq!(library.backup().settings.since_backup, 0);
    library.add_tag(&[id("a")], "trip");
    assert!(library.backed_up(begun).settings);
    assert_eq!(count(&library), 1, "what was decided while it was made is not in it");
    assert!(library.backed_up(0).is_empty());
}
