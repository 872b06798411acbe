//! Keywords in photos and sidecars: read from wherever programs write them, and written without harm.
//!
//! Photos are JPEG, PNG or WebP files. Their keywords stand in up to six lists ([`List`]), of which every
//! program reads another one and ignores the rest. So each list that is written holds the union of what
//! the file's lists held and of what is new. Nothing else of a file changes by a byte: not its coded
//! picture, not other properties, not what phones append. What cannot be written without harm is refused
//! ([`Refusal`]), and a sidecar is the way out.
//!
//! Beside the lists, a namespace of our own ([`NAMESPACE`]) says which words a machine gave, for which
//! label and how sure it was, and what was put into which list. So the words that people typed are known
//! from the machine's, and what was written can be taken back, long after whoever wrote it is gone.
//!
//! The crate does no IO and reads no clock.

#![forbid(unsafe_code)]

mod change;
mod container;
pub mod exif;
mod iptc;
mod jpeg;
mod keyword;
mod lists;
mod merge;
mod order;
mod ours;
mod parts;
pub mod png;
mod reading;
mod refusal;
mod said;
mod splice;
mod taken;
mod tiff;
mod wanted;
pub mod webp;
mod writing;
mod xmp;

pub use change::{Change, Outcome, Patch, Piece, SidecarFile};
pub use keyword::Keyword;
pub use lists::{List, Lists};
pub use reading::{read, read_sidecar, taken};
pub use refusal::{Damage, Fault, Refusal};
pub use said::{Given, Said};
pub use taken::Taken;
pub use tiff::{Entry, Tiff};
pub use wanted::{Notes, Origin, Tag, Wanted, Writer};
pub use writing::{embed, sidecar};

/// What our own properties are known by. It names them and leads nowhere.
pub const NAMESPACE: &str = "http://ns.tagsight.org/keywords/1.0/";

/// What words are compared by: NFC, trimmed, without case. Browsers have tables for it, and native
/// programs bring theirs.
pub type Fold<'a> = &'a dyn Fn(&str) -> String;
