//! Plain values as the browser's own, and back.

use js_sys::Uint8Array;
use tagsight_plain::Plain;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./plain.js")]
extern "C" {
    /// The bytes of a value of the browser's; what is none of a plain value is nothing.
    pub(super) fn pack(value: &JsValue) -> Vec<u8>;
    fn unpack(bytes: &[u8]) -> JsValue;
    #[wasm_bindgen(js_name = json)]
    fn json_of(bytes: &[u8], indent: u32) -> String;
}

/// A plain value as the browser's.
pub(super) fn value(plain: &impl Plain) -> JsValue {
    unpack(&plain.to_bytes())
}

/// What a value of the browser's is; nothing if it is something else.
pub(super) fn read<T: Plain>(value: &JsValue) -> Option<T> {
    T::from_bytes(&pack(value))
}

/// A message to another module of this build: its bytes as they are.
pub(super) fn message(plain: &impl Plain) -> Uint8Array {
    Uint8Array::from(&plain.to_bytes()[..])
}

/// What such a message is; nothing if another build sent it.
pub(super) fn read_message<T: Plain>(message: &JsValue) -> Option<T> {
    T::from_bytes(&message.dyn_ref::<Uint8Array>()?.to_vec())
}

/// A plain value as JSON, by the browser's own serialiser.
pub(crate) fn json(plain: &impl Plain, indent: u32) -> String {
    json_of(&plain.to_bytes(), indent)
}
