//! The page before there is a photo: the way in, the promise, and a photo to try.

use yew::prelude::*;

use super::parts::paragraph;
use super::{icon, toolbar};
use crate::platform::Given;
use crate::text::Texts;

/// Where the sample photo is, relative to the page.
pub(crate) const SAMPLE: &str = "sample.jpg";

/// One large target.
pub(crate) fn empty(
    texts: &'static Texts,
    on_files: &Callback<Given>,
    on_sample: Callback<()>,
) -> Html {
    let words = &texts.empty;
    html! {
        <section class="target">
            { icon::photos() }
            <h2>{ words.headline }</h2>
            <div class="ways">{ toolbar::choosers(texts, texts.add.choose, on_files) }</div>
            { paragraph("hint", texts.add.hint) }
            <p class="promise">{ icon::lock() }{ words.promise }</p>
            { paragraph("formats", words.formats) }
            <button
                type="button"
                class="sample"
                data-testid="sample"
                onclick={on_sample.reform(|_| ())}
            >
                <img src={SAMPLE} alt={words.sample_alt} width="720" height="540" loading="lazy" />
                <span>
                    <strong>{ words.sample }</strong>
                </span>
            </button>
        </section>
    }
}
