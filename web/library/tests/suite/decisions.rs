//! What a photo's tags are.

use tagsight_library::{Decision, Library, Outcome, Source, Step};

use super::*;

#[test]
fn scores_that_reach_their_threshold_are_tags_best_first() {
    let mut library = scored([0.6, 0.9, 0.4]);
    assert_eq!(tags(&library, "a"), ["cat", "dog"]);
    library.set_step(Step::Sure);
    assert_eq!(tags(&library, "a"), ["cat"]);
    library.set_step(Step::More);
    assert_eq!(tags(&library, "a"), ["cat", "dog", "person"]);
}

#[test]
fn the_users_word_stands_whatever_network_and_threshold_say() {
    let mut library = scored([0.6, 0.9, 0.4]);
    library.remove_tag(&[id("a")], "cat");
    library.add_tag(&[id("a")], "person");
    for step in [Step::Sure, Step::More, Step::Balanced] {
        library.set_step(step);
        score(&mut library, "a", &[0.9, 1.0, 0.0]);
        let tags = tags(&library, "a");
        assert!(tags.contains(&"person".into()) && !tags.contains(&"cat".into()), "{tags:?}");
    }
    library.register_model(facts("bb", &["cat", "zebra"]));
    let generation = library.begin(&id("a")).unwrap();
    library.finish(&id("a"), generation, scores("bb", &[1.0, 0.7]));
    assert_eq!(
        sources(&library, "a"),
        [("person".into(), Source::User), ("zebra".into(), Source::Auto)]
    );
}

#[test]
fn tags_stand_by_their_scores_and_do_not_move_when_they_are_confirmed() {
    let mut library = scored([0.6, 0.9, 0.4]);
    library.add_tag(&[id("a")], "person");
    library.add_tag(&[id("a")], "나들이");
    let order = ["나들이", "cat", "dog", "person"];
    assert_eq!(tags(&library, "a"), order);
    library.confirm_tag(&[id("a")], "dog");
    assert_eq!(tags(&library, "a"), order);
    let dog = &library.tags(&id("a"))[2];
    assert_eq!((dog.source, dog.score), (Source::User, Some(0.6)));
}

#[test]
fn the_files_words_are_tags_until_the_user_removes_them() {
    let keywords = ["강아지", " Holiday ", "holiday", ""].map(String::from).into();
    let mut library = library(&[Photo { keywords, ..photo("a") }]);
    score(&mut library, "a", &[0.1, 0.9, 0.1]);
    let file = Source::File;
    assert_eq!(
        sources(&library, "a"),
        [("cat".into(), Source::Auto), ("dog".into(), file), ("Holiday".into(), file)]
    );
    library.remove_tag(&[id("a")], "dog");
    library.remove_tag(&[id("a")], "HOLIDAY");
    assert_eq!(tags(&library, "a"), ["cat"]);
}

#[test]
fn what_is_never_shown_is_shown_only_where_the_user_added_it() {
    let mut library =
        library(&[photo("a"), photo("b"), Photo { keywords: vec!["Dog".into()], ..photo("c") }]);
    for name in ["a", "b", "c"] {
        score(&mut library, name, &[0.9, 0.6, 0.0]);
    }
    library.confirm_tag(&[id("b")], "dog");
    assert!(library.set_hidden("dog", true).settings);
    assert_eq!(tags(&library, "a"), ["cat"]);
    assert_eq!(tags(&library, "b"), ["dog", "cat"]);
    assert_eq!(tags(&library, "c"), ["cat"]);
    assert!(library.less_sure(&id("a")).is_empty());
    library.set_hidden("dog", false);
    assert_eq!(tags(&library, "a"), ["dog", "cat"]);
}

#[test]
fn less_sure_tags_are_few_hopeful_and_undecided() {
    let mut library = scored([0.9, 0.45, 0.05]);
    assert_eq!(keys(&library.less_sure(&id("a"))), ["cat"]);
    library.remove_tag(&[id("a")], "cat");
    assert_eq!(keys(&library.less_sure(&id("a"))), [""; 0]);
    let labels: Vec<String> = (0..30).map(|label| format!("label {label}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    library.register_model(facts("bb", &labels));
    let values: Vec<f32> = (0..30).map(|label| 0.2 + 0.001 * label as f32).collect();
    library.finish(&id("a"), 0, scores("bb", &values));
    let less_sure = library.less_sure(&id("a"));
    assert_eq!(keys(&less_sure)[..2], ["label 29", "label 28"]);
    assert!(less_sure.len() < 10);
}

#[test]
fn scores_of_a_model_that_is_not_loaded_keep_their_meaning() {
    let library = scored([0.9, 0.1, 0.1]);
    let stored = store::Store::of(&library).stored();
    assert_eq!(tags(&Library::open(stored).unwrap(), "a"), ["dog"]);
}

#[test]
fn a_result_that_was_asked_for_before_a_reset_is_dropped() {
    let mut library = scored([0.9, 0.1, 0.1]);
    let asked = library.begin(&id("a")).unwrap();
    library.remove_auto(&[id("a")]);
    assert_eq!(library.finish(&id("a"), asked, scores(MODEL, &[1.0; 3])), Outcome::Stale);
    assert_eq!(tags(&library, "a"), [""; 0]);
    let asked = library.begin(&id("a")).unwrap();
    assert!(matches!(library.finish(&id("a"), asked, scores(MODEL, &[1.0; 3])), Outcome::Kept(_)));
    let asked = library.begin(&id("a")).unwrap();
    library.delete(&[id("a")]);
    assert_eq!(library.finish(&id("a"), asked, scores(MODEL, &[1.0; 3])), Outcome::Unknown);
    assert_eq!(library.begin(&id("a")), None);
}

#[test]
fn a_photo_that_waits_is_reset_too() {
    let mut library = library(&[photo("a")]);
    let asked = library.begin(&id("a")).unwrap();
    let changes = library.remove_auto(&[id("a")]);
    assert_eq!(changes.photos, [id("a")]);
    assert!(library.history().undoable().is_none(), "nothing was there to come back");
    assert_eq!(library.finish(&id("a"), asked, scores(MODEL, &[1.0; 3])), Outcome::Stale);
}

#[test]
fn removing_the_networks_tags_touches_nothing_else() {
    let mut library = library(&[Photo { keywords: vec!["trip".into()], ..photo("a") }]);
    score(&mut library, "a", &[0.9, 0.8, 0.7]);
    library.remove_tag(&[id("a")], "cat");
    library.confirm_tag(&[id("a")], "dog");
    library.remove_auto(&[id("a")]);
    assert_eq!(tags(&library, "a"), ["dog", "trip"]);
    let decisions = library.photo(&id("a")).unwrap().decisions.clone();
    let expected = [("cat", Decision::Removed), ("dog", Decision::Added)];
    assert_eq!(decisions, expected.map(|(key, decision)| (key.to_owned(), decision)).into());
    library.undo();
    assert_eq!(tags(&library, "a"), ["dog", "person", "trip"]);
}
