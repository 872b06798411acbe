//! The lock that keeps an update waiting while any tab tags photos.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(raw_module = "./browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = holdBatch)]
    fn hold_batch() -> Function;

    #[wasm_bindgen(js_name = isBatchHeld)]
    fn ask_whether_held() -> Promise;
}

/// Whether any tab is tagging photos, as far as the browser tells.
pub(crate) async fn is_batch_held() -> bool {
    let held = JsFuture::from(ask_whether_held()).await;
    held.ok().and_then(|held| held.as_bool()).unwrap_or(false)
}

/// Held while photos are being tagged, by as many tabs as do so; given back when it is dropped.
pub(crate) struct BatchLock {
    release: Function,
}

impl BatchLock {
    /// Takes the lock, where the browser has such. Nobody waits for it: only an update takes it for
    /// itself, and that only if it is free.
    pub(crate) fn take() -> Self {
        Self { release: hold_batch() }
    }
}

impl Drop for BatchLock {
    fn drop(&mut self) {
        // It resolves a promise, which cannot fail.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}
