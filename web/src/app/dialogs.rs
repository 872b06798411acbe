//! What the dialogs' module is to show, and what was done there.

use std::rc::Rc;

use tagsight_library::{Naming, Photo, Set};
use tagsight_plain::Plain;
use web_sys::File;
use yew::prelude::*;

use super::at_hand::Original;
use super::note::Note;
use super::{App, Msg};
use crate::dialogs::{
    Answer, Deed, Detail, DetailAct, Facts, Known, Settings, Shown, ShownTag, Tagging, Why,
};
use crate::page::Item;
use crate::platform;
use crate::question::Stage;
use crate::session::{JobState, ModelState};

impl App {
    /// Has the module show what is open, if that has changed.
    pub(super) fn show_dialog(&mut self, ctx: &Context<Self>) {
        let shown = self.shown_dialog();
        let is_open = shown != Shown::Nothing;
        // Its module need not come to show nothing.
        if self.shown.is_none() && !is_open {
            return;
        }
        let bytes = (self.texts.language, shown).to_bytes();
        if self.shown.as_ref() != Some(&bytes) {
            let not_loaded = ctx.link().callback(|()| Msg::DialogNotLoaded);
            platform::show_dialog(&bytes, ctx.link().callback(Msg::Dialog), not_loaded);
        }
        self.shown = is_open.then_some(bytes);
    }

    fn shown_dialog(&self) -> Shown {
        if self.has_settings {
            return Shown::Settings(self.settings());
        }
        if let Some(compared) = &self.compared {
            return Shown::Alike(self.lookalikes(compared));
        }
        self.page.open.and_then(|key| self.detail(key)).map_or(Shown::Nothing, Shown::Detail)
    }

    pub(super) fn dialog_deed(&mut self, deed: Deed, file: Option<File>) {
        match deed {
            Deed::Detail(act) => self.detail_act(act),
            Deed::Settings(act) => self.settings_act(act, file),
            Deed::Alike(act) => self.alike_act(act),
            Deed::Typed(typed) => self.typed = typed,
        }
    }

    pub(super) fn dialog_not_loaded(&mut self) {
        self.detail_act(DetailAct::Close);
        self.has_settings = false;
        (self.shown, self.compared) = (None, None);
        self.note = Some(Note::NotLoaded);
    }

    fn detail(&self, key: u32) -> Option<Detail> {
        let order = self.page.order();
        let at = order.iter().position(|&other| other == key);
        let (name, status, photo) = match self.page.item(key)? {
            Item::Job(job) => (job.name.clone(), Some(self.status(&job.state)), None),
            Item::Photo(photo) => (photo.name.clone(), None, Some(photo)),
        };
        let thumbnail = photo.as_ref().and_then(|photo| self.address(photo));
        let original = self.original.as_ref().filter(|(of, _)| *of == key);
        let (original, missing) = match original {
            Some((_, Original::Shown(picture, _))) => (Some(picture.address().to_owned()), None),
            Some((_, Original::Missing(problem))) => (None, Some(*problem)),
            None => (None, None),
        };
        let orientation = photo.as_ref().and_then(|photo| photo.result.as_ref());
        let orientation = orientation.map(|result| result.orientation).filter(|&turn| turn > 0);
        let less_sure = photo.as_ref().map(|photo| self.page.library.less_sure(&photo.id));
        let less_sure = less_sure.unwrap_or_default().into_iter();
        let tags = photo.as_deref().map(|photo| self.tags(photo));
        Some(Detail {
            name,
            orientation: orientation.filter(|_| original.is_some()),
            url: original.or_else(|| thumbnail.map(|url| url.to_string())),
            missing,
            explained: self.explained(tags.as_deref().unwrap_or_default()),
            why: photo.as_deref().and_then(|photo| self.why(photo)).map(Box::new),
            tags,
            less_sure: less_sure.map(|tag| self.shown_tag(tag)).collect(),
            status,
            facts: photo.as_deref().map(|photo| self.facts(photo)),
            suggestions: self.suggestions(),
            has_previous: at.is_some_and(|at| at > 0),
            has_next: at.is_some_and(|at| at + 1 < order.len()),
        })
    }

    /// Keys of the tags that the model knows.
    fn explained(&self, tags: &[ShownTag]) -> Vec<Rc<str>> {
        let keys = tags.iter().map(|tag| &tag.key);
        keys.filter(|key| self.page.session.number(key).is_some()).cloned().collect()
    }

    fn why(&self, photo: &Photo) -> Option<Why> {
        let session = &self.page.session;
        let question = session.question.as_ref()?;
        let answer = match &question.stage {
            Stage::NoFile => Answer::NoFile,
            Stage::Wanted | Stage::Asked => Answer::Awaited,
            Stage::Failed(problem) => Answer::Failed(self.texts.of_photo(problem)),
            Stage::Answered(explanation) => {
                let ModelState::Ready(model) = &session.model else { return None };
                let by = photo.result.as_ref().map(|result| &result.sha256);
                let is_other = by != Some(&model.sha256);
                Answer::Known(Known {
                    place: explanation.place,
                    map: self.map.as_ref().map(|map| map.address().to_owned()),
                    columns: explanation.columns,
                    shares: explanation.shares.clone(),
                    millis: explanation.millis,
                    other_model: is_other.then(|| session.title(&model.name).to_owned()),
                })
            }
        };
        let (key, word) = (question.label.clone(), self.word(&question.label).into());
        Some(Why { key, word, answer })
    }

    fn status(&self, state: &JobState) -> String {
        let texts = self.texts;
        match state {
            JobState::Queued => texts.card.waiting.to_owned(),
            JobState::Working | JobState::Saving => texts.card.working.to_owned(),
            JobState::Failed(problem) => texts.of_photo(problem),
        }
    }

    fn facts(&self, photo: &Photo) -> Facts {
        let tagging = photo.result.as_ref().map(|result| Tagging {
            model: self.page.session.title(&result.model).to_owned(),
            backend: result.engine.clone(),
            by_browser: result.orientation == 0,
            millis: result.millis,
        });
        Facts {
            width: photo.width,
            height: photo.height,
            bytes: photo.bytes,
            taken: photo.taken.clone(),
            added: platform::local_time(photo.added),
            tagging,
        }
    }

    fn settings(&self) -> Settings {
        let session = &self.page.session;
        let library = &self.page.library;
        let worded = |key: &str| (key.to_owned(), self.word(key));
        let hidden = library.settings().hidden.iter().filter(|(_, is_hidden)| **is_hidden);
        let never: Vec<(String, String)> = hidden.map(|(key, _)| worded(key)).collect();
        let all: Vec<_> = library.photos().cloned().collect();
        let models = library.settings().models.iter();
        let labels: Set<&String> = models.flat_map(|model| &model.labels).collect();
        let labels =
            labels.into_iter().filter(|key| !never.iter().any(|(hidden, _)| hidden == *key));
        Settings {
            models: session.models.clone(),
            chosen: session.chosen().map(|model| model.name.clone()),
            backend: self
                .backend
                .as_ref()
                .ok()
                .map(|selection| selection.choice)
                .unwrap_or_default(),
            why: session.why.as_ref().map(|why| self.texts.of_why(why)),
            labels: labels.map(|key| worded(key)).collect(),
            tags: library.counts(&all).into_iter().map(|(key, _)| worded(&key)).collect(),
            naming: self.naming.as_ref().map(|naming| self.of_naming(naming)).unwrap_or_default(),
            never,
            room: self.keeper.room,
            persistence: self.keeper.persistence,
            is_kept: self.keeper.is_kept(),
            photos: all.len() as u32,
            since_backup: library.settings().since_backup,
        }
    }

    fn of_naming(&self, naming: &Naming) -> String {
        let words = &self.texts.settings;
        match naming {
            Naming::Named(key) => words.named.fill([&self.word(key)]),
            Naming::Merged(key) => words.merged.fill([&self.word(key)]),
            Naming::Same => words.same_name.to_owned(),
            Naming::OfLabel(key) => words.name_of_label.fill([&self.word(key)]),
            Naming::Absent => words.no_such_tag.to_owned(),
        }
    }
}
