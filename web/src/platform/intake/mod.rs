//! Photos that the user gives: chosen, dropped or pasted, one by one or in folders.
//!
//! What is no photo is left out of folders, which are full of other things, and counted. A file
//! that was given by itself is taken whatever it is, so that it gets an answer.

mod entries;
mod files;
mod handles;
mod kind;
mod reopen;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, DataTransferItem, DragEvent, File, HtmlInputElement};

pub(crate) use files::files_of_input;
pub(crate) use handles::Handle as FileHandle;
pub(crate) use reopen::{ask_to_open, open_file};

use entries::Entry;
use files::{files_of_clipboard, files_of_drop};
use handles::Handle;

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

// web-sys lacks these, or has them as types that need more of it.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = File)]
    type FileOfFolder;

    #[wasm_bindgen(method, getter, js_name = webkitRelativePath)]
    fn relative_path(this: &FileOfFolder) -> Option<String>;

    #[wasm_bindgen(extends = DataTransferItem)]
    type DroppedItem;

    #[wasm_bindgen(method, catch, js_name = webkitGetAsEntry)]
    fn entry(this: &DroppedItem) -> Result<Option<Entry>, JsValue>;

    /// Of Chromium only.
    #[wasm_bindgen(method, catch, js_name = getAsFileSystemHandle)]
    fn handle(this: &DroppedItem) -> Result<Promise, JsValue>;
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
    let input = super::document().create_element("input");
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
pub(crate) fn given_by_paste(event: &ClipboardEvent) -> Given {
    files_of_clipboard(event).into()
}

/// What was dropped. The event is looked at at once, as it is empty later; folders take a while.
pub(crate) fn given_by_drop(event: &DragEvent) -> impl Future<Output = Given> + use<> {
    let items: Vec<_> = items_of(event).iter().filter_map(Dropped::of).collect();
    let files = files_of_drop(event);
    async move {
        if items.is_empty() {
            return files.into();
        }
        let mut given = Given::default();
        for item in items {
            item.give_to(&mut given).await;
        }
        given
    }
}

fn items_of(event: &DragEvent) -> Vec<DataTransferItem> {
    let items = event.data_transfer().map(|data| data.items());
    items
        .map(|items| (0..items.length()).filter_map(|index| items.get(index)).collect())
        .unwrap_or_default()
}

/// One thing that was dropped: a file or a folder.
struct Dropped {
    /// Resolves to the best there is, where there is any.
    handle: Option<Promise>,
    entry: Option<Entry>,
    file: Option<File>,
}

impl Dropped {
    /// None for texts and links.
    fn of(item: &DataTransferItem) -> Option<Self> {
        if item.kind() != "file" {
            return None;
        }
        let file = item.get_as_file().ok().flatten();
        let item: &DroppedItem = item.unchecked_ref();
        Some(Self { handle: item.handle().ok(), entry: item.entry().ok().flatten(), file })
    }

    async fn give_to(self, given: &mut Given) {
        let handle = match self.handle {
            // Some folders of the system are refused, and are found by their entries.
            Some(handle) => JsFuture::from(handle).await.ok().filter(JsValue::is_object),
            None => None,
        };
        let handle: Option<Handle> = handle.map(JsCast::unchecked_into);
        let (is_folder, entry) = (handle.as_ref().is_some_and(Handle::is_folder), self.entry);
        match (handle, entry.filter(Entry::is_directory), self.file) {
            (Some(handle), ..) if is_folder => handles::walk(handle, given).await,
            (_, Some(entry), _) => entries::walk(entry, given).await,
            (handle, _, Some(file)) => {
                given.files.push(GivenFile::alone(file, handle));
            }
            (_, _, None) => given.left_out += 1,
        }
    }
}
