//! A photo library as its owner keeps it: tags and corrections, undo, search.
//!
//! It knows no browser, does no IO and reads no clock: whoever uses it writes what [`Changes`] names.
//! A photo's tags are not stored but worked out ([`fold`](mod@fold)) of what is: the network's scores,
//! the user's decisions and the file's keywords, each of which stays what it was whatever the others
//! become.
//!
//! A tag is known by its key: the canonical name of a label, if the user's word means one in any
//! language, or else the word itself. Words are compared without case and spare spaces. Callers give
//! every text in NFC, as browsers can normalise and the tables for it are large.

pub mod alike;
mod backup;
mod case;
mod edits;
mod entry;
mod find;
pub mod fold;
mod hangul;
mod history;
mod lexicon;
mod library;
mod naming;
mod order;
mod photo;
pub mod query;
mod search;
mod settings;
mod shelf;
mod table;
mod tag;
mod version;
mod vocabulary;
mod words;

pub use alike::ALIKE;
pub use backup::{Backup, Merged};
pub use find::Found;
pub use history::{Entry, History, HistoryChange, Kind};
pub use library::{Arrival, Changes, Library, Outcome, Stored};
pub use naming::Naming;
pub use photo::{Decision, Photo, PhotoId, Scores};
pub use query::Query;
pub use settings::{AtLeast, ModelFacts, Settings, Step, Thresholds};
pub use table::{Set, Table};
pub use tag::{Source, Tag};
pub use version::{Newer, Part, VERSION};
pub use vocabulary::{Label, Language, labels};
pub use words::lower;
