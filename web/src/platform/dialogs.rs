//! The dialogs' module, which comes when the page has what it needs itself.

use js_sys::{Promise, Uint8Array};
use tagsight_plain::Plain;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, File};
use yew::Callback;

use super::window::document;
use crate::dialogs::Deed;

#[wasm_bindgen(raw_module = "./browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = loadDialogs)]
    fn load() -> Promise;
    #[wasm_bindgen(js_name = showDialog)]
    fn show(shown: &Uint8Array, hear: &JsValue) -> Promise;
}

/// Has the module come before it is first of use.
pub(crate) fn load_dialogs() {
    // Where it does not come now it is asked for again.
    spawn_local(async { drop(JsFuture::from(load()).await) });
}

/// Has what the bytes say is open shown. `on_deed` hears what is done in it, and of the file that goes
/// with that; `not_loaded` hears if the module does not come.
pub(crate) fn show_dialog(
    shown: &[u8],
    on_deed: Callback<(Deed, Option<File>)>,
    not_loaded: Callback<()>,
) {
    let hear = Closure::<dyn Fn(Vec<u8>, Option<File>)>::new(move |deed: Vec<u8>, file| {
        if let Some(deed) = Deed::from_bytes(&deed) {
            on_deed.emit((deed, file));
        }
    });
    // The browser frees it when the dialog is drawn anew.
    let shown = show(&Uint8Array::from(shown), &hear.into_js_value());
    spawn_local(async move {
        if JsFuture::from(shown).await.is_err() {
            not_loaded.emit(());
        }
    });
}

/// A new element for the dialogs, which is no part of the page's own.
pub(crate) fn host() -> Element {
    let host = document().create_element("div").expect("it is an element's name");
    let body = document().body().expect("the page has a body");
    // What is new can be anywhere.
    let _ = body.append_child(&host);
    host
}
