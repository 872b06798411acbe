//! The browser's own decoder, for pictures of kinds that core does not decode.

use tagsight_core::photo::{Kind, Reduced, Rgb8};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use super::{scope, within};

/// Pictures of more pixels are made smaller by the browser; others are squashed as they are, so
/// that they get the scores that they get natively.
const MAX_PIXELS: f64 = 4.0e6;
/// What every browser's canvas can have.
const MAX_SIDE: f64 = 8192.0;
/// A decoder that takes longer is taken for one that never answers.
const PATIENCE_SECONDS: u32 = 30;

/// The picture as the browser would show it, upright, in sRGB and over white, if it can.
///
/// No request leaves the device: the browser is handed the file itself.
pub(crate) async fn decode_by_browser(photo: &Blob, kind: Kind, side: usize) -> Option<Reduced> {
    // Some browsers go by the type, which is that of the file's name.
    let typed = photo.slice_with_f64_and_f64_and_content_type(0.0, photo.size(), kind.mime()?);
    let typed = typed.ok()?;
    let bitmap = within(PATIENCE_SECONDS, bitmap(&typed)).await?.ok()?;
    let full_size = (bitmap.width() as usize, bitmap.height() as usize);
    let picture = pixels(&bitmap, side as f64);
    bitmap.close();
    Some(Reduced::of_picture(picture.ok()?, full_size))
}

async fn bitmap(photo: &Blob) -> Result<ImageBitmap, JsValue> {
    JsFuture::from(scope().create_image_bitmap_with_blob(photo)?).await?.dyn_into()
}

fn pixels(bitmap: &ImageBitmap, side: f64) -> Result<Rgb8, JsValue> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (MAX_PIXELS / (width * height)).sqrt().min(1.0);
    // What is left to the squasher is never smaller than what it makes.
    let fit = |length: f64| (length * scale).round().clamp(side.min(length), MAX_SIDE.max(side));
    let (width, height) = (fit(width), fit(height));
    let canvas = OffscreenCanvas::new(width as u32, height as u32)?;
    let context = canvas.get_context("2d")?.ok_or("this browser gives no canvas")?;
    let context: OffscreenCanvasRenderingContext2d = context.unchecked_into();
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, width, height);
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)?;
    let data = context.get_image_data(0.0, 0.0, width, height)?;
    let (width, height) = (data.width() as usize, data.height() as usize);
    let rgba = data.data();
    let bytes = rgba.as_chunks().0.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]);
    Ok(Rgb8 { width, height, bytes: bytes.collect() })
}
