//! What becomes of a photo: what is written where, and what that changes of which list.

use tagsight_metadata::{
    self as metadata, Change, List, Lists, Outcome, Patch, Refusal, Said, SidecarFile, Wanted,
    Writer,
};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Tags are written into the photo.
    Embed,
    /// Tags are written into a sidecar.
    Beside,
    /// What a machine was written for is taken back, wherever it is.
    TakeBack,
}

/// What is at hand of a photo.
#[derive(Debug, Clone, Copy)]
pub enum Photo<'a> {
    /// All of it.
    Here(&'a [u8]),
    /// What it said when it was last read.
    Away(&'a Said),
}

/// What is to be done about a photo.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// How the photo changes.
    pub photo: Option<Patch>,
    /// What becomes of its sidecar.
    pub sidecar: Option<SidecarFile>,
    /// What changes of the lists of both.
    pub changes: Vec<ListChange>,
    /// Why nothing is written where it was meant to be.
    pub refusal: Option<Refusal>,
}

/// A list before and after, paths with bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListChange {
    /// Which.
    pub list: List,
    /// What it held.
    pub before: Vec<String>,
    /// What it is to hold.
    pub after: Vec<String>,
}

impl Plan {
    /// Whether anything is written.
    pub fn is_empty(&self) -> bool {
        self.photo.is_none() && self.sidecar.is_none()
    }

    fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::default() }
    }

    fn note(&mut self, before: &Lists, after: &Lists) {
        for change in changes(before, after) {
            if !self.changes.contains(&change) {
                self.changes.push(change);
            }
        }
    }
}

/// What is to be done about a photo, beside which there is this sidecar.
pub fn plan(
    deed: Deed,
    photo: Photo,
    existing: Option<&[u8]>,
    wanted: &Wanted,
    writer: &Writer,
) -> Plan {
    match (deed, photo) {
        (Deed::Embed, Photo::Here(bytes)) => embed(bytes, existing, wanted, writer),
        (Deed::Embed | Deed::Beside, _) => beside(photo, existing, wanted, writer),
        (Deed::TakeBack, _) => take_back(photo, existing, writer),
    }
}

/// Into the photo; into its sidecar too where there is one, as most programs look there first.
fn embed(bytes: &[u8], existing: Option<&[u8]>, wanted: &Wanted, writer: &Writer) -> Plan {
    let (mut plan, refusal) = match metadata::embed(bytes, wanted, writer) {
        Ok(outcome) => (into_photo(outcome), None),
        Err(refusal) => (Plan::default(), Some(refusal)),
    };
    if refusal.is_some() || existing.is_some() {
        let beside = beside(Photo::Here(bytes), existing, wanted, writer);
        plan.sidecar = beside.sidecar;
        plan.changes.extend(beside.changes.into_iter().filter(|_| plan.photo.is_none()));
        plan.refusal = refusal.or(beside.refusal);
    }
    plan
}

fn into_photo(outcome: Outcome<Patch>) -> Plan {
    let mut plan = Plan::default();
    if let Outcome::Changed(Change { before, after, output }) = outcome {
        plan.photo = Some(output);
        plan.note(&before, &after);
    }
    plan
}

fn beside(photo: Photo, existing: Option<&[u8]>, wanted: &Wanted, writer: &Writer) -> Plan {
    let read;
    let own = match photo {
        // What cannot be read is not known; the photo stays as it is.
        Photo::Here(bytes) => {
            read = metadata::read(bytes, writer.fold).ok();
            read.as_ref()
        }
        Photo::Away(said) => Some(said),
    };
    match metadata::sidecar(own, existing, wanted, writer) {
        Ok(outcome) => {
            let mut plan = Plan::default();
            if let Outcome::Changed(Change { before, after, output }) = outcome {
                plan.sidecar = Some(output);
                plan.note(&before, &after);
            }
            plan
        }
        Err(refusal) => Plan::refused(refusal),
    }
}

/// From the photo and its sidecar. What neither could have been written into has nothing to give back.
fn take_back(photo: Photo, existing: Option<&[u8]>, writer: &Writer) -> Plan {
    let nothing = Wanted::nothing();
    let mut plan = match photo {
        Photo::Here(bytes) => {
            metadata::embed(bytes, &nothing, writer).map(into_photo).unwrap_or_default()
        }
        Photo::Away(_) => Plan::default(),
    };
    if existing.is_some() {
        let beside = beside(photo, existing, &nothing, writer);
        plan.sidecar = beside.sidecar;
        plan.refusal = beside.refusal;
        for change in beside.changes {
            if !plan.changes.contains(&change) {
                plan.changes.push(change);
            }
        }
    }
    plan
}

/// The lists that differ.
fn changes(before: &Lists, after: &Lists) -> impl Iterator<Item = ListChange> {
    List::ALL.into_iter().filter_map(|list| {
        let said = |lists: &Lists| -> Vec<String> {
            lists.of(list).iter().map(|keyword| keyword.path().join("|")).collect()
        };
        let change = ListChange { list, before: said(before), after: said(after) };
        (change.before != change.after).then_some(change)
    })
}

#[cfg(test)]
mod tests {
    use tagsight_library::lower;
    use tagsight_metadata::{Keyword, Origin, Tag};

    use super::*;

    const JPEG: &[u8] = include_bytes!("../../../tests/fixtures/photos/baseline.jpg");
    const GIF: &[u8] = include_bytes!("../../../tests/fixtures/photos/palette.gif");

    fn dog() -> Wanted {
        let origin = Origin::Machine { label: "dog".into(), score: 0.9, model: "00ff".into() };
        let keywords = vec![Keyword::flat("개")];
        Wanted { tags: vec![Tag { keywords, origin }], ..Wanted::default() }
    }

    fn planned(deed: Deed, photo: Photo, existing: Option<&[u8]>, wanted: &Wanted) -> Plan {
        let fold = |word: &str| lower(word.trim());
        let writer = Writer { now: "2026-11-26T16:30:00+09:00", software: "Test", fold: &fold };
        plan(deed, photo, existing, wanted, &writer)
    }

    fn written(plan: &Plan) -> &[u8] {
        match &plan.sidecar {
            Some(SidecarFile::Write(bytes)) => bytes,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_written_is_unchanged_afterwards_and_can_be_taken_back() {
        let first = planned(Deed::Embed, Photo::Here(JPEG), None, &dog());
        assert_eq!((first.sidecar.is_none(), &first.refusal), (true, &None));
        assert_eq!(first.changes[0].after, ["개"]);
        let file = first.photo.unwrap().apply(JPEG);
        assert!(planned(Deed::Embed, Photo::Here(&file), None, &dog()).is_empty());
        let back = planned(Deed::TakeBack, Photo::Here(&file), None, &dog());
        assert_eq!(back.changes[0].before, ["개"]);
        assert!(back.changes[0].after.is_empty());
    }

    #[test]
    fn what_cannot_be_written_into_gets_a_sidecar_and_the_reason() {
        let plan = planned(Deed::Embed, Photo::Here(GIF), None, &dog());
        assert_eq!(plan.refusal, Some(Refusal::Kind));
        assert!(plan.photo.is_none());
        let again = planned(Deed::Embed, Photo::Here(GIF), Some(written(&plan)), &dog());
        assert_eq!((again.is_empty(), again.refusal), (true, Some(Refusal::Kind)));
    }

    #[test]
    fn a_sidecar_that_is_there_is_kept_up_with_the_photo() {
        let sidecar = planned(Deed::Beside, Photo::Here(JPEG), None, &Wanted::default());
        assert!(sidecar.is_empty(), "nothing to say, nothing to write");
        let sidecar = planned(Deed::Beside, Photo::Here(JPEG), None, &dog());
        assert!(sidecar.photo.is_none());
        let mut more = dog();
        more.tags.push(Tag { keywords: vec![Keyword::flat("Oma")], origin: Origin::Person });
        let both = planned(Deed::Embed, Photo::Here(JPEG), Some(written(&sidecar)), &more);
        assert!(both.photo.is_some() && both.sidecar.is_some());
        let gone = planned(Deed::TakeBack, Photo::Here(JPEG), Some(written(&sidecar)), &dog());
        assert!(gone.changes[0].after.is_empty() && gone.sidecar.is_some());
    }

    #[test]
    fn a_photo_that_is_away_keeps_what_it_said() {
        let own = vec![Keyword::flat("beach")];
        let said = Said { own, ..Said::default() };
        let plan = planned(Deed::Beside, Photo::Away(&said), None, &dog());
        assert_eq!(plan.changes[0].after, ["beach", "개"]);
        assert!(planned(Deed::TakeBack, Photo::Away(&said), None, &dog()).is_empty());
    }

    #[test]
    fn a_sidecar_that_is_damaged_stays_as_it_is() {
        let plan = planned(Deed::Beside, Photo::Here(JPEG), Some(b"<x"), &dog());
        assert!(plan.is_empty());
        assert!(matches!(plan.refusal, Some(Refusal::Xmp(_))), "{plan:?}");
    }

    #[test]
    fn only_lists_that_differ_are_told() {
        let mut before = Lists::default();
        before.of_mut(List::Subject).push(Keyword::flat("beach"));
        before.of_mut(List::Iptc).push(Keyword::flat("beach"));
        let mut after = before.clone();
        after.of_mut(List::Subject).push(Keyword::flat("개"));
        after.of_mut(List::Hierarchical).extend(Keyword::from_path(["동물", "개"]));
        let told: Vec<_> = changes(&before, &after).collect();
        let change = |list, before: &[&str], after: &[&str]| ListChange {
            list,
            before: before.iter().map(|&word| word.to_owned()).collect(),
            after: after.iter().map(|&word| word.to_owned()).collect(),
        };
        let wanted = [
            change(List::Subject, &["beach"], &["beach", "개"]),
            change(List::Hierarchical, &[], &["동물|개"]),
        ];
        assert_eq!(told, wanted);
    }
}
