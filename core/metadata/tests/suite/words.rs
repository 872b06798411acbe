//! Whose words there are, and what becomes of them.

use tagsight_metadata::{Keyword, List, Wanted};

use crate::{
    LATER, NOW, by_machine, by_person, packet, said, subject, wanted, words, write, write_at,
};

#[test]
fn every_list_holds_the_union() {
    let before = subject(&["beach", "Straße"]);
    let after = write(Some(&before), &wanted(&[by_machine("dog", &["Animal|Dog", "개"])])).unwrap();
    assert_eq!(words(&after, List::Subject), ["beach", "Straße", "Dog", "개"]);
    assert_eq!(words(&after, List::Hierarchical), ["Animal|Dog", "beach", "Straße", "개"]);
    assert_eq!(words(&after, List::TagsList), ["Animal|Dog", "beach", "Straße", "개"]);
    assert!(words(&after, List::LastKeyword).is_empty());
    let own: Vec<_> = said(&after).own.iter().map(|own| own.leaf().to_owned()).collect();
    assert_eq!(own, ["beach", "Straße"]);
}

#[test]
fn a_word_that_somebody_has_is_theirs_however_it_is_written() {
    let before = subject(&["  CAFE\u{301} ", "dog"]);
    let machine = wanted(&[by_machine("dog", &["Dog"]), by_machine("cup", &["Café"])]);
    let after = write(Some(&before), &machine).unwrap();
    assert_eq!(words(&after, List::Subject), ["  CAFE\u{301} ", "dog"]);
    let left = write(Some(&after), &Wanted::nothing()).unwrap();
    assert_eq!(words(&left, List::Subject), ["  CAFE\u{301} ", "dog"]);
    assert!(words(&left, List::Hierarchical).is_empty());
}

#[test]
fn what_a_person_confirms_is_the_files_own() {
    let machine = wanted(&[by_machine("dog", &["dog"]), by_machine("cat", &["cat"])]);
    let first = write(None, &machine).unwrap();
    let confirmed = write(Some(&first), &wanted(&[by_person("dog"), by_machine("cat", &["cat"])]));
    let confirmed = confirmed.unwrap();
    assert_eq!(said(&confirmed).given.len(), 1);
    let left = write(Some(&confirmed), &Wanted::nothing()).unwrap();
    for list in [List::Subject, List::Hierarchical, List::TagsList] {
        assert_eq!(words(&left, list), ["dog"], "{}", list.name());
    }
}

#[test]
fn what_a_person_removed_goes_from_every_list() {
    let before = packet(
        "<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' \
         xmlns:lr='http://ns.adobe.com/lightroom/1.0/'>\
         <dc:subject><rdf:Bag><rdf:li>dog</rdf:li><rdf:li>beach</rdf:li></rdf:Bag></dc:subject>\
         <lr:hierarchicalSubject><rdf:Bag><rdf:li>Animal|Dog</rdf:li></rdf:Bag></lr:hierarchicalSubject>\
         </rdf:Description>",
    );
    let gone = Wanted { removed: vec!["DOG".into()], ..Wanted::default() };
    let after = write(Some(&before), &gone).unwrap();
    assert_eq!(words(&after, List::Subject), ["beach"]);
    assert!(!after.contains("hierarchicalSubject"), "a list without words goes: {after}");
    // What is wanted is not removed.
    let both =
        Wanted { tags: vec![by_person("dog")], removed: vec!["dog".into()], ..Wanted::default() };
    let after = write(Some(&before), &both).unwrap();
    assert_eq!(words(&after, List::Subject), ["dog", "beach"]);
}

#[test]
fn what_another_program_took_out_is_not_written_again() {
    let machine = wanted(&[by_machine("dog", &["dog"]), by_machine("cat", &["cat"])]);
    let first = write(None, &machine).unwrap();
    let edited = first.replacen("\n     <rdf:li>dog</rdf:li>", "", 1);
    assert_eq!(words(&edited, List::Subject), ["cat"]);
    let given = said(&edited).given;
    assert_eq!([given[0].is_withdrawn, given[1].is_withdrawn], [true, false]);
    let again = write(Some(&edited), &machine).unwrap();
    for list in [List::Subject, List::Hierarchical, List::TagsList] {
        assert_eq!(words(&again, list), ["cat"], "{}", list.name());
    }
    assert_eq!(write(Some(&again), &machine), None);
    // Nor when the machine said nothing for a while.
    let nothing = write(Some(&again), &Wanted::default()).unwrap();
    assert_eq!(said(&nothing).given.len(), 1);
    assert_eq!(words(&write(Some(&nothing), &machine).unwrap(), List::Subject), ["cat"]);
    assert_eq!(write(Some(&nothing), &Wanted::nothing()).unwrap(), "");
    let anyway =
        write(Some(&again), &wanted(&[by_person("dog"), machine.tags[1].clone()])).unwrap();
    assert_eq!(words(&anyway, List::Subject), ["cat", "dog"]);
    assert_eq!(said(&anyway).given.len(), 1);
}

#[test]
fn a_machine_that_changed_its_mind_leaves_nothing_behind() {
    let before = subject(&["beach"]);
    let first = write(Some(&before), &wanted(&[by_machine("dog", &["dog"])])).unwrap();
    let second = write(Some(&first), &wanted(&[by_machine("cat", &["cat"])])).unwrap();
    assert_eq!(words(&second, List::Subject), ["beach", "cat"]);
    assert_eq!(words(&second, List::TagsList), ["beach", "cat"]);
    assert_eq!(said(&second).given[0].label, "cat");
}

#[test]
fn dates_tell_when_a_tag_was_first_written() {
    let dog = by_machine("dog", &["dog"]);
    let first = write(None, &wanted(std::slice::from_ref(&dog))).unwrap();
    assert_eq!(write_at(LATER, None, Some(&first), &wanted(std::slice::from_ref(&dog))), None);
    let both = wanted(&[dog, by_machine("cat", &["cat"])]);
    let second = write_at(LATER, None, Some(&first), &both).unwrap();
    let dates: Vec<_> = said(&second).given.into_iter().map(|given| given.date).collect();
    assert_eq!(dates, [NOW, LATER]);
    assert!(second.contains(&format!("<xmp:MetadataDate>{LATER}</xmp:MetadataDate>")));
}

#[test]
fn words_that_a_list_cannot_say_are_left_out_there() {
    let after = write(None, &wanted(&[by_person("a/b"), by_person("c")])).unwrap();
    assert_eq!(words(&after, List::Subject), ["a/b", "c"]);
    assert_eq!(words(&after, List::Hierarchical), ["a/b", "c"]);
    assert_eq!(words(&after, List::TagsList), ["c"]);
}

#[test]
fn a_new_sidecar_begins_with_the_photos_words_and_an_old_one_keeps_its_own() {
    let photo = said(&subject(&["beach", "sea"]));
    let dog = wanted(&[by_machine("dog", &["dog"]), by_person("spring")]);
    let new = write_at(NOW, Some(&photo), None, &dog).unwrap();
    assert_eq!(words(&new, List::Subject), ["beach", "sea", "dog", "spring"]);
    assert_eq!(write_at(NOW, Some(&photo), Some(&new), &dog), None);
    let old = subject(&["mountain"]);
    let after = write_at(NOW, Some(&photo), Some(&old), &dog).unwrap();
    assert_eq!(words(&after, List::Subject), ["mountain", "dog", "spring"]);
    // One without words is filled.
    let rated = packet(
        "<rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='5'/>",
    );
    let after = write_at(NOW, Some(&photo), Some(&rated), &dog).unwrap();
    assert_eq!(words(&after, List::Subject), ["beach", "sea", "dog", "spring"]);
    let removed = Wanted { removed: vec!["sea".into()], ..dog };
    let after = write_at(NOW, Some(&photo), None, &removed).unwrap();
    assert_eq!(words(&after, List::Subject), ["beach", "dog", "spring"]);
}

#[test]
fn a_flat_word_has_its_place_where_a_path_leads_through_it() {
    let path = Keyword::from_path(["Animal", "Dog"]).unwrap();
    let mut dog = by_machine("dog", &["Animal"]);
    dog.keywords.insert(0, path);
    let after = write(None, &wanted(&[dog])).unwrap();
    assert_eq!(words(&after, List::Subject), ["Dog", "Animal"]);
    assert_eq!(words(&after, List::Hierarchical), ["Animal|Dog"]);
}
