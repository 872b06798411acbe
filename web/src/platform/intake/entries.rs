//! Folders by their entries, which every browser gives of what is dropped.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{Given, GivenFile};

#[wasm_bindgen]
extern "C" {
    /// A file or a folder.
    pub(super) type Entry;

    #[wasm_bindgen(method, getter, js_name = isDirectory)]
    pub(super) fn is_directory(this: &Entry) -> bool;

    /// From the root of what was dropped, which is `/`.
    #[wasm_bindgen(method, getter, js_name = fullPath)]
    fn full_path(this: &Entry) -> String;

    #[wasm_bindgen(method)]
    fn file(this: &Entry, found: &Function, failed: &Function);

    #[wasm_bindgen(method, js_name = createReader)]
    fn create_reader(this: &Entry) -> Reader;

    /// Lists a folder.
    type Reader;

    #[wasm_bindgen(method, js_name = readEntries)]
    fn read_entries(this: &Reader, found: &Function, failed: &Function);
}

/// Gives all of a folder's photos, and of the folders in it, to `given`.
pub(super) async fn walk(folder: Entry, given: &mut Given) {
    let first = given.files.len();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        let reader = folder.create_reader();
        // Some hundred come at a time, none after the last.
        while let Some(batch) = next_batch(&reader).await {
            for entry in batch.iter().map(JsCast::unchecked_into::<Entry>) {
                if entry.is_directory() {
                    folders.push(entry);
                } else {
                    take(&entry, given, first).await;
                }
            }
        }
    }
}

/// A folder that cannot be read is as good as empty.
async fn next_batch(reader: &Reader) -> Option<Array> {
    let batch = Promise::new(&mut |resolve, reject| reader.read_entries(&resolve, &reject));
    let batch: Array = JsFuture::from(batch).await.ok()?.unchecked_into();
    (batch.length() > 0).then_some(batch)
}

async fn take(entry: &Entry, given: &mut Given, first: usize) {
    let file = Promise::new(&mut |resolve, reject| entry.file(&resolve, &reject));
    match JsFuture::from(file).await.map(JsValue::unchecked_into) {
        Ok(file) => {
            let path = entry.full_path().trim_start_matches('/').to_owned();
            given.consider(GivenFile { file, path, handle: None }, first);
        }
        Err(_) => given.left_out += 1,
    }
}
