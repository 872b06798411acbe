//! What is known of the photos of some folders: from the index, and of the others by reading them, several
//! at a time.

use std::io;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::index::{Entry, Index, IndexError};
use crate::stores::Stores;
use crate::walk::{self, Photo, Walked};
use crate::work::Trouble;

/// Which photos, and how they are read.
pub(crate) struct Survey<'a> {
    /// Folders, and photos.
    pub(crate) places: &'a [PathBuf],
    /// How many files are read at once.
    pub(crate) jobs: NonZero<usize>,
    /// Once it is set, the rest is left out.
    pub(crate) stop: &'a AtomicBool,
}

/// What a survey came to.
pub(crate) struct Surveyed<T> {
    /// Photos with what is known of each, in the order of the walk.
    pub(crate) known: Vec<(Photo, T)>,
    /// What could not be known.
    pub(crate) gaps: Gaps,
}

/// What could not be known of some places.
#[derive(Debug, Default)]
pub struct Gaps {
    /// Photos that cannot be read.
    pub unread: Vec<(PathBuf, Trouble)>,
    /// What could not be looked at.
    pub unseen: Vec<(PathBuf, io::Error)>,
}

impl Survey<'_> {
    /// What `indexed` makes of a photo's entry, and of photos that have none or of which it makes nothing what
    /// `read` does. Each of those who read has a state of its own that `begin` makes.
    ///
    /// # Errors
    /// If an index cannot be read.
    pub(crate) fn carry_out<S, T: Send>(
        &self,
        stores: &mut Stores,
        indexed: impl Fn(&Index, &Entry, &Photo) -> Option<T>,
        begin: impl Fn() -> S + Sync,
        read: impl Fn(&mut S, &Photo) -> Result<T, Trouble> + Sync,
    ) -> Result<Surveyed<T>, IndexError> {
        stores.open(self.places)?;
        let Walked { photos, troubles, .. } = walk::walk(self.places, self.stop);
        let mut of_index = |photo: &Photo| {
            let (at, key) = stores.locate(photo, self.places).ok()?;
            let index = stores.all()[at].read().expect("nobody panics while writing it");
            indexed(&index, index.get(&key)?, photo)
        };
        let mut found: Vec<Option<T>> = photos.iter().map(&mut of_index).collect();
        let unknown: Vec<usize> = (0..photos.len()).filter(|&at| found[at].is_none()).collect();
        let mut unread = Vec::new();
        for (at, read) in self.map(&unknown, begin, |state, at| read(state, &photos[at])) {
            match read {
                Ok(read) => found[at] = Some(read),
                Err(trouble) => unread.push((photos[at].path.clone(), trouble)),
            }
        }
        let known = photos.into_iter().zip(found);
        let known = known.filter_map(|(photo, found)| Some((photo, found?))).collect();
        Ok(Surveyed { known, gaps: Gaps { unread, unseen: troubles } })
    }

    /// What `work` makes of each of `places`, in their order.
    fn map<S, T: Send>(
        &self,
        places: &[usize],
        begin: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, usize) -> T + Sync,
    ) -> Vec<(usize, T)> {
        let (next, all) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for _ in 0..self.jobs.get().min(places.len()) {
                scope.spawn(|| {
                    let mut state = begin();
                    while !self.stop.load(Ordering::Relaxed) {
                        let next = next.fetch_add(1, Ordering::Relaxed);
                        let Some(&at) = places.get(next) else { break };
                        let done = work(&mut state, at);
                        all.lock().expect("nobody panics while holding it").push((at, done));
                    }
                });
            }
        });
        let mut all = all.into_inner().expect("nobody panics while holding it");
        all.sort_by_key(|(at, _)| *at);
        all
    }
}
