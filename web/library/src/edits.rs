//! What users do: each a step of history, of one photo or of as many as were selected.

use std::rc::Rc;

use crate::history::{Change, Direction, Entry, HistoryChange, Kind, Values};
use crate::library::{Changes, Library};
use crate::photo::{Decision, Photo, PhotoId};
use crate::settings::Settings;
use crate::shelf::{Shelf, Slot};
use crate::table::{Set, Table};
use crate::tag::Source;

impl Library {
    /// Gives photos the tag that a word means.
    pub fn add_tag(&mut self, ids: &[PhotoId], word: &str) -> Changes {
        let key = self.key_of(word);
        if key.is_empty() {
            return Changes::default();
        }
        let changes = self.each(ids, |slot| decide(&slot.photo, &key, Decision::Added));
        self.commit(Kind::Add, &key, changes)
    }

    /// Says that photos do not have a tag, whether they have it now or some network gives it later.
    pub fn remove_tag(&mut self, ids: &[PhotoId], key: &str) -> Changes {
        let key = self.lexicon.canonical(key);
        let changes = self.each(ids, |slot| decide(&slot.photo, &key, Decision::Removed));
        self.commit(Kind::Remove, &key, changes)
    }

    /// Makes a tag the user's where the network or the file gives it.
    pub fn confirm_tag(&mut self, ids: &[PhotoId], key: &str) -> Changes {
        let key = self.lexicon.canonical(key);
        let word = self.lexicon.find(&key);
        let changes = self.each(ids, |slot| {
            let is_there = slot.tags.iter().any(|tag| Some(tag.word) == word);
            is_there.then(|| decide(&slot.photo, &key, Decision::Added)).flatten()
        });
        self.commit(Kind::Confirm, &key, changes)
    }

    /// Makes every tag that the network gives the user's.
    pub fn confirm_all(&mut self, ids: &[PhotoId]) -> Changes {
        let mut changes = Vec::new();
        for slot in self.selected(ids) {
            let given = slot.tags.iter().filter(|tag| tag.source == Source::Auto);
            let keys = given.map(|tag| self.lexicon.key_of(tag.word));
            changes.extend(keys.filter_map(|key| decide(&slot.photo, key, Decision::Added)));
        }
        self.commit(Kind::Confirm, "", changes)
    }

    /// Removes all that the network said, and all that it was asked before. What the user and the file
    /// said stays.
    pub fn remove_auto(&mut self, ids: &[PhotoId]) -> Changes {
        let scores = |slot: &Slot| {
            let before = Some(Box::new(slot.photo.result.clone()?));
            let photo = slot.photo.id.clone();
            Some(Change::Scores { photo, values: Values { before, after: None } })
        };
        let unasked = self.selected(ids).filter(|slot| slot.photo.result.is_none());
        let unasked: Vec<PhotoId> = unasked.map(|slot| slot.photo.id.clone()).collect();
        let changes = self.each(ids, scores);
        for id in &unasked {
            if let Some(slot) = self.shelf.get_mut(id) {
                Rc::make_mut(&mut slot.photo).generation += 1;
            }
        }
        let mut changes = self.commit(Kind::RemoveAuto, "", changes);
        changes.photos.extend(unasked);
        changes
    }

    /// Takes photos out of the library. Undoing brings them back.
    pub fn delete(&mut self, ids: &[PhotoId]) -> Changes {
        let changes = self.each(ids, |slot| {
            let before = Some(Box::new((*slot.photo).clone()));
            let photo = slot.photo.id.clone();
            Some(Change::Record { photo, values: Values { before, after: None } })
        });
        self.commit(Kind::Delete, "", changes)
    }

    /// Never shows a tag any more, or shows it again. What the user added stays to be seen.
    pub fn set_hidden(&mut self, key: &str, is_hidden: bool) -> Changes {
        let key = self.lexicon.canonical(key);
        let mut changes = Vec::new();
        if !key.is_empty() && self.settings.is_hidden(&key) != is_hidden {
            let before = self.settings.hidden.get(&*key).copied();
            let values = Values { before, after: Some(is_hidden) };
            changes.push(Change::Hidden { key: key.to_string(), values });
        }
        self.commit(if is_hidden { Kind::Hide } else { Kind::Show }, &key, changes)
    }

    /// Takes the last step back.
    pub fn undo(&mut self) -> Changes {
        self.go(Direction::Undo)
    }

    /// Takes the step that was undone last again.
    pub fn redo(&mut self) -> Changes {
        self.go(Direction::Redo)
    }

    /// The photos that are there, each once.
    fn selected(&self, ids: &[PhotoId]) -> impl Iterator<Item = &Slot> {
        let once: Set<&PhotoId> = ids.iter().collect();
        once.into_iter().filter_map(|id| self.shelf.get(id))
    }

    fn each(&self, ids: &[PhotoId], change: impl Fn(&Slot) -> Option<Change>) -> Vec<Change> {
        self.selected(ids).filter_map(change).collect()
    }

    /// Does what is to be done, remembers it and counts it.
    pub(crate) fn commit(&mut self, kind: Kind, word: &str, changes: Vec<Change>) -> Changes {
        if changes.is_empty() {
            return Changes::default();
        }
        let pushed = self.history.push(kind, word, changes);
        let done = self.go(Direction::Redo);
        let mut forgotten = Vec::new();
        let mut known = self.history.remembered();
        for id in pushed.dropped.iter().flat_map(Entry::records) {
            if self.photo(id).is_none() && known.insert(id.clone()) {
                forgotten.push(id.clone());
            }
        }
        let settings = &mut self.settings;
        settings.since_backup = settings.since_backup.saturating_add(1);
        Changes { history: pushed.change, forgotten, settings: true, ..done }
    }

    /// Takes a step back or again.
    fn go(&mut self, direction: Direction) -> Changes {
        let Some(entry) = self.history.step(direction) else { return Changes::default() };
        let mut state = State {
            settings: &mut self.settings,
            shelf: &mut self.shelf,
            photos: Set::new(),
            records: Vec::new(),
            is_set: false,
        };
        let mut is_rewritten = false;
        for change in &mut entry.changes {
            is_rewritten |= state.apply(change, direction);
        }
        let State { mut photos, records, is_set: settings, .. } = state;
        let put = if is_rewritten { vec![entry.number] } else { Vec::new() };
        for record in records {
            photos.insert(record.id.clone());
            self.put(record);
        }
        self.refresh_changed(&photos, settings);
        let history = HistoryChange { put, deleted: Vec::new(), cursor: true };
        let photos = photos.into_iter().collect();
        Changes { photos, settings, history, forgotten: Vec::new() }
    }
}

/// The change to a decision, if it is one.
pub(crate) fn decide(photo: &Photo, key: &str, decision: Decision) -> Option<Change> {
    let before = photo.decisions.get(key).copied();
    let values = Values { before, after: Some(decision) };
    let change = Change::Decision { photo: photo.id.clone(), key: key.to_owned(), values };
    (before != Some(decision)).then_some(change)
}

/// What steps change, and what they changed.
struct State<'a> {
    settings: &'a mut Settings,
    shelf: &'a mut Shelf,
    photos: Set<PhotoId>,
    /// Photos to be put in their places.
    records: Vec<Photo>,
    is_set: bool,
}

impl State<'_> {
    /// Applies a change to what is there; gives whether the change is another one now.
    fn apply(&mut self, change: &mut Change, direction: Direction) -> bool {
        match change {
            Change::Decision { photo, key, values } => {
                self.on(photo, |photo| swing(values, &mut photo.decisions, key, direction))
            }
            Change::Scores { photo, values } => self.on(photo, |photo| {
                photo.generation += 1;
                let mut result = photo.result.take().map(Box::new);
                let is_surprise = values.swing(&mut result, direction);
                photo.result = result.map(|result| *result);
                is_surprise
            }),
            Change::Record { photo, values } => self.record(photo, values, direction),
            Change::Word { key, values } => {
                self.is_set = true;
                swing(values, &mut self.settings.words, key, direction)
            }
            Change::Hidden { key, values } => {
                self.is_set = true;
                swing(values, &mut self.settings.hidden, key, direction)
            }
        }
    }

    /// A photo that is not there is left alone.
    fn on(&mut self, id: &PhotoId, change: impl FnOnce(&mut Photo) -> bool) -> bool {
        let Some(slot) = self.shelf.get_mut(id) else { return false };
        self.photos.insert(id.clone());
        change(Rc::make_mut(&mut slot.photo))
    }

    /// A photo that was deleted and then added again joins what comes back.
    fn record(
        &mut self,
        id: &PhotoId,
        values: &mut Values<Box<Photo>>,
        direction: Direction,
    ) -> bool {
        let there = self.shelf.get(id).map(|slot| Box::new((*slot.photo).clone()));
        let mut current = there.clone();
        let is_surprise = values.swing(&mut current, direction);
        self.photos.insert(id.clone());
        match current {
            Some(mut photo) => {
                if let Some(there) = there {
                    photo.generation = photo.generation.max(there.generation);
                    if direction == Direction::Undo {
                        photo.join(&there);
                    }
                }
                self.records.push(*photo);
            }
            None => self.shelf.take(id),
        }
        is_surprise
    }
}

fn swing<T: Clone + PartialEq>(
    values: &mut Values<T>,
    all: &mut Table<String, T>,
    key: &str,
    direction: Direction,
) -> bool {
    let mut current = all.remove(key);
    let is_surprise = values.swing(&mut current, direction);
    if let Some(value) = current {
        all.insert(key.to_owned(), value);
    }
    is_surprise
}
