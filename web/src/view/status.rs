//! Which model runs on what, and how far it and the photos are.

use yew::prelude::*;

use super::{engine_select, model_select};
use crate::engine::Choice;
use crate::session::{ModelState, Session};
use crate::text;

/// The choices, what there is to say about each, and what a screen reader is told.
pub(crate) fn status(
    session: &Session,
    choice: Choice,
    on_model: Callback<String>,
    on_engine: Callback<Choice>,
) -> Html {
    let chosen = session.chosen();
    html! {
        <section class="status" aria-label="Status">
            <div class="model">
                if !session.models.is_empty() {
                    { model_select("model-select", &session.models, chosen.as_deref(), on_model) }
                }
                { model_line(&session.model) }
            </div>
            <div class="model">
                { engine_select(choice, on_engine) }
                <p class="line" data-testid="engine-why">{ session.why.clone() }</p>
            </div>
            { batch_line(session) }
            // The lines above change many times a second; this changes when something is over.
            <p class="visually-hidden" role="status">{ announcement(session) }</p>
        </section>
    }
}

fn model_line(model: &ModelState) -> Html {
    let (words, bar) = match model {
        ModelState::Missing(_) => ("No model".to_owned(), Html::default()),
        ModelState::Failed(_) => ("The model is not loaded".to_owned(), Html::default()),
        ModelState::Ready(model) => {
            (format!("{} MB · ready", text::megabytes(model.bytes)), Html::default())
        }
        ModelState::Loading(progress) => {
            let bar = match progress {
                None => html! { <progress aria-label="Model" /> },
                Some(at) => bar("Model", at.received as f64, at.total as f64),
            };
            (text::download(*progress), bar)
        }
    };
    html! {
        <div class="line" data-testid="model-status" data-state={model.name()}>
            <p>{ words }</p>
            { bar }
        </div>
    }
}

fn batch_line(session: &Session) -> Html {
    let (done, total) = (session.finished(), session.photos.len());
    if total == 0 {
        return Html::default();
    }
    let finished = done == total;
    let words =
        if finished { summary(session) } else { text::batch(done, total, session.millis_each()) };
    html! {
        <div class="line batch" data-testid="batch-status">
            <p>{ words }</p>
            if !finished {
                { bar("Photos", done as f64, total as f64) }
            }
        </div>
    }
}

fn bar(label: &'static str, value: f64, max: f64) -> Html {
    html! {
        <progress aria-label={label} value={value.to_string()} max={max.max(1.0).to_string()} />
    }
}

/// "119 photos tagged · 41 ms each · 1 failed".
fn summary(session: &Session) -> String {
    let failures = session.failures();
    let mut parts = vec![format!("{} tagged", text::photos(session.photos.len() - failures))];
    parts.extend(session.millis_each().map(|each| format!("{} each", text::duration(each))));
    parts.extend((failures > 0).then(|| format!("{failures} failed")));
    parts.join(" · ")
}

fn announcement(session: &Session) -> String {
    let total = session.photos.len();
    match (&session.model, total) {
        (ModelState::Loading(_), _) => "Loading the model".to_owned(),
        (ModelState::Ready(_), 0) => "Ready".to_owned(),
        (ModelState::Ready(_), _) if session.finished() == total => summary(session),
        (ModelState::Ready(_), _) => format!("Tagging {}", text::photos(total)),
        // The alert says why.
        (ModelState::Missing(_) | ModelState::Failed(_), _) => String::new(),
    }
}
