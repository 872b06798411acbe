//! Every call to the browser that the page makes.

mod photo;
mod worker;

pub(crate) use photo::{Picture, files_of_clipboard, files_of_drop, files_of_input, make_photo};
pub(crate) use worker::{WorkerEvent, WorkerLink};

use gloo_events::EventListener;
use js_sys::{Uint8Array, WebAssembly};
use tagsight_protocol::Manifest;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, Document, Element, File, Response, UrlSearchParams, Window};
use yew::Callback;

use crate::engine::Engine;

fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

fn document() -> Document {
    window().document().expect("the page has a document")
}

/// The element that the page is drawn into.
pub(crate) fn root() -> Element {
    document().get_element_by_id("app").expect("index.html has #app")
}

/// The path, and the query's names and values, decoded.
pub(crate) fn address() -> (String, Vec<(String, String)>) {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    let pairs = UrlSearchParams::new_with_str(&query).map(|parameters| {
        let pairs = parameters.entries().into_iter().flatten();
        pairs.map(|pair| {
            let pair: js_sys::Array = pair.unchecked_into();
            let text = |index| pair.get(index).as_string().unwrap_or_default();
            (text(0), text(1))
        })
    });
    (path, pairs.into_iter().flatten().collect())
}

/// Whether this browser has what `engine` needs.
pub(crate) fn runs(engine: Engine) -> bool {
    WebAssembly::validate(&Uint8Array::from(engine.probe()).buffer()).unwrap_or(false)
}

/// Gives pasted files to `on_files` until the listener is dropped.
pub(crate) fn on_paste(on_files: Callback<Vec<File>>) -> EventListener {
    EventListener::new(&window(), "paste", move |event| {
        let files = event.dyn_ref::<ClipboardEvent>().map(files_of_clipboard).unwrap_or_default();
        if !files.is_empty() {
            on_files.emit(files);
        }
    })
}

/// The site's models; none if that cannot be found out.
pub(crate) async fn models() -> Vec<String> {
    let manifest = async {
        let response = JsFuture::from(window().fetch_with_str("models/manifest.json")).await?;
        let text = JsFuture::from(response.unchecked_into::<Response>().text()?).await?;
        Ok::<_, wasm_bindgen::JsValue>(text.as_string().unwrap_or_default())
    };
    let text = manifest.await.unwrap_or_default();
    let manifest: Manifest = serde_json::from_str(&text).unwrap_or(Manifest { models: Vec::new() });
    manifest.models.into_iter().map(|model| model.name).collect()
}
