//! What the database did, taken in.

use tagsight_library::{Entry, Set};

use super::App;
use super::keeping::{self, Left, Stored};
use super::note::Note;
use crate::platform::{self, Persistence};

impl App {
    pub(super) fn stored(&mut self, stored: Stored) {
        match stored {
            Stored::Opened(opened) => {
                if let Some(mut all) = self.keeper.opened(opened) {
                    let left = std::mem::take(&mut all.pending).into_iter();
                    let left = left.map(|(number, file)| Left { number, file, problem: None });
                    self.left = left.collect();
                    match keeping::library(&mut all) {
                        Ok(library) => {
                            self.page.library = library;
                            self.page.adopt();
                        }
                        Err(problem) => {
                            self.keeper.opened(Err(problem));
                        }
                    }
                }
                self.page.session.open();
            }
            Stored::Written(jobs, outcome) => {
                self.keeper.problem = outcome.err();
                for job in jobs {
                    self.page.kept(job);
                }
            }
            Stored::Thumbnails(pictures) => {
                let mut thumbnails = self.thumbnails.borrow_mut();
                for (id, picture) in pictures {
                    self.asked.remove(&id);
                    match picture {
                        Some(picture) => {
                            thumbnails.put(id.as_str(), &picture);
                        }
                        None => {
                            self.without_thumbnail.insert(id);
                        }
                    }
                }
            }
            Stored::Changed(changed) if changed.erased => self.start_over(),
            Stored::Changed(changed) => self.keeper.read_changed(changed),
            Stored::Read(fresh) => {
                self.refresh(*fresh);
                self.page.adopt();
            }
            Stored::Room(room, persistence) => {
                (self.keeper.room, self.keeper.persistence) = (room, persistence);
            }
            Stored::Persisted(room, persistence) => {
                (self.keeper.room, self.keeper.persistence) = (room, persistence);
                self.note = Some(match persistence {
                    Persistence::Granted => Note::Persistent,
                    Persistence::Refused | Persistence::Unknown => Note::BackupDue,
                });
            }
            Stored::Restore(read) => self.restore(*read),
            Stored::Restored(count, outcome) => {
                self.keeper.problem = outcome.err();
                self.without_thumbnail.clear();
                self.note = Some(Note::Restored(count));
            }
            Stored::BackedUp(Ok(decisions)) => {
                let changes = self.page.library.backed_up(decisions);
                self.commit(&changes);
                self.keeper.problem = None;
                self.note = None;
            }
            Stored::BackedUp(Err(problem)) => self.keeper.problem = Some(problem),
            Stored::Erased(outcome) => {
                self.keeper.problem = outcome.err();
                self.start_over();
            }
        }
    }

    /// Everything was deleted.
    fn start_over(&mut self) {
        self.page.session.cancel();
        // Only what failed, and can be tried again, is still a file that somebody wants.
        let failed: Set<u32> = self.page.session.failures().map(|job| job.id).collect();
        let held = self.at_hand.keys().copied().filter(|key| !failed.contains(key));
        self.drop_jobs(&held.collect::<Vec<u32>>());
        let step = self.page.library.settings().step;
        // Scores that come from now on need to be understood.
        let changes = self.page.forget_all(step);
        self.keeper.keep(&self.page.library, &changes);
        self.thumbnails.borrow_mut().clear();
        self.left.clear();
        self.has_settings = false;
        self.note = Some(Note::Erased);
    }

    /// What another page did is no decision of this one's, so it makes no history.
    fn refresh(&mut self, fresh: keeping::Fresh) {
        let library = &mut self.page.library;
        // A newer build's page writes what this one does not know; it is left to that.
        for (id, photo) in fresh.photos {
            self.without_thumbnail.remove(&id);
            match photo {
                Some(photo) => drop(library.replace(photo)),
                None => library.forget(&id),
            }
        }
        let changed = fresh.entries;
        let kept = library.history().entries().iter();
        let mut entries: Vec<Entry> =
            kept.filter(|entry| !changed.contains_key(&entry.number)).cloned().collect();
        entries.extend(changed.into_iter().filter_map(|(_, entry)| entry));
        if let Some((settings, cursor)) = fresh.whole {
            let _ = library.replace_settings(settings);
            let _ = library.replace_history(entries, cursor);
        }
    }

    fn restore(
        &mut self,
        read: Result<platform::Backup<tagsight_library::Backup>, platform::BackupProblem>,
    ) {
        let Ok(backup) = read else { return self.note = Some(Note::NotRestored) };
        let Ok((merged, changes)) = self.page.library.merge(backup.library) else {
            return self.note = Some(Note::NotRestored);
        };
        self.page.adopt();
        let restored = (&changes, merged.new + merged.joined);
        self.keeper.keep_restored(&self.page.library, restored, &backup.thumbnails);
    }
}
