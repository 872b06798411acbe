//! One photo: read, inferred, and its metadata written.

use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::{fs, io};

use tagsight_core::photo::{DHash, coded_parts};
use tagsight_core::{PhotoError, Tagger, TaggerError};
use tagsight_metadata::{Lists, Outcome, Patch, Refusal, Said, SidecarFile, Taken, Wanted, Writer};

use crate::atomic::Staged;
use crate::index::{Entry, Index, Scores};
use crate::model::{Model, hexadecimal};
use crate::settings::{Settings, Write};
use crate::sidecar::Naming;
use crate::stamp::Stamp;
use crate::walk::Photo;
use crate::{plan, words};

/// Who writes, as metadata names it.
pub const SOFTWARE: &str = concat!("Tagsight ", env!("CARGO_PKG_VERSION"));
/// How often a photo is read that changes while it is read.
const ATTEMPTS: usize = 3;

/// Why a photo is not done.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Its file, or its sidecar, cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which of them.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// It is no photo that can be tagged.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// Its metadata is not written.
    #[error("{path}: {refusal}")]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        refusal: Refusal,
    },
    /// A file cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// Which it is.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// Somebody else wrote it at the same time.
    #[error("another program wrote {} at the same time; nothing was changed", .0.display())]
    Meanwhile(PathBuf),
    /// The new file's picture would not be the old one's.
    #[error("the photo's picture would have changed; nothing was written")]
    Picture,
    /// The model does not run here.
    #[error(transparent)]
    Tagger(#[from] TaggerError),
    /// A mistake of ours.
    #[error("tagsight failed on this photo; please report it")]
    Crashed,
}

/// What is done with photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// They are tagged.
    Tag,
    /// What was written is taken back.
    Undo,
}

/// How photos are done.
#[derive(Debug)]
pub struct Terms<'a> {
    /// What is done.
    pub task: Task,
    /// Which tags they get, and where.
    pub settings: Settings,
    /// Whether nothing is written, but told what would be.
    pub is_dry: bool,
    /// Whether what the index says is not believed.
    pub is_forced: bool,
    /// The model; taking back needs none.
    pub model: Option<&'a Model>,
    /// The date that is written.
    pub now: fn() -> String,
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It is written: the photo itself, or a sidecar.
    Written,
    /// It is deleted: a sidecar that held nothing of others.
    Deleted,
}

/// A file that changed, or would.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The photo, or its sidecar.
    pub file: PathBuf,
    /// What became of it.
    pub deed: Deed,
    /// Its lists before.
    pub before: Lists,
    /// Its lists now.
    pub after: Lists,
}

/// A photo that is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// What the index is to say of it; nothing if no model was ever asked.
    pub entry: Option<Entry>,
    /// Files that changed, or would.
    pub changes: Vec<Change>,
    /// Why the photo itself was not written though that was asked for.
    pub refusal: Option<Refusal>,
}

/// One of those who look at photos.
pub struct Viewer<'a> {
    terms: &'a Terms<'a>,
    tagger: Option<Tagger>,
}

/// A photo that was looked at.
pub struct Seen {
    file: Read,
    /// What the model says of it, unless that is of no matter.
    entry: Option<Entry>,
}

/// What a photo's pixels, and its camera, say of it.
struct Inferred {
    scores: Scores,
    hash: Option<DHash>,
    taken: String,
}

/// A file as it was read.
struct Read {
    bytes: Vec<u8>,
    stamp: Stamp,
}

/// A photo's sidecar as it was read.
struct Sidecar {
    naming: Naming,
    path: PathBuf,
    read: Option<Read>,
}

impl<'a> Viewer<'a> {
    /// Ready for work.
    pub fn new(terms: &'a Terms<'a>) -> Self {
        Self { terms, tagger: None }
    }

    /// Reads a photo, which the index knows by `key`, and asks the model about it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn look(
        &mut self,
        photo: &Photo,
        key: &str,
        index: &RwLock<Index>,
    ) -> Result<Seen, Trouble> {
        let file = read(&photo.path)?;
        let entry = match self.terms.task {
            Task::Tag => Some(self.scored(&file, key, index)?),
            Task::Undo => None,
        };
        Ok(Seen { file, entry })
    }

    /// What the index has of the picture, or else what the model says of it.
    fn scored(&mut self, file: &Read, key: &str, index: &RwLock<Index>) -> Result<Entry, Trouble> {
        let identity = hexadecimal(coded_parts(&file.bytes));
        let model = self.terms.model.expect("whoever tags has a model");
        let sha256 = &model.facts().sha256;
        let index = index.read().expect("nobody panics while writing it");
        let known = index.of_picture(&identity, sha256).filter(|_| !self.terms.is_forced);
        let known = known.map(|Entry { scores, hash, taken, .. }| Inferred {
            scores: scores.clone(),
            hash: *hash,
            taken: taken.clone(),
        });
        drop(index);
        let Inferred { scores, hash, taken } = match known {
            Some(known) => known,
            None => self.infer(&file.bytes, model)?,
        };
        Ok(Entry {
            path: key.to_owned(),
            stamp: file.stamp,
            identity,
            model: sha256.clone(),
            scores,
            hash,
            taken,
            settings: String::new(),
            tags: Vec::new(),
            withdrawn: Vec::new(),
            own: Vec::new(),
            full: None,
            stem: None,
        })
    }

    fn infer(&mut self, bytes: &[u8], model: &Model) -> Result<Inferred, Trouble> {
        let tagger = match &mut self.tagger {
            Some(tagger) => tagger,
            none => none.insert(model.tagger()?),
        };
        let mut photo = tagger.decode(bytes)?;
        let taken = photo.taken().map(|taken| taken.to_string()).unwrap_or_default();
        let codes = tagger.input(&mut photo);
        let hash = DHash::of(&codes, tagger.metadata().preprocessing.side);
        Ok(Inferred { scores: Scores(tagger.scores_of_codes(&codes)), hash: Some(hash), taken })
    }
}

impl Terms<'_> {
    /// Writes the metadata of a photo that was looked at, which the index knows by `key`.
    ///
    /// # Errors
    /// If it cannot be written; no file changed then that is not whole.
    pub fn finish(
        &self,
        photo: &Photo,
        key: &str,
        seen: Seen,
        index: &RwLock<Index>,
    ) -> Result<Done, Trouble> {
        match seen.entry {
            Some(entry) => self.tag(photo, &seen.file, entry),
            None => self.undo(photo, &seen.file, key, index),
        }
    }

    fn tag(&self, photo: &Photo, file: &Read, mut entry: Entry) -> Result<Done, Trouble> {
        let mut papers = Papers::read(photo, file)?;
        let model = self.model.expect("whoever tags has a model").facts();
        let settings = &self.settings;
        entry.withdrawn = plan::withdrawn(papers.said.iter());
        entry.own = plan::own(papers.said.iter());
        if let Ok(Some(taken)) = tagsight_metadata::taken(&file.bytes) {
            entry.taken = taken.to_string();
        }
        let tags = entry.tags_at(model, settings.step);
        let wanted = plan::wanted(&tags, &entry.withdrawn, settings, &model.sha256);
        entry.tags = tags.into_iter().map(|tag| tag.label).collect();
        entry.settings = settings.digest();
        let mut writing = Writing { terms: self, file, photo, changes: Vec::new() };
        let mut refusal = None;
        match settings.write {
            Write::None => {}
            Write::Sidecar => writing.beside(&mut papers, &wanted, true)?,
            Write::Embed => {
                match writing.embed(&wanted, &mut entry.stamp) {
                    Err(Trouble::Refused { refusal: why, .. }) => refusal = Some(why),
                    result => result?,
                }
                // A sidecar counts more than the photo for some programs, so it is kept up.
                writing.beside(&mut papers, &wanted, refusal.is_some())?;
            }
        }
        let changes = writing.changes;
        Ok(papers.done(entry, changes, refusal))
    }

    fn undo(
        &self,
        photo: &Photo,
        file: &Read,
        key: &str,
        index: &RwLock<Index>,
    ) -> Result<Done, Trouble> {
        let mut papers = Papers::read(photo, file)?;
        let mut writing = Writing { terms: self, file, photo, changes: Vec::new() };
        let nothing = Wanted::nothing();
        let mut stamp = file.stamp;
        let holds_ours = papers.own.as_ref().is_some_and(|said| !said.given.is_empty());
        match writing.embed(&nothing, &mut stamp) {
            // Into such a photo we never wrote.
            Err(Trouble::Refused { .. }) if !holds_ours => (),
            result => result?,
        }
        for naming in photo.sidecars.present() {
            let sidecar = papers.sidecar(naming, photo)?;
            if papers.sidecars[sidecar].read.is_some() {
                writing.sidecar(&mut papers, sidecar, &nothing)?;
            }
        }
        let changes = writing.changes;
        let index = index.read().expect("nobody panics while writing it");
        let known = index.get(key).cloned();
        drop(index);
        let Some(known) = known else { return Ok(Done { entry: None, changes, refusal: None }) };
        let (tags, withdrawn) = (Vec::new(), Vec::new());
        let own = plan::own(papers.said.iter());
        let entry = Entry { stamp, settings: String::new(), tags, withdrawn, own, ..known };
        Ok(papers.done(entry, changes, None))
    }
}

/// What a photo and its sidecars say.
struct Papers {
    /// The photo itself, as far as that can be read.
    own: Option<Said>,
    /// It and its sidecars.
    said: Vec<Said>,
    sidecars: Vec<Sidecar>,
}

impl Papers {
    fn read(photo: &Photo, file: &Read) -> Result<Self, Trouble> {
        let own = tagsight_metadata::read(&file.bytes, &words::fold).ok();
        let mut papers = Self { said: own.iter().cloned().collect(), own, sidecars: Vec::new() };
        for naming in photo.sidecars.present() {
            let sidecar = Sidecar::read(naming, photo)?;
            papers.said.extend(sidecar.said());
            papers.sidecars.push(sidecar);
        }
        Ok(papers)
    }

    /// The place of one of the sidecars, which is read unless it was.
    fn sidecar(&mut self, naming: Naming, photo: &Photo) -> Result<usize, Trouble> {
        let read = self.sidecars.iter().position(|sidecar| sidecar.naming == naming);
        if let Some(place) = read {
            return Ok(place);
        }
        self.sidecars.push(Sidecar::read(naming, photo)?);
        Ok(self.sidecars.len() - 1)
    }

    fn done(&self, mut entry: Entry, changes: Vec<Change>, refusal: Option<Refusal>) -> Done {
        for sidecar in &self.sidecars {
            let stamp = sidecar.read.as_ref().map(|read| read.stamp);
            match sidecar.naming {
                Naming::Full => entry.full = stamp,
                Naming::Stem => entry.stem = stamp,
            }
        }
        Done { entry: Some(entry), changes, refusal }
    }
}

impl Sidecar {
    fn read(naming: Naming, photo: &Photo) -> Result<Self, Trouble> {
        let path = naming.path(&photo.path);
        let read = match read(&path) {
            Err(Trouble::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
            read => Some(read?),
        };
        Ok(Self { naming, path, read })
    }

    /// What it says, as far as that can be read.
    fn said(&self) -> Option<Said> {
        tagsight_metadata::read_sidecar(&self.read.as_ref()?.bytes, &words::fold).ok()
    }
}

/// What a photo and its sidecars say that were found by a walk, and when it was taken: for those who only
/// ask.
pub fn said(photo: &Photo) -> Result<(Vec<Said>, Option<Taken>), Trouble> {
    let file = read(&photo.path)?;
    let taken = tagsight_metadata::taken(&file.bytes).unwrap_or_default();
    Ok((Papers::read(photo, &file)?.said, taken))
}

/// A photo's files, as they are written.
struct Writing<'a> {
    terms: &'a Terms<'a>,
    file: &'a Read,
    photo: &'a Photo,
    changes: Vec<Change>,
}

impl Writing<'_> {
    /// Writes into the photo, after which it is known by another `stamp`.
    fn embed(&mut self, wanted: &Wanted, stamp: &mut Stamp) -> Result<(), Trouble> {
        let path = &self.photo.path;
        let (old, now) = (&self.file.bytes, (self.terms.now)());
        let outcome = tagsight_metadata::embed(old, wanted, &writer(&now));
        let refused = |refusal| Trouble::Refused { path: path.clone(), refusal };
        let Outcome::Changed(change) = outcome.map_err(refused)? else { return Ok(()) };
        let new = Patch::apply(&change.output, old);
        // Whatever went wrong before, a photo is not lost here.
        if coded_parts(&new) != coded_parts(old) {
            return Err(Trouble::Picture);
        }
        if !self.terms.is_dry {
            *stamp = replace(path, &new, Some(self.file.stamp))?;
        }
        let (file, deed) = (path.clone(), Deed::Written);
        self.changes.push(Change { file, deed, before: change.before, after: change.after });
        Ok(())
    }

    /// Writes into the chosen sidecar, if it is there or one is to be begun.
    fn beside(
        &mut self,
        papers: &mut Papers,
        wanted: &Wanted,
        is_begun: bool,
    ) -> Result<(), Trouble> {
        let naming = self.photo.sidecars.chosen(self.terms.settings.naming);
        let chosen = papers.sidecar(naming, self.photo)?;
        if !is_begun && papers.sidecars[chosen].read.is_none() {
            return Ok(());
        }
        self.sidecar(papers, chosen, wanted)
    }

    /// Writes into the sidecar at this place.
    fn sidecar(
        &mut self,
        papers: &mut Papers,
        place: usize,
        wanted: &Wanted,
    ) -> Result<(), Trouble> {
        let (own, sidecar) = (papers.own.as_ref(), &mut papers.sidecars[place]);
        let path = &sidecar.path;
        let (there, now) = (sidecar.read.as_ref(), (self.terms.now)());
        let existing = there.map(|read| &read.bytes[..]);
        let outcome = tagsight_metadata::sidecar(own, existing, wanted, &writer(&now));
        let refused = |refusal| Trouble::Refused { path: path.clone(), refusal };
        let Outcome::Changed(change) = outcome.map_err(refused)? else { return Ok(()) };
        let old = there.map(|read| read.stamp);
        let deed = match change.output {
            SidecarFile::Write(bytes) => {
                if !self.terms.is_dry {
                    let stamp = replace(path, &bytes, old)?;
                    sidecar.read = Some(Read { bytes, stamp });
                }
                Deed::Written
            }
            SidecarFile::Delete => {
                if !self.terms.is_dry && old.is_some() {
                    unchanged(path, old)?;
                    let removed = fs::remove_file(path);
                    removed.map_err(|source| Trouble::Write { path: path.clone(), source })?;
                    sidecar.read = None;
                }
                Deed::Deleted
            }
        };
        let file = sidecar.path.clone();
        self.changes.push(Change { file, deed, before: change.before, after: change.after });
        Ok(())
    }
}

/// Who writes.
fn writer(now: &str) -> Writer<'_> {
    Writer { now, software: SOFTWARE, fold: &words::fold }
}

/// Puts something in the place of a file that is still the `old` one.
fn replace(path: &Path, content: &[u8], old: Option<Stamp>) -> Result<Stamp, Trouble> {
    let not_written = |source| Trouble::Write { path: path.to_owned(), source };
    let staged = Staged::new(path, content).map_err(not_written)?;
    unchanged(path, old)?;
    staged.commit().map_err(not_written)
}

fn unchanged(path: &Path, old: Option<Stamp>) -> Result<(), Trouble> {
    let not_read = |source| Trouble::Read { path: path.to_owned(), source };
    let now = Stamp::of_any(path).map_err(not_read)?;
    if now == old { Ok(()) } else { Err(Trouble::Meanwhile(path.to_owned())) }
}

/// A file's bytes as they were at one time: for those who only ask.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Trouble> {
    Ok(read(path)?.bytes)
}

/// A file as it was at one time.
fn read(path: &Path) -> Result<Read, Trouble> {
    let not_read = |source| Trouble::Read { path: path.to_owned(), source };
    for _ in 0..ATTEMPTS {
        let before = Stamp::of(path).map_err(not_read)?;
        let bytes = fs::read(path).map_err(not_read)?;
        let after = Stamp::of(path).map_err(not_read)?;
        if before == after && bytes.len() as u64 == after.size {
            return Ok(Read { bytes, stamp: after });
        }
    }
    Err(Trouble::Meanwhile(path.to_owned()))
}
