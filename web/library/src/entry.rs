//! Steps of history as they are stored. A step without all that belongs to it is none.

use tagsight_plain::{Plain, Reader, Writer};

use crate::history::{Change, Entry, Values};
use crate::photo::PhotoId;
use crate::version::VERSION;

impl Plain for Entry {
    fn put(&self, to: &mut Writer) {
        to.record(5);
        to.key("version");
        self.version.put(to);
        to.key("number");
        self.number.put(to);
        to.key("kind");
        self.kind.put(to);
        to.key("word");
        self.word.put(to);
        to.key("changes");
        self.changes.put(to);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        let (mut version, mut word) = (VERSION, String::new());
        let (mut number, mut kind, mut changes) = (None, None, None);
        from.keyed(&mut |key, value| {
            match key {
                "version" => version = Plain::take(value)?,
                "number" => number = Some(Plain::take(value)?),
                "kind" => kind = Some(Plain::take(value)?),
                "word" => word = Plain::take(value)?,
                "changes" => changes = Some(Plain::take(value)?),
                _ => value.skip()?,
            }
            Some(())
        })?;
        Some(Self { version, number: number?, kind: kind?, word, changes: changes? })
    }
}

impl<T: Plain> Plain for Values<T> {
    fn put(&self, to: &mut Writer) {
        to.record(2);
        to.key("before");
        self.before.put(to);
        to.key("after");
        self.after.put(to);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        let (mut before, mut after) = (None, None);
        from.keyed(&mut |key, value| {
            match key {
                "before" => before = Plain::take(value)?,
                "after" => after = Plain::take(value)?,
                _ => value.skip()?,
            }
            Some(())
        })?;
        Some(Self { before, after })
    }
}

impl Plain for Change {
    fn put(&self, to: &mut Writer) {
        match self {
            Self::Decision { photo, key, values } => {
                put("Decision", Some(photo), Some(key), values, to);
            }
            Self::Scores { photo, values } => put("Scores", Some(photo), None, values, to),
            Self::Record { photo, values } => put("Record", Some(photo), None, values, to),
            Self::Word { key, values } => put("Word", None, Some(key), values, to),
            Self::Hidden { key, values } => put("Hidden", None, Some(key), values, to),
        }
    }

    fn take(from: &mut Reader) -> Option<Self> {
        let mut change = None;
        from.keyed(&mut |kind, value| {
            change = Some(match kind {
                "Decision" => {
                    let Parts { photo, key, values } = parts(value)?;
                    Self::Decision { photo: photo?, key: key?, values: values? }
                }
                "Scores" => {
                    let Parts { photo, values, .. } = parts(value)?;
                    Self::Scores { photo: photo?, values: values? }
                }
                "Record" => {
                    let Parts { photo, values, .. } = parts(value)?;
                    Self::Record { photo: photo?, values: values? }
                }
                "Word" => {
                    let Parts { key, values, .. } = parts(value)?;
                    Self::Word { key: key?, values: values? }
                }
                "Hidden" => {
                    let Parts { key, values, .. } = parts(value)?;
                    Self::Hidden { key: key?, values: values? }
                }
                _ => return None,
            });
            Some(())
        })?;
        change
    }
}

/// A change as a record of its kind, in which is what it is about.
fn put(
    kind: &str,
    photo: Option<&PhotoId>,
    key: Option<&String>,
    values: &impl Plain,
    to: &mut Writer,
) {
    to.record(1);
    to.key(kind);
    to.record(usize::from(photo.is_some()) + usize::from(key.is_some()) + 1);
    if let Some(photo) = photo {
        to.key("photo");
        photo.put(to);
    }
    if let Some(key) = key {
        to.key("key");
        key.put(to);
    }
    to.key("values");
    values.put(to);
}

/// What a change may be about.
struct Parts<T> {
    photo: Option<PhotoId>,
    key: Option<String>,
    values: Option<Values<T>>,
}

fn parts<T: Plain>(from: &mut Reader) -> Option<Parts<T>> {
    let mut parts = Parts { photo: None, key: None, values: None };
    from.keyed(&mut |name, value| {
        match name {
            "photo" => parts.photo = Some(Plain::take(value)?),
            "key" => parts.key = Some(Plain::take(value)?),
            "values" => parts.values = Some(Plain::take(value)?),
            _ => value.skip()?,
        }
        Some(())
    })?;
    Some(parts)
}
