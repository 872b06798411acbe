//! Every call to the browser that the module makes, but for the document: through `load.js`, where
//! they are all calls and no thought.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DomException, File};

#[wasm_bindgen(raw_module = "./load.js")]
extern "C" {
    /// What becomes of a photo and its sidecar: the other module's answer to a request.
    pub(crate) fn plan(request: &[u8], photo: Option<&[u8]>, sidecar: Option<&[u8]>) -> Vec<u8>;
    /// The places of the parts of a photo that code its picture.
    fn coded(photo: &[u8]) -> Vec<u32>;
    /// A moment by the user's clock, with its zone.
    #[wasm_bindgen(js_name = localTime)]
    pub(crate) fn local_time(millis: f64) -> String;
    #[wasm_bindgen(js_name = hasFolders)]
    pub(crate) fn has_folders() -> bool;
    #[wasm_bindgen(js_name = hasShare)]
    pub(crate) fn has_share() -> bool;
    /// The file of a file or its handle.
    #[wasm_bindgen(catch, js_name = fileOf)]
    async fn file_of(source: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = bytesOf)]
    async fn bytes_of(blob: &Blob) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = digest)]
    async fn digest(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
    /// The user's folder, to be written into.
    #[wasm_bindgen(catch, js_name = pickFolder)]
    pub(crate) async fn pick_folder() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn walk(folder: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn sibling(folder: &JsValue, name: &str) -> Result<JsValue, JsValue>;
    /// Puts parts in the place of a file's.
    #[wasm_bindgen(catch)]
    pub(crate) async fn replace(handle: &JsValue, parts: &Array) -> Result<(), JsValue>;
    /// The same of a file that may be new.
    #[wasm_bindgen(catch)]
    pub(crate) async fn create(folder: &JsValue, name: &str, parts: &Array) -> Result<(), JsValue>;
    /// Removes a file.
    #[wasm_bindgen(catch)]
    pub(crate) async fn remove(folder: &JsValue, name: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_name = openSink)]
    async fn promise_sink(name: &str, media_type: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn wait() -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_name = tidy)]
    pub(crate) async fn tidy() -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = canShare)]
    pub(crate) fn can_share(files: &Array) -> bool;
    #[wasm_bindgen(catch)]
    pub(crate) async fn share(files: &Array) -> Result<(), JsValue>;
    /// What was remembered; empty if nothing was.
    pub(crate) fn recall(key: &str) -> String;
    pub(crate) fn remember(key: &str, value: &str);

    /// A new file that is written from front to back.
    pub(crate) type Sink;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn name(this: &Sink) -> String;
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn write(this: &Sink, part: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn close(this: &Sink) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn abort(this: &Sink) -> Result<(), JsValue>;
}

/// Where a new file goes, which the user may be asked for.
pub(crate) async fn open_sink(name: &str, media_type: &str) -> Result<Sink, JsValue> {
    promise_sink(name, media_type).await.map(JsCast::unchecked_into)
}

/// A file of a folder.
#[derive(Clone)]
pub(crate) struct Found {
    /// From the folder on.
    pub(crate) path: String,
    /// In form C.
    pub(crate) name: String,
    pub(crate) handle: JsValue,
    /// The folder that it is in.
    pub(crate) folder: JsValue,
}

/// Every file of a folder and of those in it.
pub(crate) async fn files(folder: &JsValue) -> Result<Vec<Found>, JsValue> {
    let found: Array = walk(folder).await?.unchecked_into();
    let of = |row: JsValue| {
        let row: Array = row.unchecked_into();
        let text = |index| row.get(index).as_string().unwrap_or_default();
        Found { path: text(0), name: text(1), handle: row.get(2), folder: row.get(3) }
    };
    Ok(found.iter().map(of).collect())
}

/// The file of what the page or a folder gave, as it is now.
pub(crate) async fn file(source: &JsValue) -> Result<File, JsValue> {
    file_of(source).await.map(JsCast::unchecked_into)
}

/// What is in the sidecar of that name in a folder, if there is one.
pub(crate) async fn read_sibling(folder: &JsValue, name: &str) -> Result<Option<Vec<u8>>, JsValue> {
    let file = sibling(folder, name).await?;
    if file.is_undefined() { Ok(None) } else { read(file.unchecked_ref()).await.map(Some) }
}

/// What is in a file.
pub(crate) async fn read(blob: &Blob) -> Result<Vec<u8>, JsValue> {
    Ok(bytes_of(blob).await?.unchecked_into::<Uint8Array>().to_vec())
}

/// What a photo is known by. Some browsers compute no digests where the page's host is not trusted; files
/// are believed there.
pub(crate) async fn identity(photo: &[u8]) -> Option<String> {
    let places = coded(photo);
    let parts =
        places.as_chunks().0.iter().map(|&[start, end]| &photo[start as usize..end as usize]);
    let parts: Vec<&[u8]> = parts.collect();
    let all = match parts[..] {
        [part] => Uint8Array::from(part),
        _ => Uint8Array::from(&parts.concat()[..]),
    };
    digest(&all).await.ok()?.as_string()
}

/// Lets the browser do what waits.
pub(crate) async fn pause() {
    // It is never refused.
    let _ = wait().await;
}

/// Bytes for the browser.
pub(crate) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// What went wrong, in the browser's words; none if the user did not want to go on.
pub(crate) fn words(error: &JsValue) -> Option<String> {
    if let Some(error) = error.dyn_ref::<DomException>() {
        return (error.name() != "AbortError").then(|| error.message());
    }
    let message = || error.dyn_ref::<js_sys::Error>().map(|error| error.message().into());
    Some(error.as_string().or_else(message).unwrap_or_default())
}
