//! The dialogs' module, which waits for what is to be shown.

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;

/// Shows what the bytes say is open, and tells `hear` what is done in it.
#[wasm_bindgen]
pub fn show(shown: &[u8], hear: Function) {
    tagsight_web::show_dialog(shown, hear);
}

fn main() {}
