//! Packets as programs write them: what is not ours stays, byte for byte.

use tagsight_metadata::{List, Refusal, Wanted};

use crate::{DC, by_machine, packet, refusal, said, subject, wanted, words, write};

fn dog() -> Wanted {
    wanted(&[by_machine("dog", &["dog"])])
}

/// What is left of `after` without what was put in: the parts of `before`, in order.
fn is_kept(before: &str, after: &str) -> bool {
    let mut rest = after.chars();
    before.chars().all(|character| rest.any(|other| other == character))
}

#[test]
fn words_join_lists_as_they_stand() {
    let lists = [
        ("<rdf:Bag><rdf:li>beach</rdf:li></rdf:Bag>", vec!["beach", "dog"]),
        ("<rdf:Seq>\n\t<rdf:li xml:lang='en'>beach</rdf:li>\n</rdf:Seq>", vec!["beach", "dog"]),
        ("<rdf:Bag/>", vec!["dog"]),
        ("<rdf:Bag></rdf:Bag>", vec!["dog"]),
        ("<rdf:Bag><rdf:li/><rdf:li>a &amp; b</rdf:li></rdf:Bag>", vec!["a & b", "dog"]),
        ("<rdf:Bag><rdf:li><![CDATA[a & b]]></rdf:li></rdf:Bag>", vec!["a & b", "dog"]),
        ("beach", vec!["beach", "dog"]),
    ];
    for (list, expected) in lists {
        let before = packet(&format!(
            "<rdf:Description rdf:about='uuid:1' {DC}><dc:subject>{list}</dc:subject>\
             <dc:title>A &#x26; B</dc:title></rdf:Description>"
        ));
        let after = write(Some(&before), &dog()).unwrap();
        assert_eq!(words(&after, List::Subject), expected, "{list}");
        assert!(after.contains("<dc:title>A &#x26; B</dc:title>"), "{after}");
        assert!(after.contains("rdf:about=\"uuid:1\""), "{after}");
        assert_eq!(write(Some(&after), &dog()), None, "{list}");
        let left = write(Some(&after), &Wanted::nothing()).unwrap();
        assert_eq!(words(&left, List::Subject), expected[..expected.len() - 1], "{list}");
    }
}

#[test]
fn a_list_that_is_an_attribute_becomes_an_element() {
    let before =
        packet(&format!("<rdf:Description rdf:about='' {DC} dc:subject='beach' dc:title='a'/>"));
    let after = write(Some(&before), &dog()).unwrap();
    assert_eq!(words(&after, List::Subject), ["beach", "dog"]);
    assert!(after.contains("dc:title='a'") && !after.contains("dc:subject='"), "{after}");
}

#[test]
fn prefixes_are_what_a_packet_says_they_are() {
    let before = "<a:xmpmeta xmlns:a='adobe:ns:meta/'><r:RDF \
        xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='urn:other' \
        xmlns:tagsight='urn:another'>\
        <r:Description r:about='' xmlns:d='http://purl.org/dc/elements/1.1/'>\
        <dc:subject>not this</dc:subject>\
        <d:subject><r:Bag><r:li>beach</r:li></r:Bag></d:subject></r:Description></r:RDF></a:xmpmeta>";
    let after = write(Some(before), &dog()).unwrap();
    assert_eq!(words(&after, List::Subject), ["beach", "dog"]);
    assert_eq!(words(&after, List::TagsList), ["beach", "dog"]);
    assert_eq!(said(&after).given[0].label, "dog");
    assert!(is_kept(before, &after), "{after}");
    assert_eq!(write(Some(&after), &dog()), None);
}

#[test]
fn lists_of_one_name_in_two_places_are_one() {
    let one = |word| {
        format!(
            "<rdf:Description rdf:about='' {DC}><dc:subject><rdf:Bag><rdf:li>{word}</rdf:li></rdf:Bag>\
         </dc:subject></rdf:Description>"
        )
    };
    let before = packet(&(one("beach") + &one("sea")));
    assert_eq!(words(&before, List::Subject), ["beach", "sea"]);
    let after = write(Some(&before), &dog()).unwrap();
    let mut found = words(&after, List::Subject);
    found.sort();
    assert_eq!(found, ["beach", "dog", "sea"]);
    assert_eq!(write(Some(&after), &dog()), None);
}

#[test]
fn the_rest_of_a_packet_is_not_touched() {
    let before = "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>\r\n<!-- a comment -->\r\n"
        .to_owned()
        + &subject(&["beach"]).replace("</dc:subject>", "</dc:subject>\r\n<!-- & --><?odd pi?>")
        + "\r\n<?xpacket end='w'?>\r\n";
    let after = write(Some(&before), &dog()).unwrap();
    assert!(is_kept(&before, &after), "{after}");
    let left = write(Some(&after), &Wanted::nothing()).unwrap();
    assert_eq!(left, before);
}

#[test]
fn what_is_no_xmp_is_refused_and_says_why() {
    let deep = "<a>".repeat(200) + &"</a>".repeat(200);
    for odd in [
        "",
        "dog",
        "<a/>",
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF/></x:xmpmeta>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
        &deep,
        &packet("<rdf:Description>").replace("</rdf:RDF>", ""),
        &(packet("") + &packet("")),
    ] {
        assert!(matches!(refusal(odd), Refusal::Xmp(_)), "{odd}");
    }
}

#[test]
fn empty_packets_can_be_filled() {
    for before in [
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>".to_owned(),
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>\n</x:xmpmeta>".to_owned(),
        packet(""),
        packet("").replace("></rdf:RDF>", "/>"),
        packet("<rdf:Description rdf:about=''/>"),
    ] {
        let after = write(Some(&before), &dog()).unwrap();
        assert_eq!(words(&after, List::Subject), ["dog"], "{before}");
        assert_eq!(write(Some(&after), &dog()), None);
        let left = write(Some(&after), &Wanted::nothing()).unwrap();
        assert!(words(&left, List::Subject).is_empty());
    }
    assert_eq!(write(None, &Wanted::nothing()), None);
}
