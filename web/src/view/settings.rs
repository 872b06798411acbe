//! Everything that is seldom needed: model and engine, words, storage, and how to check the promise.

use std::rc::Rc;

use tagsight_protocol::ManifestModel;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::parts::{button, danger_button, heading, paragraph};
use super::{Dialog, WordField, engine_select, icon, model_select, select};
use crate::engine::Choice;
use crate::platform::{self, Persistence, Room};
use crate::text::Texts;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SettingsAct {
    /// Another model.
    Model(String),
    /// What is to tag.
    Engine(Choice),
    /// A label is never to be shown, or is to be shown again.
    Never(String, bool),
    /// A tag of this key is to be called so.
    Rename(String, String),
    /// The browser is asked not to delete the library by itself.
    Persist,
    /// The library as a file.
    Backup,
    /// A library from a file.
    Restore(File),
    /// All photos are looked at again whose files are at hand.
    TagAgain,
    /// All that the model found is to go.
    RemoveAuto,
    /// Everything is to go.
    Erase,
    /// Back to the photos.
    Close,
}

/// Props of [`Settings`].
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct Props {
    /// The page's language.
    pub(crate) texts: &'static Texts,
    /// What the site has.
    pub(crate) models: Vec<Rc<ManifestModel>>,
    /// The one that is used.
    pub(crate) chosen: Option<AttrValue>,
    /// What is to tag.
    pub(crate) engine: Choice,
    /// Why that tags which does.
    pub(crate) why: Option<AttrValue>,
    /// Labels that are never shown: keys and words.
    pub(crate) never: Vec<(String, String)>,
    /// Labels that may be: keys and words.
    pub(crate) labels: Vec<(String, String)>,
    /// Tags that photos have: keys and words.
    pub(crate) tags: Vec<(String, String)>,
    /// What became of the last new name, in words.
    pub(crate) naming: AttrValue,
    /// What the browser says of its storage.
    pub(crate) room: Option<Room>,
    /// Whether it keeps what is there.
    pub(crate) persistence: Persistence,
    /// Whether the library can be kept at all.
    pub(crate) is_kept: bool,
    /// Photos in the library.
    pub(crate) photos: usize,
    /// Decisions that are in no backup.
    pub(crate) since_backup: usize,
    /// What is asked for.
    pub(crate) on_act: Callback<SettingsAct>,
}

/// The dialog.
#[component]
pub(crate) fn Settings(props: &Props) -> Html {
    let texts = props.texts;
    let words = &texts.settings;
    html! {
        <Dialog
            title={words.title}
            class={classes!("narrow")}
            hook="settings"
            close_hook="settings-close"
            close={texts.page.close}
            on_close={props.on_act.reform(|()| SettingsAct::Close)}
        >
            <div class="settings">
                { model(props) }
                <Words ..props.clone() />
                { storage(props) }
                { check(texts) }
                { keys(texts) }
                <p><a href="benchmark.html">{ texts.page.benchmark }</a></p>
            </div>
        </Dialog>
    }
}

fn on(props: &Props, act: SettingsAct) -> Callback<MouseEvent> {
    props.on_act.reform(move |_| act.clone())
}

fn model(props: &Props) -> Html {
    let texts = props.texts;
    let (on_model, on_engine) =
        (props.on_act.reform(SettingsAct::Model), props.on_act.reform(SettingsAct::Engine));
    html! {
        <section aria-label={texts.model.label}>
            if !props.models.is_empty() {
                { model_select(texts, "model-select", &props.models, props.chosen.as_deref(), on_model) }
            }
            { engine_select(texts, props.engine, on_engine) }
            <p class="muted" data-testid="engine-why">{ props.why.clone() }</p>
            <div class="wrap">
                { button("tag-again", texts.batch.again, on(props, SettingsAct::TagAgain)) }
                { button("remove-auto", texts.batch.remove_auto, on(props, SettingsAct::RemoveAuto)) }
            </div>
            { paragraph("muted", texts.batch.again_hint) }
        </section>
    }
}

/// What labels and tags are called, and which are never shown.
#[component]
fn Words(props: &Props) -> Html {
    let texts = props.texts;
    let words = &texts.settings;
    let renamed = use_state(|| None::<String>);
    let on_key = {
        let renamed = renamed.clone();
        Callback::from(move |key| renamed.set(Some(key)))
    };
    let on_word = {
        let renamed = renamed.clone();
        let on_act = props.on_act.clone();
        Callback::from(move |word: String| {
            if let Some(key) = &*renamed {
                on_act.emit(SettingsAct::Rename(key.clone(), word));
                renamed.set(None);
            }
        })
    };
    let shown_again = |(key, word): &(String, String)| {
        let key = key.clone();
        html! {
            <li key={key.clone()}>
                <button
                    type="button"
                    class="chip"
                    aria-label={words.show_again.fill([word])}
                    data-testid="never-show"
                    data-label={key.clone()}
                    onclick={props.on_act.reform(move |_| SettingsAct::Never(key.clone(), false))}
                >
                    { word.clone() }{ icon::cross() }
                </button>
            </li>
        }
    };
    let on_never = props.on_act.reform(|key| SettingsAct::Never(key, true));
    html! {
        <section>
            { heading(words.words) }
            { paragraph("muted", words.words_hint) }
            if !props.labels.is_empty() {
                { select(texts, words.never_show, "never-select", props.labels.clone(), None, on_never) }
            }
            { paragraph("muted", words.never_show_hint) }
            if !props.never.is_empty() {
                <ul class="wrap">{ for props.never.iter().map(shown_again) }</ul>
            }
            if !props.tags.is_empty() {
                { select(texts, texts.detail.rename, "rename-select", props.tags.clone(), renamed.as_deref(), on_key) }
            }
            if renamed.is_some() {
                <WordField label={texts.detail.rename_label} hook="rename-word" id="rename-word" {on_word} />
            }
            // Screen readers say what comes into something that was there.
            <p role="status" data-testid="rename-outcome">{ props.naming.clone() }</p>
        </section>
    }
}

fn storage(props: &Props) -> Html {
    let texts = props.texts;
    let words = &texts.storage;
    let on_erase = {
        let on_act = props.on_act.clone();
        Callback::from(move |_| {
            if platform::confirm(words.delete_all_question) {
                on_act.emit(SettingsAct::Erase);
            }
        })
    };
    let onrestore = {
        let on_act = props.on_act.clone();
        move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(file) = platform::files_of_input(&input).into_iter().next() {
                on_act.emit(SettingsAct::Restore(file));
            }
        }
    };
    html! {
        <section>
            { heading(words.title) }
            <p class="muted" data-testid="storage">
                if !props.is_kept {
                    { words.private_window }
                } else {
                    { words.photos.of(props.photos) }
                    if let Some(room) = &props.room {
                        { " · " }{ words.used.fill([&texts.size(room.used as u64)]) }
                    }
                    { " · " }{ persistence_words(texts, props.persistence) }
                }
            </p>
            if props.is_kept && props.persistence != Persistence::Granted {
                { paragraph("muted", words.not_persistent_why) }
            }
            { paragraph("muted", words.backup_hint) }
            if props.since_backup > 0 {
                { paragraph("muted", &words.since_backup.of(props.since_backup)) }
            }
            <div class="wrap">
                if props.persistence == Persistence::Refused {
                    { button("persist", words.keep, on(props, SettingsAct::Persist)) }
                }
                { button("backup", words.backup, on(props, SettingsAct::Backup)) }
                <label class="button">
                    <input type="file" aria-label={words.restore} data-testid="restore" onchange={onrestore} />
                    { words.restore }
                </label>
                { danger_button("erase", words.delete_all, on_erase) }
            </div>
        </section>
    }
}

fn persistence_words(texts: &'static Texts, persistence: Persistence) -> &'static str {
    match persistence {
        Persistence::Granted => texts.storage.persistent,
        Persistence::Refused | Persistence::Unknown => texts.storage.not_persistent,
    }
}

/// What a doubter can do.
fn check(texts: &'static Texts) -> Html {
    let words = &texts.check;
    let step = |words: &'static str| html! { <li>{ words }</li> };
    html! {
        <section>
            { heading(words.title) }
            { paragraph("muted", words.intro) }
            <ol>
                { for [words.airplane, words.network, words.source].map(step) }
            </ol>
        </section>
    }
}

fn keys(texts: &'static Texts) -> Html {
    let words = &texts.keyboard;
    let row = |[keys, what]: &[&'static str; 2]| {
        html! { <tr><td><kbd>{ *keys }</kbd></td><td>{ *what }</td></tr> }
    };
    html! {
        <section>
            { heading(words.title) }
            <table class="keys">
                <thead class="visually-hidden"><tr><th>{ words.keys }</th><th>{ words.does }</th></tr></thead>
                <tbody>{ for words.rows.iter().map(row) }</tbody>
            </table>
        </section>
    }
}
