//! Every call to the browser that the page makes.

mod along;
mod awake;
mod backup;
mod batch_lock;
mod database;
mod dialogs;
mod dragging;
mod error;
mod handed;
mod intake;
mod memory;
mod offline;
mod photo;
mod plain;
mod reload;
mod screen;
mod site;
mod storage;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
mod time;
mod trial;
mod urls;
mod window;
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
    given_by_input, on_paste, open_file,
};
pub(crate) use memory::{Memory, remember, remembered};
pub(crate) use offline::{Offline, OfflineEvent, OfflineStatus, Update};
pub(crate) use photo::make_photo;
pub(crate) use plain::json;
pub(crate) use reload::{reload, reload_once};
pub(crate) use screen::{
    ScreenWatch, covered, focus, hold_still, is_typing, measure, on_key, scroll_by, scroll_to_top,
    set_style, tile_at, tile_of, watch_screen,
};
pub(crate) use site::{fetch_file, models};
pub(crate) use storage::{Persistence, Plea, Room, persistence, room};
pub(crate) use time::{Interval, Timer, after, every, local_time, now};
pub(crate) use urls::{ObjectUrl, UrlPool};
pub(crate) use window::root;
pub(crate) use worker::{WorkerEvent, WorkerLink};

use js_sys::{Uint8Array, WebAssembly};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::UrlSearchParams;

use crate::build::Build;
use crate::text::Language;
use window::{document, window};

#[wasm_bindgen(raw_module = "./browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = canShareMemory)]
    fn can_share_memory() -> bool;
}

/// How many threads this device can run at a time, as far as the browser says.
pub(crate) fn processors() -> u32 {
    window().navigator().hardware_concurrency() as u32
}

/// What the address's query says of a name, decoded.
pub(crate) fn query() -> impl Fn(&str) -> Option<String> {
    let query = window().location().search().unwrap_or_default();
    let query = UrlSearchParams::new_with_str(&query).ok();
    move |name| query.as_ref()?.get(name)
}

/// Whether this browser has what `build` needs.
pub(crate) fn runs(build: Build) -> bool {
    if build.shares_memory() && (processors() < 2 || !can_share_memory()) {
        return false;
    }
    WebAssembly::validate(&Uint8Array::from(build.probe()).buffer()).unwrap_or(false)
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
