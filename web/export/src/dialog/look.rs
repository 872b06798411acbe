//! Looking: what becomes of every photo, without writing anything.

use std::rc::Rc;

use js_sys::{Array, Promise};
use tagsight_keywords::{Plan, Request, Wire};
use tagsight_library::{Set, Table, lower};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::Dialog;
use super::row::{Row, State, summary};
use super::seen::{Looked, Missing, Place, Seen, Target};
use crate::act::Act;
use crate::browser::{self, Found};
use crate::choices::{Into, Naming, To};
use crate::names::{self, stem};
use crate::wanted::{remembered, wanted};

/// Larger files are no photos that the page takes.
const LARGEST: f64 = (200 << 20) as f64;

impl Dialog {
    /// Tables are made of records alone.
    pub(super) fn look_at_records(&self) {
        let row = |place: usize| Row {
            name: self.records[place].name.clone(),
            state: State::Changed,
            changes: Vec::new(),
            notes: Vec::new(),
            is_written: true,
        };
        let places = self.wanted();
        let rows: Vec<Row> = places.iter().map(|&place| row(place)).collect();
        let targets =
            places.iter().map(|&record| Target { record, place: Place::Nowhere }).collect();
        self.view.list_nothing(&self.texts.rows.of(rows.len()));
        let act = Act::Write(Into::Only);
        self.seen.replace(Some(Seen { act, targets, rows, copies: Array::new() }));
    }

    /// Looks at all photos that are wanted. A folder is asked for where there is none, or another one is
    /// wanted.
    pub(super) async fn look(self: Rc<Self>, act: Act, asks_again: bool) {
        self.seen.replace(None);
        self.view.forget();
        let to = self.choices.get().to;
        let seen = match to {
            To::Folder => match self.look_into_folder(act, asks_again).await {
                Ok(seen) => seen,
                Err(error) => return self.stopped(&error),
            },
            _ => Some(self.look_at_files(act, to).await),
        };
        let Some(seen) = seen else { return };
        if self.is_stopped.get() {
            return;
        }
        let mut says = summary(&seen.rows, self.texts);
        if to == To::Share && !browser::can_share(&seen.copies) {
            says = self.texts.cannot_share.to_owned();
        }
        self.view.preview(&says, &seen.rows);
        self.view.arrange(self.choices.get(), self.folder.borrow().is_some());
        self.seen.replace(Some(seen));
    }

    async fn look_into_folder(&self, act: Act, asks_again: bool) -> Result<Option<Seen>, JsValue> {
        let known = self.folder.borrow().clone().filter(|_| !asks_again);
        let folder = match known {
            Some(folder) => folder,
            None => browser::pick_folder().await?,
        };
        self.folder.replace(Some(folder.clone()));
        self.view.progress(self.texts.listing, None);
        let files = browser::files(&folder).await?;
        let mut search = Search::new(files, self.choices.get().naming);
        let mut seen = Seen { act, targets: Vec::new(), rows: Vec::new(), copies: Array::new() };
        let mut elsewhere: Vec<usize> = Vec::new();
        let places = self.wanted();
        for (done, &record) in places.iter().enumerate() {
            if self.is_stopped.get() {
                return Ok(None);
            }
            self.at(&self.texts.looking, done, places.len());
            let before = seen.targets.len();
            for found in search.named(&self.records[record].name) {
                self.look_at_found(&mut search, found, record, &mut seen).await;
            }
            if seen.targets.len() == before {
                elsewhere.push(record);
            }
        }
        self.look_for(elsewhere, search, &mut seen).await;
        Ok(Some(seen))
    }

    /// Photos that go by other names there are known by their pictures.
    async fn look_for(&self, mut records: Vec<usize>, mut search: Search, seen: &mut Seen) {
        let unknown = if records.is_empty() { Vec::new() } else { search.unknown() };
        for (done, found) in unknown.iter().enumerate() {
            if self.is_stopped.get() || records.is_empty() {
                break;
            }
            self.at(&self.texts.looking, done, unknown.len());
            let Ok(file) = browser::file(&search.files[*found].handle).await else { continue };
            if file.size() > LARGEST {
                continue;
            }
            let Ok(bytes) = browser::read(&file).await else { continue };
            let Some(id) = browser::identity(&bytes).await else { break };
            drop(bytes);
            if let Some(at) = records.iter().position(|&record| self.records[record].id == id) {
                let record = records[at];
                if self.look_at_found(&mut search, *found, record, seen).await {
                    records.swap_remove(at);
                }
            }
        }
        for record in records {
            seen.rows.push(Row::absent(&self.records[record].name, self.texts.not_in_folder));
        }
    }

    /// Looks at a file of the folder; whether it is the photo.
    async fn look_at_found(
        &self,
        search: &mut Search,
        found: usize,
        record: usize,
        seen: &mut Seen,
    ) -> bool {
        let place = Place::Folder(search.files[found].clone(), search.sidecar(found));
        let target = Target { record, place };
        let Ok(looked) = self.inspect(&target, seen.act).await else { return false };
        search.known.insert(found);
        seen.rows.push(Row::of(&search.files[found].path, &looked.plan, self.texts));
        seen.targets.push(target);
        true
    }

    async fn look_at_files(&self, act: Act, to: To) -> Seen {
        let mut seen = Seen { act, targets: Vec::new(), rows: Vec::new(), copies: Array::new() };
        let places = self.wanted();
        let allowed = self.allowed(&places).await;
        for (done, (&record, is_allowed)) in places.iter().zip(allowed).enumerate() {
            if self.is_stopped.get() {
                break;
            }
            self.at(&self.texts.looking, done, places.len());
            let source = self.files.get(record as u32);
            let problem = match (source.is_object(), is_allowed) {
                (false, _) => Some(self.texts.no_file),
                (true, false) => Some(self.texts.not_allowed),
                (true, true) => None,
            };
            let target = Target { record, place: Place::Source(source) };
            match problem {
                Some(problem) => self.away(record, problem, to, &mut seen),
                None => match self.inspect(&target, act).await {
                    Ok(looked) => {
                        let name = &self.records[record].name;
                        let mut row = Row::of(name, &looked.plan, self.texts);
                        // It goes along, whatever becomes of it.
                        row.is_written |= act != Act::Write(Into::Only);
                        if to == To::Share {
                            seen.copies.push(&self.copy(record, &looked));
                        }
                        seen.rows.push(row);
                        seen.targets.push(target);
                    }
                    Err(Missing::Gone) => self.away(record, self.texts.gone, to, &mut seen),
                    Err(Missing::Other) => {
                        self.away(record, self.texts.other_picture, to, &mut seen);
                    }
                },
            }
        }
        seen
    }

    /// A photo whose file is not at hand: an archive has its tags all the same.
    fn away(&self, record: usize, problem: &str, to: To, seen: &mut Seen) {
        let mut row = Row::absent(&self.records[record].name, problem);
        if to == To::Zip {
            let plan = self.plan_away(record);
            row.is_written = !plan.is_empty();
            row.changes = plan.changes;
            if row.is_written {
                row.notes.push(self.texts.sidecar_of_record.to_owned());
                seen.targets.push(Target { record, place: Place::Nowhere });
            }
        }
        seen.rows.push(row);
    }

    /// Which of the photos the browser lets the page open; the user is asked where that is needed.
    async fn allowed(&self, places: &[usize]) -> Vec<bool> {
        let is_handle = |value: &JsValue| value.is_object() && !value.is_instance_of::<File>();
        let sources: Vec<JsValue> =
            places.iter().map(|&place| self.files.get(place as u32)).collect();
        let handles: Array = sources.iter().filter(|source| is_handle(source)).collect();
        let asked = self.may_open.call1(&JsValue::NULL, &handles);
        let asked = asked.map(|asked| JsFuture::from(asked.unchecked_into::<Promise>()));
        let answers = match asked {
            Ok(asked) => asked.await.map(JsCast::unchecked_into).unwrap_or_default(),
            Err(_) => Array::new(),
        };
        let mut answers = answers.iter();
        let allowed = |source: &JsValue| {
            !is_handle(source) || answers.next().is_some_and(|answer| answer.is_truthy())
        };
        sources.iter().map(allowed).collect()
    }

    /// Opens a photo and works out what becomes of it.
    pub(super) async fn inspect(&self, target: &Target, act: Act) -> Result<Looked, Missing> {
        let record = &self.records[target.record];
        let (source, beside) = match &target.place {
            Place::Folder(found, sidecar) => (&found.handle, Some((&found.folder, sidecar))),
            Place::Source(source) => (source, None),
            Place::Nowhere => return Err(Missing::Gone),
        };
        let file = browser::file(source).await.map_err(|_| Missing::Gone)?;
        let bytes = browser::read(&file).await.map_err(|_| Missing::Gone)?;
        if browser::identity(&bytes).await.is_some_and(|id| id != record.id) {
            return Err(Missing::Other);
        }
        let existing = match beside {
            Some((folder, name)) => {
                browser::read_sibling(folder, name).await.map_err(|_| Missing::Gone)?
            }
            None => None,
        };
        let plan = self.plan(target.record, act, Some(&bytes), existing.as_deref());
        Ok(Looked { file, bytes, plan })
    }

    pub(super) fn plan_away(&self, record: usize) -> Plan {
        self.plan(record, Act::Write(Into::Only), None, None)
    }

    /// What becomes of a photo and its sidecar, as far as they are at hand.
    fn plan(&self, record: usize, act: Act, photo: Option<&[u8]>, sidecar: Option<&[u8]>) -> Plan {
        let (choices, record) = (self.choices.get(), &self.records[record]);
        let request = Request {
            deed: act.deed(),
            wanted: wanted(record, choices.words, choices.path),
            remembered: photo.is_none().then(|| remembered(record)),
            now: browser::local_time(js_sys::Date::now()),
            software: concat!("Tagsight ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let answer = browser::plan(&request.to_bytes(), photo, sidecar);
        Plan::from_bytes(&answer).expect("both modules are of one build")
    }

    pub(super) fn at(&self, says: &tagsight_template::Template<2>, done: usize, all: usize) {
        let count = tagsight_template::count;
        self.view.progress(&says.fill([&count(done), &count(all)]), Some((done, all)));
    }

    /// Says why it ended by itself.
    pub(super) fn stopped(&self, error: &JsValue) {
        if let Some(words) = browser::words(error) {
            self.view.tell(&self.texts.stopped.fill([&words]), &[]);
        }
    }
}

/// The files of a folder, and which of them are known.
struct Search {
    files: Vec<Found>,
    by_name: Table<String, Vec<usize>>,
    /// How many files, of whatever kind, have a name up to its ending.
    stems: Table<String, usize>,
    known: Set<usize>,
    naming: Naming,
}

impl Search {
    fn new(files: Vec<Found>, naming: Naming) -> Self {
        let (mut by_name, mut stems) = (Table::<String, Vec<usize>>::new(), Table::new());
        for (index, found) in files.iter().enumerate() {
            let name = lower(&found.name);
            match by_name.get_mut(&name) {
                Some(alike) => alike.push(index),
                None => drop(by_name.insert(name, vec![index])),
            }
            if !is_sidecar(&found.name) {
                let stem = lower(stem(&found.path));
                let sharing = stems.get(&stem).copied().unwrap_or(0_usize);
                stems.insert(stem, sharing + 1);
            }
        }
        Self { files, by_name, stems, known: Set::new(), naming }
    }

    /// Files of that name, wherever they are.
    fn named(&self, name: &str) -> Vec<usize> {
        self.by_name.get(&lower(name)).cloned().unwrap_or_default()
    }

    /// Photos, as far as their names tell, that are no record's by name.
    fn unknown(&self) -> Vec<usize> {
        let is_unknown =
            |index: &usize| !self.known.contains(index) && is_photo(&self.files[*index].name);
        (0..self.files.len()).filter(is_unknown).collect()
    }

    /// What a file's sidecar is called there. Two files must not share one.
    fn sidecar(&self, found: usize) -> String {
        let found = &self.files[found];
        let sharing = self.stems.get(&lower(stem(&found.path))).copied().unwrap_or_default();
        let naming = if sharing > 1 { Naming::Full } else { self.naming };
        // The name as the system has it, which may be in another form.
        let name = found.path.rsplit('/').next().unwrap_or(&found.name);
        names::sidecar(name, naming)
    }
}

fn ending(name: &str) -> String {
    lower(&name[stem(name).len()..])
}

fn is_sidecar(name: &str) -> bool {
    ending(name) == ".xmp"
}

fn is_photo(name: &str) -> bool {
    let endings = [
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".avif", ".heic",
        ".heif",
    ];
    endings.contains(&&*ending(name))
}
