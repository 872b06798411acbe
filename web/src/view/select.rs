//! Choices.

use std::rc::Rc;

use tagsight_protocol::ManifestModel;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::text::{Language, Texts};

/// A labelled choice among `(value, text)`. While nothing is chosen it says so.
pub(crate) fn select(
    texts: &Texts,
    label: &'static str,
    hook: &'static str,
    options: impl IntoIterator<Item = (String, String)>,
    chosen: Option<&str>,
    on_choice: Callback<String>,
) -> Html {
    let onchange =
        on_choice.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    // The keys keep each option's element, and with it which one the browser has selected.
    let option = |(value, text): (String, String)| {
        let selected = chosen == Some(value.as_str());
        html! { <option key={value.clone()} {value} {selected}>{ text }</option> }
    };
    let nothing = html! {
        <option key="" value="" selected=true disabled=true>{ texts.model.choose_one }</option>
    };
    html! {
        <label class="field">
            { label }
            <select data-testid={hook} {onchange}>
                { for chosen.is_none().then_some(nothing).into_iter().chain(options.into_iter().map(option)) }
            </select>
        </label>
    }
}

/// The choice of a model, in plain words.
pub(crate) fn model_select(
    texts: &Texts,
    hook: &'static str,
    models: &[Rc<ManifestModel>],
    chosen: Option<&str>,
    on_choice: Callback<String>,
) -> Html {
    let options = models.iter().map(|model| (model.name.clone(), texts.of_model(model)));
    select(texts, texts.model.label, hook, options, chosen, on_choice)
}

/// The choice of a language, each by its own name.
pub(crate) fn language_select(texts: &Texts, on_choice: Callback<Language>) -> Html {
    let options =
        Language::ALL.map(|language| (language.code().to_owned(), language.title().to_owned()));
    let on_code = Callback::from(move |code: String| {
        if let Some(language) = Language::named(&code) {
            on_choice.emit(language);
        }
    });
    let chosen = Some(texts.language.code());
    select(texts, texts.settings.language, "language-select", options, chosen, on_code)
}
