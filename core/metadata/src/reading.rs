//! What files say.

use crate::Fold;
use crate::container::Container;
use crate::lists::{List, Lists};
use crate::merge;
use crate::ours::Record;
use crate::parts::Parts;
use crate::refusal::Refusal;
use crate::said::Said;
use crate::taken::Taken;
use crate::{exif, iptc, xmp};

/// What a photo's own metadata says.
///
/// # Errors
/// If the file is none of the kinds that are read, or it or its XMP is damaged.
pub fn read(photo: &[u8], fold: Fold) -> Result<Said, Refusal> {
    let parts = Container::parse(photo)?.parts();
    let (lists, record) = all(&parts)?;
    Ok(said(lists, &record, fold))
}

/// When a photo was taken, by its own clock, if it says so.
///
/// # Errors
/// If the file is none of the kinds that are read, or damaged.
pub fn taken(photo: &[u8]) -> Result<Option<Taken>, Refusal> {
    let parts = Container::parse(photo)?.parts();
    let tiff = parts.exif.as_deref().and_then(exif::structure);
    Ok(tiff.and_then(|tiff| exif::taken(&tiff)))
}

/// What a sidecar says.
///
/// # Errors
/// If it is no XMP.
pub fn read_sidecar(sidecar: &[u8], fold: Fold) -> Result<Said, Refusal> {
    let (lists, record) = xmp::read(sidecar)?;
    Ok(said(lists, &record, fold))
}

fn said(lists: Lists, record: &Record, fold: Fold) -> Said {
    let given = merge::withdrawn(&lists, record, fold);
    let own = merge::own_words(&lists, record, fold);
    Said { lists, given, own }
}

/// All lists that a photo has, and what is noted of ours.
pub(crate) fn all(parts: &Parts) -> Result<(Lists, Record), Refusal> {
    let (mut lists, mut record) = (Lists::default(), Record::default());
    for packet in &parts.xmp {
        let (found, noted) = xmp::read(packet)?;
        take(&mut lists, found);
        if record.is_empty() {
            record = noted;
        }
    }
    // An extension that cannot be read holds no keyword that could be lost: it stays as it is.
    if let Some(Ok((found, _))) = parts.extension.as_deref().map(xmp::read) {
        take(&mut lists, found);
    }
    if let Some(block) = &parts.iptc {
        *lists.of_mut(List::Iptc) = iptc::read(block);
    }
    if let Some(tiff) = parts.exif.as_deref().and_then(exif::structure) {
        *lists.of_mut(List::Xp) = exif::keywords(&tiff);
    }
    Ok((lists, record))
}

fn take(lists: &mut Lists, found: Lists) {
    for list in List::ALL {
        lists.of_mut(list).extend(found.of(list).iter().cloned());
    }
}
