//! What the page gives.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An object of the page's.
    pub type Given;

    /// The library's records and settings.
    #[wasm_bindgen(method, getter)]
    pub(super) fn library(this: &Given) -> Vec<u8>;

    /// Of each a file or its handle, or nothing.
    #[wasm_bindgen(method, getter)]
    pub(super) fn files(this: &Given) -> Array;

    /// Of each whether it is shown (1) and chosen (2).
    #[wasm_bindgen(method, getter)]
    pub(super) fn marks(this: &Given) -> Vec<u8>;

    /// The page's language, by its code.
    #[wasm_bindgen(method, getter)]
    pub(super) fn language(this: &Given) -> String;

    /// Whether it was asked for of what is chosen.
    #[wasm_bindgen(method, getter, js_name = ofChosen)]
    pub(super) fn of_chosen(this: &Given) -> bool;

    /// Asks which of some handles may be opened.
    #[wasm_bindgen(method, getter, js_name = mayOpen)]
    pub(super) fn may_open(this: &Given) -> Function;

    /// Hears of a photo's new file: the photo's id, the file.
    #[wasm_bindgen(method, getter, js_name = onWritten)]
    pub(super) fn on_written(this: &Given) -> Function;
}
