//! A field for a word: a tag, a name. It is sent as a form, so that an input method's Enter ends the
//! composition or sends the word, whichever it means where the person types.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// What a field is for.
pub(crate) struct Word {
    /// What to type.
    pub(crate) label: &'static str,
    /// Its hook, which no other on the page has.
    pub(crate) hook: &'static str,
    /// What may be meant by what was typed so far.
    pub(crate) suggestions: Vec<String>,
    /// What is typed so far.
    pub(crate) on_input: Callback<String>,
    /// A word, which is not empty.
    pub(crate) on_word: Callback<String>,
}

/// The field.
pub(crate) fn word_field(word: Word) -> Html {
    let Word { label, hook, suggestions, on_input, on_word } = word;
    let list = format!("{hook}-words");
    let oninput = on_input
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let onsubmit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field_of(&event) else { return };
        let word = field.value();
        if !word.trim().is_empty() {
            field.set_value("");
            on_input.emit(String::new());
            on_word.emit(word.trim().to_owned());
        }
    };
    html! {
        <form class="word" {onsubmit}>
            <input
                class="text-field"
                type="text"
                id={hook}
                list={list.clone()}
                autocomplete="off"
                enterkeyhint="done"
                maxlength="100"
                placeholder={label}
                aria-label={label}
                data-testid={hook}
                {oninput}
            />
            <datalist id={list}>
                { for suggestions.into_iter().map(|word| html! { <option value={word} /> }) }
            </datalist>
        </form>
    }
}

/// The field of the form that is sent.
fn field_of(event: &SubmitEvent) -> Option<HtmlInputElement> {
    let form: Element = event.target_unchecked_into();
    form.query_selector("input").ok()??.dyn_into().ok()
}
