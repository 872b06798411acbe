//! Parts that views have in common. In markup each would be half a kilobyte of the page wherever it
//! stands.

use yew::prelude::*;

/// A heading within a dialog.
pub(crate) fn heading(words: &str) -> Html {
    html! { <h3>{ words.to_owned() }</h3> }
}

/// A paragraph of a class.
pub(crate) fn paragraph(class: &'static str, words: &str) -> Html {
    html! { <p {class}>{ words.to_owned() }</p> }
}

/// A button with words on it.
pub(crate) fn button(
    hook: &'static str,
    words: &'static str,
    onclick: Callback<MouseEvent>,
) -> Html {
    button_of("button", hook, words, onclick)
}

/// A button for what is hard to take back.
pub(crate) fn danger_button(
    hook: &'static str,
    words: &'static str,
    onclick: Callback<MouseEvent>,
) -> Html {
    button_of("button danger", hook, words, onclick)
}

fn button_of(
    class: &'static str,
    hook: &'static str,
    words: &'static str,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! { <button type="button" {class} data-testid={hook} {onclick}>{ words }</button> }
}

/// A button with an icon on it, and a name for who cannot see or know it; of the tag `key`, if it
/// is of one.
pub(crate) fn icon_button(
    hook: &'static str,
    name: AttrValue,
    key: Option<AttrValue>,
    icon: Html,
    onclick: Callback<MouseEvent>,
) -> Html {
    icon_button_of("icon-button", hook, name, key, icon, true, onclick)
}

/// The same that can be pressed only while there is something to do.
pub(crate) fn icon_button_if(
    can: bool,
    class: &'static str,
    hook: &'static str,
    name: &'static str,
    icon: Html,
    onclick: Callback<MouseEvent>,
) -> Html {
    icon_button_of(class, hook, name.into(), None, icon, can, onclick)
}

fn icon_button_of(
    class: &'static str,
    hook: &'static str,
    name: AttrValue,
    key: Option<AttrValue>,
    icon: Html,
    can: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button
            type="button"
            {class}
            aria-label={name.clone()}
            title={name}
            disabled={!can}
            data-testid={hook}
            data-label={key}
            {onclick}
        >
            { icon }
        </button>
    }
}
