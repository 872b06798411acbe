//! Folders by their handles, which Chromium gives of what is dropped: a handle can be kept, and
//! finds the file again on later visits.

use js_sys::{AsyncIterator, IteratorNext, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{Given, GivenFile};

// web-sys has some of these among its unstable interfaces.
#[wasm_bindgen]
extern "C" {
    /// A file's or a folder's.
    #[derive(Clone)]
    pub(crate) type Handle;

    #[wasm_bindgen(method, getter)]
    fn kind(this: &Handle) -> String;

    #[wasm_bindgen(method, getter)]
    fn name(this: &Handle) -> String;

    #[wasm_bindgen(method, catch)]
    fn values(this: &Handle) -> Result<AsyncIterator, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getFile)]
    fn get_file(this: &Handle) -> Result<Promise, JsValue>;
}

impl Handle {
    pub(super) fn is_folder(&self) -> bool {
        self.kind() == "directory"
    }

    /// The file, as it is now.
    pub(super) async fn file(&self) -> Result<File, JsValue> {
        JsFuture::from(self.get_file()?).await.map(JsCast::unchecked_into)
    }
}

/// Gives all of a folder's photos, and of the folders in it, to `given`.
pub(super) async fn walk(folder: Handle, given: &mut Given) {
    let first = given.files.len();
    let mut folders = vec![(folder.name(), folder)];
    while let Some((path, folder)) = folders.pop() {
        let Ok(inside) = folder.values() else { continue };
        while let Some(handle) = next(&inside).await {
            let path = format!("{path}/{}", handle.name());
            if handle.is_folder() {
                folders.push((path, handle));
            } else {
                take(handle, path, given, first).await;
            }
        }
    }
}

/// A folder that cannot be read is as good as empty.
async fn next(inside: &AsyncIterator) -> Option<Handle> {
    let next = JsFuture::from(inside.next().ok()?).await.ok()?;
    let next: IteratorNext = next.unchecked_into();
    (!next.done()).then(|| next.value().unchecked_into())
}

async fn take(handle: Handle, path: String, given: &mut Given, first: usize) {
    match handle.file().await {
        Ok(file) => given.consider(GivenFile { file, path, handle: Some(handle) }, first),
        Err(_) => given.left_out += 1,
    }
}
