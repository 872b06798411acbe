//! Other tabs, older builds and newer ones.

use tagsight_library::{Entry, Library, Newer, Part, Settings, Stored, VERSION};

use super::*;

#[test]
fn what_another_tab_wrote_comes_in_without_history() {
    let mut library = scored([0.9, 0.1, 0.1]);
    library.add_tag(&[id("a")], "trip");
    let mut other = Library::open(store::Store::of(&library).stored()).unwrap();
    other.remove_tag(&[id("a")], "dog");
    other.set_hidden("cat", true);
    let theirs = (**other.photo(&id("a")).unwrap()).clone();
    library.replace(theirs).unwrap();
    library.replace_settings(other.settings().clone()).unwrap();
    let history = other.history();
    library.replace_history(history.entries().to_vec(), Some(history.cursor())).unwrap();
    assert_eq!(tags(&library, "a"), ["trip"]);
    assert!(library.settings().is_hidden("cat"));
    library.undo();
    library.undo();
    assert_eq!(tags(&library, "a"), ["trip", "dog"]);
    library.forget(&id("a"));
    assert_eq!(library.photos().len(), 0);
    library.undo();
    library.redo();
    assert_eq!(library.photos().len(), 0, "a step finds nothing to change");
}

#[test]
fn a_replaced_photo_moves_to_its_place() {
    let mut library = library(&[
        Photo { added: 1.0, ..photo("a") },
        Photo { added: 2.0, place: 1, ..photo("b") },
        Photo { added: 2.0, place: 0, ..photo("c") },
    ]);
    let order = |library: &Library| -> Vec<String> {
        library.photos().map(|photo| photo.id.as_str().to_owned()).collect()
    };
    assert_eq!(order(&library), ["c", "b", "a"]);
    library.replace(Photo { added: 3.0, ..photo("a") }).unwrap();
    assert_eq!(order(&library), ["a", "c", "b"]);
    let stored = store::Store::of(&library).stored();
    assert_eq!(order(&Library::open(stored).unwrap()), ["a", "c", "b"]);
}

#[test]
fn an_older_builds_record_is_read() {
    let photo: Photo = json::read(r#"{"id": "a", "name": "a.jpg"}"#).unwrap();
    assert_eq!(photo, super::photo("a"));
    let settings: Settings = json::read("{}").unwrap();
    assert_eq!(settings, Settings::default());
}

#[test]
fn what_a_newer_build_stored_is_refused_by_name() {
    let version = VERSION + 1;
    let newer = |part| Newer { part, version };
    let photos = vec![Photo { version, ..photo("a") }];
    let opened = Library::open(Stored { photos: photos.clone(), ..Stored::default() });
    assert_eq!(opened.unwrap_err(), newer(Part::Photo));
    let settings = Settings { version, ..Settings::default() };
    let opened = Library::open(Stored { settings: settings.clone(), ..Stored::default() });
    assert_eq!(opened.unwrap_err(), newer(Part::Settings));

    let mut library = library(&[photo("a")]);
    library.add_tag(&[id("a")], "trip");
    let mut entries: Vec<Entry> = library.history().entries().to_vec();
    entries[0].version = version;
    assert_eq!(library.replace_history(entries, None), Err(newer(Part::History)));
    assert_eq!(library.replace(photos[0].clone()), Err(newer(Part::Photo)));
    assert_eq!(library.replace_settings(settings), Err(newer(Part::Settings)));
    assert_eq!(tags(&library, "a"), ["trip"]);
}
