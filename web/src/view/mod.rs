//! What the page looks like, from top to bottom.

mod card;
mod drop_area;
mod icon;
mod intake;
mod select;
mod status;

pub(crate) use card::PhotoCard;
pub(crate) use drop_area::DropArea;
pub(crate) use intake::intake;
pub(crate) use select::{engine_select, model_select, select};
pub(crate) use status::status;

use yew::prelude::*;

use crate::engine::Engine;
use crate::session::{ModelState, Session};

/// Name and engine.
pub(crate) fn header(session: &Session) -> Html {
    let title = session.engine.as_deref().map(Engine::title);
    html! {
        <header class="top">
            <h1 class="brand">{ icon::logo() }{ "Tagsight" }</h1>
            if let Some(title) = title {
                <p
                    class="pill"
                    data-testid="engine"
                    data-engine={session.engine.clone()}
                    data-wasm-bytes={session.wasm_bytes.to_string()}
                >
                    <span class="wide">{ "On this device · " }</span>{ title.to_owned() }
                </p>
            }
        </header>
    }
}

/// Something the user should know that stops nothing.
pub(crate) fn notice(message: Option<String>) -> Html {
    html! {
        if let Some(message) = message {
            <p class="notice" role="status" data-testid="notice">{ message }</p>
        }
    }
}

/// Why nothing can be tagged, and a way on.
pub(crate) fn app_error(model: &ModelState, on_retry: Callback<()>) -> Html {
    let (ModelState::Missing(message) | ModelState::Failed(message)) = model else {
        return Html::default();
    };
    html! {
        <div class="app-error" role="alert" data-testid="app-error">
            <p>{ message.clone() }</p>
            <button type="button" class="button" onclick={on_retry.reform(|_| ())}>
                { "Try again" }
            </button>
        </div>
    }
}

/// The promise, and the way to the benchmark.
pub(crate) fn footer() -> Html {
    html! {
        <footer class="bottom">
            <p>{ "Photos never leave this device." }</p>
            <a href="benchmark.html">{ "Benchmark" }</a>
        </footer>
    }
}
