//! Bytes that nobody means well with: nothing panics, and what is written says what it should.

use tagsight_metadata::{List, Outcome, embed, read, read_sidecar};

use crate::{NOW, by_machine, by_person, fold, subject, wanted, write, writer};

/// A generator of numbers (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    /// The bytes with some of them changed, cut, doubled or moved.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            if bytes.is_empty() {
                break;
            }
            let (at, length) = (self.below(bytes.len()), self.below(40));
            let end = (at + length).min(bytes.len());
            match self.below(5) {
                0 => bytes[at] = self.below(256) as u8,
                1 => drop(bytes.drain(at..end)),
                2 => bytes.truncate(at),
                3 => {
                    let part = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, part);
                }
                _ => bytes[at] = b"<>/='\"& |;\0\xFF"[self.below(12)],
            }
        }
        bytes
    }
}

const PHOTOS: [&[u8]; 4] = [
    include_bytes!("../../../../tests/fixtures/photos/orientation6.jpg"),
    include_bytes!("../../../../tests/fixtures/photos/orientation6.png"),
    include_bytes!("../../../../tests/fixtures/photos/lossy.webp"),
    include_bytes!("../../../../tests/fixtures/photos/animated.webp"),
];

#[test]
fn mutated_photos_are_written_right_or_not_at_all() {
    let tags = wanted(&[by_machine("dog", &["Animal|Dog", "개"]), by_person("봄")]);
    let mut random = Random(7);
    let mut written = 0;
    for photo in PHOTOS {
        let Ok(Outcome::Changed(change)) = embed(photo, &tags, &writer(NOW)) else {
            panic!("a fixture is refused")
        };
        let with_words = change.output.apply(photo);
        for base in [photo, &with_words] {
            // What lies behind the metadata is not looked at, so it is mutated seldom.
            let head = base.len().min(4000);
            for _ in 0..700 {
                let mutated = [&random.mutate(&base[..head]), &base[head..]].concat();
                let _ = read(&mutated, &fold);
                let Ok(Outcome::Changed(change)) = embed(&mutated, &tags, &writer(NOW)) else {
                    continue;
                };
                let after = change.output.apply(&mutated);
                let said = read(&after, &fold).expect("what was written can be read");
                let found: Vec<_> =
                    said.lists.of(List::Subject).iter().map(|word| fold(word.leaf())).collect();
                assert!(found.contains(&"봄".to_owned()), "{found:?}");
                written += 1;
            }
        }
    }
    assert!(written > 100, "only {written}");
}

#[test]
fn mutated_packets_are_written_right_or_not_at_all() {
    let tags = wanted(&[by_machine("dog", &["Animal|Dog", "개"]), by_person("봄")]);
    let plain = subject(&["beach", "a &amp; b"]);
    let full = write(Some(&plain), &tags).unwrap();
    let mut random = Random(11);
    let mut written = 0;
    for base in [plain, full] {
        for _ in 0..2500 {
            let mutated = random.mutate(base.as_bytes());
            if read_sidecar(&mutated, &fold).is_err() {
                continue;
            }
            let mutated = String::from_utf8(mutated).expect("what is read is UTF-8");
            if let Some(after) = write(Some(&mutated), &tags) {
                assert_eq!(write(Some(&after), &tags), None, "written twice:\n{mutated}\n{after}");
                written += 1;
            }
        }
    }
    assert!(written > 100, "only {written}");
}
