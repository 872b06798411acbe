//! What the page does about everything that can happen.

use tagsight_library::{Changes, PhotoId};
use web_sys::File;
use yew::prelude::*;

use super::at_hand::{AtHand, Original, Source};
use super::files;
use super::keeping::{self, Left, Pending};
use super::note::Note;
use super::{App, Msg};
use crate::backend::{self, Choice};
use crate::dialogs::{DetailAct, SettingsAct};
use crate::page::FileFacts;
use crate::platform::{self, Given, GivenFile, Memory, ObjectUrl, OfflineEvent, Persistence};
use crate::session::Pace;
use crate::view::{self, Act, BatchAct};

/// Whenever there are so many more decisions that are in this browser only, a backup is offered.
const DECISIONS_TO_BACK_UP: u32 = 200;

impl App {
    /// Takes in what happened; gives whether the page is to be drawn anew.
    pub(super) fn take(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let link = ctx.link();
        match msg {
            Msg::Add(given) => self.add(given),
            Msg::Drag(dragging) => {
                return std::mem::replace(&mut self.dragging, dragging) != dragging;
            }
            Msg::Sample => {
                link.send_future(async { Msg::Add(platform::fetch_file(view::SAMPLE).await) });
                return false;
            }
            Msg::Listed(models) => self.page.session.listed(models),
            Msg::Worker(event) => self.worker_event(event),
            Msg::Retry => self.page.session.retry(),
            Msg::Stored(stored) => self.stored(stored),
            Msg::Found(found) => self.found(found),
            Msg::Search(typed) => {
                self.page.find(platform::nfc(&typed));
                let found = self.page.order().len();
                self.announced = self.texts.search.found.of(found);
            }
            Msg::Chip(key) => self.page.toggle_filter(&key),
            Msg::Step(step) => {
                let changes = self.page.library.set_step(step);
                self.commit(&changes);
            }
            Msg::Screen => return self.measure(),
            Msg::Click(event) => return self.click(&event),
            Msg::Touch(event) => return self.touch(link, &event),
            Msg::Rested(key) => return self.rested(key),
            Msg::GridKey(event) => return self.grid_key(&event),
            Msg::Key(event) => return self.key(&event),
            Msg::Focus(event) => return self.focused(&event),
            Msg::Act(Act::TakeAlong) => {
                self.take_along(link, true);
                return false;
            }
            Msg::Act(act) => self.act(act),
            Msg::Dialog((deed, file)) => self.dialog_deed(deed, file),
            Msg::DialogNotLoaded => self.dialog_not_loaded(),
            Msg::BackUp => self.back_up(),
            Msg::Compare => self.compare(),
            Msg::OpenSettings => {
                self.has_settings = true;
                self.naming = None;
                self.keeper.ask_room();
            }
            Msg::Batch(act) => self.batch_act(act),
            Msg::Undo => self.undo(),
            Msg::Redo => self.redo(),
            Msg::TakeAlong => {
                self.take_along(link, false);
                return false;
            }
            Msg::TakenAlong(id, file) => self.taken_along(&id, file),
            Msg::NotTakenAlong => self.note = Some(Note::NotLoaded),
            Msg::Typed(typed) => self.typed = typed,
            Msg::Language(language) => {
                platform::remember(Memory::Language, language.code());
                platform::declare(language);
                self.texts = language.texts();
            }
            Msg::Announce => return self.announce(),
            Msg::Measured => {}
            Msg::Offline(OfflineEvent::Status(status)) => self.offline_status = status,
            Msg::Offline(OfflineEvent::Update(update)) => self.update = update,
            Msg::Update => {
                if let Some(offline) = &self.offline {
                    offline.take_update();
                }
            }
            Msg::ResumeLeft => self.resume_left(),
            Msg::ForgetLeft => self.keeper.forget(self.left.drain(..).map(|left| left.number)),
            Msg::DismissNote => self.note = None,
        }
        true
    }

    pub(super) fn add(&mut self, given: Given) {
        self.dragging = false;
        if given.files.is_empty() {
            self.note = (given.left_out > 0).then_some(Note::NoPhotos);
            return;
        }
        let facts: Vec<FileFacts> =
            given.files.iter().map(|given| files::facts(&given.file)).collect();
        let handles: Vec<_> = given.files.iter().map(|given| given.handle.as_ref()).collect();
        let pending = facts.iter().zip(&handles);
        let pending: Vec<Pending> =
            pending.map(|(facts, handle)| Pending::of(facts, handle.is_some())).collect();
        let jobs = self.page.add(facts, platform::now());
        let numbers = self.keeper.remember(&pending, &handles);
        // What was left over last time and is here again waits no longer.
        let (again, left) = std::mem::take(&mut self.left)
            .into_iter()
            .partition::<Vec<Left>, _>(|left| pending.iter().any(|file| file.is(&left.file)));
        self.left = left;
        self.keeper.forget(again.into_iter().map(|left| left.number));
        for ((job, number), given) in jobs.into_iter().zip(numbers).zip(given.files) {
            let GivenFile { file, handle, .. } = given;
            let source = Source::Given(file, handle);
            self.at_hand.insert(job, AtHand { source, pending: Some(number) });
        }
        platform::scroll_to_top();
    }

    /// Writes what changed, and has it shown.
    pub(super) fn commit(&mut self, changes: &Changes) {
        if changes.is_empty() {
            return;
        }
        self.keeper.keep(&self.page.library, changes);
        // What was deleted may be back.
        self.page.adopt();
    }

    /// The same of a decision of the user's. After the first the browser is asked to keep it.
    pub(super) fn decide(&mut self, changes: Changes) {
        if changes.is_empty() {
            return;
        }
        self.commit(&changes);
        self.keeper.persist_once();
        let decisions = self.page.library.settings().since_backup;
        if decisions.is_multiple_of(DECISIONS_TO_BACK_UP)
            && self.keeper.persistence != Persistence::Granted
        {
            self.note = Some(Note::BackupDue);
        }
        if let Some(entry) = self.page.library.history().undoable() {
            self.announced = self.words_of(entry);
        }
    }

    pub(super) fn undo(&mut self) {
        let changes = self.page.library.undo();
        self.commit(&changes);
        self.announced = self.texts.history.undone.to_owned();
    }

    pub(super) fn redo(&mut self) {
        let changes = self.page.library.redo();
        self.commit(&changes);
        self.announced = self.texts.history.redone.to_owned();
    }

    /// Does something with all that is chosen.
    pub(super) fn act(&mut self, act: Act) {
        let ids = keeping::ids(&self.page.chosen());
        let order = self.page.order();
        let changes = match act {
            Act::Add(word) => self.page.library.add_tag(&ids, &platform::nfc(&word)),
            Act::Remove(key) => self.page.library.remove_tag(&ids, &key),
            Act::Confirm => self.page.library.confirm_all(&ids),
            Act::TakeAlong => return,
            Act::Delete => return self.delete_chosen(&ids),
            Act::ChooseAll => return self.page.selection.choose_all(&order),
            Act::Clear => return self.page.selection.clear(),
        };
        self.decide(changes);
    }

    /// Takes what is chosen out of the library, and off the page what is on its way. The keyboard goes
    /// to what is next to it.
    fn delete_chosen(&mut self, ids: &[PhotoId]) {
        let order = self.page.order();
        let chosen = self.page.selection.chosen().clone();
        self.page.selection.leave(&order, |key| chosen.contains(&key));
        let jobs: Vec<u32> =
            chosen.iter().copied().filter(|&key| self.page.session.job(key).is_some()).collect();
        self.drop_jobs(&jobs);
        let changes = self.page.library.delete(ids);
        self.decide(changes);
        self.page.selection.clear();
        self.focus_wanted = self.page.selection.focus(&self.page.order());
    }

    /// Takes photos that wait or failed off the page, and forgets that they wait.
    pub(super) fn drop_jobs(&mut self, jobs: &[u32]) {
        self.page.drop_jobs(jobs);
        let given = jobs.iter().filter_map(|job| self.at_hand.remove(job));
        let numbers: Vec<u32> = given.filter_map(|file| file.pending).collect();
        self.keeper.forget(numbers);
    }

    /// Opens a photo.
    pub(super) fn open(&mut self, key: u32) {
        self.page.open = Some(key);
        self.typed.clear();
        self.page.selection.visit(key);
        self.ask_nothing();
        self.original = match self.at_hand.get(&key).map(|file| &file.source) {
            Some(Source::Given(file, _)) => {
                Some((key, Original::Shown(ObjectUrl::new(file), file.clone())))
            }
            Some(Source::Kept(_)) | None => {
                self.seek_original(key);
                None
            }
        };
    }

    pub(super) fn detail_act(&mut self, act: DetailAct) {
        let Some(key) = self.page.open else { return };
        let photo = self.page.photo(key).map(|photo| photo.id.clone());
        match (act, photo) {
            (DetailAct::Close, _) => {
                (self.page.open, self.original) = (None, None);
                self.ask_nothing();
                self.focus_wanted = Some(key);
            }
            (DetailAct::ShowOriginal, _) => self.ask_for_original(key),
            (DetailAct::Back, _) => self.open_neighbour(key, -1),
            (DetailAct::On, _) => self.open_neighbour(key, 1),
            (DetailAct::Why(label), _) => self.ask_why(key, label),
            (DetailAct::Add(word), Some(id)) => {
                let changes = self.page.library.add_tag(&[id], &platform::nfc(&word));
                self.decide(changes);
            }
            (DetailAct::Remove(key), Some(id)) => {
                let changes = self.page.library.remove_tag(&[id], &key);
                self.decide(changes);
            }
            (DetailAct::Never(key), _) => self.hide(&key, true),
            (DetailAct::Add(_) | DetailAct::Remove(_), None) => {}
        }
    }

    /// Asks why the open photo has a tag; who asks again has seen it.
    fn ask_why(&mut self, key: u32, label: String) {
        let is_seen =
            self.page.session.question.as_ref().is_some_and(|asked| *asked.label == *label);
        self.ask_nothing();
        if !is_seen {
            let shown = matches!(&self.original, Some((_, Original::Shown(..))));
            self.page.session.question(key, label.into(), shown);
        }
    }

    fn ask_nothing(&mut self) {
        (self.page.session.question, self.map) = (None, None);
    }

    fn open_neighbour(&mut self, key: u32, step: isize) {
        let order = self.page.order();
        let at = order.iter().position(|&other| other == key);
        let to = at.and_then(|at| at.checked_add_signed(step));
        if let Some(&to) = to.and_then(|to| order.get(to)) {
            self.open(to);
        }
    }

    pub(super) fn settings_act(&mut self, act: SettingsAct, file: Option<File>) {
        match act {
            SettingsAct::Model(name) => {
                platform::remember(Memory::Model, &name);
                self.page.session.switch_model(name);
                self.page.changed();
            }
            SettingsAct::Backend(choice) => self.switch_backend(choice),
            SettingsAct::Never(key) => self.hide(&key, true),
            SettingsAct::Again(key) => self.hide(&key, false),
            SettingsAct::Rename { key, word } => {
                let (naming, changes) = self.page.library.rename(&key, &platform::nfc(&word));
                self.naming = Some(naming);
                self.decide(changes);
            }
            SettingsAct::Persist => self.keeper.persist(),
            SettingsAct::Backup => self.back_up(),
            SettingsAct::Restore => {
                if let Some(file) = file {
                    self.keeper.read_backup(file);
                }
            }
            SettingsAct::TagAgain => self.tag_again(),
            SettingsAct::RemoveAuto => {
                let photos: Vec<_> = self.page.library.photos().cloned().collect();
                let changes = self.page.library.remove_auto(&keeping::ids(&photos));
                self.decide(changes);
            }
            SettingsAct::Erase => self.keeper.erase(),
            SettingsAct::Close => self.has_settings = false,
        }
    }

    fn hide(&mut self, key: &str, is_hidden: bool) {
        let changes = self.page.library.set_hidden(key, is_hidden);
        self.decide(changes);
    }

    fn back_up(&self) {
        let day = platform::local_time(platform::now());
        let day = day.split('T').next().unwrap_or_default();
        self.keeper.back_up(&self.page.library, format!("tagsight-{day}.backup"));
    }

    fn switch_backend(&mut self, choice: Choice) {
        platform::remember(Memory::Backend, choice.name());
        self.wishes.chosen = Some(choice);
        self.backend = backend::select(&self.wishes, platform::runs);
        if let Ok(selection) = &self.backend {
            self.page.session.switch_gpu(selection.gpu);
        }
        self.page.changed();
    }

    fn batch_act(&mut self, act: BatchAct) {
        let session = &mut self.page.session;
        match act {
            BatchAct::Pause => session.pace = Pace::Paused,
            BatchAct::Resume => session.pace = Pace::Going,
            BatchAct::Cancel => {
                let dropped = session.cancel();
                self.drop_jobs(&dropped);
            }
            BatchAct::Retry | BatchAct::Dismiss => {
                let failed: Vec<u32> = session.failures().map(|job| job.id).collect();
                if act == BatchAct::Dismiss {
                    self.drop_jobs(&failed);
                } else {
                    failed.into_iter().for_each(|job| session.try_again(job));
                }
            }
        }
        self.page.changed();
    }

    /// Tells a screen reader how far it is; gives whether that is news.
    fn announce(&mut self) -> bool {
        let words = view::announcement(self.texts, &self.page.session);
        let is_news = !words.is_empty() && words != self.announced;
        if is_news {
            self.announced = words;
        }
        is_news
    }
}
