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
mod keyword;
mod lists;
mod refusal;
mod said;
mod wanted;

pub use change::{Change, Outcome, Patch, Piece, SidecarFile};
pub use keyword::Keyword;
pub use lists::{List, Lists};
pub use refusal::Refusal;
pub use said::{Given, Said};
pub use wanted::{Origin, Tag, Wanted, Writer};

/// What our own properties are known by. It names them and leads nowhere.
pub const NAMESPACE: &str = "http://ns.tagsight.org/keywords/1.0/";

/// What a photo's own metadata says.
///
/// # Errors
/// If the file is none of the kinds that are read, or its metadata is damaged.
pub fn read(photo: &[u8]) -> Result<Said, Refusal> {
    let _ = photo;
    todo!()
}

/// What a sidecar says.
///
/// # Errors
/// If it is no XMP.
pub fn read_sidecar(sidecar: &[u8]) -> Result<Said, Refusal> {
    let _ = sidecar;
    todo!()
}

/// Writes into a photo. Writing the same twice changes nothing; with [`Wanted::default`] all that was
/// written before is taken back.
///
/// # Errors
/// Whatever would do harm.
pub fn embed(photo: &[u8], wanted: &Wanted, writer: &Writer) -> Result<Outcome<Patch>, Refusal> {
    let _ = (photo, wanted, writer);
    todo!()
}

/// Writes a sidecar, or into the one that there is. A new one begins with the photo's own keywords, as
/// some programs look at nothing else where there is a sidecar. `own` is what the photo says, as far as
/// it is known.
///
/// # Errors
/// If there is one that is no XMP.
pub fn sidecar(
    own: Option<&Said>,
    existing: Option<&[u8]>,
    wanted: &Wanted,
    writer: &Writer,
) -> Result<Outcome<SidecarFile>, Refusal> {
    let _ = (own, existing, wanted, writer);
    todo!()
}
