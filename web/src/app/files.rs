//! Photos' files: given on this visit, or found again by the handles that earlier visits kept.
//!
//! A handle costs nothing, so as many are held as photos are wanted; a file is opened when its turn
//! comes. Browsers let a page open files of earlier visits only if the user agrees, and ask only right
//! behind a click.

use std::future::ready;

use tagsight_library::Photo;
use tagsight_protocol::Request;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::App;
use super::at_hand::{Allowed, AtHand, Found, Opened, Original, Source};
use super::keeping::{Handles, Left, Pending};
use super::note::Note;
use crate::page::FileFacts;
use crate::platform::{self, FileHandle, ObjectUrl};
use crate::reason::FileProblem;

impl App {
    /// Has all that is shown looked at again: at once what is at hand, the rest once it is known which
    /// files may be opened.
    pub(super) fn tag_again(&mut self) {
        let (mut here, mut away, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        for &key in &*self.page.order() {
            if self.at_hand.contains_key(&key) {
                here.push(key);
            } else if let Some(photo) = self.page.photo(key) {
                away.push(key);
                ids.push(photo.id.as_str().into());
            }
        }
        self.note = None;
        self.page.tag_again(&here);
        self.ask(away, self.keeper.handles(ids), Found::Again);
    }

    /// Has what was left over tagged, as far as it has handles.
    pub(super) fn resume_left(&self) {
        let left = self.left.iter().filter(|left| left.file.has_handle);
        let numbers: Vec<u32> = left.map(|left| left.number).collect();
        let handles = self.keeper.handles(numbers.iter().map(|&number| number.into()).collect());
        self.ask(numbers, handles, Found::Left);
    }

    /// Has the photo that is open shown as its file has it, if there is a way to that which the browser
    /// lets the page go.
    pub(super) fn seek_original(&self, key: u32) {
        self.open_file(key, self.handle_of(key), Found::Original);
    }

    /// The same once the user was asked.
    pub(super) fn ask_for_original(&self, key: u32) {
        self.ask(vec![key], self.handle_of(key), |_, _| Found::Answer);
    }

    /// Gives the worker a photo, whose file may have to be opened first.
    pub(super) fn send_photo(&self, job: u32) {
        match self.at_hand.get(&job).map(|file| &file.source) {
            Some(Source::Given(file, _)) => self.send(&Request::Tag { id: job }, Some(file)),
            Some(Source::Kept(_)) => self.open_file(job, self.handle_of(job), Found::Turn),
            // The worker's answer says that it got none.
            None => self.send(&Request::Tag { id: job }, None),
        }
    }

    /// Asks the worker about a tag of the photo that is open, whose file is shown.
    pub(super) fn send_question(&self, request: &Request) {
        let file = self.original.as_ref().and_then(|(_, original)| match original {
            Original::Shown(_, file) => Some(file),
            Original::Missing(_) => None,
        });
        self.send(request, file);
    }

    /// The handle of the file that something in the grid is of, if there is one.
    fn handle_of(&self, key: u32) -> Handles {
        if let Some(AtHand { source: Source::Kept(handle), .. }) = self.at_hand.get(&key) {
            return Box::pin(ready(vec![Some(handle.clone())]));
        }
        let photo = self.page.photo(key).map(|photo| photo.id.as_str().into());
        self.keeper.handles(photo.into_iter().collect())
    }

    /// Finds out which files may be opened, and asks the user where it must. The caller knows them by
    /// `keys`.
    fn ask(&self, keys: Vec<u32>, handles: Handles, found: fn(Vec<u32>, Vec<Allowed>) -> Found) {
        let on_found = self.on_found.clone();
        spawn_local(async move {
            let allowed = platform::ask_to_open(handles.await).await;
            on_found.emit(found(keys, allowed));
        });
    }

    /// Opens a file, if there is a handle, and asks nobody.
    fn open_file(&self, key: u32, handle: Handles, found: fn(u32, Opened) -> Found) {
        let on_found = self.on_found.clone();
        spawn_local(async move {
            if let Some(handle) = handle.await.pop().flatten() {
                on_found.emit(found(key, platform::open_file(&handle).await));
            }
        });
    }

    /// Takes in what came of looking for files.
    pub(super) fn found(&mut self, found: Found) {
        match found {
            Found::Again(keys, allowed) => self.found_again(keys, allowed),
            Found::Left(numbers, allowed) => self.found_left(numbers, allowed),
            Found::Turn(job, Ok(file)) => {
                if self.page.opened(job, facts(&file)) {
                    self.send(&Request::Tag { id: job }, Some(&file));
                }
            }
            Found::Turn(job, Err(problem)) => self.lose(job, problem),
            Found::Original(key, file) if self.page.open == Some(key) => {
                let photo = self.page.photo(key);
                let file = file.and_then(|file| match photo {
                    Some(photo) if !is_of(&file, photo) => Err(FileProblem::Changed),
                    _ => Ok(file),
                });
                let original = match file {
                    Ok(file) => {
                        self.page.session.file_came(key);
                        Original::Shown(ObjectUrl::new(&file), file)
                    }
                    Err(problem) => Original::Missing(problem),
                };
                self.original = Some((key, original));
            }
            Found::Original(..) => {}
            Found::Answer => {
                if let Some(key) = self.page.open {
                    self.seek_original(key);
                }
            }
        }
    }

    fn found_again(&mut self, keys: Vec<u32>, allowed: Vec<Allowed>) {
        let (mut wanted, mut problems) = (Vec::new(), Vec::new());
        for (key, allowed) in keys.into_iter().zip(allowed) {
            match allowed {
                // The photo was deleted meanwhile, or given again.
                Ok(_) if self.page.photo(key).is_none() || self.at_hand.contains_key(&key) => {}
                Ok(handle) => {
                    self.at_hand
                        .insert(key, AtHand { source: Source::Kept(handle), pending: None });
                    wanted.push(key);
                }
                Err(problem) => problems.push(problem),
            }
        }
        self.page.tag_again(&wanted);
        self.miss(problems);
    }

    fn found_left(&mut self, numbers: Vec<u32>, allowed: Vec<Allowed>) {
        let (mut all_facts, mut files) = (Vec::new(), Vec::new());
        for (number, allowed) in numbers.into_iter().zip(allowed) {
            // It may have been forgotten meanwhile, or given again.
            let at = self.left.iter().position(|left| left.number == number);
            match (at, allowed) {
                (Some(at), Ok(handle)) => {
                    all_facts.push(self.left.remove(at).file.facts());
                    files.push(AtHand { source: Source::Kept(handle), pending: Some(number) });
                }
                (Some(at), Err(problem)) => self.left[at].problem = Some(problem),
                (None, _) => {}
            }
        }
        let jobs = self.page.add(all_facts, platform::now());
        for (job, file) in jobs.into_iter().zip(files) {
            self.at_hand.insert(job, file);
        }
    }

    /// A job's file is not what it was to be. A photo of the library stays as it is; what waited since an
    /// earlier visit waits on.
    pub(super) fn lose(&mut self, job: u32, problem: FileProblem) {
        let facts = self.page.withdraw(job);
        // It is not there if the job was dropped meanwhile.
        let Some(AtHand { source, pending }) = self.at_hand.remove(&job) else { return };
        match (source, pending, facts) {
            (Source::Kept(_), Some(number), Some(facts)) => {
                let file = Pending::of(&facts, true);
                self.left.push(Left { number, file, problem: Some(problem) });
            }
            _ => self.miss(vec![problem]),
        }
    }

    /// Says whose files are not to be had, with those of which that was said before.
    fn miss(&mut self, problems: Vec<FileProblem>) {
        match &mut self.note {
            Some(Note::NotAtHand(said)) => said.extend(problems),
            note if !problems.is_empty() => *note = Some(Note::NotAtHand(problems)),
            _ => {}
        }
    }

    /// A photo is tagged: gives the number by which its file waited, and its handle if that is to be
    /// kept. What was given on this visit stays at hand; what was opened for its turn does not.
    pub(super) fn put_away(&mut self, job: u32) -> (Option<u32>, Option<FileHandle>) {
        match self.at_hand.remove(&job) {
            Some(AtHand { source: Source::Given(file, handle), pending }) => {
                let source = Source::Given(file, None);
                self.at_hand.insert(job, AtHand { source, pending: None });
                (pending, handle)
            }
            Some(AtHand { source: Source::Kept(handle), pending }) => (pending, Some(handle)),
            None => (None, None),
        }
    }
}

/// What is known of a file.
pub(super) fn facts(file: &File) -> FileFacts {
    FileFacts {
        name: platform::nfc(&file.name()),
        bytes: file.size() as u64,
        modified: file.last_modified(),
    }
}

/// Whether a file is as it was when the photo was tagged. Else it may be another picture, or stand
/// otherwise; only tagging it again can tell.
fn is_of(file: &File, photo: &Photo) -> bool {
    let FileFacts { bytes, modified, .. } = facts(file);
    bytes == photo.bytes && modified == photo.modified
}
