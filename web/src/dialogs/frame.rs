//! What opens above the page: the browser's own modal dialog, which keeps the keyboard inside, ends
//! with Escape and gives the focus back.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};
use yew::prelude::*;

use crate::view::{icon, icon_button};

/// Props of [`Frame`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What it is about; names it, too.
    pub(crate) title: AttrValue,
    /// For the styles.
    #[prop_or_default]
    pub(crate) class: Classes,
    /// Its hook.
    pub(crate) hook: &'static str,
    /// The hook of the button that closes it.
    pub(crate) close_hook: &'static str,
    /// The name of that button.
    pub(crate) close: &'static str,
    /// More buttons of its head.
    #[prop_or_default]
    pub(crate) tools: Html,
    /// What it holds.
    pub(crate) children: Html,
    /// It was closed, one way or the other.
    pub(crate) on_close: Callback<()>,
}

/// An open dialog.
#[component]
pub(crate) fn Frame(props: &Props) -> Html {
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            // It fails where it is open already.
            let _ = dialog.show_modal();
        }
    });
    let close = {
        let dialog = dialog.clone();
        move || {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        }
    };
    // Beside the dialog's content there is only the dialog itself: its backdrop.
    let onclick = {
        let close = close.clone();
        move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if target.is_some_and(|target| target.tag_name() == "DIALOG") {
                close();
            }
        }
    };
    let on_close = Callback::from(move |_| close());
    html! {
        <dialog
            ref={dialog}
            class={props.class.clone()}
            aria-labelledby="dialog-title"
            data-testid={props.hook}
            {onclick}
            onclose={props.on_close.reform(|_| ())}
        >
            <div class="dialog-head">
                <h2 id="dialog-title">{ props.title.clone() }</h2>
                { props.tools.clone() }
                { icon_button(props.close_hook, props.close.into(), None, icon::cross(), on_close) }
            </div>
            { props.children.clone() }
        </dialog>
    }
}
