//! Keywords that photos bring. The module that reads them is loaded for the first photo that may have
//! any; whether one may is found out without it.

use js_sys::{Array, Promise, Uint8Array};
use tagsight_core::photo;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What stands before, or in, everything that can hold keywords: XMP of a JPEG and IPTC, XMP of a PNG,
/// the same as ImageMagick writes them, XMP of a WebP, and Windows' own, either way around.
const MARKS: [&[u8]; 7] = [
    b"ns.adobe.com/xap/",
    b"Photoshop 3.0",
    b"XML:com.adobe.xmp",
    b"Raw profile type",
    b"XMP ",
    b"\x9e\x9c\x01\x00",
    b"\x9c\x9e\x00\x01",
];

#[wasm_bindgen(raw_module = "../keywords/load.js")]
extern "C" {
    #[wasm_bindgen(js_name = keywords)]
    fn promise_keywords(photo: &Uint8Array) -> Promise;
}

/// A photo's keywords; none if they cannot be read, which is no reason to do without its tags.
pub(crate) async fn keywords(photo: &[u8]) -> Vec<String> {
    if !may_have_keywords(photo) {
        return Vec::new();
    }
    let read = JsFuture::from(promise_keywords(&Uint8Array::from(photo))).await;
    let words = read.map(JsValue::unchecked_into::<Array>).unwrap_or_default();
    words.iter().filter_map(|word| word.as_string()).collect()
}

/// Whether there is a mark before what codes the picture, which is nearly all of a file, or behind it.
/// Behind a JPEG are only other pictures and films, which may be large.
fn may_have_keywords(photo: &[u8]) -> bool {
    let parts = photo::coded_parts(photo);
    let at = |part: &[u8]| part.as_ptr() as usize - photo.as_ptr() as usize;
    let start = parts.first().map_or(0, |part| at(part));
    let end = parts.last().map_or(0, |part| at(part) + part.len());
    let is_jpeg = photo.starts_with(&[0xff, 0xd8]);
    has_mark(&photo[..start]) || !is_jpeg && has_mark(&photo[end..])
}

fn has_mark(bytes: &[u8]) -> bool {
    (0..bytes.len()).any(|at| MARKS.iter().any(|mark| bytes[at..].starts_with(mark)))
}
