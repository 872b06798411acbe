//! Values as bytes between two modules of one build: numbers with their low bytes first, texts and lists
//! behind their lengths, alternatives behind their number. Both ends are ours, so bytes that mean nothing
//! are no value and need no reason.

use tagsight_metadata::{
    Damage, Fault, Keyword, List, Notes, Origin, Patch, Piece, Refusal, SidecarFile, Tag, Wanted,
};

use crate::outcome::{Deed, ListChange, Plan};

/// What goes over.
pub trait Wire: Sized {
    /// Puts it behind what is there.
    fn put(&self, bytes: &mut Vec<u8>);

    /// Takes it from the front.
    fn take(bytes: &mut &[u8]) -> Option<Self>;

    /// It alone.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.put(&mut bytes);
        bytes
    }

    /// What is all of these bytes.
    fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        Self::take(&mut bytes).filter(|_| bytes.is_empty())
    }
}

/// What is asked: what is to be done, with which tags.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What is to be done.
    pub deed: Deed,
    /// The photo's tags.
    pub wanted: Wanted,
    /// What the photo said when it was read, where it is not at hand.
    pub remembered: Option<Vec<Keyword>>,
    /// ISO 8601 with a time zone.
    pub now: String,
    /// The program and its version.
    pub software: String,
}

impl Wire for u32 {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (&first, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(Self::from_le_bytes(first))
    }
}

fn put_length(length: usize, bytes: &mut Vec<u8>) {
    u32::try_from(length).expect("a module has four gigabytes").put(bytes);
}

fn take_length(bytes: &mut &[u8]) -> Option<usize> {
    u32::take(bytes).map(|length| length as usize)
}

fn put_blob(blob: &[u8], bytes: &mut Vec<u8>) {
    put_length(blob.len(), bytes);
    bytes.extend(blob);
}

fn take_blob(bytes: &mut &[u8]) -> Option<Vec<u8>> {
    let length = take_length(bytes)?;
    let (blob, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(blob.to_vec())
}

/// The place of an alternative among all of them.
fn put_one<T: PartialEq>(one: &T, all: &[T], bytes: &mut Vec<u8>) {
    let place = all.iter().position(|other| other == one);
    put_length(place.expect("all of them are there"), bytes);
}

fn take_one<T: Copy>(all: &[T], bytes: &mut &[u8]) -> Option<T> {
    all.get(take_length(bytes)?).copied()
}

impl Wire for String {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_blob(self.as_bytes(), bytes);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Self::from_utf8(take_blob(bytes)?).ok()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_length(self.len(), bytes);
        self.iter().for_each(|item| item.put(bytes));
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let mut items = Self::new();
        for _ in 0..take_length(bytes)? {
            items.push(T::take(bytes)?);
        }
        Some(items)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_length(usize::from(self.is_some()), bytes);
        if let Some(value) = self {
            value.put(bytes);
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match take_length(bytes)? {
            0 => Some(None),
            _ => T::take(bytes).map(Some),
        }
    }
}

impl Wire for Keyword {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_length(self.path().len(), bytes);
        self.path().iter().for_each(|part| part.put(bytes));
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Self::from_path(Vec::<String>::take(bytes)?)
    }
}

impl Wire for Tag {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.keywords.put(bytes);
        match &self.origin {
            Origin::Person => put_length(0, bytes),
            Origin::Machine { label, score, model } => {
                put_length(1, bytes);
                label.put(bytes);
                score.to_bits().put(bytes);
                model.put(bytes);
            }
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let keywords = Vec::take(bytes)?;
        let origin = match take_length(bytes)? {
            0 => Origin::Person,
            _ => Origin::Machine {
                label: String::take(bytes)?,
                score: f32::from_bits(u32::take(bytes)?),
                model: String::take(bytes)?,
            },
        };
        Some(Self { keywords, origin })
    }
}

const NOTES: [Notes; 2] = [Notes::Kept, Notes::Dropped];

impl Wire for Wanted {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.tags.put(bytes);
        self.removed.put(bytes);
        put_one(&self.notes, &NOTES, bytes);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (tags, removed) = (Vec::take(bytes)?, Vec::take(bytes)?);
        Some(Self { tags, removed, notes: take_one(&NOTES, bytes)? })
    }
}

const DEEDS: [Deed; 3] = [Deed::Embed, Deed::Beside, Deed::TakeBack];

impl Wire for Request {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_one(&self.deed, &DEEDS, bytes);
        self.wanted.put(bytes);
        self.remembered.put(bytes);
        self.now.put(bytes);
        self.software.put(bytes);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self {
            deed: take_one(&DEEDS, bytes)?,
            wanted: Wanted::take(bytes)?,
            remembered: <Option<Vec<Keyword>> as Wire>::take(bytes)?,
            now: String::take(bytes)?,
            software: String::take(bytes)?,
        })
    }
}

impl Wire for Patch {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_length(self.pieces.len(), bytes);
        for piece in &self.pieces {
            match piece {
                Piece::Old(range) => {
                    put_length(0, bytes);
                    put_length(range.start, bytes);
                    put_length(range.end, bytes);
                }
                Piece::New(new) => {
                    put_length(1, bytes);
                    put_blob(new, bytes);
                }
            }
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let mut pieces = Vec::new();
        for _ in 0..take_length(bytes)? {
            pieces.push(match take_length(bytes)? {
                0 => Piece::Old(take_length(bytes)?..take_length(bytes)?),
                _ => Piece::New(take_blob(bytes)?),
            });
        }
        Some(Self { pieces })
    }
}

impl Wire for SidecarFile {
    fn put(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Delete => put_length(0, bytes),
            Self::Write(file) => {
                put_length(1, bytes);
                put_blob(file, bytes);
            }
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match take_length(bytes)? {
            0 => Some(Self::Delete),
            _ => take_blob(bytes).map(Self::Write),
        }
    }
}

impl Wire for ListChange {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_one(&self.list, &List::ALL, bytes);
        self.before.put(bytes);
        self.after.put(bytes);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let list = take_one(&List::ALL, bytes)?;
        Some(Self { list, before: Vec::take(bytes)?, after: Vec::take(bytes)? })
    }
}

impl Wire for Refusal {
    fn put(&self, bytes: &mut Vec<u8>) {
        let number = match self {
            Self::Kind => 0,
            Self::Damaged(_) => 1,
            Self::ContentCredentials => 2,
            Self::TooLarge(_) => 3,
            Self::TwoPackets => 4,
            Self::InExtension => 5,
            Self::Xmp(_) => 6,
        };
        put_length(number, bytes);
        match self {
            Self::Damaged(damage) => put_one(damage, &Damage::ALL, bytes),
            Self::TooLarge(length) => put_length(*length, bytes),
            Self::Xmp(fault) => put_one(fault, &Fault::ALL, bytes),
            _ => {}
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(match take_length(bytes)? {
            0 => Self::Kind,
            1 => Self::Damaged(take_one(&Damage::ALL, bytes)?),
            2 => Self::ContentCredentials,
            3 => Self::TooLarge(take_length(bytes)?),
            4 => Self::TwoPackets,
            5 => Self::InExtension,
            6 => Self::Xmp(take_one(&Fault::ALL, bytes)?),
            _ => return None,
        })
    }
}

impl Wire for Plan {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.photo.put(bytes);
        self.sidecar.put(bytes);
        self.changes.put(bytes);
        self.refusal.put(bytes);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self {
            photo: <Option<Patch> as Wire>::take(bytes)?,
            sidecar: <Option<SidecarFile> as Wire>::take(bytes)?,
            changes: Vec::take(bytes)?,
            refusal: <Option<Refusal> as Wire>::take(bytes)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comes_back<T: Wire + PartialEq + std::fmt::Debug>(value: &T) {
        let bytes = value.to_bytes();
        assert_eq!(T::from_bytes(&bytes).as_ref(), Some(value));
        for length in 0..bytes.len() {
            assert_eq!(T::from_bytes(&bytes[..length]), None, "{length} bytes");
        }
        assert_eq!(T::from_bytes(&[&bytes[..], &[0]].concat()), None);
    }

    fn wanted(notes: Notes) -> Wanted {
        let machine = Origin::Machine { label: "dog".into(), score: 0.25, model: "ab".into() };
        let path = Keyword::from_path(["동물", "개"]).unwrap();
        let tags = vec![
            Tag { keywords: vec![path, Keyword::flat("dog")], origin: machine },
            Tag { keywords: Vec::new(), origin: Origin::Person },
        ];
        Wanted { tags, removed: vec!["cat".into(), String::new()], notes }
    }

    #[test]
    fn what_is_asked_comes_over() {
        for (deed, notes) in DEEDS.into_iter().zip(NOTES.into_iter().cycle()) {
            for remembered in [None, Some(vec![Keyword::flat("바다")])] {
                let (now, software) = ("2026-11-26".to_owned(), "Tagsight".to_owned());
                comes_back(&Request { deed, wanted: wanted(notes), remembered, now, software });
            }
        }
    }

    #[test]
    fn what_is_answered_comes_over() {
        let refusals = Damage::ALL.into_iter().map(Refusal::Damaged).chain([
            Refusal::Kind,
            Refusal::ContentCredentials,
            Refusal::TooLarge(70_000),
            Refusal::TwoPackets,
            Refusal::InExtension,
        ]);
        let refusals = refusals.chain(Fault::ALL.into_iter().map(Refusal::Xmp));
        let pieces = vec![Piece::Old(0..7), Piece::New(vec![1, 2, 3]), Piece::Old(9..70_000)];
        let (before, after) = (vec!["beach".to_owned()], Vec::new());
        for refusal in refusals.map(Some).chain([None]) {
            for sidecar in [None, Some(SidecarFile::Delete), Some(SidecarFile::Write(vec![7]))] {
                let changes = List::ALL.into_iter().map(|list| {
                    let (before, after) = (before.clone(), after.clone());
                    ListChange { list, before, after }
                });
                comes_back(&Plan {
                    photo: sidecar.is_none().then(|| Patch { pieces: pieces.clone() }),
                    sidecar,
                    changes: changes.collect(),
                    refusal: refusal.clone(),
                });
            }
        }
    }
}
