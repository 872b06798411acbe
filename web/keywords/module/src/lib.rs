//! The module: metadata read for the worker, and written for the dialog.
#![cfg(target_arch = "wasm32")]

use tagsight_core::photo::coded_parts;
use tagsight_keywords::{Photo, Request, Wire};
use tagsight_metadata::{Keyword, Said, Writer};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(raw_module = "./load.js")]
extern "C" {
    /// What words are compared by.
    fn fold(word: &str) -> String;
}

/// The keywords that people, or other programs, gave a photo, as flat words; none where it has none that
/// can be read.
#[wasm_bindgen]
pub fn keywords(photo: &[u8]) -> Vec<String> {
    let read = tagsight_metadata::read(photo, &|word| fold(word));
    let own = read.map(|said| said.own).unwrap_or_default();
    own.iter().map(Keyword::leaf).map(str::to_owned).collect()
}

/// What becomes of a photo and its sidecar, both as [`Wire`] has them; nothing if `request` is none.
#[wasm_bindgen]
pub fn plan(request: &[u8], photo: Option<Vec<u8>>, sidecar: Option<Vec<u8>>) -> Vec<u8> {
    let Some(mut request) = Request::from_bytes(request) else { return Vec::new() };
    let said = Said { own: request.remembered.take().unwrap_or_default(), ..Said::default() };
    let photo = photo.as_deref().map_or(Photo::Away(&said), Photo::Here);
    let Request { now, software, .. } = &request;
    let writer = Writer { now, software, fold: &|word| fold(word) };
    let sidecar = sidecar.as_deref();
    tagsight_keywords::plan(request.deed, photo, sidecar, &request.wanted, &writer).to_bytes()
}

/// The parts of a photo that code its picture, as places: each its start and its end.
#[wasm_bindgen]
pub fn coded(photo: &[u8]) -> Vec<u32> {
    let places = coded_parts(photo).into_iter().flat_map(|part| {
        let start = part.as_ptr() as usize - photo.as_ptr() as usize;
        [start as u32, (start + part.len()) as u32]
    });
    places.collect()
}
