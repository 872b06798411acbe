//! What the page knows: photos that are being tagged, photos of the library, what is searched for,
//! chosen and open. Free of the browser, and so tested natively.
//!
//! A photo has a key in the grid, which its job gets and the photo keeps; so nothing moves or loses
//! the focus when a photo is done. The order is always the same: what came last is on top, and what
//! came together stays in its order.

use std::cell::RefCell;
use std::rc::Rc;

use tagsight_library::{
    AtLeast, Changes, Found, Library, ModelFacts, Outcome, Photo, PhotoId, Query, Scores, Set,
    Step, Table, Thresholds, lower,
};
use tagsight_protocol::{Decoder, Model, Reply};

use crate::grid::Selection;
use crate::session::{Job, ModelState, Session, Tagged};

/// What is known of a file before anybody looked into it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FileFacts {
    /// Its name, in NFC.
    pub(crate) name: String,
    /// Its size.
    pub(crate) bytes: u64,
    /// When it was last written, milliseconds since 1970.
    pub(crate) modified: f64,
}

/// How a job came about.
#[derive(Debug, Clone)]
struct Arrival {
    facts: FileFacts,
    /// When, milliseconds since 1970: the same for all that came together.
    added: f64,
    /// Its place among those.
    place: u32,
    /// The photo that is looked at again, and the generation that the result is asked for with.
    again: Option<(PhotoId, u32)>,
}

/// What a tile stands for.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    /// A photo on its way.
    Job(Rc<Job>),
    /// A photo of the library.
    Photo(Rc<Photo>),
}

/// What the worker's answer comes to.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Nothing is to be kept.
    Nothing,
    /// A photo's tags are.
    Keep(Keep),
    /// The file of this job, which was to be a photo's of the library, is another photo's by now.
    OtherPhoto(u32),
}

/// A photo whose tags are to be kept.
#[derive(Debug)]
pub(crate) struct Keep {
    /// Its job.
    pub(crate) job: u32,
    /// What it is known by.
    pub(crate) id: PhotoId,
    /// What has to be written.
    pub(crate) changes: Changes,
}

/// The page's state.
pub(crate) struct Page {
    /// What is being tagged, and by what.
    pub(crate) session: Session,
    /// What is kept.
    pub(crate) library: Library,
    /// What is chosen.
    pub(crate) selection: Selection,
    /// The photo that is open, by its key.
    pub(crate) open: Option<u32>,
    arrivals: Table<u32, Arrival>,
    keys: Table<PhotoId, u32>,
    photos: Table<u32, PhotoId>,
    search: String,
    /// Tags that are filtered by, as chips do.
    filters: Vec<Rc<str>>,
    /// What is shown; none while it has to be found anew.
    shown: RefCell<Option<Shown>>,
}

/// What is shown.
#[derive(Clone, Default)]
struct Shown {
    /// Keys, in order.
    order: Rc<[u32]>,
    /// Tags of the photos among them, most frequent first.
    counts: Rc<[(Rc<str>, usize)]>,
}

/// Where something is shown: what came last first, and what came together in its order.
struct Place {
    added: f64,
    place: u32,
    key: u32,
}

impl Place {
    fn is_before(&self, other: &Self) -> bool {
        let by_time = other.added.total_cmp(&self.added);
        by_time.then((self.place, self.key).cmp(&(other.place, other.key))).is_lt()
    }
}

impl Page {
    /// A page without photos.
    pub(crate) fn new(session: Session) -> Self {
        Self {
            session,
            library: Library::default(),
            selection: Selection::default(),
            open: None,
            arrivals: Table::new(),
            keys: Table::new(),
            photos: Table::new(),
            search: String::new(),
            filters: Vec::new(),
            shown: RefCell::new(None),
        }
    }

    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.session.jobs.is_empty() && self.library.photos().len() == 0
    }

    /// Takes files in, which came together `now`; gives their jobs.
    pub(crate) fn add(&mut self, files: impl IntoIterator<Item = FileFacts>, now: f64) -> Vec<u32> {
        let add = |(place, facts): (usize, FileFacts)| {
            let job = self.session.add(facts.name.clone(), facts.bytes);
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            self.arrivals.insert(job, Arrival { facts, added: now, place, again: None });
            job
        };
        let jobs = files.into_iter().enumerate().map(add).collect();
        self.changed();
        jobs
    }

    /// Has photos looked at again, which stay where they are; their jobs have their keys.
    pub(crate) fn tag_again(&mut self, keys: &[u32]) {
        for &key in keys {
            let Some(photo) = self.photo(key).cloned() else { continue };
            let Some(generation) = self.library.begin(&photo.id) else { continue };
            let facts = FileFacts {
                name: photo.name.clone(),
                bytes: photo.bytes,
                modified: photo.modified,
            };
            let again = Some((photo.id.clone(), generation));
            let (added, place) = (photo.added, photo.place);
            self.arrivals.insert(key, Arrival { facts, added, place, again });
            self.session.add_again(key, photo.name.clone(), photo.bytes);
        }
        self.changed();
    }

    /// Takes in what the worker says; gives what has to be kept of it.
    pub(crate) fn reply(&mut self, reply: Reply) -> (Answer, Changes) {
        let model = match &reply {
            Reply::Loaded(model) => self.library.register_model(facts(model)),
            _ => Changes::default(),
        };
        let tagged = self.session.reply(reply);
        (tagged.map_or(Answer::Nothing, |tagged| self.keep(tagged)), model)
    }

    /// Puts what was found into the library. A photo that is there already comes back as itself, with
    /// what its user decided. A result that was asked for before the photo was reset is dropped.
    fn keep(&mut self, tagged: Tagged) -> Answer {
        let Tagged { id: job, tagging, by } = tagged;
        let id = PhotoId::from(tagging.identity.as_str());
        let Some(arrival) = self.arrivals.get(&job) else { return Answer::Nothing };
        let Arrival { facts, added, place, again } = arrival.clone();
        if again.as_ref().is_some_and(|(asked, _)| *asked != id) {
            return Answer::OtherPhoto(job);
        }
        let scores = Scores {
            model: by.name.clone(),
            sha256: by.sha256.clone(),
            values: tagging.scores,
            engine: tagging.backend.name().to_owned(),
            orientation: match tagging.decoder {
                Decoder::Own { orientation } => orientation,
                Decoder::Browser => 0,
            },
            millis: tagging.decode_millis + tagging.inference_millis,
        };
        let (_, mut changes) = self.library.add(Photo {
            id: id.clone(),
            name: facts.name,
            bytes: facts.bytes,
            modified: facts.modified,
            taken: tagging.taken,
            added,
            place,
            width: tagging.width,
            height: tagging.height,
            hash: tagging.hash,
            keywords: tagging.keywords,
            ..Photo::default()
        });
        let asked = again.map(|(_, generation)| generation).or_else(|| self.library.begin(&id));
        if let Some(generation) = asked
            && let Outcome::Kept(more) = self.library.finish(&id, generation, scores)
        {
            changes = more;
        }
        self.give_key(id.clone(), job);
        // It stands where its job stood, and has tags now.
        self.changed();
        Answer::Keep(Keep { job, id, changes })
    }

    /// A photo's tags are kept, or cannot be and are shown all the same.
    pub(crate) fn kept(&mut self, job: u32) {
        self.session.kept(job);
        self.arrivals.remove(&job);
        // A photo is found by its tags, a job by its name; else the one has just the other's place.
        if !self.search.is_empty() || !self.filters.is_empty() {
            self.changed();
        }
    }

    /// A job's file is open, and this is known of it; gives whether the worker is to have it.
    pub(crate) fn opened(&mut self, job: u32, facts: FileFacts) -> bool {
        let is_wanted = self.session.opened(job, facts.bytes);
        if let Some(arrival) = self.arrivals.get_mut(&job) {
            arrival.facts = facts;
        }
        is_wanted
    }

    /// Takes a photo off the page that the worker does not have, though it was its turn; gives what was
    /// known of its file.
    pub(crate) fn withdraw(&mut self, job: u32) -> Option<FileFacts> {
        self.session.withdraw(job);
        self.changed();
        self.arrivals.remove(&job).map(|arrival| arrival.facts)
    }

    /// Takes photos that wait or failed off the page.
    pub(crate) fn drop_jobs(&mut self, jobs: &[u32]) {
        for &job in jobs {
            self.session.remove(job);
            self.arrivals.remove(&job);
        }
        self.changed();
    }

    /// The library has photos that no job of this page brought into it.
    pub(crate) fn adopt(&mut self) {
        let unknown = self.library.photos().filter(|photo| !self.keys.contains_key(&photo.id));
        let unknown: Vec<PhotoId> = unknown.map(|photo| photo.id.clone()).collect();
        for id in unknown {
            let key = self.session.fresh_id();
            self.give_key(id, key);
        }
        self.changed();
    }

    /// Something is to be shown that was not: photos came, went, have other tags or another state.
    pub(crate) fn changed(&mut self) {
        self.shown.replace(None);
        if !self.selection.is_empty() {
            let order: Set<u32> = self.order().iter().copied().collect();
            self.selection.retain(|key| order.contains(&key));
        }
    }

    fn give_key(&mut self, id: PhotoId, key: u32) {
        if let Some(old) = self.keys.insert(id.clone(), key)
            && old != key
        {
            self.photos.remove(&old);
        }
        self.photos.insert(key, id);
    }

    /// Shows only what matches.
    pub(crate) fn find(&mut self, typed: String) {
        self.search = typed;
        self.changed();
    }

    /// What is searched for.
    pub(crate) fn search(&self) -> &str {
        &self.search
    }

    /// Goes on with a library that has nothing but what a model's scores mean.
    pub(crate) fn forget_all(&mut self, step: Step) -> Changes {
        self.keys.clear();
        self.photos.clear();
        self.filters.clear();
        self.search.clear();
        self.selection.clear();
        self.open = None;
        self.library = Library::default();
        let mut changes = self.library.set_step(step);
        if let ModelState::Ready(model) = &self.session.model {
            let facts = facts(model);
            changes.settings |= self.library.register_model(facts).settings;
        }
        self.changed();
        changes
    }

    /// Filters by a tag, or no longer.
    pub(crate) fn toggle_filter(&mut self, key: &str) {
        let before = self.filters.len();
        self.filters.retain(|filter| **filter != *key);
        if self.filters.len() == before {
            self.filters.push(key.into());
        }
        self.changed();
    }

    /// Tags that are filtered by.
    pub(crate) fn filters(&self) -> &[Rc<str>] {
        &self.filters
    }

    /// Keys of what is shown, in order.
    pub(crate) fn order(&self) -> Rc<[u32]> {
        self.shown().order
    }

    /// Tags of the photos that are shown, the most frequent first.
    pub(crate) fn counts(&self) -> Rc<[(Rc<str>, usize)]> {
        self.shown().counts
    }

    fn shown(&self) -> Shown {
        self.shown.borrow_mut().get_or_insert_with(|| self.arrange()).clone()
    }

    fn arrange(&self) -> Shown {
        let query = Query::parse(&self.search).with_tags(self.filters.clone());
        let Found { photos: found, counts } = self.library.find_and_count(&query);
        let at_work: Set<u32> = self.session.jobs.iter().map(|job| job.id).collect();
        let mut jobs = self.places_of_jobs().into_iter().peekable();
        let mut order = Vec::with_capacity(jobs.len() + found.len());
        for photo in &found {
            let Some(&key) = self.keys.get(&photo.id).filter(|key| !at_work.contains(key)) else {
                continue;
            };
            let place = Place { added: photo.added, place: photo.place, key };
            while let Some(job) = jobs.next_if(|job| job.is_before(&place)) {
                order.push(job.key);
            }
            order.push(key);
        }
        order.extend(jobs.map(|job| job.key));
        Shown { order: order.into(), counts: counts.into() }
    }

    /// Where photos on their way are shown, in order.
    fn places_of_jobs(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for job in self.jobs_found() {
            let Some(arrival) = self.arrivals.get(&job.id) else { continue };
            let place = Place { added: arrival.added, place: arrival.place, key: job.id };
            // Nearly all of them are the last.
            let at = places.partition_point(|other| other.is_before(&place));
            places.insert(at, place);
        }
        places
    }

    /// Photos on their way have no tags yet, so they are found by their names.
    fn jobs_found(&self) -> impl Iterator<Item = &Rc<Job>> {
        let typed = lower(self.search.trim());
        let has_filters = !self.filters.is_empty();
        self.session.jobs.iter().filter(move |job| {
            !has_filters && (typed.is_empty() || lower(&job.name).contains(&typed))
        })
    }

    /// What a tile stands for.
    pub(crate) fn item(&self, key: u32) -> Option<Item> {
        if let Some(job) = self.session.job(key) {
            return Some(Item::Job(job.clone()));
        }
        self.photo(key).map(|photo| Item::Photo(photo.clone()))
    }

    /// The key of a photo of the library.
    pub(crate) fn key(&self, id: &PhotoId) -> Option<u32> {
        self.keys.get(id).copied()
    }

    /// The library's photo of this key.
    pub(crate) fn photo(&self, key: u32) -> Option<&Rc<Photo>> {
        self.library.photo(self.photos.get(&key)?)
    }

    /// Photos of the library among what is chosen.
    pub(crate) fn chosen(&self) -> Vec<Rc<Photo>> {
        self.selection.chosen().iter().filter_map(|&key| self.photo(key).cloned()).collect()
    }
}

/// What the library has to know of a model to read its scores.
fn facts(model: &Model) -> ModelFacts {
    let tagsight_protocol::Thresholds { sure, balanced, more } = model.thresholds.clone();
    ModelFacts {
        name: model.name.clone(),
        sha256: model.sha256.clone(),
        labels: model.labels.clone(),
        thresholds: Thresholds { sure, balanced, more },
        at_least: match model.at_least {
            tagsight_protocol::AtLeast::Nothing => AtLeast::Nothing,
            tagsight_protocol::AtLeast::Best => AtLeast::Best,
        },
    }
}

#[cfg(test)]
mod tests;
