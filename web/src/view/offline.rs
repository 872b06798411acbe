//! Whether the page works without a network, and the offer of a newer build.

use yew::prelude::*;

use super::button;
use crate::platform::{OfflineStatus, Update};
use crate::text::Texts;

/// What there is to say about use without a network.
pub(crate) fn offline_status(texts: &Texts, status: OfflineStatus) -> Html {
    let words = &texts.offline;
    let (state, says, hint) = match status {
        OfflineStatus::Ready => ("ready", words.ready, Some(words.ready_hint)),
        OfflineStatus::Preparing => ("preparing", words.preparing, None),
        OfflineStatus::Unavailable(_) => ("unavailable", words.unavailable, None),
    };
    html! {
        <p data-testid="offline-status" data-state={state} title={hint}>
            <span class="dot" data-state={state} />{ says }
        </p>
    }
}

/// The offer of a newer build, if there is one.
pub(crate) fn update_offer(texts: &Texts, update: Update, on_take: Callback<()>) -> Html {
    let words = &texts.update;
    let (state, says) = match update {
        Update::None => return Html::default(),
        Update::Ready => ("ready", words.offered.to_owned()),
        Update::Busy => ("busy", format!("{} {}", words.offered, words.waits)),
    };
    html! {
        <div class="notice" role="status" data-testid="update-offer" data-state={state}>
            <p>{ says }</p>
            { button("update-take", words.take, on_take.reform(|_| ())) }
        </div>
    }
}
