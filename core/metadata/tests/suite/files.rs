//! Photos: where packets go, what room they take, and what is refused.

use tagsight_metadata::{List, Outcome, Patch, Piece, Refusal, Wanted, embed, read};

use crate::{NOW, by_machine, by_person, fold, packet, subject, wanted, writer};

const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\
    \xFF\xE1\0\x0AExif\0\0ab\xFF\xE2\0\x04cd\xFF\xDA\0\x02 picture \xFF\xD9 behind";

/// The JPEG with a packet behind Exif.
fn with(packet: &[u8]) -> Vec<u8> {
    let at = 20 + 12;
    let name = b"http://ns.adobe.com/xap/1.0/\0";
    let length = (2 + name.len() + packet.len()) as u16;
    [&JPEG[..at], &[0xFF, 0xE1], &length.to_be_bytes(), name, packet, &JPEG[at..]].concat()
}

fn patch(photo: &[u8], wanted: &Wanted) -> Result<Patch, Refusal> {
    match embed(photo, wanted, &writer(NOW))? {
        Outcome::Changed(change) => Ok(change.output),
        Outcome::Unchanged(_) => panic!("it should change"),
    }
}

fn dog() -> Wanted {
    wanted(&[by_machine("dog", &["dog"])])
}

#[test]
fn a_first_packet_goes_behind_exif_and_the_rest_is_the_old_files() {
    let patch = patch(JPEG, &dog()).unwrap();
    let [Piece::Old(before), Piece::New(segment), Piece::Old(behind)] = &patch.pieces[..] else {
        panic!("{patch:?}")
    };
    assert_eq!((before.clone(), behind.clone()), (0..32, 32..JPEG.len()));
    assert!(segment.starts_with(b"\xFF\xE1"));
    let photo = patch.apply(JPEG);
    assert_eq!(read(&photo, &fold).unwrap().lists.of(List::Subject)[0].leaf(), "dog");
    // What is left is the photo of before.
    let left = self::patch(&photo, &Wanted::nothing()).unwrap().apply(&photo);
    assert_eq!(left, JPEG);
}

#[test]
fn a_packet_with_room_keeps_its_size() {
    let room = subject(&["beach"]) + &" ".repeat(4000) + "<?xpacket end='w'?>";
    let photo = with(room.as_bytes());
    let patched = patch(&photo, &dog()).unwrap().apply(&photo);
    assert_eq!(patched.len(), photo.len());
    // A new one has room for the next program.
    let new = patch(JPEG, &dog()).unwrap().apply(JPEG);
    let more = patch(&new, &wanted(&[by_machine("dog", &["dog"]), by_person("spring")])).unwrap();
    assert_eq!(more.apply(&new).len(), new.len());
}

#[test]
fn a_segment_is_filled_to_its_last_byte_and_no_further() {
    let empty = packet("<rdf:Description rdf:about=''/>");
    let full = |padding: usize| {
        with((empty.clone() + &"x".repeat(padding) + "<?xpacket end='w'?>").as_bytes())
    };
    // Text behind the packet is not padding, so it cannot give way.
    let most = 65_502 - empty.len() - 19;
    let photo = full(most);
    assert!(matches!(patch(&photo, &dog()), Err(Refusal::TooLarge(bytes)) if bytes > 65_502));
    let needed = patch(&full(1), &dog()).unwrap().apply(&full(1)).len() - full(1).len();
    let photo = full(most - needed);
    let patched = patch(&photo, &dog()).unwrap().apply(&photo);
    assert_eq!(patched.len(), full(most).len());
}

#[test]
fn two_packets_are_refused() {
    let one = with(subject(&["beach"]).as_bytes());
    let segment = &one[32..one.len() - (JPEG.len() - 32)];
    let two = [&one[..32], segment, &one[32..]].concat();
    assert_eq!(patch(&two, &dog()), Err(Refusal::TwoPackets));
}

#[test]
fn other_files_are_refused() {
    for other in [&b""[..], b"GIF89a", b"\xFF\xD8", b"RIFF\0\0\0\0WAVE"] {
        assert_eq!(embed(other, &dog(), &writer(NOW)), Err(Refusal::Kind));
    }
    let damaged: [&[u8]; 4] =
        [b"\xFF\xD8\xFF\xD9", b"\x89PNG\r\n\x1a\n", b"RIFF\xFF\0\0\0WEBPVP8 ", &JPEG[..30]];
    for photo in damaged {
        let outcome = embed(photo, &dog(), &writer(NOW));
        assert!(matches!(outcome, Err(Refusal::Damaged(_))), "{outcome:?}");
    }
}

#[test]
fn a_photo_that_says_it_already_is_left_alone_whatever_it_is() {
    let nothing = embed(JPEG, &Wanted::nothing(), &writer(NOW)).unwrap();
    assert!(matches!(nothing, Outcome::Unchanged(lists) if lists.is_empty()));
}

/// A PNG whose keywords are IPTC's in text, which is read and not written.
#[test]
fn a_word_that_cannot_be_taken_out_does_not_keep_a_file_from_being_done() {
    let png = include_bytes!("../../../../tests/fixtures/photos/rgb.png");
    let text = b"Raw profile type iptc\0\niptc\n      10\n1c0219000562656163 68\n";
    let chunk = [&(text.len() as u32).to_be_bytes()[..], b"tEXt", text, &[0; 4]].concat();
    let photo = [&png[..33], &chunk, &png[33..]].concat();
    let wanted = Wanted {
        tags: vec![by_person("spring")],
        removed: vec!["beach".to_owned()],
        ..Wanted::default()
    };
    let after = patch(&photo, &wanted).unwrap().apply(&photo);
    let lists = read(&after, &fold).unwrap().lists;
    assert_eq!(lists.of(List::Subject).len(), 1);
    assert_eq!(lists.of(List::Iptc)[0].leaf(), "beach");
    let again = embed(&after, &wanted, &writer(NOW)).unwrap();
    assert!(matches!(again, Outcome::Unchanged(_)));
}
