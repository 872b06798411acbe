//! What a photo's file says of it, for the page's worker.

use tagsight_metadata::Keyword;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser;

/// The keywords that people, or other programs, gave a photo, as flat words; none where it has none that
/// can be read.
#[wasm_bindgen]
pub fn keywords(photo: &[u8]) -> Vec<String> {
    let read = tagsight_metadata::read(photo, &|word| browser::fold(word));
    let own = read.map(|said| said.own).unwrap_or_default();
    own.iter().map(Keyword::leaf).map(str::to_owned).collect()
}

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}
