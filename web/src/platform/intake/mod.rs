//! Photos that the user gives: chosen, dropped or pasted, one by one or in folders.
//!
//! What is no photo is left out of folders, which are full of other things, and counted. A file
//! that was given by itself is taken whatever it is, so that it gets an answer.

mod files;
mod handles;
mod kind;
mod reopen;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

use gloo_events::EventListener;
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, DragEvent, File, HtmlInputElement};
use yew::Callback;

pub(crate) use files::files_of_input;
pub(crate) use handles::Handle as FileHandle;
pub(crate) use reopen::{ask_to_open, open_file};

use files::files_of_clipboard;
use handles::Handle;

use super::window::{document, window};

/// A file that the user gave.
pub(crate) struct GivenFile {
    /// The file itself.
    pub(crate) file: File,
    /// Its name, after the folders that it was found in: `Holiday/IMG_1.jpg`.
    pub(crate) path: String,
    /// The browser's handle of it, where there is one, to find it by on later visits.
    pub(crate) handle: Option<Handle>,
}

/// What the user gave at once.
#[derive(Default)]
pub(crate) struct Given {
    /// The files, those of folders by their paths.
    pub(crate) files: Vec<GivenFile>,
    /// Files in folders that are no photos, or cannot be read.
    pub(crate) left_out: usize,
}

impl Given {
    /// Takes a file of a folder, or leaves it out. Browsers list folders in any order, mostly in the
    /// right one; the files from `first` on are kept in the order of their paths.
    fn consider(&mut self, found: GivenFile, first: usize) {
        if kind::is_photo(&found.file.name(), &found.file.type_()) {
            let at = self.files[first..].partition_point(|other| other.path <= found.path);
            self.files.insert(first + at, found);
        } else {
            self.left_out += 1;
        }
    }

    /// Takes the files of one thing that was dropped, as `static/dropped.js` gives them.
    fn take(&mut self, thing: &Array) {
        let first = self.files.len();
        for found in thing.iter() {
            let found: Array = found.unchecked_into();
            let handle = Some(found.get(2)).filter(JsValue::is_object);
            let handle = handle.map(JsCast::unchecked_into);
            match (found.get(0).dyn_into::<File>(), found.get(1).as_string().unwrap_or_default()) {
                (Ok(file), path) if path.is_empty() => {
                    self.files.push(GivenFile::alone(file, handle));
                }
                (Ok(file), path) => self.consider(GivenFile { file, path, handle }, first),
                (Err(_), _) => self.left_out += 1,
            }
        }
    }
}

impl From<Vec<File>> for Given {
    /// Of files that were given one by one.
    fn from(files: Vec<File>) -> Self {
        let files = files.into_iter().map(|file| GivenFile::alone(file, None)).collect();
        Self { files, left_out: 0 }
    }
}

impl GivenFile {
    pub(super) fn alone(file: File, handle: Option<Handle>) -> Self {
        Self { path: file.name(), file, handle }
    }
}

#[wasm_bindgen(raw_module = "./dropped.js")]
extern "C" {
    fn dropped(event: &DragEvent) -> Promise;
}

// web-sys lacks it.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = File)]
    type FileOfFolder;

    #[wasm_bindgen(method, getter, js_name = webkitRelativePath)]
    fn relative_path(this: &FileOfFolder) -> Option<String>;
}

/// Whether the page can ask for folders (`<input webkitdirectory>`).
pub(crate) fn can_choose_folders() -> bool {
    inputs_have("webkitdirectory")
}

/// Whether the page can ask for a photo to be taken (`<input capture>`); only phones can.
pub(crate) fn can_take_photos() -> bool {
    inputs_have("capture")
}

fn inputs_have(property: &str) -> bool {
    let input = document().create_element("input");
    input.is_ok_and(|input| Reflect::has(&input, &property.into()).unwrap_or(false))
}

/// What was chosen in `input`, which is emptied so that the same can be chosen again.
pub(crate) fn given_by_input(input: &HtmlInputElement) -> Given {
    let mut given = Given::default();
    for file in files_of_input(input) {
        let path = file.unchecked_ref::<FileOfFolder>().relative_path().unwrap_or_default();
        if path.is_empty() {
            given.files.push(GivenFile::alone(file, None));
        } else {
            given.consider(GivenFile { file, path, handle: None }, 0);
        }
    }
    given
}

/// What was pasted.
fn given_by_paste(event: &ClipboardEvent) -> Given {
    files_of_clipboard(event).into()
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

/// What was dropped. The event is looked at at once, as it is empty later; folders take a while.
pub(crate) fn given_by_drop(event: &DragEvent) -> impl Future<Output = Given> + use<> {
    let things = JsFuture::from(dropped(event));
    async move {
        let things: Array = things.await.map(JsCast::unchecked_into).unwrap_or_default();
        let mut given = Given::default();
        things.iter().for_each(|thing| given.take(thing.unchecked_ref()));
        given
    }
}
