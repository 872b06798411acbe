//! Every call to the browser that the page makes.

mod photo;
mod worker;

pub(crate) use photo::{Picture, files_of_clipboard, files_of_drop, files_of_input, make_photo};
pub(crate) use worker::{WorkerEvent, WorkerLink};

use gloo_events::EventListener;
use js_sys::{JSON, Uint8Array, WebAssembly};
use serde::Serialize;
use tagsight_protocol::Manifest;
use wasm_bindgen::{JsCast, JsValue};
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
        let json = JsFuture::from(response.unchecked_into::<Response>().json()?).await?;
        Ok::<Manifest, JsValue>(serde_wasm_bindgen::from_value(json)?)
    };
    let manifest = manifest.await.unwrap_or(Manifest { models: Vec::new() });
    manifest.models.into_iter().map(|model| model.name).collect()
}

/// Plain data as JSON for people; the browser's own serialiser, as one of ours would be heavier.
pub(crate) fn json(value: &impl Serialize) -> String {
    let value = serde_wasm_bindgen::to_value(value).expect("plain data becomes a value");
    JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from(2))
        .map_or_else(|_| String::new(), String::from)
}
