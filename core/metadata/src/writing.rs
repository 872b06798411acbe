//! What is written, and what is rather left alone.

use crate::change::{Change, Outcome, Patch, SidecarFile};
use crate::container::Container;
use crate::lists::{List, Lists};
use crate::merge::{self, Plan, Present};
use crate::ours::Record;
use crate::parts::Parts;
use crate::refusal::Refusal;
use crate::said::Said;
use crate::wanted::{Wanted, Writer};
use crate::xmp::{self, Edited, Room};
use crate::{iptc, reading};

/// Writes into a photo. Writing the same twice changes nothing; with [`Wanted::nothing`] all that was
/// written for a machine is taken back.
///
/// # Errors
/// Whatever would do harm.
pub fn embed(photo: &[u8], wanted: &Wanted, writer: &Writer) -> Result<Outcome<Patch>, Refusal> {
    let container = Container::parse(photo)?;
    let parts = container.parts();
    let (lists, record) = reading::all(&parts)?;
    let has_iptc = parts.is_iptc_writable && parts.iptc.as_deref().is_some_and(iptc::is_writable);
    let present = Present { lists: &lists, record: &record, elsewhere: &[], has_iptc };
    let plan = merge::plan(&present, wanted, writer);
    if plan.is_empty() {
        return Ok(Outcome::Unchanged(lists));
    }
    check(&parts)?;
    let packet = parts.xmp.first().map(AsRef::as_ref);
    let edited = xmp::edit(packet, &plan, writer, container.room())?;
    let block = parts.iptc.as_deref().filter(|_| has_iptc && !plan.of(List::Iptc).is_empty());
    let block = block.and_then(|block| iptc::write(block, plan.of(List::Iptc)));
    let output = container.write(&edited, block.as_deref())?;
    Ok(Outcome::Changed(changed(plan, output)))
}

/// What makes any change of a photo one that does harm.
fn check(parts: &Parts) -> Result<(), Refusal> {
    if parts.has_credentials {
        return Err(Refusal::ContentCredentials);
    }
    if parts.xmp.len() > 1 {
        return Err(Refusal::TwoPackets);
    }
    let extension = parts.extension.as_deref().and_then(|packet| xmp::read(packet).ok());
    match extension {
        Some((lists, _)) if !lists.is_empty() => Err(Refusal::InExtension),
        _ => Ok(()),
    }
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
    let (lists, record) = match existing {
        Some(packet) => xmp::read(packet)?,
        None => (Lists::default(), Record::default()),
    };
    let own = own.map_or(&[][..], |said| &said.own);
    let elsewhere = &merge::for_sidecar(own, &lists, &record, writer.fold);
    let present = Present { lists: &lists, record: &record, elsewhere, has_iptc: false };
    let plan = merge::plan(&present, wanted, writer);
    Ok(match xmp::edit(existing, &plan, writer, Room::File)? {
        Edited::Same => Outcome::Unchanged(lists),
        Edited::New(bytes) => Outcome::Changed(changed(plan, SidecarFile::Write(bytes))),
        Edited::Gone => Outcome::Changed(changed(plan, SidecarFile::Delete)),
    })
}

fn changed<T>(plan: Plan, output: T) -> Change<T> {
    Change { before: plan.before, after: plan.after, output }
}
