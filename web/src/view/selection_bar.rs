//! What is done with the photos that are chosen, all at once.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::parts::{button, danger_button, icon_button};
use super::{Word, icon, word_field};
use crate::text::Texts;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    /// Give them a tag.
    Add(String),
    /// Take a tag from those that have it.
    Remove(String),
    /// Make their tags the user's own.
    Confirm,
    /// Take them out of the library.
    Delete,
    /// Have their tags elsewhere.
    TakeAlong,
    /// Choose all that are shown.
    ChooseAll,
    /// Choose none.
    Clear,
}

/// Sticks to the screen's lower end while photos are chosen.
pub(crate) fn selection_bar(
    texts: &'static Texts,
    count: usize,
    tags: Vec<(String, String)>,
    suggestions: Vec<String>,
    on_typed: Callback<String>,
    on_act: &Callback<Act>,
) -> Html {
    let words = &texts.selection;
    let on = |act: Act| on_act.reform(move |_| act.clone());
    let word = Word {
        label: words.add_tag,
        hook: "selection-add",
        suggestions,
        on_input: on_typed,
        on_word: on_act.reform(Act::Add),
    };
    html! {
        <section class="selection" aria-label={words.label} data-testid="selection">
            <strong>{ words.selected.of(count) }</strong>
            { word_field(word) }
            if !tags.is_empty() {
                { remove_select(texts, tags, on_act.reform(Act::Remove)) }
                <button type="button" class="button" title={words.confirm_hint} data-testid="selection-confirm" onclick={on(Act::Confirm)}>
                    { words.confirm }
                </button>
            }
            { button("take-along", texts.page.take_along, on(Act::TakeAlong)) }
            { button("selection-all", words.all, on(Act::ChooseAll)) }
            { danger_button("selection-delete", words.delete, on(Act::Delete)) }
            { icon_button("selection-clear", words.clear.into(), None, icon::cross(), on(Act::Clear)) }
        </section>
    }
}

/// The choice of a tag to be taken away; it says what it is for, as a menu does.
fn remove_select(texts: &Texts, tags: Vec<(String, String)>, on_tag: Callback<String>) -> Html {
    let onchange = on_tag.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        let key = select.value();
        select.set_value("");
        key
    });
    let name = texts.selection.remove_tag;
    let option = |(key, word): (String, String)| {
        html! { <option key={key.clone()} value={key}>{ word }</option> }
    };
    html! {
        <span class="field">
            <select aria-label={name} data-testid="selection-remove" {onchange}>
                <option key="" value="" selected=true>{ name }</option>
                { for tags.into_iter().map(option) }
            </select>
        </span>
    }
}
