//! The library's way into the browser's database and out of it.
//!
//! What a change touches is written in one transaction; a photo is done once that is complete.
//! Nothing is handed to the worker before the library is open, so what is there is never written over
//! by a page that had not read it.

use std::mem;
use std::pin::Pin;
use std::rc::Rc;

use tagsight_library::{Backup, Changes, Entry, Library, Photo, PhotoId, Settings, Table, VERSION};
use tagsight_plain::record;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File};
use yew::Callback;

use crate::page::FileFacts;
use crate::platform::{
    self, Changed, Database, FileHandle, Loaded, Persistence, Plea, Room, StoreProblem, Write,
};
use crate::reason::FileProblem;

/// A file that was given and is not tagged yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pending {
    /// Its name.
    pub(super) name: String,
    /// Its size.
    pub(super) bytes: u64,
    /// Whether its handle is kept.
    pub(super) has_handle: bool,
}

record!(Pending { name, bytes, has_handle });

impl Pending {
    /// What is remembered of a file.
    pub(super) fn of(facts: &FileFacts, has_handle: bool) -> Self {
        Self { name: facts.name.clone(), bytes: facts.bytes, has_handle }
    }

    /// Whether the other is the same file, as far as one can tell.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.bytes == other.bytes
    }

    /// What is known of the file until it is open.
    pub(super) fn facts(self) -> FileFacts {
        FileFacts { name: self.name, bytes: self.bytes, modified: 0.0 }
    }
}

/// A file of an earlier visit that was not tagged.
pub(crate) struct Left {
    /// What the database calls it.
    pub(super) number: u32,
    /// What is known of it.
    pub(super) file: Pending,
    /// Why it could not be, if that was tried.
    pub(super) problem: Option<FileProblem>,
}

/// The library's settings, and how far its history is done: both of the library as a whole, so they
/// are one record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Whole {
    settings: Settings,
    cursor: Option<u32>,
}

record!(Whole { settings, cursor });

/// All that is read when the page starts.
pub(crate) type All = Loaded<Photo, Whole, Entry, Pending>;

/// Handles on their way. In a box, or else every caller would have a copy of the way.
pub(super) type Handles = Pin<Box<dyn Future<Output = Vec<Option<FileHandle>>>>>;

/// What the database did.
pub(crate) enum Stored {
    /// It is open, and this is in it; or it cannot be.
    Opened(Result<(Database, Box<All>), StoreProblem>),
    /// Changes are written, with the tags of these jobs; or they cannot be.
    Written(Vec<u32>, Result<(), StoreProblem>),
    /// Small pictures came.
    Thumbnails(Vec<(PhotoId, Option<Blob>)>),
    /// Another page changed something.
    Changed(Changed),
    /// What it changed.
    Read(Box<Fresh>),
    /// How much room there is, and whether what is there stays.
    Room(Option<Room>, Persistence),
    /// The browser was asked to keep it, and this is its answer.
    Persisted(Option<Room>, Persistence),
    /// A file to be restored from was read, or not.
    Restore(Box<Result<platform::Backup<Backup>, platform::BackupProblem>>),
    /// So many photos of it are written, or cannot be.
    Restored(usize, Result<(), StoreProblem>),
    /// A backup was made that has so many decisions more than the last one, or was not.
    BackedUp(Result<u32, StoreProblem>),
    /// Everything is deleted.
    Erased(Result<(), StoreProblem>),
}

/// What another page changed, as it is now.
#[derive(Default)]
pub(crate) struct Fresh {
    /// Photos by their ids; none where one is gone.
    pub(super) photos: Vec<(PhotoId, Option<Photo>)>,
    /// Settings, and how far history is done, where they changed.
    pub(super) whole: Option<(Settings, Option<u32>)>,
    /// Steps of history by their numbers; none where one is gone.
    pub(super) entries: Table<u32, Option<Entry>>,
}

/// Whether the library is kept.
pub(super) enum State {
    /// It is being opened.
    Opening,
    /// It is.
    Open(Database),
    /// It is not, for as long as this page is open; [`Keeper::problem`] says why.
    Closed,
}

/// The database's end in the page.
pub(super) struct Keeper {
    state: State,
    /// What went wrong last, until something went right.
    pub(super) problem: Option<StoreProblem>,
    /// How many records a newer build wrote, which are left as they are.
    pub(super) sealed: usize,
    /// What the browser said of its room.
    pub(super) room: Option<Room>,
    /// Whether it keeps what is there.
    pub(super) persistence: Persistence,
    /// Whether it was asked to on this visit.
    was_asked: bool,
    on_stored: Callback<Stored>,
    /// The number of the next file that waits.
    next_pending: u32,
}

impl Keeper {
    /// Opens the library; `on_stored` hears of everything.
    pub(super) fn open(on_stored: Callback<Stored>) -> Self {
        let opened = on_stored.clone();
        spawn_local(async move {
            let all = async {
                let database = Database::open(platform::LIBRARY).await?;
                let mut all: All = database.load().await?;
                // What another tab is tagging is not left over.
                if !all.pending.is_empty() && platform::is_batch_held().await {
                    all.pending.clear();
                }
                Ok((database, Box::new(all)))
            };
            opened.emit(Stored::Opened(all.await));
        });
        Self {
            state: State::Opening,
            problem: None,
            sealed: 0,
            room: None,
            persistence: Persistence::Unknown,
            was_asked: false,
            on_stored,
            next_pending: 0,
        }
    }

    /// Goes on with a database that is open, or without one. Gives what was in it.
    pub(super) fn opened(
        &mut self,
        opened: Result<(Database, Box<All>), StoreProblem>,
    ) -> Option<Box<All>> {
        match opened {
            Ok((database, mut all)) => {
                let (known, newer) = mem::take(&mut all.photos)
                    .into_iter()
                    .partition::<Vec<_>, _>(|photo| photo.version <= VERSION);
                all.photos = known;
                let ids: Vec<&str> = newer.iter().map(|photo| photo.id.as_str()).collect();
                database.seal_photos(&ids);
                self.sealed = newer.len() + all.unread_photos.len() + all.unread_others;
                database.on_change(self.on_stored.reform(Stored::Changed));
                self.next_pending = all.pending.last().map_or(0, |(number, _)| number + 1);
                self.state = State::Open(database);
                self.ask_room();
                Some(all)
            }
            Err(problem) => {
                self.state = State::Closed;
                self.problem = Some(problem);
                None
            }
        }
    }

    /// Whether the library is kept, as far as is known.
    pub(super) fn is_kept(&self) -> bool {
        !matches!(self.state, State::Closed)
    }

    fn database(&self) -> Option<&Database> {
        match &self.state {
            State::Open(database) => Some(database),
            State::Opening | State::Closed => None,
        }
    }

    /// Remembers files that wait, with the handles that there are of them; gives their numbers.
    pub(super) fn remember(
        &mut self,
        files: &[Pending],
        handles: &[Option<&FileHandle>],
    ) -> Vec<u32> {
        let first = self.next_pending;
        self.next_pending += u32::try_from(files.len()).unwrap_or_default();
        let numbers: Vec<u32> = (first..self.next_pending).collect();
        let mut write = Write::default();
        for ((&number, file), handle) in numbers.iter().zip(files).zip(handles) {
            write.put_pending(number, file);
            if let Some(handle) = handle {
                write.put_handle(number.into(), handle);
            }
        }
        self.write(write, Vec::new());
        numbers
    }

    /// Forgets files that wait no more.
    pub(super) fn forget(&self, numbers: impl IntoIterator<Item = u32>) {
        let mut write = Write::default();
        for number in numbers {
            write.delete_pending(number);
        }
        self.write(write, Vec::new());
    }

    /// Writes what changed of the library.
    pub(super) fn keep(&self, library: &Library, changes: &Changes) {
        self.write(written(library, changes), Vec::new());
    }

    /// Writes a photo that was tagged: its record, its small picture, and that its file waits no more.
    pub(super) fn keep_photo(
        &self,
        library: &Library,
        job: u32,
        id: &PhotoId,
        (changes, thumbnail): (&Changes, Option<&Blob>),
        pending: Option<u32>,
        handle: Option<&FileHandle>,
    ) {
        let mut write = written(library, changes);
        if let Some(thumbnail) = thumbnail {
            write.put_thumbnail(id.as_str(), thumbnail);
        }
        if let Some(handle) = handle {
            write.put_handle(id.as_str().into(), handle);
        }
        if let Some(number) = pending {
            write.delete_pending(number);
        }
        self.write(write, vec![job]);
    }

    fn write(&self, write: Write, jobs: Vec<u32>) {
        let Some(database) = self.database().cloned() else {
            // Where nothing is kept, what is tagged is done all the same.
            if !jobs.is_empty() {
                self.on_stored.emit(Stored::Written(jobs, Ok(())));
            }
            return;
        };
        let on_stored = self.on_stored.clone();
        // The write's place in the queue is taken now, not when the task first runs.
        let writing = database.write(write);
        spawn_local(async move { on_stored.emit(Stored::Written(jobs, writing.await)) });
    }

    /// Reads small pictures.
    pub(super) fn read_thumbnails(&self, ids: Vec<PhotoId>) {
        let Some(database) = self.database().cloned() else { return };
        let on_stored = self.on_stored.clone();
        spawn_local(async move {
            let keys: Vec<&str> = ids.iter().map(PhotoId::as_str).collect();
            // A picture that cannot be read is not shown; a write says why.
            let pictures = database.thumbnails(&keys).await.unwrap_or_default();
            on_stored.emit(Stored::Thumbnails(ids.into_iter().zip(pictures).collect()));
        });
    }

    /// The handles of files, none where there is none: of photos by their ids, of what waits by its
    /// number.
    pub(super) fn handles(&self, of: Vec<JsValue>) -> Handles {
        let database = self.database().filter(|_| !of.is_empty()).cloned();
        Box::pin(async move {
            let none = vec![None; of.len()];
            let Some(database) = database else { return none };
            // What cannot be read is as good as not there: the photo can be given again.
            database.handles(&of).await.unwrap_or(none)
        })
    }

    /// Reads what another page changed.
    pub(super) fn read_changed(&self, changed: Changed) {
        let Some(database) = self.database().cloned() else { return };
        let on_stored = self.on_stored.clone();
        spawn_local(async move {
            // What cannot be read now is read when the page is opened again.
            if let Ok(fresh) = fresh(&database, changed).await {
                on_stored.emit(Stored::Read(Box::new(fresh)));
            }
        });
    }

    /// Asks how much room there is.
    pub(super) fn ask_room(&self) {
        self.ask(Plea::Tell, Stored::Room);
    }

    /// Asks the browser not to delete the library by itself.
    pub(super) fn persist(&self) {
        self.ask(Plea::Persist, Stored::Persisted);
    }

    /// The same once a visit, where it may.
    pub(super) fn persist_once(&mut self) {
        if !mem::replace(&mut self.was_asked, true) && self.persistence != Persistence::Granted {
            self.persist();
        }
    }

    fn ask(&self, plea: Plea, answered: fn(Option<Room>, Persistence) -> Stored) {
        let on_stored = self.on_stored.clone();
        spawn_local(async move {
            let persistence = platform::persistence(plea).await;
            on_stored.emit(answered(platform::room().await, persistence));
        });
    }

    /// Hands the library to the user as a file.
    pub(super) fn back_up(&self, library: &Library, name: String) {
        let Some(database) = self.database().cloned() else { return };
        let (on_stored, backup) = (self.on_stored.clone(), library.backup());
        let decisions = library.settings().since_backup;
        spawn_local(async move {
            let ids: Vec<_> = backup.photos.iter().map(|photo| photo.id.clone()).collect();
            let ids: Vec<&str> = ids.iter().map(PhotoId::as_str).collect();
            let made = platform::make_backup(&database, backup, &ids).await;
            let saved = made.map(|file| {
                platform::save(&file, &name);
                decisions
            });
            on_stored.emit(Stored::BackedUp(saved));
        });
    }

    /// Reads a file to be restored from.
    pub(super) fn read_backup(&self, file: File) {
        let on_stored = self.on_stored.clone();
        spawn_local(async move {
            let read = platform::read_backup(&file).await;
            on_stored.emit(Stored::Restore(Box::new(read)));
        });
    }

    /// Writes what was restored of so many photos, with the small pictures of those that changed.
    pub(super) fn keep_restored(
        &self,
        library: &Library,
        (changes, count): (&Changes, usize),
        thumbnails: &[(String, Blob)],
    ) {
        let Some(database) = self.database() else { return };
        let mut write = written(library, changes);
        let is_changed = |id: &str| changes.photos.iter().any(|photo| photo.as_str() == id);
        for (id, picture) in thumbnails.iter().filter(|(id, _)| is_changed(id)) {
            write.put_thumbnail(id, picture);
        }
        let (on_stored, writing) = (self.on_stored.clone(), database.write(write));
        spawn_local(async move { on_stored.emit(Stored::Restored(count, writing.await)) });
    }

    /// Deletes everything that is kept.
    pub(super) fn erase(&self) {
        let Some(database) = self.database().cloned() else { return };
        let on_stored = self.on_stored.clone();
        spawn_local(async move { on_stored.emit(Stored::Erased(database.erase().await)) });
    }
}

/// The writing of what changed.
fn written(library: &Library, changes: &Changes) -> Write {
    let mut write = Write::default();
    for id in &changes.photos {
        match library.photo(id) {
            Some(photo) => write.put_photo(id.as_str(), &**photo),
            None => write.delete_photo(id.as_str()),
        };
    }
    for id in &changes.forgotten {
        write.delete_pictures(id.as_str());
    }
    if changes.settings || changes.history.cursor {
        let cursor = Some(library.history().cursor());
        write.put_settings(&Whole { settings: library.settings().clone(), cursor });
    }
    for &number in &changes.history.put {
        if let Some(entry) = library.history().entry(number) {
            write.put_history(number, entry);
        }
    }
    for &number in &changes.history.deleted {
        write.delete_history(number);
    }
    write
}

async fn fresh(database: &Database, changed: Changed) -> Result<Fresh, StoreProblem> {
    let mut fresh = Fresh::default();
    if !changed.photos.is_empty() {
        let ids: Vec<&str> = changed.photos.iter().map(String::as_str).collect();
        let mut read = database.photos::<Photo>(&ids).await?;
        for id in ids.into_iter().map(PhotoId::from) {
            let at = read.iter().position(|photo| photo.id == id);
            fresh.photos.push((id, at.map(|at| read.swap_remove(at))));
        }
    }
    if changed.settings {
        let Whole { settings, cursor } = database.settings().await?.unwrap_or_default();
        fresh.whole = Some((settings, cursor));
    }
    if !changed.history.is_empty() {
        let mut read = database.history::<Entry>(&changed.history).await?;
        for number in changed.history {
            let at = read.iter().position(|(of, _)| *of == number);
            fresh.entries.insert(number, at.map(|at| read.swap_remove(at).1));
        }
    }
    Ok(fresh)
}

/// The library as it was kept; a part of a newer build's is a problem, as writing would lose it.
pub(super) fn library(all: &mut All) -> Result<Library, StoreProblem> {
    let Whole { settings, cursor } = all.settings.take().unwrap_or_default();
    let stored = tagsight_library::Stored {
        photos: mem::take(&mut all.photos),
        settings,
        entries: mem::take(&mut all.history).into_iter().map(|(_, entry)| entry).collect(),
        cursor,
    };
    Library::open(stored).map_err(|_| StoreProblem::NewerVersion)
}

/// Ids of photos, as they are known to the database.
pub(super) fn ids(photos: &[Rc<Photo>]) -> Vec<PhotoId> {
    photos.iter().map(|photo| photo.id.clone()).collect()
}
