//! Every call to the browser that the page makes.

mod photo;
mod trial;
mod worker;

pub(crate) use photo::{Picture, files_of_clipboard, files_of_drop, files_of_input, make_photo};
pub(crate) use worker::{WorkerEvent, WorkerLink};

use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{JSON, Uint8Array, WebAssembly};
use serde::Serialize;
use tagsight_protocol::Manifest;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ClipboardEvent, Document, Element, File, RequestCache, RequestInit, Response, Storage,
    UrlSearchParams, Window,
};
use yew::Callback;

use crate::choice::Models;
use crate::engine::Engine;

/// What is remembered from visit to visit, where the browser lets a page do so.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Memory {
    /// The model that was last chosen.
    Model,
    /// What was last chosen to tag.
    Engine,
    /// The graphics processor is being tried, and may take the page down.
    GpuTrial,
}

impl Memory {
    fn key(self) -> &'static str {
        match self {
            Self::Model => "tagsight.model",
            Self::Engine => "tagsight.engine",
            Self::GpuTrial => "tagsight.gpu-trial",
        }
    }
}

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

/// The site's models; the error is for the user.
pub(crate) async fn models() -> Result<Models, String> {
    let manifest = fetch_manifest().await.map_err(|error| {
        let words = words(&error);
        format!(
            "The list of models could not be downloaded ({words}). Check your connection and try \
             again."
        )
    })?;
    Ok(manifest.models.into_iter().map(Rc::new).collect())
}

async fn fetch_manifest() -> Result<Manifest, JsValue> {
    let init = RequestInit::new();
    // An old list would announce files that changed.
    init.set_cache(RequestCache::NoCache);
    let response = window().fetch_with_str_and_init("models/manifest.json", &init);
    let response: Response = JsFuture::from(response).await?.unchecked_into();
    match response.status() {
        200 => {}
        404 => return Ok(Manifest::default()),
        status => return Err(js_sys::Error::new(&format!("status {status}")).into()),
    }
    let json = JsFuture::from(response.json()?).await?;
    Ok(serde_wasm_bindgen::from_value(json)?)
}

fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(String::new, |error| error.message().into())
}

/// What was remembered.
pub(crate) fn remembered(memory: Memory) -> Option<String> {
    storage()?.get_item(memory.key()).ok().flatten()
}

/// Remembers something, if the browser lets it.
pub(crate) fn remember(memory: Memory, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage costs a choice next time, nothing now.
        let _ = storage.set_item(memory.key(), value);
    }
}

fn forget(memory: Memory) {
    if let Some(storage) = storage() {
        // What could not be stored is not there.
        let _ = storage.remove_item(memory.key());
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Plain data as JSON for people; the browser's own serialiser, as one of ours would be heavier.
pub(crate) fn json(value: &impl Serialize) -> String {
    let value = serde_wasm_bindgen::to_value(value).expect("plain data becomes a value");
    JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from(2))
        .map_or_else(|_| String::new(), String::from)
}
