//! Everything that is seldom needed: model and backend, words, storage, and how to check the promise.

use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::frame::Frame;
use super::message::{Deed, Settings, SettingsAct};
use crate::backend::Choice;
use crate::platform::{self, Persistence};
use crate::text::{DialogTexts, EngineTexts, Language, Texts};
use crate::view::{
    Word, button, danger_button, heading, icon, model_select, paragraph, select, word_field,
};

/// Props of [`Dialog`].
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct Props {
    /// The page's language.
    pub(crate) language: Language,
    /// What is set.
    pub(crate) settings: Settings,
    /// What is done, and the file that goes with it.
    pub(crate) on_deed: Callback<(Deed, Option<File>)>,
}

impl Props {
    fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    fn words(&self) -> &'static DialogTexts {
        self.language.dialogs()
    }

    fn on<E: 'static>(&self, act: impl Fn(E) -> SettingsAct + 'static) -> Callback<E> {
        self.on_deed.reform(move |event| (Deed::Settings(act(event)), None))
    }
}

/// The dialog.
#[component]
pub(crate) fn Dialog(props: &Props) -> Html {
    let (texts, words) = (props.texts(), props.words());
    html! {
        <Frame
            title={words.settings.title}
            class={classes!("narrow")}
            hook="settings"
            close_hook="settings-close"
            close={texts.page.close}
            on_close={props.on(|()| SettingsAct::Close)}
        >
            <div class="settings">
                { model(props) }
                <Words ..props.clone() />
                { storage(props) }
                { check(words) }
                { keys(words) }
                <p><a href="benchmark.html">{ texts.page.benchmark }</a></p>
            </div>
        </Frame>
    }
}

fn model(props: &Props) -> Html {
    let (texts, words, settings) = (props.texts(), props.words(), &props.settings);
    let on_model = props.on(SettingsAct::Model);
    html! {
        <section aria-label={texts.model.label}>
            if !settings.models.is_empty() {
                { model_select(texts, "model-select", &settings.models, settings.chosen.as_deref(), on_model) }
            }
            { backend_select(props) }
            <p class="muted" data-testid="engine-why">{ settings.why.clone() }</p>
            <div class="wrap">
                { button("tag-again", words.settings.again, props.on(|_| SettingsAct::TagAgain)) }
                { button("remove-auto", texts.batch.remove_auto, props.on(|_| SettingsAct::RemoveAuto)) }
            </div>
            { paragraph("muted", words.settings.again_hint) }
        </section>
    }
}

/// The choice of what tags.
fn backend_select(props: &Props) -> Html {
    let names = &props.words().engine;
    let options = Choice::ALL.map(|choice| (choice.name().into(), name(names, choice).into()));
    let chosen = props.settings.backend;
    // It is one of those names.
    let on_name =
        props.on(|name: String| SettingsAct::Backend(Choice::named(&name).unwrap_or_default()));
    select(props.texts(), names.label, "engine-select", options, Some(chosen.name()), on_name)
}

fn name(names: &EngineTexts, choice: Choice) -> &'static str {
    match choice {
        Choice::Automatic => names.automatic,
        Choice::Graphics => names.graphics,
        Choice::Processor => names.processor,
    }
}

/// What labels and tags are called, and which are never shown.
#[component]
fn Words(props: &Props) -> Html {
    let (texts, words, settings) = (props.texts(), &props.words().settings, &props.settings);
    let known = &texts.settings;
    let renamed = use_state(|| None::<String>);
    let on_key = {
        let renamed = renamed.clone();
        Callback::from(move |key| renamed.set(Some(key)))
    };
    let on_word = {
        let renamed = renamed.clone();
        let on_rename = props.on(|(key, word)| SettingsAct::Rename { key, word });
        Callback::from(move |word: String| {
            if let Some(key) = &*renamed {
                on_rename.emit((key.clone(), word));
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
                    aria-label={known.show_again.fill([word])}
                    data-testid="never-show"
                    data-label={key.clone()}
                    onclick={props.on(move |_| SettingsAct::Again(key.clone()))}
                >
                    { word.clone() }{ icon::cross() }
                </button>
            </li>
        }
    };
    let on_never = props.on(SettingsAct::Never);
    let word = || Word {
        label: words.rename_label,
        hook: "rename-word",
        suggestions: Vec::new(),
        on_input: Callback::noop(),
        on_word: on_word.clone(),
    };
    html! {
        <section>
            { heading(words.words) }
            { paragraph("muted", words.words_hint) }
            if !settings.labels.is_empty() {
                { select(texts, known.never_show, "never-select", settings.labels.clone(), None, on_never) }
            }
            { paragraph("muted", words.never_show_hint) }
            if !settings.never.is_empty() {
                <ul class="wrap">{ for settings.never.iter().map(shown_again) }</ul>
            }
            if !settings.tags.is_empty() {
                { select(texts, known.rename, "rename-select", settings.tags.clone(), renamed.as_deref(), on_key) }
            }
            if renamed.is_some() {
                { word_field(word()) }
            }
            // Screen readers say what comes into something that was there.
            <p role="status" data-testid="rename-outcome">{ settings.naming.clone() }</p>
        </section>
    }
}

fn storage(props: &Props) -> Html {
    let (texts, words, settings) = (props.texts(), &props.words().storage, &props.settings);
    let known = &texts.storage;
    let on_erase = {
        let on_erase = props.on(|()| SettingsAct::Erase);
        Callback::from(move |_| {
            if platform::confirm(words.delete_all_question) {
                on_erase.emit(());
            }
        })
    };
    let onrestore = {
        let on_deed = props.on_deed.clone();
        move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(file) = platform::files_of_input(&input).into_iter().next() {
                on_deed.emit((Deed::Settings(SettingsAct::Restore), Some(file)));
            }
        }
    };
    html! {
        <section>
            { heading(words.title) }
            <p class="muted" data-testid="storage">
                if !settings.is_kept {
                    { known.private_window }
                } else {
                    { words.photos.of(settings.photos as usize) }
                    if let Some(room) = &settings.room {
                        { " · " }{ words.used.fill([&texts.size(room.used as u64)]) }
                    }
                    { " · " }{ persistence_words(props) }
                }
            </p>
            if settings.is_kept && settings.persistence != Persistence::Granted {
                { paragraph("muted", words.not_persistent_why) }
            }
            { paragraph("muted", words.backup_hint) }
            if settings.since_backup > 0 {
                { paragraph("muted", &words.since_backup.of(settings.since_backup as usize)) }
            }
            <div class="wrap">
                if settings.persistence == Persistence::Refused {
                    { button("persist", words.keep, props.on(|_| SettingsAct::Persist)) }
                }
                { button("backup", known.backup, props.on(|_| SettingsAct::Backup)) }
                <label class="button">
                    <input type="file" aria-label={words.restore} data-testid="restore" onchange={onrestore} />
                    { words.restore }
                </label>
                { danger_button("erase", words.delete_all, on_erase) }
            </div>
        </section>
    }
}

fn persistence_words(props: &Props) -> &'static str {
    match props.settings.persistence {
        Persistence::Granted => props.texts().storage.persistent,
        Persistence::Refused | Persistence::Unknown => props.words().storage.not_persistent,
    }
}

/// What a doubter can do.
fn check(texts: &'static DialogTexts) -> Html {
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

fn keys(texts: &'static DialogTexts) -> Html {
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
