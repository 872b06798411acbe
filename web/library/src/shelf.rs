//! The photos in the order in which they are shown, each with what was worked out of its record.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::lexicon::{Lexicon, WordId};
use crate::order;
use crate::photo::{Decision, Photo, PhotoId};
use crate::search;
use crate::table::Table;
use crate::tag::Tagged;

/// A photo and what was worked out of it.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) photo: Rc<Photo>,
    /// The record's decisions.
    pub(crate) decided: Vec<(WordId, Decision)>,
    /// The record's keywords.
    pub(crate) said: Vec<Said>,
    /// Its tags, best first.
    pub(crate) tags: Vec<Tagged>,
    /// Its name, to search in.
    pub(crate) name: String,
}

/// A keyword of the file's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said {
    /// The tag that it means.
    pub(crate) meant: WordId,
    /// The tag that it would be if it meant no other: it may have been removed as that.
    pub(crate) own: WordId,
}

impl Slot {
    fn new(photo: Rc<Photo>) -> Self {
        let name = search::haystack(&photo.name);
        Self { photo, decided: Vec::new(), said: Vec::new(), tags: Vec::new(), name }
    }

    /// Works out of the record what does not depend on thresholds.
    pub(crate) fn read(&mut self, lexicon: &mut Lexicon) {
        self.decided.clear();
        for (key, &decision) in self.photo.decisions.iter() {
            self.decided.push((lexicon.intern(key), decision));
        }
        self.said.clear();
        for word in self.photo.keywords.iter().filter(|word| !word.trim().is_empty()) {
            let meant = lexicon.mean(word);
            self.said.push(Said { meant, own: lexicon.find(word).unwrap_or(meant) });
        }
    }

    /// What the user said of a word.
    pub(crate) fn decision(&self, word: WordId) -> Option<Decision> {
        self.decided.iter().find(|(of, _)| *of == word).map(|&(_, decision)| decision)
    }
}

/// Where a photo stands: newest first, and as they came among those that came together.
type Place = (f64, u32);

/// All photos.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    /// In order.
    rows: Vec<Row>,
    places: Table<PhotoId, Place>,
}

/// A slot and its place, small enough to be moved by the thousand when one comes in.
#[derive(Debug)]
struct Row {
    place: Place,
    slot: Box<Slot>,
}

impl Row {
    fn new(photo: Photo) -> Self {
        Self { place: place(&photo), slot: Box::new(Slot::new(photo.into())) }
    }

    fn compare(&self, place: Place, id: &PhotoId) -> Ordering {
        let newest_first = place.0.total_cmp(&self.place.0);
        let then = newest_first.then(self.place.1.cmp(&place.1));
        then.then_with(|| self.slot.photo.id.cmp(id))
    }
}

impl Shelf {
    /// Fills an empty shelf.
    pub(crate) fn fill(&mut self, photos: Vec<Photo>) {
        for photo in photos {
            self.places.insert(photo.id.clone(), place(&photo));
            self.rows.push(Row::new(photo));
        }
        order::sort(&mut self.rows, |left, right| {
            left.compare(right.place, &right.slot.photo.id).is_lt()
        });
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All of them, in order.
    pub(crate) fn slots(&self) -> impl ExactSizeIterator<Item = &Slot> {
        self.rows.iter().map(|row| &*row.slot)
    }

    /// The same to be changed, but for their order.
    pub(crate) fn slots_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        self.rows.iter_mut().map(|row| &mut *row.slot)
    }

    /// One of them.
    pub(crate) fn get(&self, id: &PhotoId) -> Option<&Slot> {
        let at = self.find(id)?.ok()?;
        Some(&self.rows[at].slot)
    }

    /// The same to be changed, but for its place.
    pub(crate) fn get_mut(&mut self, id: &PhotoId) -> Option<&mut Slot> {
        let at = self.find(id)?.ok()?;
        Some(&mut self.rows[at].slot)
    }

    /// Puts a photo in its place, over the record that is there.
    pub(crate) fn put(&mut self, photo: Photo) {
        if self.places.get(&photo.id).is_some_and(|&there| there != place(&photo)) {
            self.take(&photo.id);
        }
        let id = photo.id.clone();
        self.places.insert(id.clone(), place(&photo));
        match self.find(&id) {
            Some(Ok(at)) => self.rows[at] = Row::new(photo),
            Some(Err(at)) => self.rows.insert(at, Row::new(photo)),
            None => {}
        }
    }

    /// Takes a photo away.
    pub(crate) fn take(&mut self, id: &PhotoId) {
        if let Some(Ok(at)) = self.find(id) {
            self.rows.remove(at);
        }
        self.places.remove(id);
    }

    /// Where a photo with a known place is, or would be.
    fn find(&self, id: &PhotoId) -> Option<Result<usize, usize>> {
        let &wanted = self.places.get(id)?;
        Some(self.rows.binary_search_by(|row| row.compare(wanted, id)))
    }
}

fn place(photo: &Photo) -> Place {
    (photo.added, photo.place)
}
