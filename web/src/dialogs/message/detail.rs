//! A photo that is open, and what is done to it.

use std::rc::Rc;

use tagsight_plain::message;

use super::tag::ShownTag;
use crate::reason::FileProblem;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DetailAct {
    /// Give the photo a tag.
    Add(String),
    /// Take a tag from it.
    Remove(String),
    /// Never show a label any more.
    Never(String),
    /// Show why the photo has a tag, or no longer.
    Why(String),
    /// Show the file itself, after asking the user.
    ShowOriginal,
    /// Show the photo before.
    Back,
    /// Show the next one.
    On,
    /// Back to the grid.
    Close,
}

message!(
    enum DetailAct {
        Add(word),
        Remove(key),
        Never(key),
        Why(key),
        ShowOriginal,
        Back,
        On,
        Close,
    }
);

/// The photo that is open.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Detail {
    /// The file's name.
    pub(crate) name: String,
    /// The picture: the file itself while it is at hand, else the thumbnail.
    pub(crate) url: Option<String>,
    /// How the browser has to turn the file, as EXIF counts the ways, so that it stands as the
    /// network saw it.
    pub(crate) orientation: Option<u8>,
    /// Why the file is not to be had, if there is a way to it.
    pub(crate) missing: Option<FileProblem>,
    /// Its tags, best first; none while the photo waits.
    pub(crate) tags: Option<Vec<ShownTag>>,
    /// Keys of those that the model can say why of.
    pub(crate) explained: Vec<Rc<str>>,
    /// What was asked of one.
    pub(crate) why: Option<Box<Why>>,
    /// Labels that the model is less sure of, best first.
    pub(crate) less_sure: Vec<ShownTag>,
    /// What to say instead of tags, where there are none yet.
    pub(crate) status: Option<String>,
    /// What else is known of it, once it is tagged.
    pub(crate) facts: Option<Facts>,
    /// What may be meant by what was typed so far.
    pub(crate) suggestions: Vec<String>,
    /// Whether there is a photo before it.
    pub(crate) has_previous: bool,
    /// Whether there is one behind it.
    pub(crate) has_next: bool,
}

message!(struct Detail {
    name,
    url,
    orientation,
    missing,
    tags,
    explained,
    why,
    less_sure,
    status,
    facts,
    suggestions,
    has_previous,
    has_next,
});

/// What was asked of a tag, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Why {
    /// The tag's key.
    pub(crate) key: Rc<str>,
    /// Its word.
    pub(crate) word: Rc<str>,
    /// How far it is.
    pub(crate) answer: Answer,
}

message!(struct Why { key, word, answer });

/// How far an answer is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// The photo's file is not at hand.
    NoFile,
    /// It is on its way.
    Awaited,
    /// There is none, in words.
    Failed(String),
    /// It is there.
    Known(Known),
}

message!(
    enum Answer {
        NoFile,
        Awaited,
        Failed(words),
        Known(known),
    }
);

/// Where in the photo the model sees a label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    /// The ninth of the photo, counted row by row; none if nothing speaks for the label.
    pub(crate) place: Option<u8>,
    /// A picture of the map, as upright as the photo.
    pub(crate) map: Option<String>,
    /// Columns of the map.
    pub(crate) columns: u32,
    /// What its places add, row by row.
    pub(crate) shares: Vec<i32>,
    /// What the answer took, milliseconds.
    pub(crate) millis: f64,
    /// The model that says so, where another one gave the tag.
    pub(crate) other_model: Option<String>,
}

message!(struct Known { place, map, columns, shares, millis, other_model });

/// What is known of a photo beside its tags.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Facts {
    /// Columns of the upright photo; zero where they are not known.
    pub(crate) width: u32,
    /// Its rows.
    pub(crate) height: u32,
    /// The file's size.
    pub(crate) bytes: u64,
    /// When it was taken, by its own clock.
    pub(crate) taken: String,
    /// When it came into the library, by the clock here.
    pub(crate) added: String,
    /// How it was tagged, if it was.
    pub(crate) tagging: Option<Tagging>,
}

message!(struct Facts { width, height, bytes, taken, added, tagging });

/// How a photo was tagged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tagging {
    /// The model's name for people.
    pub(crate) model: String,
    /// The backend's name.
    pub(crate) backend: String,
    /// Whether the browser decoded the photo.
    pub(crate) by_browser: bool,
    /// How long it took.
    pub(crate) millis: f64,
}

message!(struct Tagging { model, backend, by_browser, millis });
