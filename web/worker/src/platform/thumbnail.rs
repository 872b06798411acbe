//! Thumbnails as files, written by the browser.

use js_sys::{Promise, Uint8ClampedArray};
use tagsight_core::photo::Rgb8;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ContextAttributes2d, ImageData, ImageEncodeOptions, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d,
};

/// Every browser writes it. WebP is a sixth smaller; Chromium takes four times as long for it, all of
/// which a photo's tags would wait for, and Safari writes PNG instead.
const TYPE: &str = "image/jpeg";
const QUALITY: f64 = 0.8;

/// A thumbnail that is being written.
pub(crate) struct Thumbnail(Promise);

impl Thumbnail {
    /// Begins to write `picture`; none where workers have no canvas.
    pub(crate) fn of(picture: &Rgb8) -> Option<Self> {
        write(picture).ok().map(Self)
    }

    /// The file, if the browser could write it.
    pub(crate) async fn file(self) -> Option<Blob> {
        JsFuture::from(self.0).await.ok()?.dyn_into().ok()
    }
}

fn write(picture: &Rgb8) -> Result<Promise, JsValue> {
    let (width, height) = (picture.width as u32, picture.height as u32);
    let opaque = |&[red, green, blue]: &[u8; 3]| [red, green, blue, u8::MAX];
    let rgba: Vec<u8> = picture.bytes.as_chunks().0.iter().flat_map(opaque).collect();
    // A copy, since browsers refuse memory that threads share.
    let rgba = Uint8ClampedArray::from(&rgba[..]);
    let data = ImageData::new_with_js_u8_clamped_array_and_sh(&rgba, width, height)?;
    let canvas = OffscreenCanvas::new(width, height)?;
    // Pixels that are only to be read again need not go to a graphics processor.
    let attributes = ContextAttributes2d::new();
    attributes.set_will_read_frequently(true);
    let context = canvas.get_context_with_context_options("2d", &attributes)?;
    let context = context.ok_or("this browser gives no canvas")?;
    let context: OffscreenCanvasRenderingContext2d = context.unchecked_into();
    context.put_image_data(&data, 0.0, 0.0)?;
    let options = ImageEncodeOptions::new();
    options.set_type(TYPE);
    options.set_quality(QUALITY);
    canvas.convert_to_blob_with_options(&options)
}
