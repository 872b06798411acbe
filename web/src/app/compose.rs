//! What the page shows of what it knows.

use std::rc::Rc;

use tagsight_library::{self as library, Photo, Tag};
use yew::html::Scope;
use yew::prelude::*;

use super::{App, Msg};
use crate::dialogs::ShownTag;
use crate::page::Item;
use crate::platform;
use crate::text::Language;
use crate::view::{self, Chip, GridEvents, Reversible, Tile, ToolbarEvents};

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
            <div
                class={if self.dragging { "page dragging" } else { "page" }}
                data-drop={texts.add.drop}
            >
                { view::header(texts, &self.page.session, search, link.callback(|()| Msg::OpenSettings)) }
                <main>
                    { self.messages(link) }
                    { if is_empty { self.welcome(link) } else { self.photos(link) } }
                </main>
                { view::footer(texts, Some(self.foot(link))) }
                <p class="visually-hidden" role="status">{ self.announced.clone() }</p>
            </div>
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
            on_compare: link.callback(|()| Msg::Compare),
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
    pub(super) fn address(&self, photo: &Photo) -> Option<AttrValue> {
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
        let tags = photo.as_deref().map(|photo| self.tags(photo)).unwrap_or_default();
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
    pub(super) fn tags(&self, photo: &Photo) -> Vec<ShownTag> {
        self.page.library.tags(&photo.id).into_iter().map(|tag| self.shown_tag(tag)).collect()
    }

    pub(super) fn shown_tag(&self, tag: Tag) -> ShownTag {
        ShownTag {
            word: self.word(&tag.key).into(),
            key: tag.key,
            score: tag.score,
            source: tag.source,
        }
    }

    pub(super) fn suggestions(&self) -> Vec<String> {
        let typed = platform::nfc(&self.typed);
        let language = self.language();
        let words = self.page.library.suggest(&typed, language, SUGGESTIONS);
        words.into_iter().map(|key| self.word(&key)).collect()
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
}
