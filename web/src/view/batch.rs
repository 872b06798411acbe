//! How far a batch is, why it waits, and what failed in it.

use std::rc::Rc;

use yew::prelude::*;

use super::progress;
use crate::session::{Job, JobState, ModelState, Pace, Session};
use crate::text::Texts;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BatchAct {
    /// No more photos for now.
    Pause,
    /// Go on.
    Resume,
    /// Drop what waits.
    Cancel,
    /// Try what failed again.
    Retry,
    /// Take what failed off the page.
    Dismiss,
}

/// The batch that runs, or what is to be said of the last one.
pub(crate) fn batch(texts: &'static Texts, session: &Session, on_act: &Callback<BatchAct>) -> Html {
    let failures: Vec<&Rc<Job>> = session.failures().collect();
    let is_busy = session.is_busy();
    if !is_busy && failures.is_empty() {
        return Html::default();
    }
    let (done, total) = session.progress();
    html! {
        <section class="batch" aria-label={texts.batch.label} data-testid="batch-status">
            if is_busy {
                <div class="line">
                    <p>{ line(texts, session) }</p>
                    <div class="buttons">
                        if session.pace == Pace::Going {
                            { button("batch-pause", texts.batch.pause, on_act, BatchAct::Pause) }
                        } else {
                            { button("batch-resume", texts.batch.resume, on_act, BatchAct::Resume) }
                        }
                        { button("batch-cancel", texts.batch.cancel, on_act, BatchAct::Cancel) }
                    </div>
                </div>
                { progress(texts.batch.label, (done, total)) }
            }
            if !failures.is_empty() {
                { failed(texts, &failures, on_act) }
            }
        </section>
    }
}

fn button(
    hook: &'static str,
    name: &'static str,
    on_act: &Callback<BatchAct>,
    act: BatchAct,
) -> Html {
    super::button(hook, name, on_act.reform(move |_| act))
}

/// "37 of 120 · 41 ms each · 4 s left", and why nothing moves where it does not.
fn line(texts: &'static Texts, session: &Session) -> String {
    let (done, total) = session.progress();
    let mut words = texts.of_batch(done, total, session.millis_each());
    let reason = match (&session.model, session.pace) {
        (_, Pace::Paused) => Some(texts.batch.paused_by_user),
        (ModelState::Loading(_), _) => Some(texts.batch.paused_for_model),
        (ModelState::Missing(_) | ModelState::Failed(_), _) => Some(texts.model.not_loaded),
        (ModelState::Ready(_), _) => None,
    };
    if let Some(reason) = reason {
        words.push_str(" · ");
        words.push_str(reason);
    }
    words
}

fn failed(texts: &'static Texts, failures: &[&Rc<Job>], on_act: &Callback<BatchAct>) -> Html {
    let row = |job: &&Rc<Job>| {
        let JobState::Failed(problem) = &job.state else { return Html::default() };
        html! {
            <li key={job.id} data-testid="failure" data-name={job.name.clone()}>
                { format!("{}: {}", job.name, texts.of_photo(problem)) }
            </li>
        }
    };
    html! {
        <details>
            <summary class="failure">{ texts.batch.failed.of(failures.len()) }</summary>
            <ul>{ for failures.iter().map(row) }</ul>
            <div class="buttons">
                { button("batch-retry", texts.batch.retry_all, on_act, BatchAct::Retry) }
                { button("batch-dismiss", texts.page.dismiss, on_act, BatchAct::Dismiss) }
            </div>
        </details>
    }
}

/// What a screen reader is told: what is over, and every few seconds how far it is.
pub(crate) fn announcement(texts: &'static Texts, session: &Session) -> String {
    let (done, total) = session.progress();
    match &session.model {
        // The alert says why.
        ModelState::Missing(_) | ModelState::Failed(_) => String::new(),
        ModelState::Loading(_) if total > 0 => texts.batch.paused_for_model.to_owned(),
        ModelState::Loading(_) => String::new(),
        ModelState::Ready(_) if total == 0 => String::new(),
        ModelState::Ready(_) if session.is_busy() => texts.of_batch(done, total, None),
        ModelState::Ready(_) => {
            let failures = session.failures().count();
            texts.of_finished(done.saturating_sub(failures), failures, session.millis_each())
        }
    }
}
