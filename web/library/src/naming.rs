//! What tags are called: new names, and tags that are one from then on.

use std::rc::Rc;

use crate::edits::decide;
use crate::history::{Change, Kind, Values};
use crate::lexicon::WordId;
use crate::library::{Changes, Library};
use crate::photo::Decision;
use crate::tag::{Source, Tagged};
use crate::words::{fold, tidy};

/// What became of a new name for a tag. Tags are given by their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Naming {
    /// This tag is called so now.
    Named(Rc<str>),
    /// The name was another tag's, and both are this one now.
    Merged(Rc<str>),
    /// It is called so already.
    Same,
    /// The name is this label's; two labels cannot be one, as networks tell them apart.
    OfLabel(Rc<str>),
    /// No photo has the tag from its user or its file.
    Absent,
}

impl Library {
    /// Renames a word of the user's or of the files', everywhere; where the other tag exists they are
    /// one from then on. A label has its word replaced, and so has what is only spelled otherwise, or
    /// given no word.
    pub fn rename(&mut self, key: &str, word: &str) -> (Naming, Changes) {
        let to = self.key_of(word);
        if self.is_label(key) || fold(key) == fold(word) || to.is_empty() {
            return self.set_word(key, word);
        }
        if to == self.lexicon.canonical(key) {
            return (Naming::Same, Changes::default());
        }
        let is_new = !self.is_label(&to) && !self.is_in_use(&to);
        let from = self.lexicon.find(key);
        let changes = from.map(|from| self.merging(from, &to)).unwrap_or_default();
        let changes = self.commit(Kind::Rename, &to, changes);
        let naming = match changes.is_empty() {
            true => Naming::Absent,
            false if is_new => Naming::Named(to),
            false => Naming::Merged(to),
        };
        (naming, changes)
    }

    /// Gives a tag another word to be shown, in every language; no word gives it its own again. A word
    /// of the user's that is the same becomes the tag. Nothing happens if the word means another label.
    pub fn set_word(&mut self, key: &str, word: &str) -> (Naming, Changes) {
        let key = self.lexicon.canonical(key);
        let word = if tidy(word) == *key { String::new() } else { tidy(word) };
        let other = self.key_of(&word);
        let is_other = !word.is_empty() && other != key;
        if is_other && self.is_label(&other) {
            return (Naming::OfLabel(other), Changes::default());
        }
        if key.is_empty() {
            return (Naming::Absent, Changes::default());
        }
        let mut changes = Vec::new();
        if self.settings.word(&key).unwrap_or_default() != word {
            let before = self.settings.words.get(&*key).cloned();
            let values = Values { before, after: Some(word) };
            changes.push(Change::Word { key: key.to_string(), values });
        }
        let other = self.lexicon.find(&other).filter(|_| is_other);
        let merging = other.map(|other| self.merging(other, &key)).unwrap_or_default();
        let is_merged = !merging.is_empty();
        changes.extend(merging);
        let changes = self.commit(Kind::Word, &key, changes);
        let naming = match changes.is_empty() {
            true => Naming::Same,
            false if is_merged => Naming::Merged(key),
            false => Naming::Named(key),
        };
        (naming, changes)
    }

    /// Removes a word where the user or the file gave it, and adds another tag there.
    fn merging(&self, from: WordId, to: &str) -> Vec<Change> {
        let from_key = self.lexicon.key_of(from);
        let mut changes = Vec::new();
        for slot in self.shelf.slots() {
            if slot.tags.iter().any(|tag| is_said(tag, from)) && **from_key != *to {
                changes.extend(decide(&slot.photo, from_key, Decision::Removed));
                changes.extend(decide(&slot.photo, to, Decision::Added));
            }
        }
        changes
    }

    /// Whether any photo has the tag.
    fn is_in_use(&self, key: &str) -> bool {
        let word = self.lexicon.find(key);
        self.shelf.slots().any(|slot| slot.tags.iter().any(|tag| Some(tag.word) == word))
    }
}

fn is_said(tag: &Tagged, word: WordId) -> bool {
    tag.word == word && tag.source != Source::Auto
}
