//! The library: photos, settings and history, and all that is asked of them.

use std::rc::Rc;

use crate::fold::{Outputs, Rules};
use crate::history::{Entry, History, HistoryChange};
use crate::lexicon::Lexicon;
use crate::photo::{Photo, PhotoId, Scores};
use crate::settings::{ModelFacts, Settings, Step};
use crate::shelf::Shelf;
use crate::table::Set;
use crate::tag::{Tag, Tagged};
use crate::version::{Newer, Part, Stamp};
use crate::vocabulary::Language;

/// All that is known of the user's photos.
///
/// Whatever changes it says what has to be written, as [`Changes`]; all of that belongs into one
/// transaction. Words, names and keywords are given in NFC.
#[derive(Debug, Default)]
pub struct Library {
    pub(crate) settings: Settings,
    pub(crate) lexicon: Lexicon,
    /// One a model of the settings, in their order.
    outputs: Vec<Outputs>,
    pub(crate) shelf: Shelf,
    pub(crate) history: History,
}

/// What was stored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stored {
    /// In any order.
    pub photos: Vec<Photo>,
    /// Those of the library.
    pub settings: Settings,
    /// In any order.
    pub entries: Vec<Entry>,
    /// As [`History::cursor`] gave it.
    pub cursor: Option<u32>,
}

/// What has to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Photos to be written, or to be deleted where the library does not have them any more.
    pub photos: Vec<PhotoId>,
    /// Whether the settings are to be written.
    pub settings: bool,
    /// What is to be written of history.
    pub history: HistoryChange,
    /// Photos that are gone for good: no step of history can bring them back, so whatever else is
    /// stored of them can go.
    pub forgotten: Vec<PhotoId>,
}

impl Changes {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn photo(id: PhotoId) -> Self {
        Self { photos: vec![id], ..Self::default() }
    }

    pub(crate) fn settings() -> Self {
        Self { settings: true, ..Self::default() }
    }
}

/// What became of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is the photo's now.
    Kept(Changes),
    /// The photo was reset since it was asked for.
    Stale,
    /// There is no such photo any more.
    Unknown,
}

/// What became of a photo that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It was not there.
    New,
    /// It was, and has what its file says now; all else stays.
    Known,
}

impl Library {
    /// The library as it was stored.
    pub fn open(stored: Stored) -> Result<Self, Newer> {
        for photo in &stored.photos {
            Stamp { version: photo.version }.check(Part::Photo)?;
        }
        Stamp { version: stored.settings.version }.check(Part::Settings)?;
        check(&stored.entries)?;
        let mut library = Self { settings: stored.settings, ..Self::default() };
        library.lexicon.configure(&library.settings);
        let mut photos = stored.photos;
        for photo in &mut photos {
            library.lexicon.settle(photo);
        }
        library.shelf.fill(photos);
        library.history = History::open(stored.entries, stored.cursor);
        library.history.settle(&mut library.lexicon);
        library.refresh_all();
        Ok(library)
    }

    /// A photo's record.
    pub fn photo(&self, id: &PhotoId) -> Option<&Rc<Photo>> {
        self.shelf.get(id).map(|slot| &slot.photo)
    }

    /// All photos: those that came last first, and as they came among those that came together.
    pub fn photos(&self) -> impl ExactSizeIterator<Item = &Rc<Photo>> {
        self.shelf.slots().map(|slot| &slot.photo)
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What was done, and can be undone and redone.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// A photo's tags, best first; none of a photo that is not there.
    pub fn tags(&self, id: &PhotoId) -> Vec<Tag> {
        self.shelf.get(id).map(|slot| self.named(&slot.tags)).unwrap_or_default()
    }

    /// The few labels that come next and have some hope, best first.
    pub fn less_sure(&self, id: &PhotoId) -> Vec<Tag> {
        let tags = self.shelf.get(id).map(|slot| self.rules().less_sure(slot));
        self.named(&tags.unwrap_or_default())
    }

    fn named(&self, tags: &[Tagged]) -> Vec<Tag> {
        let named = |&Tagged { word, score, source }: &Tagged| Tag {
            key: self.lexicon.key_of(word).clone(),
            score,
            source,
        };
        tags.iter().map(named).collect()
    }

    /// The key of the tag that a word means: a label's canonical name, if it means one in any
    /// language, or else the word as it was first spelled. Empty if there is no word.
    pub fn key_of(&self, word: &str) -> Rc<str> {
        self.lexicon.key(word)
    }

    /// What is shown for a tag: the word that the user gave it, or the label's name, or the key.
    pub fn display<'a>(&'a self, key: &'a str, language: Language) -> &'a str {
        self.lexicon.display(key, language)
    }

    /// Whether a tag is a label, which a network can give, rather than a word of the user's.
    pub fn is_label(&self, key: &str) -> bool {
        let known = self.lexicon.find(key).is_some_and(|word| self.lexicon.is_label(word));
        known || crate::vocabulary::name(key, Language::En).is_some()
    }

    /// Takes in a photo, of which its file says what it is. Who adds several at once gives them the
    /// same [`Photo::added`] and different places. One that is there already stands where it was put
    /// now, with all that was decided about it.
    pub fn add(&mut self, photo: Photo) -> (Arrival, Changes) {
        let id = photo.id.clone();
        let Some(there) = self.photo(&id) else {
            self.put(photo);
            return (Arrival::New, Changes::photo(id));
        };
        let taken = if photo.taken.is_empty() { &there.taken } else { &photo.taken };
        let mut joined = Photo {
            taken: taken.clone(),
            decisions: there.decisions.clone(),
            result: there.result.clone(),
            generation: there.generation,
            ..photo.clone()
        };
        joined.join(&photo);
        if joined == **there {
            return (Arrival::Known, Changes::default());
        }
        self.put(joined);
        (Arrival::Known, Changes::photo(id))
    }

    /// What a result that is asked for now has to be handed in with; nothing if there is no such
    /// photo.
    pub fn begin(&self, id: &PhotoId) -> Option<u32> {
        self.photo(id).map(|photo| photo.generation)
    }

    /// Hands in a result that was asked for with a generation.
    pub fn finish(&mut self, id: &PhotoId, generation: u32, scores: Scores) -> Outcome {
        let Some(slot) = self.shelf.get_mut(id) else { return Outcome::Unknown };
        if slot.photo.generation != generation {
            return Outcome::Stale;
        }
        Rc::make_mut(&mut slot.photo).result = Some(scores);
        self.refresh(id);
        Outcome::Kept(Changes::photo(id.clone()))
    }

    /// Says what the scores of a model mean.
    pub fn register_model(&mut self, facts: ModelFacts) -> Changes {
        let models = &mut self.settings.models;
        match models.iter_mut().find(|model| model.sha256 == facts.sha256) {
            Some(model) if *model == facts => return Changes::default(),
            Some(model) => *model = facts,
            None => models.push(facts),
        }
        self.lexicon.configure(&self.settings);
        self.refresh_all();
        Changes::settings()
    }

    /// Says how sure the network has to be. It is no step of history.
    pub fn set_step(&mut self, step: Step) -> Changes {
        if self.settings.step == step {
            return Changes::default();
        }
        self.settings.step = step;
        self.fold_all();
        Changes::settings()
    }

    /// Takes in a record that another tab wrote.
    pub fn replace(&mut self, photo: Photo) -> Result<(), Newer> {
        Stamp { version: photo.version }.check(Part::Photo)?;
        self.put(photo);
        Ok(())
    }

    /// Drops a record that another tab deleted.
    pub fn forget(&mut self, id: &PhotoId) {
        self.shelf.take(id);
    }

    /// Takes in settings that another tab wrote.
    pub fn replace_settings(&mut self, settings: Settings) -> Result<(), Newer> {
        Stamp { version: settings.version }.check(Part::Settings)?;
        self.settings = settings;
        self.lexicon.configure(&self.settings);
        self.refresh_all();
        Ok(())
    }

    /// Takes in all of history as another tab left it.
    pub fn replace_history(
        &mut self,
        entries: Vec<Entry>,
        cursor: Option<u32>,
    ) -> Result<(), Newer> {
        check(&entries)?;
        self.history = History::open(entries, cursor);
        self.history.settle(&mut self.lexicon);
        Ok(())
    }

    /// Whether the library has the photo or can have it again by undoing or redoing; else nothing
    /// needs to be kept of it.
    pub fn remembers(&self, id: &PhotoId) -> bool {
        self.photo(id).is_some() || self.history.remembered().contains(id)
    }

    /// Puts a record in its place.
    pub(crate) fn put(&mut self, mut photo: Photo) {
        let id = photo.id.clone();
        self.lexicon.settle(&mut photo);
        self.shelf.put(photo);
        self.refresh(&id);
    }

    /// Works out a photo's tags again.
    fn refresh(&mut self, id: &PhotoId) {
        if let Some(slot) = self.shelf.get_mut(id) {
            slot.read(&mut self.lexicon);
            let (settings, lexicon, outputs) = (&self.settings, &self.lexicon, &self.outputs[..]);
            slot.tags = Rules { settings, lexicon, outputs }.tags(slot);
        }
    }

    /// The same of all that changed.
    pub(crate) fn refresh_changed(&mut self, photos: &Set<PhotoId>, settings: bool) {
        if settings {
            self.lexicon.configure(&self.settings);
            return self.refresh_all();
        }
        for id in photos.iter() {
            self.refresh(id);
        }
    }

    /// Works out all tags again, after what words mean may have changed.
    pub(crate) fn refresh_all(&mut self) {
        let models = self.settings.models.iter();
        self.outputs = models.map(|model| Outputs::new(model, &mut self.lexicon)).collect();
        for slot in self.shelf.slots_mut() {
            slot.read(&mut self.lexicon);
        }
        self.fold_all();
    }

    fn fold_all(&mut self) {
        let (settings, lexicon, outputs) = (&self.settings, &self.lexicon, &self.outputs[..]);
        let rules = Rules { settings, lexicon, outputs };
        for slot in self.shelf.slots_mut() {
            slot.tags = rules.tags(slot);
        }
    }

    fn rules(&self) -> Rules<'_> {
        Rules { settings: &self.settings, lexicon: &self.lexicon, outputs: &self.outputs }
    }
}

fn check(entries: &[Entry]) -> Result<(), Newer> {
    entries.iter().try_for_each(|entry| Stamp { version: entry.version }.check(Part::History))
}
