//! What a browser says of an error.

use wasm_bindgen::{JsCast, JsValue};

/// Its own words, if it has any.
pub(super) fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(String::new, |error| error.message().into())
}
