//! What was seen of photos' files when they were looked at.

use js_sys::Array;
use tagsight_keywords::Plan;
use wasm_bindgen::JsValue;
use web_sys::File;

use super::row::Row;
use crate::act::Act;
use crate::browser::Found;

/// What was looked at.
pub(super) struct Seen {
    pub(super) act: Act,
    pub(super) targets: Vec<Target>,
    pub(super) rows: Vec<Row>,
    /// Copies that another program can be given, once they are made.
    pub(super) copies: Array,
}

/// A photo that something is to be done about.
pub(super) struct Target {
    /// Its record's place.
    pub(super) record: usize,
    pub(super) place: Place,
}

/// Where its file is.
pub(super) enum Place {
    /// In the user's folder, with what its sidecar is called.
    Folder(Found, String),
    /// A file or its handle.
    Source(JsValue),
    /// Away.
    Nowhere,
}

/// A photo's file, as it is now.
pub(super) struct Looked {
    pub(super) file: File,
    pub(super) bytes: Vec<u8>,
    pub(super) plan: Plan,
}

/// Why it is not to be had.
pub(super) enum Missing {
    /// It was moved, or the browser may not read it.
    Gone,
    /// It is another picture by now.
    Other,
}

impl Seen {
    /// Whether there is anything to begin with.
    pub(super) fn can_start(&self) -> bool {
        self.written() > 0
    }

    /// For how many photos something is written.
    pub(super) fn written(&self) -> usize {
        self.rows.iter().filter(|row| row.is_written).count()
    }
}
