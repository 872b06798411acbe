//! What the page shows of what it knows.

use std::rc::Rc;

use tagsight_library::{self as library, Naming, Photo, Set, Tag};
use yew::html::Scope;
use yew::prelude::*;

use super::files::Original;
use super::{App, Msg};
use crate::page::Item;
use crate::platform;
use crate::session::JobState;
use crate::text::{Language, Moment};
use crate::view::{
    self, Chip, DetailProps, GridEvents, Reversible, SettingsProps, ShownTag, Tile, ToolbarEvents,
};

/// Chips above the grid: as many as one looks over.
const CHIPS: usize = 24;
/// Words that are offered while one is typed.
const SUGGESTIONS: usize = 8;

impl App {
    /// The page.
    pub(super) fn compose(&self, link: &Scope<Self>) -> Html {
        let texts = self.texts;
        let is_empty = self.page.is_empty();
        let search = (!is_empty)
            .then(|| view::search(texts, self.page.search(), link.callback(Msg::Search)));
        html! {
            <view::DropArea
                {texts}
                dragging={self.dragging}
                on_drag={link.callback(Msg::Drag)}
                on_files={link.callback(Msg::Add)}
            >
                { view::header(texts, &self.page.session, search, link.callback(|()| Msg::OpenSettings)) }
                <main>
                    { self.messages(link) }
                    { if is_empty { self.welcome(link) } else { self.photos(link) } }
                </main>
                { view::footer(texts, Some(self.foot(link))) }
                <p class="visually-hidden" role="status">{ self.announced.clone() }</p>
                { self.detail(link) }
                { self.settings(link) }
            </view::DropArea>
        }
    }

    fn messages(&self, link: &Scope<Self>) -> Html {
        let texts = self.texts;
        html! {
            <>
                { view::app_error(texts, &self.page.session.model, link.callback(|()| Msg::Retry)) }
                { view::update_offer(texts, self.update, link.callback(|()| Msg::Update)) }
                { for self.notices(link) }
            </>
        }
    }

    fn welcome(&self, link: &Scope<Self>) -> Html {
        let on_files = link.callback(Msg::Add);
        view::empty(self.texts, &on_files, link.callback(|()| Msg::Sample))
    }

    fn photos(&self, link: &Scope<Self>) -> Html {
        let texts = self.texts;
        let library = &self.page.library;
        let can = Reversible {
            undo: library.history().undoable().is_some(),
            redo: library.history().redoable().is_some(),
        };
        let step = library.settings().step;
        let events = ToolbarEvents {
            on_files: link.callback(Msg::Add),
            on_step: link.callback(Msg::Step),
            on_undo: link.callback(|()| Msg::Undo),
            on_redo: link.callback(|()| Msg::Redo),
            on_take_along: link.callback(|_| Msg::TakeAlong),
        };
        html! {
            <>
                { view::toolbar(texts, step, can, events) }
                { view::batch(texts, &self.page.session, &link.callback(Msg::Batch)) }
                { view::chips(texts, self.chips(), link.callback(Msg::Chip)) }
                { self.grid(link) }
                { self.selection_bar(link) }
            </>
        }
    }

    /// The most frequent tags of what is shown, and those that are filtered by.
    fn chips(&self) -> Vec<Chip> {
        let pressed = self.page.filters();
        let counts = self.page.counts();
        let chip = |(key, count): (Rc<str>, usize)| Chip {
            word: self.word(&key).into(),
            is_pressed: pressed.iter().any(|filter| **filter == *key),
            key,
            count,
        };
        counts.iter().take(CHIPS).cloned().map(chip).collect()
    }

    /// Below everything: whether it works without a network, and the language.
    fn foot(&self, link: &Scope<Self>) -> Html {
        html! {
            <>
                { view::offline_status(self.texts, self.offline_status) }
                { view::language_select(self.texts, link.callback(Msg::Language)) }
            </>
        }
    }

    fn language(&self) -> library::Language {
        match self.texts.language {
            Language::En => library::Language::En,
            Language::Ko => library::Language::Ko,
        }
    }

    /// Where the browser finds a photo's small picture.
    fn address(&self, photo: &Photo) -> Option<AttrValue> {
        self.thumbnails.borrow_mut().get(photo.id.as_str()).map(|url| url.to_owned().into())
    }

    /// A tag's word in the page's language.
    pub(super) fn word(&self, key: &str) -> String {
        self.page.library.display(key, self.language()).to_owned()
    }

    fn grid(&self, link: &Scope<Self>) -> Html {
        let order = self.page.order();
        if order.is_empty() {
            let words = &self.texts.search;
            return html! {
                <section class="target" data-testid="nothing">
                    <h2>{ words.nothing }</h2>
                    <p class="hint">{ words.nothing_hint }</p>
                </section>
            };
        }
        let window = self.geometry.window(order.len());
        let focus = self.page.selection.focus(&order);
        let drawn = window.photos(order.len());
        let tiles = order[drawn.clone()].iter().zip(drawn).filter_map(|(&key, index)| {
            let column = index % window.columns + 1;
            self.tile(key, column, focus == Some(key))
        });
        let tiles = tiles.collect();
        let events = GridEvents {
            on_click: link.callback(Msg::Click),
            on_touch: link.callback(Msg::Touch),
            on_key: link.callback(Msg::GridKey),
            on_focus: link.callback(Msg::Focus),
        };
        let is_choosing = !self.page.selection.is_empty();
        view::grid(self.texts, &self.refs, &window, tiles, is_choosing, events)
    }

    fn tile(&self, key: u32, column: usize, has_focus: bool) -> Option<Tile> {
        let (name, state, photo) = match self.page.item(key)? {
            Item::Job(job) => (job.name.clone(), view::TileState::Job(job.state.clone()), None),
            Item::Photo(photo) => (photo.name.clone(), view::TileState::Done, Some(photo)),
        };
        let tags = photo.as_deref().map(|photo| self.shown(photo)).unwrap_or_default();
        let url = photo.as_ref().and_then(|photo| self.address(photo));
        Some(Tile {
            id: key,
            name: name.into(),
            state,
            photo,
            tags: tags.into(),
            url,
            column,
            is_chosen: self.page.selection.has(key),
            has_focus,
            texts: self.texts,
        })
    }

    /// A photo's tags in the page's language.
    fn shown(&self, photo: &Photo) -> Vec<ShownTag> {
        self.page.library.tags(&photo.id).into_iter().map(|tag| self.shown_tag(tag)).collect()
    }

    fn shown_tag(&self, tag: Tag) -> ShownTag {
        ShownTag {
            word: self.word(&tag.key).into(),
            key: tag.key,
            score: tag.score,
            source: tag.source,
        }
    }

    fn suggestions(&self) -> Vec<AttrValue> {
        let typed = platform::nfc(&self.typed);
        let language = self.language();
        let words = self.page.library.suggest(&typed, language, SUGGESTIONS);
        words.into_iter().map(|key| self.word(&key).into()).collect()
    }

    fn selection_bar(&self, link: &Scope<Self>) -> Html {
        let selection = &self.page.selection;
        if selection.is_empty() {
            return Html::default();
        }
        let tags = self.page.library.counts(&self.page.chosen());
        let tags = tags.into_iter().map(|(key, _)| (key.to_string(), self.word(&key))).collect();
        view::selection_bar(
            self.texts,
            selection.len(),
            tags,
            self.suggestions(),
            link.callback(Msg::Typed),
            &link.callback(Msg::Act),
        )
    }

    fn detail(&self, link: &Scope<Self>) -> Html {
        let Some(key) = self.page.open else { return Html::default() };
        let Some(item) = self.page.item(key) else { return Html::default() };
        let order = self.page.order();
        let at = order.iter().position(|&other| other == key);
        let has_neighbours = at.map_or((false, false), |at| (at > 0, at + 1 < order.len()));
        let (name, status, photo) = match item {
            Item::Job(job) => (job.name.clone(), Some(self.status(&job.state)), None),
            Item::Photo(photo) => (photo.name.clone(), None, Some(photo)),
        };
        let thumbnail = photo.as_ref().and_then(|photo| self.address(photo));
        let original = self.original.as_ref().filter(|(of, _)| *of == key);
        let (original, missing) = match original {
            Some((_, Original::Shown(picture))) => (Some(picture.address().to_owned()), None),
            Some((_, Original::Missing(problem))) => (None, Some(*problem)),
            None => (None, None),
        };
        let orientation = photo.as_ref().and_then(|photo| photo.result.as_ref());
        let orientation = orientation.map(|result| result.orientation).filter(|&turn| turn > 0);
        let less_sure = photo.as_ref().map(|photo| self.page.library.less_sure(&photo.id));
        let less_sure = less_sure.unwrap_or_default().into_iter();
        let props = DetailProps {
            texts: self.texts,
            name: name.into(),
            orientation: orientation.filter(|_| original.is_some()),
            url: original.map(AttrValue::from).or(thumbnail),
            missing,
            tags: photo.as_deref().map(|photo| self.shown(photo).into()),
            less_sure: less_sure.map(|tag| self.shown_tag(tag)).collect(),
            status: status.map(AttrValue::from),
            facts: photo.as_deref().map(|photo| self.facts(photo)).unwrap_or_default(),
            suggestions: self.suggestions(),
            has_neighbours,
            on_typed: link.callback(Msg::Typed),
            on_act: link.callback(Msg::Detail),
        };
        html! { <view::Detail ..props /> }
    }

    fn status(&self, state: &JobState) -> String {
        let texts = self.texts;
        match state {
            JobState::Queued => texts.card.waiting.to_owned(),
            JobState::Working | JobState::Saving => texts.card.working.to_owned(),
            JobState::Failed(problem) => texts.of_photo(problem),
        }
    }

    fn facts(&self, photo: &Photo) -> Vec<(&'static str, String)> {
        let (texts, words) = (self.texts, &self.texts.detail);
        let mut facts = Vec::new();
        if photo.width > 0 {
            facts.push((words.dimensions, texts.pixels(photo.width, photo.height)));
        }
        facts.push((words.size, texts.size(photo.bytes)));
        if let Some(taken) = Moment::parse(&photo.taken) {
            facts.push((words.taken, texts.moment(taken)));
        }
        if let Some(added) = Moment::parse(&platform::local_time(photo.added)) {
            facts.push((words.added, texts.moment(added)));
        }
        if let Some(result) = &photo.result {
            let title = self.page.session.title(&result.model).to_owned();
            facts.push((words.model, title));
            facts.push((words.engine, crate::engine::Engine::title(&result.engine).to_owned()));
            let decoder =
                if result.orientation == 0 { words.decoder_browser } else { words.decoder_own };
            facts.push((words.decoder, decoder.to_owned()));
            facts.push((words.time, texts.duration(result.millis)));
        }
        facts
    }

    fn settings(&self, link: &Scope<Self>) -> Html {
        if !self.has_settings {
            return Html::default();
        }
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
        let props = SettingsProps {
            texts: self.texts,
            models: session.models.clone(),
            chosen: session.chosen().map(|model| model.name.clone().into()),
            engine: self.engine.as_ref().ok().map(|selection| selection.choice).unwrap_or_default(),
            why: session.why.as_ref().map(|why| self.texts.of_why(why).into()),
            labels: labels.map(|key| worded(key)).collect(),
            tags: library.counts(&all).into_iter().map(|(key, _)| worded(&key)).collect(),
            naming: self.naming.as_ref().map(|naming| self.of_naming(naming)).unwrap_or_default(),
            never,
            room: self.keeper.room,
            persistence: self.keeper.persistence,
            is_kept: self.keeper.is_kept(),
            photos: library.photos().len(),
            since_backup: library.settings().since_backup as usize,
            on_act: link.callback(Msg::Settings),
        };
        html! { <view::Settings ..props /> }
    }

    fn of_naming(&self, naming: &Naming) -> AttrValue {
        let words = &self.texts.settings;
        match naming {
            Naming::Named(key) => words.named.fill([&self.word(key)]).into(),
            Naming::Merged(key) => words.merged.fill([&self.word(key)]).into(),
            Naming::Same => words.same_name.into(),
            Naming::OfLabel(key) => words.name_of_label.fill([&self.word(key)]).into(),
            Naming::Absent => words.no_such_tag.into(),
        }
    }
}
