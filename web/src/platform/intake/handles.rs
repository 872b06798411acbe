//! Handles, which Chromium gives of files: one can be kept, and finds the file again on later visits.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

// web-sys has it among its unstable interfaces.
#[wasm_bindgen]
extern "C" {
    /// A file's.
    #[derive(Clone)]
    pub(crate) type Handle;

    #[wasm_bindgen(method, catch, js_name = getFile)]
    fn get_file(this: &Handle) -> Result<Promise, JsValue>;
}

impl Handle {
    /// The file, as it is now.
    pub(super) async fn file(&self) -> Result<File, JsValue> {
        JsFuture::from(self.get_file()?).await.map(JsCast::unchecked_into)
    }
}
