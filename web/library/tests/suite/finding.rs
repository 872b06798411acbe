//! Finding photos by what is typed.

use tagsight_library::{Language, Library, Query, Step};

use super::*;

/// A few photos, named by what they have.
fn album() -> Library {
    let mut library = library(&[]);
    let photos: [(&str, &[&str], &str); 6] = [
        ("dog", &["dog"], "2026-11-26T09:13:18"),
        ("dog-cat", &["dog", "cat"], "2026-11-27T09:13:18"),
        ("cat", &["고양이"], "2025-01-02T00:00:00"),
        ("phone", &["핸드폰"], ""),
        ("own", &["제주 여행"], ""),
        ("none", &[], ""),
    ];
    for (place, (name, words, taken)) in photos.into_iter().enumerate() {
        let (name, file) = (id(name), format!("IMG_{place}.jpg"));
        let place = place as u32;
        let photo = Photo { id: name.clone(), name: file, taken: taken.into(), place, ..photo("") };
        library.add(photo);
        for word in words {
            library.add_tag(std::slice::from_ref(&name), word);
        }
    }
    library
}

fn found(library: &Library, typed: &str) -> Vec<String> {
    let query = Query::parse(typed);
    let found = library.find(&query);
    for photo in library.photos() {
        let is_found = found.iter().any(|other| other.id == photo.id);
        assert_eq!(library.matches(&query, &photo.id), is_found, "{typed}");
    }
    found.iter().map(|photo| photo.id.as_str().to_owned()).collect()
}

#[track_caller]
fn check(cases: &[(&str, &[&str])]) {
    let library = album();
    let wrong = cases.iter().filter(|(typed, expected)| found(&library, typed) != *expected);
    let wrong: Vec<_> =
        wrong.map(|&(typed, expected)| (typed, expected, found(&library, typed))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const ALL: &[&str] = &["dog", "dog-cat", "cat", "phone", "own", "none"];

#[test]
fn words_are_joined_by_and_or_and_not() {
    check(&[
        ("", ALL),
        ("dog cat", &["dog-cat"]),
        ("dog and cat", &["dog-cat"]),
        ("dog, cat", &["dog-cat"]),
        ("dog or phone", &["dog", "dog-cat", "phone"]),
        ("dog | phone", &["dog", "dog-cat", "phone"]),
        ("개 또는 휴대폰", &["dog", "dog-cat", "phone"]),
        ("dog -cat", &["dog"]),
        ("dog not cat", &["dog"]),
        ("개 고양이 제외", &["dog"]),
        ("고양이 빼고 개", &["dog"]),
        ("-dog", &["cat", "phone", "own", "none"]),
        ("not not dog", &["dog", "dog-cat"]),
        ("(dog or phone) -cat", &["dog", "phone"]),
        ("-(dog or cat)", &["phone", "own", "none"]),
        ("dog or cat phone", &["dog", "dog-cat"]),
        ("\"cell phone\"", &["phone"]),
        ("“제주 여”", &["own"]),
    ]);
}

#[test]
fn a_half_typed_query_finds_what_it_says_so_far() {
    check(&[
        ("dog or", &["dog", "dog-cat"]),
        ("or dog", &["dog", "dog-cat"]),
        ("dog -", &["dog", "dog-cat"]),
        ("dog not", &["dog", "dog-cat"]),
        ("(dog or phone", &["dog", "dog-cat", "phone"]),
        ("dog) cat", &["dog-cat"]),
        (")(", ALL),
        ("()", ALL),
        ("제외", ALL),
        ("|", ALL),
        ("\"", ALL),
        ("dog \"", &["dog", "dog-cat"]),
        ("\"cell ph", &["phone"]),
        ("((((((((((((((((((((((((((((((dog", &["dog", "dog-cat"]),
    ]);
    let deep = "(".repeat(100_000);
    assert_eq!(found(&album(), &deep), ALL);
    let nots = "not ".repeat(100_000);
    assert_eq!(found(&album(), &nots), ALL);
    let closed = "dog)".repeat(1_000);
    assert_eq!(found(&album(), &closed), ["dog", "dog-cat"]);
}

#[test]
fn words_of_both_languages_find_whatever_the_page_speaks() {
    check(&[
        ("강아지", &["dog", "dog-cat"]),
        ("puppies", &["dog", "dog-cat"]),
        ("animal", &["dog", "dog-cat", "cat"]),
        ("동물", &["dog", "dog-cat", "cat"]),
        ("고양이", &["dog-cat", "cat"]),
        ("고양", &["dog-cat", "cat"]),
        ("공", &["dog-cat", "cat"]),
        ("ㄱㅇㅇ", &["dog-cat", "cat"]),
        ("kitt", &["dog-cat", "cat"]),
        ("mobile", &["phone"]),
        ("ㅎㄷㅍ", &["phone"]),
        ("여행", &["own"]),
        ("ㅈㅈㅇㅎ", &["own"]),
        ("zebra", &[]),
    ]);
}

#[test]
fn file_names_and_dates_are_found() {
    check(&[
        ("IMG_5", &["none"]),
        ("g_5.j", &["none"]),
        ("2026", &["dog", "dog-cat"]),
        ("2026-11", &["dog", "dog-cat"]),
        ("2026.11.27", &["dog-cat"]),
        ("2026 -cat", &["dog"]),
        ("2026-12", &[]),
    ]);
}

#[test]
fn parentheses_in_names_need_no_quotes() {
    let mut library = album();
    library.add(Photo { name: "IMG(1).jpg".into(), ..photo("copy") });
    assert_eq!(found(&library, "img(1)"), ["copy"]);
    assert_eq!(found(&library, "(img(1) or phone)"), ["copy", "phone"]);
}

#[test]
fn a_given_word_finds_beside_the_labels_own() {
    let mut library = album();
    library.set_word("dog", "콩이");
    assert_eq!(found(&library, "ㅋㅇ"), ["dog", "dog-cat"]);
    assert_eq!(found(&library, "강아지"), ["dog", "dog-cat"]);
}

#[test]
fn what_is_found_follows_thresholds_and_decisions() {
    let mut library = scored([0.4, 0.9, 0.1]);
    assert_eq!(found(&library, "dog"), [""; 0]);
    library.set_step(Step::More);
    assert_eq!(found(&library, "dog"), ["a"]);
    library.remove_tag(&[id("a")], "dog");
    assert_eq!(found(&library, "dog"), [""; 0]);
}

#[test]
fn chips_ask_for_tags_exactly_and_are_counted() {
    let mut library = album();
    library.add_tag(&[id("own")], "dogwood");
    let of = |library: &Library, keys: &[&str]| -> Vec<String> {
        let keys = keys.iter().map(|&key| key.into()).collect();
        let found = library.find(&Query::parse("").with_tags(keys));
        found.iter().map(|photo| photo.id.as_str().to_owned()).collect()
    };
    assert_eq!(of(&library, &["dog"]), ["dog", "dog-cat"]);
    assert_eq!(of(&library, &["dog", "cat"]), ["dog-cat"]);
    assert_eq!(of(&library, &["never heard"]), [""; 0]);

    let found = library.find(&Query::parse("dog"));
    let counts = |among: &[_]| -> Vec<(String, usize)> {
        library.counts(among).into_iter().map(|(key, count)| (key.to_string(), count)).collect()
    };
    let expected =
        [("dog", 2), ("cat", 1), ("dogwood", 1), ("제주 여행", 1)].map(|(k, n)| (k.to_owned(), n));
    assert_eq!(counts(&found), expected);
    let backwards: Vec<_> = found.into_iter().rev().collect();
    assert_eq!(counts(&backwards), expected);
}

#[test]
fn what_is_begun_is_suggested_most_used_first() {
    let mut library = album();
    library.add_tag(&[id("none")], "Dogwood");
    let suggest = |library: &Library, begun: &str, language| -> Vec<String> {
        let keys = library.suggest(begun, language, 4);
        keys.iter().map(ToString::to_string).collect()
    };
    assert_eq!(suggest(&library, "do", Language::En), ["dog", "Dogwood", "donut", "hot dog"]);
    assert_eq!(suggest(&library, "강아", Language::Ko), ["dog"]);
    assert_eq!(suggest(&library, "puppy", Language::En), ["dog"]);
    assert_eq!(suggest(&library, "", Language::En)[..2], ["cat", "dog"]);
    assert_eq!(suggest(&library, "dogwood", Language::En), ["Dogwood"]);
    library.remove_tag(&[id("none")], "dogwood");
    assert_eq!(suggest(&library, "dogw", Language::En), [""; 0]);
}

#[test]
fn tags_are_shown_in_the_pages_language() {
    let library = album();
    let shown = |key, language| library.display(key, language).to_owned();
    assert_eq!(
        (shown("dog", Language::En), shown("dog", Language::Ko)),
        ("dog".into(), "개".into())
    );
    assert_eq!(shown("zebra", Language::Ko), "얼룩말");
    assert_eq!(shown("제주 여행", Language::En), "제주 여행");
    assert!(library.is_label("zebra") && !library.is_label("제주 여행"));
}
