//! Every call to the browser that the page makes.

mod along;
mod awake;
mod backup;
mod batch_lock;
mod database;
mod dialogs;
mod dragging;
mod handed;
mod intake;
mod offline;
mod photo;
mod plain;
mod reload;
mod screen;
mod storage;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
mod time;
mod trial;
mod urls;
mod worker;

pub(crate) use along::{Along, take_along};
pub(crate) use awake::Awake;
pub(crate) use backup::{Backup, BackupProblem, make_backup, read_backup, save};
pub(crate) use batch_lock::{BatchLock, is_batch_held};
pub(crate) use database::{Changed, Database, LIBRARY, Loaded, StoreProblem, Write};
pub(crate) use dialogs::{host, load_dialogs, show_dialog};
pub(crate) use dragging::on_drop;
pub(crate) use handed::{on_launch, shared_files};
pub(crate) use intake::{
    FileHandle, Given, GivenFile, ask_to_open, can_choose_folders, can_take_photos, files_of_input,
    given_by_input, given_by_paste, open_file,
};
pub(crate) use offline::{Offline, OfflineEvent, OfflineStatus, Update};
pub(crate) use photo::make_photo;
pub(crate) use plain::json;
pub(crate) use reload::{reload, reload_once};
pub(crate) use screen::{
    ScreenWatch, covered, focus, hold_still, is_typing, measure, on_key, scroll_by, scroll_to_top,
    set_style, tile_at, tile_of, watch_screen,
};
pub(crate) use storage::{Persistence, Plea, Room, persistence, room};
pub(crate) use time::{Interval, Timer, after, every, local_time, now};
pub(crate) use urls::{ObjectUrl, UrlPool};
pub(crate) use worker::{WorkerEvent, WorkerLink};

use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Promise, Uint8Array, WebAssembly};
use tagsight_protocol::Manifest;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ClipboardEvent, Document, Element, File, RequestCache, RequestInit, Response, Storage,
    UrlSearchParams, Window,
};
use yew::Callback;

use crate::backend::Build;
use crate::choice::Models;
use crate::reason::Problem;
use crate::text::Language;

/// What is remembered from visit to visit, where the browser lets a page do so.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Memory {
    /// The model that was last chosen.
    Model,
    /// What was last chosen to tag.
    Backend,
    /// The language that was last chosen.
    Language,
    /// The graphics processor is being tried, and may take the page down.
    GpuTrial,
}

impl Memory {
    fn key(self) -> &'static str {
        match self {
            Self::Model => "tagsight.model",
            Self::Backend => "tagsight.engine",
            Self::Language => "tagsight.language",
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

/// What the address's query says of a name, decoded.
pub(crate) fn query() -> impl Fn(&str) -> Option<String> {
    let query = window().location().search().unwrap_or_default();
    let query = UrlSearchParams::new_with_str(&query).ok();
    move |name| query.as_ref()?.get(name)
}

/// Whether this browser has what `build` needs.
pub(crate) fn runs(build: Build) -> bool {
    WebAssembly::validate(&Uint8Array::from(build.probe()).buffer()).unwrap_or(false)
}

/// Gives pasted files to `on_files` until the listener is dropped.
pub(crate) fn on_paste(on_files: Callback<Given>) -> EventListener {
    EventListener::new(&window(), "paste", move |event| {
        let given = event.dyn_ref::<ClipboardEvent>().map(given_by_paste).unwrap_or_default();
        if !given.files.is_empty() {
            on_files.emit(given);
        }
    })
}

/// A file of the site as one that was given; nothing if it does not come.
pub(crate) async fn fetch_file(path: &'static str) -> Given {
    let file = async {
        let response = JsFuture::from(window().fetch_with_str(path)).await?;
        let blob = JsFuture::from(response.unchecked_into::<Response>().blob()?).await?;
        File::new_with_blob_sequence(&js_sys::Array::of1(&blob), path)
    };
    file.await.map(|file: File| Given::from(vec![file])).unwrap_or_default()
}

/// A text in Unicode's normalisation form C, which the library compares: files of Apple's come in
/// form D, where a Korean syllable is its letters.
pub(crate) fn nfc(text: &str) -> String {
    let text = js_sys::JsString::from(text);
    text.normalize("NFC").into()
}

/// Asks the user whether something is to be done that cannot be taken back.
pub(crate) fn confirm(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(false)
}

/// Has the device say by a touch that something began, where it can.
pub(crate) fn tick() {
    // Only phones have what it takes.
    let _ = window().navigator().vibrate_with_duration(10);
}

/// The language to begin with.
pub(crate) fn language(asked: Option<Language>) -> Language {
    let remembered = remembered(Memory::Language).and_then(|code| Language::named(&code));
    let languages = window().navigator().languages();
    Language::first(asked, remembered, languages.iter().filter_map(|tag| tag.as_string()))
}

/// Says in which language the page is, for screen readers, fonts and hyphenation.
pub(crate) fn declare(language: Language) {
    if let Some(root) = document().document_element() {
        // Any element takes this attribute.
        let _ = root.set_attribute("lang", language.code());
    }
}

/// The site's models.
pub(crate) async fn models() -> Result<Models, Problem> {
    let manifest = fetch_manifest().await;
    let manifest = manifest.map_err(|error| Problem::NoList { detail: words(&error) })?;
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
    plain::read(&json).ok_or_else(|| js_sys::Error::new("no list").into())
}

/// Waits; zero does not.
async fn sleep(millis: i32) {
    if millis == 0 {
        return;
    }
    let later = Promise::new(&mut |resolve, _| {
        let window = window();
        // It fails for texts in place of functions only.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    // It is never rejected.
    let _ = JsFuture::from(later).await;
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
