//! Everything comes back, and nothing else does.

use crate::{Plain, Reader, message, name, record};

#[derive(Debug, Clone, PartialEq)]
struct Photo {
    name: String,
    bytes: u64,
    scores: Vec<f32>,
    kind: Option<Kind>,
}

impl Default for Photo {
    fn default() -> Self {
        Self { name: "none".into(), bytes: 0, scores: Vec::new(), kind: None }
    }
}

record!(Photo { name, bytes, scores, kind });

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Still,
    Film,
}

name!(Kind { Still = "Still", Film = "film" });

#[derive(Debug, Clone, PartialEq)]
enum Reply {
    Ready,
    Tagged { id: u32, outcome: Result<Photo, String> },
    Late(f64),
}

message!(enum Reply { Ready, Tagged { id, outcome }, Late(seconds) });

fn photo() -> Photo {
    Photo {
        name: "바다.jpg".into(),
        bytes: 1 << 40,
        scores: vec![0.1, f32::MIN_POSITIVE],
        kind: Some(Kind::Film),
    }
}

/// It comes back, and no part of its bytes is anything.
fn returns<T: Plain + PartialEq + std::fmt::Debug>(value: &T) {
    let bytes = value.to_bytes();
    assert_eq!(T::from_bytes(&bytes).as_ref(), Some(value));
    for length in 0..bytes.len() {
        assert_eq!(T::from_bytes(&bytes[..length]), None, "{length} bytes of {value:?}");
    }
    assert_eq!(T::from_bytes(&[&bytes[..], &[0]].concat()), None, "a byte more");
}

#[test]
fn values_come_back() {
    returns(&photo());
    returns(&vec![(true, 255_u8), (false, 0)]);
    returns(&vec![Some("a".to_owned()), None, Some(String::new())]);
    returns(&Box::new(f64::MAX));
    for outcome in [Ok(photo()), Err("no".to_owned())] {
        returns(&Reply::Tagged { id: u32::MAX, outcome });
    }
    returns(&Reply::Ready);
    returns(&Reply::Late(0.5));
}

#[test]
fn a_field_that_is_missing_has_its_default_and_others_are_left_out() {
    struct Newer;
    impl Plain for Newer {
        fn put(&self, to: &mut crate::Writer) {
            to.record(2);
            to.key("newer");
            vec![photo(), photo()].put(to);
            to.key("bytes");
            to.number(7.0);
        }

        fn take(_: &mut Reader) -> Option<Self> {
            None
        }
    }
    let read = Photo::from_bytes(&Newer.to_bytes());
    assert_eq!(read, Some(Photo { bytes: 7, ..Photo::default() }));
}

#[test]
fn what_is_something_else_is_refused() {
    let text = "Film".to_owned().to_bytes();
    assert_eq!(Kind::from_bytes(&text), None, "another name");
    assert_eq!(u32::from_bytes(&text), None);
    assert_eq!(Photo::from_bytes(&text), None);
    for number in [0.5, -1.0, 256.0, f64::NAN] {
        assert_eq!(u8::from_bytes(&number.to_bytes()), None, "{number}");
    }
    assert_eq!(Reply::from_bytes(&3_u8.to_bytes()), None);
}

#[test]
fn floats_are_read_from_lists_too() {
    let values = vec![0.25_f32, -1.0];
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    assert_eq!(Vec::<f32>::from_bytes(&bytes.to_bytes()), Some(values));
    assert_eq!(Vec::<f32>::from_bytes(&bytes[1..].to_vec().to_bytes()), None);
}

#[test]
fn an_item_is_left_out_with_all_that_is_in_it() {
    let mut bytes = photo().to_bytes();
    bytes.extend(7_u32.to_bytes());
    let mut reader = Reader::new(&bytes);
    reader.skip().unwrap();
    assert_eq!(u32::take(&mut reader), Some(7));
    assert!(reader.is_at_end());
}
