//! A folder that is looked at again and again.
//!
//! Nothing is asked of the system but to list the folder, which works on every share and disk, where
//! notices of changes do not. A photo is done once it is as it was at the last look, or has been for
//! some time, so that none is read while it is still copied.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::stamp::{Stamp, nanoseconds};
use crate::stores::{Place, Stores};
use crate::tag::{self, Event, Listener, Request, Summary, TagError};
use crate::walk::{self, Photo};

/// How often it is seen whether to stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// What a watch notices besides photos.
#[derive(Debug)]
pub enum Notice<'a> {
    /// Of a photo.
    Photo(Event<'a>),
    /// The folder cannot be looked at any more; it is waited for.
    Gone(&'a TagError),
    /// It can again.
    Back,
}

/// How it is watched.
#[derive(Debug)]
pub struct Watch<'a> {
    /// What is watched, and how photos are done.
    pub request: Request<'a>,
    /// Where the index is.
    pub place: Place,
    /// How long between two looks.
    pub every: Duration,
}

/// Photos as they were at the last look.
#[derive(Debug, Default)]
struct Memory {
    seen: HashMap<PathBuf, Stamp>,
    /// Those that cannot be done until they change.
    failed: HashMap<PathBuf, Stamp>,
}

impl Watch<'_> {
    /// Watches until it is stopped.
    ///
    /// # Errors
    /// If nobody listens, or the folder cannot be worked on when it begins.
    pub fn run(
        &self,
        stop: &AtomicBool,
        listener: &mut dyn FnMut(Notice<'_>) -> io::Result<()>,
    ) -> Result<Summary, TagError> {
        let mut total = Summary::default();
        let mut memory = Memory::default();
        let mut stores: Option<Stores> = None;
        let (mut is_gone, mut is_first) = (false, true);
        while !stop.load(Ordering::Relaxed) {
            match self.look(&mut stores, &mut memory, stop, listener) {
                Ok(summary) => {
                    total.done += summary.done;
                    total.changed += summary.changed;
                    total.failed += summary.failed;
                    if is_gone {
                        listener(Notice::Back)?;
                    }
                    is_gone = false;
                }
                Err(TagError::Output(error)) => return Err(error.into()),
                Err(error) if is_first => return Err(error),
                Err(error) => {
                    // The index's file went with the folder.
                    stores = None;
                    if !is_gone {
                        listener(Notice::Gone(&error))?;
                    }
                    is_gone = true;
                }
            }
            is_first = false;
            wait(self.every, stop);
        }
        total.is_stopped = true;
        Ok(total)
    }

    /// Does what came since the last look.
    fn look(
        &self,
        stores: &mut Option<Stores>,
        memory: &mut Memory,
        stop: &AtomicBool,
        listener: &mut dyn FnMut(Notice<'_>) -> io::Result<()>,
    ) -> Result<Summary, TagError> {
        for place in &self.request.places {
            let listed = std::fs::read_dir(place);
            listed
                .map_err(|source| crate::index::IndexError::Read { path: place.clone(), source })?;
        }
        // A share that was away for a moment may have come back as another file.
        let is_stale = |stores: &Stores| {
            stores.all().iter().any(|index| {
                !index.read().expect("nobody panics while writing it").path().is_file()
            })
        };
        if self.request.is_kept && stores.as_ref().is_some_and(is_stale) {
            *stores = None;
        }
        let stores = stores.get_or_insert_with(|| Stores::new(self.place.clone()));
        stores.open(&self.request.places)?;
        let mut walked = walk::walk(&self.request.places, stop);
        // What cannot be looked at now may be another time.
        walked.troubles.clear();
        walked.photos.retain(|photo| memory.is_ready(photo, self.every));
        let stamps: HashMap<PathBuf, Stamp> =
            walked.photos.iter().map(|photo| (photo.path.clone(), photo.stamp)).collect();
        let failed = &mut memory.failed;
        let hear: &mut Listener<'_> = &mut |event| {
            if let Event::Failed(path, _) = event
                && let Some(&stamp) = stamps.get(path)
            {
                failed.insert(path.to_owned(), stamp);
            }
            listener(Notice::Photo(event))
        };
        tag::round(&self.request, stores, walked, stop, hear)
    }
}

impl Memory {
    /// Whether nobody writes a photo any more, and it is worth a try.
    fn is_ready(&mut self, photo: &Photo, every: Duration) -> bool {
        let before = self.seen.insert(photo.path.clone(), photo.stamp);
        let age = nanoseconds(SystemTime::now()).saturating_sub(photo.stamp.modified);
        let is_old = i128::from(age) > every.as_nanos() as i128;
        let is_quiet = before == Some(photo.stamp) || (before.is_none() && is_old);
        is_quiet && self.failed.get(&photo.path) != Some(&photo.stamp)
    }
}

fn wait(time: Duration, stop: &AtomicBool) {
    let end = Instant::now() + time;
    while !stop.load(Ordering::Relaxed) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        thread::sleep(left.min(PATIENCE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sidecar::Sidecars;

    #[test]
    fn a_photo_is_done_when_it_does_not_grow_any_more() {
        let mut memory = Memory::default();
        let every = Duration::from_secs(10);
        let now = nanoseconds(SystemTime::now());
        let photo = |name: &str, size, modified| Photo {
            path: name.into(),
            stamp: Stamp { size, modified },
            sidecars: Sidecars::default(),
        };
        assert!(memory.is_ready(&photo("old.jpg", 5, 0), every), "it was there long ago");
        assert!(!memory.is_ready(&photo("new.jpg", 5, now), every), "somebody may be writing it");
        assert!(!memory.is_ready(&photo("new.jpg", 6, now + 1), every), "it grew");
        assert!(memory.is_ready(&photo("new.jpg", 6, now + 1), every), "it did not");
        let ahead = now + 3_600_000_000_000;
        assert!(!memory.is_ready(&photo("ahead.jpg", 5, ahead), every), "by another clock");
        assert!(memory.is_ready(&photo("ahead.jpg", 5, ahead), every));
        memory.failed.insert("old.jpg".into(), Stamp { size: 5, modified: 0 });
        assert!(!memory.is_ready(&photo("old.jpg", 5, 0), every), "it was tried");
        assert!(!memory.is_ready(&photo("old.jpg", 5, now), every), "it changed");
        assert!(memory.is_ready(&photo("old.jpg", 5, now), every));
    }
}
