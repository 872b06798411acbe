//! What becomes of a photo, as it is shown before anything is written.

use tagsight_keywords::{ListChange, Plan};
use tagsight_metadata::SidecarFile;

use crate::text::Texts;

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It, or its sidecar, is written.
    Changed,
    /// It says all of it already.
    Unchanged,
    /// Nothing can be written where it was meant to be.
    Refused,
    /// Its file is not at hand.
    Absent,
}

impl State {
    /// The name in the page's hooks.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Absent => "absent",
        }
    }
}

/// A photo.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Its name, after its folders.
    pub(super) name: String,
    pub(super) state: State,
    /// Its lists, from and to.
    pub(super) changes: Vec<ListChange>,
    /// What there is to say of it.
    pub(super) notes: Vec<String>,
    /// Whether anything is written for it.
    pub(super) is_written: bool,
}

impl Row {
    /// Of a photo that was looked at.
    pub(super) fn of(name: &str, plan: &Plan, texts: &Texts) -> Self {
        let state = match (&plan.refusal, plan.is_empty()) {
            (Some(_), _) => State::Refused,
            (None, true) => State::Unchanged,
            (None, false) => State::Changed,
        };
        let mut notes: Vec<String> =
            plan.refusal.iter().map(|refusal| texts.of_refusal(refusal)).collect();
        if plan.sidecar == Some(SidecarFile::Delete) {
            notes.push(texts.sidecar_goes.to_owned());
        }
        Self {
            name: name.to_owned(),
            state,
            changes: plan.changes.clone(),
            notes,
            is_written: !plan.is_empty(),
        }
    }

    /// Of a photo that is away, for this reason.
    pub(super) fn absent(name: &str, why: &str) -> Self {
        Self {
            name: name.to_owned(),
            state: State::Absent,
            changes: Vec::new(),
            notes: vec![why.to_owned()],
            is_written: false,
        }
    }
}

/// "12 photos get tags · 3 stay as they are".
pub(super) fn summary(rows: &[Row], texts: &Texts) -> String {
    let counted = [
        (State::Changed, &texts.changed),
        (State::Unchanged, &texts.unchanged),
        (State::Refused, &texts.refused),
        (State::Absent, &texts.absent),
    ];
    let parts = counted.into_iter().filter_map(|(state, says)| {
        let count = rows.iter().filter(|row| row.state == state).count();
        (count > 0).then(|| says.of(count))
    });
    parts.collect::<Vec<_>>().join(" · ")
}
