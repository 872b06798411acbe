//! A field for a word: a tag, a name. It is sent as a form, so that an input method's Enter ends the
//! composition or sends the word, whichever it means where the person types.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Props of [`WordField`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What to type.
    pub(crate) label: AttrValue,
    /// Its hook.
    pub(crate) hook: &'static str,
    /// Joins it with its suggestions; no two on a page are alike.
    pub(crate) id: AttrValue,
    /// What may be meant by what was typed so far.
    #[prop_or_default]
    pub(crate) suggestions: Vec<AttrValue>,
    /// What is typed so far.
    #[prop_or_default]
    pub(crate) on_input: Callback<String>,
    /// A word, which is not empty.
    pub(crate) on_word: Callback<String>,
}

/// The field.
#[component]
pub(crate) fn WordField(props: &Props) -> Html {
    let field = use_node_ref();
    let list = format!("{}-words", props.id);
    let onsubmit = {
        let (field, on_word, on_input) =
            (field.clone(), props.on_word.clone(), props.on_input.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = field.cast::<HtmlInputElement>() else { return };
            let word = field.value();
            if !word.trim().is_empty() {
                field.set_value("");
                on_input.emit(String::new());
                on_word.emit(word.trim().to_owned());
            }
        }
    };
    let oninput = props
        .on_input
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <form class="word" {onsubmit}>
            <input
                ref={field}
                class="text-field"
                type="text"
                id={props.id.clone()}
                list={list.clone()}
                autocomplete="off"
                enterkeyhint="done"
                maxlength="100"
                placeholder={props.label.clone()}
                aria-label={props.label.clone()}
                data-testid={props.hook}
                {oninput}
            />
            <datalist id={list}>
                { for props.suggestions.iter().map(|word| html! { <option value={word.clone()} /> }) }
            </datalist>
        </form>
    }
}
