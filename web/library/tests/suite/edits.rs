//! What users do, and that it can be undone.

use tagsight_library::{Decision, Kind, Language, Library, Naming, Source};

use super::*;

#[test]
fn an_edit_of_a_selection_is_one_step() {
    let names = ["a", "b", "c"];
    let mut library = library(&names.map(photo));
    let selected = names.map(id);
    library.add_tag(&selected[..1], "dog");
    let changes = library.add_tag(&selected, "강아지");
    assert_eq!(changes.photos, selected[1..]);
    let step = library.history().undoable().unwrap();
    assert_eq!((step.kind, &*step.word, step.photos()), (Kind::Add, "dog", 2));
    assert!(library.add_tag(&selected, "dog").is_empty(), "nothing was to be done");
    library.undo();
    assert_eq!(names.map(|name| tags(&library, name).len()), [1, 0, 0]);
    library.redo();
    assert_eq!(names.map(|name| tags(&library, name).len()), [1, 1, 1]);
    assert!(library.redo().is_empty());
}

#[test]
fn a_new_edit_drops_what_could_be_redone() {
    let mut library = library(&[photo("a")]);
    for word in ["one", "two", "three"] {
        library.add_tag(&[id("a")], word);
    }
    let last = library.history().undoable().unwrap().number;
    library.undo();
    library.undo();
    let changes = library.add_tag(&[id("a")], "four");
    assert_eq!((changes.history.put, changes.history.deleted), (vec![last - 1], vec![last]));
    assert!(library.history().redoable().is_none());
    assert_eq!(tags(&library, "a"), ["four", "one"]);
}

#[test]
fn history_is_bounded() {
    let mut library = library(&[photo("a")]);
    for step in 0..400 {
        library.add_tag(&[id("a")], &format!("word {step}"));
    }
    let entries = library.history().entries();
    assert!((200..400).contains(&entries.len()), "{}", entries.len());
    let oldest = entries[0].number;
    let changes = library.add_tag(&[id("a")], "one more");
    assert_eq!(changes.history.deleted, [oldest]);
    while !library.undo().is_empty() {}
    assert_eq!(library.history().cursor(), oldest + 1);
    let stored = store::Store::of(&library).stored();
    let mut library = Library::open(stored).unwrap();
    assert!(library.undo().is_empty() && !library.redo().is_empty());
}

#[test]
fn large_steps_are_remembered_for_a_shorter_time() {
    let photos: Vec<Photo> = (0..3_000).map(|number| photo(&format!("{number}"))).collect();
    let mut library = library(&photos);
    let ids: Vec<PhotoId> = photos.into_iter().map(|photo| photo.id).collect();
    for step in 0..24 {
        library.add_tag(&ids, &format!("word {step}"));
    }
    let steps = library.history().entries().len();
    assert!((2..24).contains(&steps), "{steps}");
}

#[test]
fn deleted_photos_come_back_as_they_were() {
    let mut library = scored([0.9, 0.1, 0.1]);
    library.add_tag(&[id("a")], "trip");
    let before = library.photo(&id("a")).unwrap().clone();
    let changes = library.delete(&[id("a")]);
    assert_eq!((changes.photos, changes.forgotten), (vec![id("a")], vec![]));
    assert!(library.photo(&id("a")).is_none() && library.remembers(&id("a")));
    library.undo();
    assert_eq!(library.photo(&id("a")), Some(&before));
    library.redo();
    assert!(library.photo(&id("a")).is_none());
}

#[test]
fn a_photo_is_forgotten_with_the_step_that_deleted_it() {
    let mut library = library(&[photo("a"), photo("b")]);
    library.delete(&[id("a")]);
    let mut forgotten = Vec::new();
    for step in 0..400 {
        forgotten.extend(library.add_tag(&[id("b")], &format!("word {step}")).forgotten);
    }
    assert_eq!(forgotten, [id("a")]);
    assert!(!library.remembers(&id("a")) && library.remembers(&id("b")));
}

#[test]
fn a_deleted_photo_that_was_added_again_gets_its_corrections_back() {
    let mut library = library(&[photo("a")]);
    library.remove_tag(&[id("a")], "dog");
    library.delete(&[id("a")]);
    library.add(photo("a"));
    score(&mut library, "a", &[0.9, 0.9, 0.1]);
    let fresh = library.photo(&id("a")).unwrap().clone();
    let changes = library.undo();
    assert_eq!(tags(&library, "a"), ["cat"]);
    assert_eq!(changes.history.put.len(), 1, "the step remembers the photo that was added");
    library.redo();
    assert_eq!(library.photo(&id("a")), Some(&fresh));
}

#[test]
fn a_known_photo_keeps_its_corrections_and_takes_what_its_file_says() {
    let mut library = library(&[Photo { added: 5.0, place: 3, ..photo("a") }]);
    library.add_tag(&[id("a")], "trip");
    let again =
        Photo { name: "b.jpg".into(), keywords: vec!["sea".into()], added: 9.0, ..photo("a") };
    let (arrival, changes) = library.add(again);
    assert_eq!((arrival, changes.photos), (tagsight_library::Arrival::Known, vec![id("a")]));
    let photo = library.photo(&id("a")).unwrap();
    assert_eq!(
        (&*photo.name, photo.added, photo.place),
        ("b.jpg", 9.0, 0),
        "it stands where it was put now"
    );
    assert_eq!(tags(&library, "a"), ["trip", "sea"]);
}

#[test]
fn words_are_renamed_and_merged_everywhere() {
    let mut library =
        library(&[photo("a"), photo("b"), Photo { keywords: vec!["Doggos".into()], ..photo("c") }]);
    library.add_tag(&[id("a"), id("b")], "doggos");
    library.add_tag(&[id("b")], "dog");
    library.add_tag(&[id("b")], "sea");
    library.rename("doggos", "강아지");
    for (name, expected) in [("a", vec!["dog"]), ("b", vec!["sea", "dog"]), ("c", vec!["dog"])] {
        let mut tags = tags(&library, name);
        tags.sort_by_key(|tag| tag == "dog");
        assert_eq!(tags, expected, "{name}");
    }
    library.rename("sea", "Ocean");
    assert!(tags(&library, "b").contains(&"Ocean".into()));
    library.undo();
    library.undo();
    assert_eq!(sources(&library, "c"), [("Doggos".into(), Source::File)]);
    assert_eq!(tags(&library, "b"), ["Doggos", "dog", "sea"]);
}

#[test]
fn a_renaming_says_what_became_of_it() {
    let mut library = library(&[photo("a"), Photo { keywords: vec!["sea".into()], ..photo("b") }]);
    score(&mut library, "a", &[0.9, 0.1, 0.1]);
    library.add_tag(&[id("a")], "Trip");
    let mut rename = |key: &str, word: &str| library.rename(key, word).0;
    let (named, merged) =
        (|key: &str| Naming::Named(key.into()), |key: &str| Naming::Merged(key.into()));
    assert_eq!(rename("trip", "Journey"), named("Journey"));
    assert_eq!(rename("Journey", "sea"), merged("sea"), "that is another tag");
    assert_eq!(rename("sea", "Journey"), named("Journey"), "that is none any more");
    assert_eq!(rename("trip", "holiday"), Naming::Absent);
    assert_eq!(rename("Journey", "journey"), named("Journey"), "only the spelling is new");
    assert_eq!(rename("Journey", "journey"), Naming::Same);
    assert_eq!(rename("journey", ""), named("Journey"), "its own again");
    // A label has another word; it cannot become another label.
    assert_eq!(rename("dog", "Rex"), named("dog"));
    assert_eq!(rename("dog", "Rex"), Naming::Same);
    assert_eq!(rename("dog", "고양이"), Naming::OfLabel("cat".into()));
    assert_eq!(rename("cat", "rex"), Naming::OfLabel("dog".into()), "that is the label's word");
    assert_eq!(rename("dog", "Journey"), merged("dog"), "the word becomes the label");
    assert_eq!(rename("dog", "dog"), named("dog"));
    library.add_tag(&[id("b")], "puppies");
    assert_eq!(library.rename("puppies", "개").0, merged("dog"), "the label becomes the word");
    assert_eq!(library.rename("puppies", "개").0, Naming::Absent);
}

#[test]
fn a_word_that_is_spelled_otherwise_is_the_same_word() {
    let mut library = library(&[photo("a"), photo("b")]);
    library.add_tag(&[id("a")], " new  york ");
    library.add_tag(&[id("b")], "New York");
    assert_eq!((tags(&library, "a"), tags(&library, "b")), {
        let both = vec!["new york".to_owned()];
        (both.clone(), both)
    });
    library.rename("new york", "New York");
    assert_eq!(library.display("new york", Language::En), "New York");
    assert_eq!(tags(&library, "b"), ["new york"]);
}

#[test]
fn a_label_can_be_given_another_word() {
    let mut library = library(&[photo("a"), photo("b")]);
    library.add_tag(&[id("a")], "우리 콩이");
    library.add_tag(&[id("b")], "dog");
    library.set_word("dog", "우리 콩이");
    assert_eq!(library.display("dog", Language::En), "우리 콩이");
    assert_eq!(&*library.key_of("우리콩이"), "dog");
    assert_eq!(tags(&library, "a"), ["dog"], "the user's own word became the label");
    let (naming, changes) = library.set_word("cat", "개");
    assert_eq!(naming, Naming::OfLabel("dog".into()));
    assert!(changes.is_empty());
    library.undo();
    assert_eq!(tags(&library, "a"), ["우리 콩이"]);
    assert_eq!(library.display("dog", Language::Ko), "개");
    library.redo();
    library.set_word("dog", "");
    assert_eq!(library.display("dog", Language::En), "dog");
}

#[test]
fn a_word_removed_by_its_own_name_stays_removed_when_it_becomes_a_labels() {
    let keywords = vec!["콩이".into()];
    let mut library = library(&[Photo { keywords, ..photo("a") }]);
    library.remove_tag(&[id("a")], "콩이");
    library.set_word("dog", "콩이");
    assert_eq!(tags(&library, "a"), [""; 0]);
}

#[test]
fn confirming_makes_tags_the_users() {
    let mut library = scored([0.9, 0.6, 0.1]);
    library.confirm_all(&[id("a")]);
    library.remove_auto(&[id("a")]);
    assert_eq!(
        sources(&library, "a"),
        [("cat".into(), Source::User), ("dog".into(), Source::User)]
    );
    assert!(library.confirm_tag(&[id("a")], "person").is_empty(), "it is not there");
}

#[test]
fn spellings_of_other_tabs_are_one_tag() {
    let decided = |key: &str| [(key.to_owned(), Decision::Added)].into();
    let mut library = library(&[Photo { decisions: decided("Trip"), ..photo("a") }]);
    library.replace(Photo { decisions: decided("trip"), ..photo("b") }).unwrap();
    assert_eq!(tags(&library, "b"), ["Trip"]);
    library.remove_tag(&[id("b")], "trip");
    assert_eq!(library.photo(&id("b")).unwrap().decisions.len(), 1);
}
