//! What the page looks like, from top to bottom.

mod batch;
mod empty;
mod grid;
pub(crate) mod icon;
mod offline;
mod parts;
mod select;
mod selection_bar;
mod toolbar;
mod word_field;

pub(crate) use batch::{BatchAct, announcement, batch};
pub(crate) use empty::{SAMPLE, empty};
pub(crate) use grid::{GridEvents, GridRefs, Tile, TileState, grid, source_name};
pub(crate) use offline::{offline_status, update_offer};
pub(crate) use parts::{button, danger_button, heading, icon_button, icon_button_if, paragraph};
pub(crate) use select::{language_select, model_select, select};
pub(crate) use selection_bar::{Act, selection_bar};
pub(crate) use toolbar::{Chip, From, Reversible, ToolbarEvents, chips, chooser, search, toolbar};
pub(crate) use word_field::{Word, word_field};

use yew::prelude::*;

use crate::backend::title;
use crate::reason::Problem;
use crate::session::{ModelState, Session};
use crate::text::Texts;

/// Name, search and the pill that says how things are and opens the settings.
pub(crate) fn header(
    texts: &'static Texts,
    session: &Session,
    search: Option<Html>,
    on_settings: Callback<()>,
) -> Html {
    let threads = match &session.model {
        ModelState::Ready(model) => Some(model.threads.to_string()),
        _ => None,
    };
    html! {
        <header class="top">
            <h1 class="brand">{ icon::logo() }{ "Tagsight" }</h1>
            { for search }
            <button
                type="button"
                class="pill"
                aria-haspopup="dialog"
                data-testid="settings-open"
                onclick={on_settings.reform(|_| ())}
            >
                <span class="dot" data-state={session.model.name()} />
                <span data-testid="model-status" data-state={session.model.name()}>
                    { model_words(texts, &session.model) }
                </span>
                if let Some(backend) = session.backend {
                    <span
                        class="wide"
                        data-testid="engine"
                        data-engine={backend.name()}
                        data-threads={threads}
                        data-wasm-bytes={session.wasm_bytes.to_string()}
                    >
                        { title(backend) }
                    </span>
                }
                { icon::sliders() }
                <span class="visually-hidden">{ texts.settings.open }</span>
            </button>
        </header>
    }
}

/// Something the user should know that stops nothing, with what can be done about it.
pub(crate) fn notice(words: String, actions: Html) -> Html {
    html! {
        <div class="notice" role="status" data-testid="notice"><p>{ words }</p>{ actions }</div>
    }
}

/// Why nothing can be tagged, and a way on.
pub(crate) fn app_error(texts: &Texts, model: &ModelState, on_retry: Callback<()>) -> Html {
    let (ModelState::Missing(problem) | ModelState::Failed(problem)) = model else {
        return Html::default();
    };
    let way_on = match problem {
        Problem::TwoBuilds => texts.page.reload,
        _ => texts.page.try_again,
    };
    html! {
        <div class="app-error" role="alert" data-testid="app-error">
            <p>{ texts.of_problem(problem) }</p>
            <button type="button" class="button" onclick={on_retry.reform(|_| ())}>
                { way_on }
            </button>
        </div>
    }
}

/// A bar.
pub(crate) fn progress(label: &'static str, (value, max): (usize, usize)) -> Html {
    html! { <progress aria-label={label} value={value.to_string()} max={max.max(1).to_string()} /> }
}

/// How far the model is.
fn model_words(texts: &Texts, model: &ModelState) -> String {
    match model {
        ModelState::Missing(_) => texts.model.missing.to_owned(),
        ModelState::Failed(_) => texts.model.not_loaded.to_owned(),
        ModelState::Ready(_) => texts.page.ready.to_owned(),
        ModelState::Loading(at) => texts.of_download(*at),
    }
}

/// The promise, whether the page works without a network, and the language.
pub(crate) fn footer(texts: &'static Texts, more: Option<Html>) -> Html {
    html! { <footer class="bottom"><p>{ texts.page.promise }</p>{ for more }</footer> }
}
