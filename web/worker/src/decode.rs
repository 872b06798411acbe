//! Photos decoded: JPEGs here, PNG and WebP by a module that is loaded for the first of them. What neither
//! decodes may be the browser's.

use js_sys::Promise;
use tagsight_core::PhotoError;
use tagsight_core::photo::{self, Format, Reduced, Squasher};
use tagsight_decoders::{Picture, wire};
use tagsight_protocol::THUMBNAIL_SIDE;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use crate::platform;

/// What `web/decoders/module` exports.
#[wasm_bindgen(raw_module = "../decoders/load.js")]
extern "C" {
    fn start() -> Promise;
    #[wasm_bindgen(js_name = decode)]
    fn decode_there(photo: &[u8], side: usize, longest: usize) -> Vec<u8>;
    #[wasm_bindgen(js_name = wasmBytes)]
    fn wasm_bytes_there() -> f64;
}

/// A photo that was decoded.
pub(crate) enum Decoded {
    /// Here; it is to be resized.
    Here(Reduced),
    /// By the module, which resizes as well.
    There(Picture),
}

/// Why a photo was not.
pub(crate) enum Undecoded {
    /// Something is wrong with it, or it is of a kind that only a browser may know.
    Refused(PhotoError),
    /// The module did not come, this time; the browser's own words.
    NoModule(String),
}

impl From<PhotoError> for Undecoded {
    fn from(error: PhotoError) -> Self {
        Self::Refused(error)
    }
}

/// Decodes a photo for an input of `side`² pixels.
pub(crate) async fn decode(photo: &[u8], side: usize) -> Result<Decoded, Undecoded> {
    match photo::sniff(photo)? {
        Format::Jpeg => Ok(Decoded::Here(Reduced::of_jpeg(photo, side)?)),
        _ => {
            JsFuture::from(start()).await.map_err(no_module)?;
            let outcome = wire::from_bytes(&decode_there(photo, side, THUMBNAIL_SIDE));
            // Only a module of another build is not understood.
            let outcome = outcome.ok_or_else(|| Undecoded::NoModule(String::new()))?;
            Ok(Decoded::There(outcome?))
        }
    }
}

fn no_module(error: wasm_bindgen::JsValue) -> Undecoded {
    Undecoded::NoModule(platform::message(error))
}

impl Decoded {
    /// What is made of it.
    pub(crate) fn picture(self, side: usize, squasher: &mut Squasher) -> Picture {
        match self {
            Self::Here(mut photo) => Picture::of(&mut photo, side, THUMBNAIL_SIDE, squasher),
            Self::There(picture) => picture,
        }
    }

    /// The network's input alone.
    pub(crate) fn input(self, side: usize, squasher: &mut Squasher) -> Vec<i8> {
        match self {
            Self::Here(mut photo) => photo::quantise(&photo.squash(side, squasher).rgb),
            Self::There(picture) => picture.codes,
        }
    }
}

/// What the memories of worker and module have grown to; they never shrink.
pub(crate) fn wasm_bytes() -> u64 {
    platform::wasm_bytes() + wasm_bytes_there() as u64
}
