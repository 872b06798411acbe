//! Where photos come in: one large target at first, a toolbar once there are photos.

use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::icon;
use crate::platform;
use crate::session::Session;

/// The target or the toolbar.
pub(crate) fn intake(
    session: &Session,
    on_files: Callback<Vec<File>>,
    on_clear: Callback<()>,
) -> Html {
    if session.photos.is_empty() { target(on_files) } else { toolbar(on_files, on_clear) }
}

fn target(on_files: Callback<Vec<File>>) -> Html {
    html! {
        <section class="target">
            { icon::photos() }
            <h2>{ "What is in your photos?" }</h2>
            { chooser("Choose photos", on_files) }
            <p class="hint">{ "or drop them anywhere on this page, or paste them" }</p>
            <p class="promise">
                { icon::lock() }
                { "Photos never leave this device. They are tagged right here." }
            </p>
            <p class="formats">{ "JPEG, PNG, WebP, GIF, BMP and AVIF" }</p>
        </section>
    }
}

fn toolbar(on_files: Callback<Vec<File>>, on_clear: Callback<()>) -> Html {
    html! {
        <section class="toolbar" aria-label="Photos">
            { chooser("Add photos", on_files) }
            <button
                type="button"
                class="button quiet"
                data-testid="clear"
                onclick={on_clear.reform(|_| ())}
            >
                { "Clear" }
            </button>
        </section>
    }
}

/// A file input that looks like a button.
pub(crate) fn chooser(text: &'static str, on_files: Callback<Vec<File>>) -> Html {
    let onchange = on_files.reform(|event: Event| {
        platform::files_of_input(&event.target_unchecked_into::<HtmlInputElement>())
    });
    // Named types rather than image/*: given these, an iPhone hands over JPEG instead of HEIC. Of
    // HEIC files elsewhere, which few browsers can show, those that are dropped are tried.
    html! {
        <label class="button primary">
            <input
                type="file"
                multiple=true
                accept="image/jpeg,image/png,image/webp,image/gif,image/bmp,image/avif"
                data-testid="photo-input"
                {onchange}
            />
            { text }
        </label>
    }
}
