//! Many photos on all cores.
//!
//! Every worker takes the next photo and does all of it, so there is nothing that one waits for another
//! for. What is done goes into the index at once, and is told in the order of the walk.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::{fs, io, thread};

use crate::index::{Entry, Facts, Index, IndexError};
use crate::model::Model;
use crate::settings::Write;
use crate::stores::Stores;
use crate::walk::{self, Photo};
use crate::work::{Done, Task, Terms, Trouble, Worker};

/// What is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// Folders, and photos.
    pub places: Vec<PathBuf>,
    /// How they are done.
    pub terms: Terms<'a>,
    /// How many photos at once.
    pub jobs: NonZero<usize>,
    /// Whether what is found out goes into the index.
    pub is_kept: bool,
}

/// Why nothing goes on.
#[derive(Debug, thiserror::Error)]
pub enum TagError {
    /// The index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// What is told cannot be told.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// What happens.
#[derive(Debug)]
pub enum Event<'a> {
    /// So many photos are as they were, and so many are to be done.
    Begun {
        /// As they were.
        known: usize,
        /// To be done.
        to_do: usize,
    },
    /// A folder or file cannot be looked at.
    Unseen(&'a Path, &'a io::Error),
    /// One more photo is done, or failed. The others follow in order.
    Ticked,
    /// A photo is as it was.
    Known(&'a Path, Told<'a>),
    /// A photo was done.
    Done(&'a Path, &'a Done, Option<Told<'a>>),
    /// A photo was not.
    Failed(&'a Path, &'a Trouble),
}

/// What is told of a photo's tags.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What is known of it.
    pub entry: &'a Entry,
    /// What its scores mean.
    pub facts: &'a Facts,
}

/// What became of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Photos that were as they were.
    pub known: usize,
    /// Photos that were done.
    pub done: usize,
    /// Files that were written or deleted, or would be.
    pub changed: usize,
    /// Photos, files and folders that were not done.
    pub failed: usize,
    /// Whether it was stopped.
    pub is_stopped: bool,
}

/// Hears what happens.
pub type Listener<'a> = dyn FnMut(Event<'_>) -> io::Result<()> + 'a;

/// A photo and where the index has it.
struct Item {
    photo: Photo,
    index: usize,
    key: String,
    is_known: bool,
}

/// Does all photos that changed since they were done last.
///
/// # Errors
/// If the index cannot be used or nobody listens.
pub fn run(
    request: &Request<'_>,
    stores: &mut Stores,
    stop: &AtomicBool,
    listener: &mut Listener<'_>,
) -> Result<Summary, TagError> {
    stores.open(&request.places)?;
    let walked = walk::walk(&request.places, stop);
    round(request, stores, walked, stop, listener)
}

/// The same of what was found by a walk.
///
/// # Errors
/// As [`run`].
pub fn round(
    request: &Request<'_>,
    stores: &mut Stores,
    walked: walk::Walked,
    stop: &AtomicBool,
    listener: &mut Listener<'_>,
) -> Result<Summary, TagError> {
    let mut summary = Summary::default();
    for (path, error) in &walked.troubles {
        summary.failed += 1;
        listener(Event::Unseen(path, error))?;
    }
    let items = items(request, stores, walked.photos, &mut summary, listener)?;
    if request.is_kept {
        begin(request, stores)?;
    }
    if writes(request) {
        // What is not removed now is so next time.
        walked.stale.iter().for_each(|path| drop(fs::remove_file(path)));
    }
    summary.known = items.iter().filter(|item| item.is_known).count();
    listener(Event::Begun { known: summary.known, to_do: items.len() - summary.known })?;
    let result = work(request, stores, &items, stop, &mut summary, listener);
    summary.is_stopped = stop.load(Ordering::Relaxed);
    if request.is_kept && !summary.is_stopped {
        stores.all_mut().try_for_each(Index::compact)?;
    }
    result.map(|()| summary)
}

/// Whether files are changed.
fn writes(request: &Request<'_>) -> bool {
    let is_written =
        request.terms.task == Task::Undo || request.terms.settings.write != Write::None;
    is_written && !request.terms.is_dry
}

/// Every photo with what the index says of it.
fn items(
    request: &Request<'_>,
    stores: &mut Stores,
    photos: Vec<Photo>,
    summary: &mut Summary,
    listener: &mut Listener<'_>,
) -> Result<Vec<Item>, TagError> {
    let mut items = Vec::with_capacity(photos.len());
    for photo in photos {
        match stores.locate(&photo, &request.places) {
            Ok((index, key)) => {
                let store = stores.all()[index].read().expect("nobody panics while writing it");
                let is_known = is_known(&request.terms, &store, &key, &photo);
                items.push(Item { photo, index, key, is_known });
            }
            Err(error) => {
                summary.failed += 1;
                listener(Event::Unseen(&photo.path, &error))?;
            }
        }
    }
    Ok(items)
}

/// Whether there is nothing to do.
fn is_known(terms: &Terms<'_>, index: &Index, key: &str, photo: &Photo) -> bool {
    let Some(model) = terms.model.filter(|_| terms.task == Task::Tag && !terms.is_forced) else {
        return false;
    };
    let sha256 = &model.facts().sha256;
    let is_written = |entry: &Entry| {
        terms.settings.write == Write::None || entry.settings == terms.settings.digest()
    };
    index.facts(sha256) == Some(model.facts())
        && index.get(key).is_some_and(|entry| {
            entry.is_of(photo.stamp, &photo.sidecars) && entry.model == *sha256 && is_written(entry)
        })
}

fn begin(request: &Request<'_>, stores: &mut Stores) -> Result<(), IndexError> {
    for index in stores.all_mut() {
        // Taking back leaves no index where there was none.
        if request.terms.task == Task::Tag || index.path().is_file() {
            index.begin()?;
        }
        if let Some(model) = request.terms.model {
            index.add_facts(model.facts())?;
        }
    }
    Ok(())
}

/// A photo's place among all, and what became of it.
type Result1 = (usize, Result<Done, Trouble>);

fn work(
    request: &Request<'_>,
    stores: &Stores,
    items: &[Item],
    stop: &AtomicBool,
    summary: &mut Summary,
    listener: &mut Listener<'_>,
) -> Result<(), TagError> {
    let queue: Vec<usize> = (0..items.len()).filter(|&at| !items[at].is_known).collect();
    let next = AtomicUsize::new(0);
    // Whoever cannot tell what is done does not go on either.
    let halt = AtomicBool::new(false);
    let is_over = || stop.load(Ordering::Relaxed) || halt.load(Ordering::Relaxed);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..request.jobs.get().min(queue.len()) {
            let sender = sender.clone();
            scope.spawn(|| {
                labour(&request.terms, stores.all(), items, &queue, &next, &is_over, sender);
            });
        }
        drop(sender);
        let mut teller =
            Teller { request, stores, items, summary, listener, next: 0, waiting: BTreeMap::new() };
        let told = teller.listen(&results);
        halt.store(told.is_err(), Ordering::Relaxed);
        told
    })
}

/// Takes photos until there are none.
fn labour(
    terms: &Terms<'_>,
    indexes: &[RwLock<Index>],
    items: &[Item],
    queue: &[usize],
    next: &AtomicUsize,
    is_over: &(dyn Fn() -> bool + Sync),
    sender: Sender<Result1>,
) {
    let mut worker = Worker::new(terms);
    while !is_over() {
        let Some(&at) = queue.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
        let Item { photo, key, index, .. } = &items[at];
        // A photo that nobody thought of takes only itself down.
        let result = catch_unwind(AssertUnwindSafe(|| worker.work(photo, key, &indexes[*index])));
        let result = result.unwrap_or_else(|_| {
            worker = Worker::new(terms);
            Err(Trouble::Crashed)
        });
        if sender.send((at, result)).is_err() {
            break;
        }
    }
}

/// Puts what is done into the index, and tells it in order.
struct Teller<'a, 'b> {
    request: &'a Request<'a>,
    stores: &'a Stores,
    items: &'a [Item],
    summary: &'a mut Summary,
    listener: &'a mut Listener<'b>,
    /// The first that is not told yet.
    next: usize,
    waiting: BTreeMap<usize, Result<Done, Trouble>>,
}

impl Teller<'_, '_> {
    fn listen(&mut self, results: &Receiver<Result1>) -> Result<(), TagError> {
        self.tell()?;
        for (at, result) in results {
            self.keep(at, &result)?;
            (self.listener)(Event::Ticked)?;
            self.waiting.insert(at, result);
            self.tell()?;
        }
        // When it was stopped, photos are missing between those that are done.
        while let Some((at, result)) = self.waiting.pop_first() {
            self.tell_one(at, &result)?;
        }
        Ok(())
    }

    fn keep(&mut self, at: usize, result: &Result<Done, Trouble>) -> Result<(), TagError> {
        match result {
            Ok(done) => {
                self.summary.done += 1;
                self.summary.changed += done.changes.len();
                if let Some(entry) = &done.entry
                    && self.request.is_kept
                {
                    self.index(at)
                        .write()
                        .expect("nobody panics while writing it")
                        .add(entry.clone())?;
                }
            }
            Err(_) => self.summary.failed += 1,
        }
        Ok(())
    }

    fn tell(&mut self) -> io::Result<()> {
        while let Some(item) = self.items.get(self.next) {
            if item.is_known {
                self.tell_known(item)?;
            } else if let Some(result) = self.waiting.remove(&self.next) {
                self.tell_one(self.next, &result)?;
            } else {
                break;
            }
            self.next += 1;
        }
        Ok(())
    }

    fn tell_known(&mut self, item: &Item) -> io::Result<()> {
        let index = self.stores.all()[item.index].read().expect("nobody panics while writing it");
        let entry = index.get(&item.key);
        let facts = entry.and_then(|entry| index.facts(&entry.model));
        match entry.zip(facts) {
            Some((entry, facts)) => {
                (self.listener)(Event::Known(&item.photo.path, Told { entry, facts }))
            }
            None => Ok(()),
        }
    }

    fn tell_one(&mut self, at: usize, result: &Result<Done, Trouble>) -> io::Result<()> {
        let path = &self.items[at].photo.path;
        match result {
            Ok(done) => {
                let facts = self.request.terms.model.map(Model::facts);
                let told =
                    done.entry.as_ref().zip(facts).map(|(entry, facts)| Told { entry, facts });
                (self.listener)(Event::Done(path, done, told))
            }
            Err(trouble) => (self.listener)(Event::Failed(path, trouble)),
        }
    }

    fn index(&self, at: usize) -> &RwLock<Index> {
        &self.stores.all()[self.items[at].index]
    }
}
