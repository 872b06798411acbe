//! What was done, so that it can be undone and redone, after a reload too.
//!
//! A step is a list of values with what each was before and what it became. Undoing puts back what was
//! before; and if a value became something else since, by a result or by a backup, that is what redoing
//! will put back. So undoing and redoing, in either order, leave everything as it was.

use tagsight_plain::name;

use crate::lexicon::Lexicon;
use crate::order;
use crate::photo::{Decision, Photo, PhotoId, Scores};
use crate::table::Set;
use crate::version::VERSION;

/// How many steps are remembered.
const STEPS: usize = 300;

/// How much they may weigh together, in changes of one decision: some 10 MB.
const WEIGHT: usize = 60_000;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A tag was added.
    Add,
    /// A tag was removed.
    Remove,
    /// A tag was confirmed, or all of them were.
    Confirm,
    /// The network's tags were removed.
    RemoveAuto,
    /// Photos were deleted.
    Delete,
    /// A tag was renamed, or merged into another.
    Rename,
    /// A tag was given another word, or its own again.
    Word,
    /// A tag is never shown any more.
    Hide,
    /// A tag is shown again.
    Show,
}

name!(Kind {
    Add = "Add",
    Remove = "Remove",
    Confirm = "Confirm",
    RemoveAuto = "RemoveAuto",
    Delete = "Delete",
    Rename = "Rename",
    Word = "Word",
    Hide = "Hide",
    Show = "Show",
});

/// A step of history.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The build's that wrote it.
    pub version: u32,
    /// Its place in history, which it is stored by.
    pub number: u32,
    /// What it did.
    pub kind: Kind,
    /// The tag's key; empty where it was about all of a photo's.
    pub word: String,
    /// To what.
    pub(crate) changes: Vec<Change>,
}

impl Entry {
    /// How many photos it changed.
    pub fn photos(&self) -> usize {
        self.changes.iter().filter_map(Change::photo).collect::<Set<_>>().len()
    }

    fn weight(&self) -> usize {
        self.changes.iter().map(Change::weight).sum()
    }
}

/// A value and what it became.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// What the user says of a tag.
    Decision { photo: PhotoId, key: String, values: Values<Decision> },
    /// What the network said.
    Scores { photo: PhotoId, values: Values<Box<Scores>> },
    /// A photo's record.
    Record { photo: PhotoId, values: Values<Box<Photo>> },
    /// The word that is shown for a tag.
    Word { key: String, values: Values<String> },
    /// Whether a tag is never shown.
    Hidden { key: String, values: Values<bool> },
}

/// Before and after; nothing where there was nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Values<T> {
    pub(crate) before: Option<T>,
    pub(crate) after: Option<T>,
}

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Undo,
    Redo,
}

impl<T: Clone + PartialEq> Values<T> {
    /// Puts one value in the other's place and keeps what was there instead, if it was not what was
    /// expected. Gives whether that was so.
    pub(crate) fn swing(&mut self, current: &mut Option<T>, direction: Direction) -> bool {
        let (expected, wanted) = match direction {
            Direction::Undo => (&mut self.after, &self.before),
            Direction::Redo => (&mut self.before, &self.after),
        };
        let is_surprise = current != expected;
        if is_surprise {
            expected.clone_from(current);
        }
        current.clone_from(wanted);
        is_surprise
    }
}

impl Change {
    fn photo(&self) -> Option<&PhotoId> {
        match self {
            Self::Decision { photo, .. }
            | Self::Scores { photo, .. }
            | Self::Record { photo, .. } => Some(photo),
            Self::Word { .. } | Self::Hidden { .. } => None,
        }
    }

    fn weight(&self) -> usize {
        match self {
            Self::Scores { .. } | Self::Record { .. } => 5,
            _ => 1,
        }
    }
}

/// What has to be written of history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryChange {
    /// Numbers of the entries to be written, over what has their number.
    pub put: Vec<u32>,
    /// Numbers of the entries to be deleted.
    pub deleted: Vec<u32>,
    /// Whether the cursor moved.
    pub cursor: bool,
}

/// What was done, oldest first, and what can be redone.
#[derive(Debug, Default)]
pub struct History {
    /// With rising numbers.
    entries: Vec<Entry>,
    /// How many of them are done; the others are undone.
    done: usize,
}

impl History {
    /// History as it was stored.
    pub(crate) fn open(stored: Vec<Entry>, cursor: Option<u32>) -> Self {
        let mut entries = Vec::with_capacity(stored.len());
        for entry in stored {
            order::insert(&mut entries, entry, |left, right| left.number <= right.number);
        }
        let is_done = |entry: &&Entry| cursor.is_none_or(|cursor| entry.number < cursor);
        let done = entries.iter().filter(is_done).count();
        Self { entries, done }
    }

    /// All steps, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// A step by its number.
    pub fn entry(&self, number: u32) -> Option<&Entry> {
        let at = self.entries.binary_search_by_key(&number, |entry| entry.number);
        at.ok().map(|at| &self.entries[at])
    }

    /// Steps with a smaller number are done, the others undone.
    pub fn cursor(&self) -> u32 {
        self.done.checked_sub(1).map_or_else(
            || self.entries.first().map_or(0, |entry| entry.number),
            |last| self.entries[last].number + 1,
        )
    }

    /// What would be undone.
    pub fn undoable(&self) -> Option<&Entry> {
        self.done.checked_sub(1).map(|last| &self.entries[last])
    }

    /// What would be redone.
    pub fn redoable(&self) -> Option<&Entry> {
        self.entries.get(self.done)
    }

    /// Takes in a step, which is then the next one to be redone. What could be redone before goes, and
    /// what is too old.
    pub(crate) fn push(&mut self, kind: Kind, word: &str, changes: Vec<Change>) -> Pushed {
        let number = self.cursor();
        let undone = self.entries.split_off(self.done);
        let entry = Entry { version: VERSION, number, kind, word: word.to_owned(), changes };
        self.entries.push(entry);
        let mut dropped: Vec<Entry> = self.entries.drain(..self.surplus()).collect();
        dropped.extend(undone);
        self.done = self.entries.len() - 1;
        let deleted = dropped.iter().map(|entry| entry.number).filter(|&other| other != number);
        let change = HistoryChange { put: vec![number], deleted: deleted.collect(), cursor: true };
        Pushed { change, dropped }
    }

    /// How many of the oldest steps are too many; never the last one.
    fn surplus(&self) -> usize {
        let mut weight = 0;
        let fits = |entry: &&Entry| {
            weight += entry.weight();
            weight <= WEIGHT
        };
        let fitting = self.entries.iter().rev().take(STEPS).take_while(fits).count();
        self.entries.len() - fitting.max(1)
    }

    /// The step that is next in a direction; the cursor moves past it.
    pub(crate) fn step(&mut self, direction: Direction) -> Option<&mut Entry> {
        let at = match direction {
            Direction::Undo => self.done.checked_sub(1)?,
            Direction::Redo => self.done,
        };
        let entry = self.entries.get_mut(at)?;
        self.done = match direction {
            Direction::Undo => at,
            Direction::Redo => at + 1,
        };
        Some(entry)
    }

    /// The photos that may come back, as a step has their record.
    pub(crate) fn remembered(&self) -> Set<PhotoId> {
        self.entries.iter().flat_map(Entry::records).cloned().collect()
    }

    /// Spells tags as the library does.
    pub(crate) fn settle(&mut self, lexicon: &mut Lexicon) {
        for change in self.entries.iter_mut().flat_map(|entry| &mut entry.changes) {
            if let Change::Decision { key, .. } = change {
                let id = lexicon.intern(key);
                if **lexicon.key_of(id) != **key {
                    *key = lexicon.key_of(id).to_string();
                }
            }
        }
    }
}

impl Entry {
    /// The photos whose records it has.
    pub(crate) fn records(&self) -> impl Iterator<Item = &PhotoId> {
        self.changes.iter().filter_map(|change| match change {
            Change::Record { photo, .. } => Some(photo),
            _ => None,
        })
    }
}

/// What came of a new step.
pub(crate) struct Pushed {
    pub(crate) change: HistoryChange,
    /// What is not remembered any more.
    pub(crate) dropped: Vec<Entry>,
}
