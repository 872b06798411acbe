//! Choices.

use std::rc::Rc;

use tagsight_protocol::ManifestModel;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::engine::Choice;
use crate::text;

/// A labelled choice among `(value, text)`. While nothing is chosen it says so.
pub(crate) fn select(
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
        <option key="" value="" selected=true disabled=true>{ "Choose one" }</option>
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
    hook: &'static str,
    models: &[Rc<ManifestModel>],
    chosen: Option<&str>,
    on_choice: Callback<String>,
) -> Html {
    let options = models.iter().map(|model| (model.name.clone(), text::model(model)));
    select("Model", hook, options, chosen, on_choice)
}

/// The choice of what tags.
pub(crate) fn engine_select(chosen: Choice, on_choice: Callback<Choice>) -> Html {
    let options = Choice::ALL.map(|choice| (choice.name().to_owned(), choice.title().to_owned()));
    let on_name = Callback::from(move |name: String| {
        if let Some(choice) = Choice::named(&name) {
            on_choice.emit(choice);
        }
    });
    select("Runs on", "engine-select", options, Some(chosen.name()), on_name)
}
