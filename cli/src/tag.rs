//! Many photos on all cores.
//!
//! As many as there are cores look at photos, each with an engine of its own; others write what follows
//! from it, as disks let one wait. What is done goes into the index at once, and is told in the order of the walk.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Mutex, RwLock};
use std::{fs, io, thread};

use crate::atomic;
use crate::index::{Entry, Facts, Index, IndexError};
use crate::model::Model;
use crate::settings::Write;
use crate::stores::Stores;
use crate::walk::{self, Photo};
use crate::work::{Done, Seen, Task, Terms, Trouble, Viewer};

/// Having a sidecar on a disk takes as long as computing a photo, and disks take several at once.
const WRITERS_A_VIEWER: usize = 2;

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
type Finished = (usize, Result<Done, Trouble>);

fn work(
    request: &Request<'_>,
    stores: &Stores,
    items: &[Item],
    stop: &AtomicBool,
    summary: &mut Summary,
    listener: &mut Listener<'_>,
) -> Result<(), TagError> {
    let mut teller = Teller {
        request,
        stores,
        items,
        summary,
        listener,
        next: 0,
        waiting: BTreeMap::new(),
        folders: BTreeSet::new(),
    };
    let queue = Queue::new(&request.terms, stores.all(), items, stop);
    let viewers = request.jobs.get().min(queue.places.len());
    let writers = viewers.saturating_mul(WRITERS_A_VIEWER);
    let (sender, results) = mpsc::channel();
    // No more photos wait in memory than there are cores.
    let (hand_over, to_write) = mpsc::sync_channel(viewers);
    let to_write = Mutex::new(to_write);
    let told = thread::scope(|scope| {
        for _ in 0..viewers {
            let (queue, sender, hand_over) = (&queue, sender.clone(), hand_over.clone());
            scope.spawn(move || queue.view(&hand_over, &sender));
        }
        for _ in 0..writers {
            let (queue, sender, to_write) = (&queue, sender.clone(), &to_write);
            scope.spawn(move || queue.write(to_write, &sender));
        }
        drop((sender, hand_over));
        let told = teller.listen(&results);
        queue.is_deaf.store(told.is_err(), Ordering::Relaxed);
        told
    });
    teller.settle()?;
    told
}

/// Photos to be done.
struct Queue<'a> {
    terms: &'a Terms<'a>,
    indexes: &'a [RwLock<Index>],
    items: &'a [Item],
    /// Places in `items`.
    places: Vec<usize>,
    next: AtomicUsize,
    stop: &'a AtomicBool,
    /// Whether nobody can tell what is done, so that nobody goes on either.
    is_deaf: AtomicBool,
}

impl<'a> Queue<'a> {
    fn new(
        terms: &'a Terms<'a>,
        indexes: &'a [RwLock<Index>],
        items: &'a [Item],
        stop: &'a AtomicBool,
    ) -> Self {
        let places = (0..items.len()).filter(|&at| !items[at].is_known).collect();
        let (next, is_deaf) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { terms, indexes, items, places, next, stop, is_deaf }
    }

    /// Looks at photos until there are none.
    fn view(&self, hand_over: &SyncSender<(usize, Seen)>, sender: &Sender<Finished>) {
        let is_over = || self.stop.load(Ordering::Relaxed) || self.is_deaf.load(Ordering::Relaxed);
        let mut viewer = Viewer::new(self.terms);
        while !is_over() {
            let Some(&at) = self.places.get(self.next.fetch_add(1, Ordering::Relaxed)) else {
                break;
            };
            let Item { photo, key, index, .. } = &self.items[at];
            let seen = guarded(|| viewer.look(photo, key, &self.indexes[*index]));
            let is_heard = match seen {
                Ok(seen) => hand_over.send((at, seen)).is_ok(),
                Err(trouble) => {
                    if matches!(trouble, Trouble::Crashed) {
                        // What a panic left is not used again.
                        viewer = Viewer::new(self.terms);
                    }
                    sender.send((at, Err(trouble))).is_ok()
                }
            };
            if !is_heard {
                break;
            }
        }
    }

    /// Writes what was looked at.
    fn write(&self, to_write: &Mutex<Receiver<(usize, Seen)>>, sender: &Sender<Finished>) {
        loop {
            let next = to_write.lock().expect("nobody panics while waiting").recv();
            let Ok((at, seen)) = next else { break };
            let Item { photo, key, index, .. } = &self.items[at];
            let done = guarded(|| self.terms.finish(photo, key, seen, &self.indexes[*index]));
            if sender.send((at, done)).is_err() {
                break;
            }
        }
    }
}

/// A photo that nobody thought of takes only itself down.
fn guarded<T>(work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Trouble::Crashed))
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
    /// Folders in which files took others' places.
    folders: BTreeSet<PathBuf>,
}

impl Teller<'_, '_> {
    fn listen(&mut self, results: &Receiver<Finished>) -> Result<(), TagError> {
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
                let files = done.changes.iter().filter(|_| !self.request.terms.is_dry);
                let folders = files.map(|change| atomic::folder_of(&change.file).to_owned());
                self.folders.extend(folders);
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

    /// Puts the new names onto the disk, once a folder and not once a file. A power cut before that leaves
    /// old files, which are not those that the index knows, and so are done again.
    fn settle(&self) -> io::Result<()> {
        self.folders.iter().try_for_each(|folder| match atomic::sync_folder(folder) {
            // It went away since.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            synced => synced,
        })
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
