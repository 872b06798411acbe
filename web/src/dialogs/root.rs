//! The module's end of what the two say.

use std::cell::RefCell;

use js_sys::{Function, Uint8Array};
use tagsight_plain::Plain;
use wasm_bindgen::JsValue;
use web_sys::File;
use yew::prelude::*;

use super::{Deed, Shown, detail, settings};
use crate::platform;
use crate::text::Language;

/// Props of [`Dialogs`].
#[derive(Properties, Clone, PartialEq)]
struct Props {
    language: Language,
    shown: Shown,
    on_deed: Callback<(Deed, Option<File>)>,
}

/// Whichever is open.
#[component]
fn Dialogs(props: &Props) -> Html {
    let Props { language, shown, on_deed } = props.clone();
    match shown {
        Shown::Nothing => Html::default(),
        Shown::Detail(detail) => {
            let on_deed = on_deed.reform(|deed| (deed, None));
            html! { <detail::Dialog {language} {detail} {on_deed} /> }
        }
        Shown::Settings(settings) => html! { <settings::Dialog {language} {settings} {on_deed} /> },
    }
}

thread_local! {
    static ROOT: RefCell<Option<yew::AppHandle<Dialogs>>> = const { RefCell::new(None) };
}

/// Shows what the bytes say is open. `hear` is called with bytes of what is done in it, and with a file
/// that goes with that.
pub fn show(shown: &[u8], hear: Function) {
    let Some((language, shown)) = Plain::from_bytes(shown) else { return };
    let on_deed = Callback::from(move |(deed, file): (Deed, Option<File>)| {
        let bytes = Uint8Array::from(&deed.to_bytes()[..]);
        // The page throws nothing.
        let _ = hear.call2(&JsValue::NULL, &bytes, &file.map_or(JsValue::UNDEFINED, JsValue::from));
    });
    let props = Props { language, shown, on_deed };
    ROOT.with_borrow_mut(|root| match root {
        Some(root) => root.update(props),
        None => {
            let host = platform::host();
            *root = Some(yew::Renderer::with_root_and_props(host, props).render());
        }
    });
}
