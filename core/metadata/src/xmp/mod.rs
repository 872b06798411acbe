//! XMP packets (ISO 16684-1): read into a tree that knows where everything stands, and changed there,
//! so that every byte that is not ours stays.

mod changes;
mod create;
mod document;
mod edit;
mod encoding;
mod names;
mod ours;
mod packet;
mod tree;

pub(crate) use edit::{Edited, edit};
pub(crate) use ours::rounded;
pub(crate) use packet::Room;

use crate::lists::Lists;
use crate::ours::Record;
use crate::refusal::Refusal;
use document::Document;

/// What a packet says.
pub(crate) fn read(packet: &[u8]) -> Result<(Lists, Record), Refusal> {
    let text = encoding::decode(packet)?;
    let document = Document::parse(&text)?;
    Ok((document.lists(), ours::record(&document)))
}

/// Which part of the metadata lies in extended XMP, if any: a digest.
pub(crate) fn extension(packet: &[u8]) -> Option<String> {
    let text = encoding::decode(packet).ok()?;
    Document::parse(&text).ok()?.simple(&names::HAS_EXTENDED)
}
