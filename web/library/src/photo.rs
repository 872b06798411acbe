//! What is stored of a photo.

use std::rc::Rc;

use tagsight_plain::{Item, Plain, Reader, Writer, name, record};

use crate::table::Table;
use crate::version::VERSION;

/// What a photo is known by, whatever is written into its metadata or its name becomes: SHA-256 of its
/// coded image data, lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhotoId(Rc<str>);

impl PhotoId {
    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for PhotoId {
    fn from(hexadecimal: &str) -> Self {
        Self(hexadecimal.into())
    }
}

impl Plain for PhotoId {
    fn put(&self, to: &mut Writer) {
        to.text(&self.0);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        match from.item()? {
            Item::Text(digits) => Some(digits.into()),
            _ => None,
        }
    }
}

/// A photo's record.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// The build's that wrote it.
    pub version: u32,
    /// What it is known by.
    pub id: PhotoId,
    /// The file's name, in NFC.
    pub name: String,
    /// The file's size.
    pub bytes: u64,
    /// When the file was last written, milliseconds since 1970.
    pub modified: f64,
    /// When it was taken, by its own clock, "2026-11-26T09:13:18"; empty where it does not say.
    pub taken: String,
    /// When it came into the library, milliseconds since 1970; the same for all that came together.
    pub added: f64,
    /// Its place among those.
    pub place: u32,
    /// Columns of the upright photo.
    pub width: u32,
    /// Its rows.
    pub height: u32,
    /// What it looks like, 64 bits as hexadecimal digits; empty where an earlier build looked at it.
    pub hash: String,
    /// Grows whenever its scores are reset, so that a result asked for earlier is known by it.
    pub generation: u32,
    /// What the network said, if it was asked.
    pub result: Option<Scores>,
    /// What the user said, by tag.
    pub decisions: Table<String, Decision>,
    /// What the file said, in NFC.
    pub keywords: Vec<String>,
}

record!(Photo {
    version,
    id,
    name,
    bytes,
    modified,
    taken,
    added,
    place,
    width,
    height,
    hash,
    generation,
    result,
    decisions,
    keywords,
});

impl Default for Photo {
    fn default() -> Self {
        Self {
            version: VERSION,
            id: "".into(),
            name: String::new(),
            bytes: 0,
            modified: 0.0,
            taken: String::new(),
            added: 0.0,
            place: 0,
            width: 0,
            height: 0,
            hash: String::new(),
            generation: 0,
            result: None,
            decisions: Table::new(),
            keywords: Vec::new(),
        }
    }
}

impl Photo {
    /// What it looks like, where that is known.
    pub fn look(&self) -> Option<u64> {
        u64::from_str_radix(&self.hash, 16).ok()
    }

    /// Takes what only the other record of the same photo has; its own decisions stay.
    pub(crate) fn join(&mut self, other: &Self) {
        for (key, &decision) in other.decisions.iter() {
            self.decisions.insert_new(key.clone(), decision);
        }
        if self.result.is_none() {
            self.result.clone_from(&other.result);
        }
        if self.keywords.is_empty() {
            self.keywords.clone_from(&other.keywords);
        }
        if self.hash.is_empty() {
            self.hash.clone_from(&other.hash);
        }
        if self.taken.is_empty() {
            self.taken.clone_from(&other.taken);
        }
        self.generation = self.generation.max(other.generation);
    }
}

/// What a network said of a photo.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    /// The model's name.
    pub model: String,
    /// SHA-256 of the model's file, lower-case hexadecimal.
    pub sha256: String,
    /// One a label, in the model's order, in `0..=1`.
    pub values: Vec<f32>,
    /// What computed them.
    pub engine: String,
    /// How the stored picture was turned for the network, as EXIF counts the ways, 1 to 8; 0 where the
    /// browser decoded it, which turns pictures as it shows them.
    pub orientation: u8,
    /// How long it took, from the photo's bytes to scores.
    pub millis: f64,
}

record!(Scores { model, sha256, values, engine, orientation, millis });

/// What the user said of a tag; it stands whatever a network, a threshold or the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The photo has it: typed, or confirmed.
    Added,
    /// The photo does not have it.
    Removed,
}

name!(Decision { Added = "Added", Removed = "Removed" });
