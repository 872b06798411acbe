//! Writing: into the folder, an archive, a table, or to another program. One photo at a time is in
//! memory, and whatever fails is told by its name.

use std::rc::Rc;

use js_sys::Array;
use tagsight_metadata::{Patch, Piece, SidecarFile};
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};
use web_sys::{Blob, File, FilePropertyBag};

use super::Dialog;
use super::seen::{Looked, Missing, Place, Seen, Target};
use crate::act::Act;
use crate::browser::{self, Sink};
use crate::choices::{Into, To};
use crate::names::{self, Names};
use crate::table;
use crate::zip::{Stamp, Zip};

/// Names of photos that are told; of more their number.
const NAMES: usize = 20;

/// What was done.
#[derive(Default)]
struct Done {
    count: usize,
    /// Names, each with the reason.
    failed: Vec<String>,
}

impl Dialog {
    /// Does what was seen.
    pub(super) async fn start(self: Rc<Self>) {
        let Some(seen) = self.seen.take() else { return };
        match self.choices.get().to {
            To::Folder => self.write_folder(&seen).await,
            To::Zip => self.write_zip(seen).await,
            To::Share => self.to_another(seen).await,
            To::Csv | To::Json => self.as_table(seen).await,
        }
    }

    async fn write_folder(&self, seen: &Seen) {
        let mut done = Done::default();
        let written = seen.targets.iter().zip(&seen.rows).filter(|(_, row)| row.is_written);
        let written: Vec<_> = written.collect();
        for (index, (target, row)) in written.iter().enumerate() {
            if self.is_stopped.get() {
                break;
            }
            self.at(&self.texts.writing, index, written.len());
            match self.write(target, seen.act).await {
                Ok(()) => done.count += 1,
                Err(problem) => done.failed.push(format!("{}: {problem}", row.name)),
            }
        }
        self.view.list_nothing("");
        let says = match seen.act {
            Act::TakeBack => self.texts.removed.of(done.count),
            Act::Write(_) => self.texts.written.of(done.count),
        };
        self.tell(says, &done, self.texts.cancelled);
    }

    async fn write(&self, target: &Target, act: Act) -> Result<(), String> {
        let Place::Folder(found, sidecar) = &target.place else { return Ok(()) };
        let looked =
            self.inspect(target, act).await.map_err(|missing| self.of_missing(&missing))?;
        let in_words = |error: JsValue| browser::words(&error).unwrap_or_default();
        if let Some(patch) = &looked.plan.photo {
            let parts = parts(patch, &looked.file);
            browser::replace(&found.handle, &parts).await.map_err(in_words)?;
            let file = browser::file(&found.handle).await.map_err(in_words)?;
            let id = JsValue::from(&self.records[target.record].id);
            // The page finds the file again by itself if it does not take this.
            let _ = self.on_written.call2(&JsValue::NULL, &id, &file);
        }
        match &looked.plan.sidecar {
            Some(SidecarFile::Write(bytes)) => {
                let parts = Array::of1(&browser::bytes(bytes));
                browser::create(&found.folder, sidecar, &parts).await.map_err(in_words)
            }
            Some(SidecarFile::Delete) => {
                browser::remove(&found.folder, sidecar).await.map_err(in_words)
            }
            None => Ok(()),
        }
    }

    async fn write_zip(&self, seen: Seen) {
        let name = format!("tagsight-{}.zip", today());
        let sink = match browser::open_sink(&name, "application/zip").await {
            Ok(sink) => sink,
            Err(error) => {
                // Whoever did not choose a place can do so now.
                self.look_again(seen);
                return self.stopped(&error);
            }
        };
        let mut archive = Archive { zip: Zip::default(), names: Names::default(), sink };
        let mut done = Done::default();
        for (index, target) in seen.targets.iter().enumerate() {
            if self.is_stopped.get() {
                break;
            }
            self.at(&self.texts.writing, index, seen.targets.len());
            match self.add(&mut archive, target, seen.act).await {
                Ok(None) => done.count += 1,
                Ok(Some(problem)) => {
                    done.failed.push(format!("{}: {problem}", self.records[target.record].name));
                }
                Err(error) => return self.give_up(archive.sink, seen, &error).await,
            }
        }
        if self.is_stopped.get() {
            // It was not finished, so it is nothing.
            let _ = archive.sink.abort().await;
            self.look_again(seen);
            return self.view.tell(self.texts.discarded, &[]);
        }
        let end = browser::bytes(&archive.zip.end());
        let ended = match archive.sink.write(&end).await {
            Ok(()) => archive.sink.close().await,
            Err(error) => Err(error),
        };
        match ended {
            Ok(()) => {
                let says = self.texts.saved.fill([&archive.sink.name()]);
                self.look_again(seen);
                self.tell(says, &done, "");
            }
            Err(error) => self.give_up(archive.sink, seen, &error).await,
        }
    }

    async fn give_up(&self, sink: Sink, seen: Seen, error: &JsValue) {
        // What cannot be taken back any more is half an archive, and said to be none.
        let _ = sink.abort().await;
        self.look_again(seen);
        self.stopped(error);
    }

    /// What was seen still is so.
    fn look_again(&self, seen: Seen) {
        self.seen.replace(Some(seen));
    }

    /// Adds a photo to an archive; why it is not in it, or why there will be none.
    async fn add(
        &self,
        archive: &mut Archive,
        target: &Target,
        act: Act,
    ) -> Result<Option<String>, JsValue> {
        let record = &self.records[target.record];
        let naming = self.choices.get().naming;
        let looked = match target.place {
            Place::Nowhere => None,
            _ => match self.inspect(target, act).await {
                Ok(looked) => Some(looked),
                Err(missing) => return Ok(Some(self.of_missing(&missing))),
            },
        };
        let name = archive.names.free(&record.name, naming);
        let sidecar = match &looked {
            Some(looked) => {
                if act != Act::Write(Into::Only) {
                    archive.add_photo(&name, looked).await?;
                }
                looked.plan.sidecar.clone()
            }
            None => self.plan_away(target.record).sidecar,
        };
        if let Some(SidecarFile::Write(bytes)) = sidecar {
            let crc = crc32fast::hash(&bytes);
            let stamp = Stamp::parse(&browser::local_time(js_sys::Date::now()));
            let parts = Array::of1(&browser::bytes(&bytes));
            archive.add(&names::sidecar(&name, naming), crc, bytes.len(), stamp, &parts).await?;
        }
        Ok(None)
    }

    /// A copy of a photo with its tags inside, most of which the browser has on the disk.
    pub(super) fn copy(&self, record: usize, looked: &Looked) -> JsValue {
        let parts = match &looked.plan.photo {
            Some(patch) => parts(patch, &looked.file),
            None => Array::of1(&looked.file),
        };
        let options = FilePropertyBag::new();
        options.set_type(&looked.file.type_());
        let name = &self.records[record].name;
        // A copy that cannot be made is the photo as it is.
        File::new_with_blob_sequence_and_options(&parts, name, &options)
            .map_or_else(|_| JsValue::from(&looked.file), JsValue::from)
    }

    async fn to_another(&self, seen: Seen) {
        let says = match browser::share(&seen.copies).await {
            Ok(()) => self.texts.shared.of(seen.copies.length() as usize),
            Err(error) => {
                self.look_again(seen);
                return self.stopped(&error);
            }
        };
        self.look_again(seen);
        self.view.tell(&says, &[]);
    }

    async fn as_table(&self, seen: Seen) {
        let records: Vec<_> =
            seen.targets.iter().map(|target| &self.records[target.record]).collect();
        let choices = self.choices.get();
        let (text, ending, media_type) = match choices.to {
            To::Csv => (table::csv(&records, choices.words), "csv", "text/csv"),
            _ => (table::json(&records), "json", "application/json"),
        };
        let name = format!("tagsight-{}.{ending}", today());
        let save = async {
            let sink = browser::open_sink(&name, media_type).await?;
            sink.write(&browser::bytes(text.as_bytes())).await?;
            sink.close().await?;
            Ok(sink.name())
        };
        let saved: Result<String, JsValue> = save.await;
        self.look_again(seen);
        match saved {
            Ok(name) => self.view.tell(&self.texts.saved.fill([&name]), &[]),
            Err(error) => self.stopped(&error),
        }
    }

    /// Says what was done, what was not, and whether it was ended early.
    fn tell(&self, mut says: String, done: &Done, cancelled: &str) {
        if self.is_stopped.get() {
            says.push(' ');
            says.push_str(cancelled);
        }
        let mut details: Vec<String> = done.failed.iter().take(NAMES).cloned().collect();
        if !details.is_empty() {
            says.push(' ');
            says.push_str(&self.texts.failed.of(done.failed.len()));
        }
        if done.failed.len() > NAMES {
            details.push(self.texts.and_more.of(done.failed.len() - NAMES));
        }
        self.view.tell(&says, &details);
    }

    fn of_missing(&self, missing: &Missing) -> String {
        let words = match missing {
            Missing::Gone => self.texts.gone,
            Missing::Other => self.texts.other_picture,
        };
        words.to_owned()
    }
}

/// An archive on its way.
struct Archive {
    zip: Zip,
    names: Names,
    sink: Sink,
}

impl Archive {
    async fn add_photo(&mut self, name: &str, looked: &Looked) -> Result<(), JsValue> {
        let Looked { file, bytes, plan } = looked;
        let (crc, length, parts) = match &plan.photo {
            Some(patch) => {
                let (crc, length) = checksum(patch, bytes);
                (crc, length, parts(patch, file))
            }
            None => (crc32fast::hash(bytes), bytes.len(), Array::of1(file)),
        };
        let stamp = Stamp::parse(&browser::local_time(file.last_modified()));
        self.add(name, crc, length, stamp, &parts).await
    }

    async fn add(
        &mut self,
        name: &str,
        crc: u32,
        length: usize,
        stamp: Stamp,
        parts: &Array,
    ) -> Result<(), JsValue> {
        let header = self.zip.begin(name, crc, length as u32, stamp);
        self.sink.write(&browser::bytes(&header)).await?;
        for part in parts.iter() {
            self.sink.write(&part).await?;
        }
        Ok(())
    }
}

fn checksum(patch: &Patch, old: &[u8]) -> (u32, usize) {
    let (mut crc, mut length) = (crc32fast::Hasher::new(), 0);
    for piece in &patch.pieces {
        let bytes = match piece {
            Piece::Old(range) => &old[range.clone()],
            Piece::New(bytes) => bytes,
        };
        crc.update(bytes);
        length += bytes.len();
    }
    (crc.finalize(), length)
}

/// A new file's parts: of the old file's the browser knows where they are.
fn parts(patch: &Patch, file: &File) -> Array {
    let blob: &Blob = file.unchecked_ref();
    let part = |piece: &Piece| match piece {
        Piece::Old(range) => {
            let part = blob.slice_with_f64_and_f64(range.start as f64, range.end as f64);
            JsValue::from(part.unwrap_throw())
        }
        Piece::New(bytes) => browser::bytes(bytes),
    };
    patch.pieces.iter().map(part).collect()
}

/// "2026-11-26"
fn today() -> String {
    let now = browser::local_time(js_sys::Date::now());
    now.split('T').next().unwrap_or_default().to_owned()
}
