//! A photo that is drawn, for the benchmark.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

use super::window::document;

/// A JPEG of the given size for the benchmark, drawn the same each time: a sky, and shapes that
/// give the encoder edges to work on.
pub(crate) async fn make_photo(width: u32, height: u32) -> Result<Blob, JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d")?.ok_or("this browser gives no canvas")?;
    draw(&context.unchecked_into(), f64::from(width), f64::from(height))?;
    let blob = JsFuture::from(Promise::new(&mut |resolve: Function, reject: Function| {
        if let Err(error) = canvas.to_blob_with_type(&resolve, "image/jpeg") {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    }));
    blob.await?.dyn_into()
}

fn draw(context: &CanvasRenderingContext2d, width: f64, height: f64) -> Result<(), JsValue> {
    let sky = context.create_linear_gradient(0.0, 0.0, 0.0, height);
    sky.add_color_stop(0.0, "#6aa8dc")?;
    sky.add_color_stop(1.0, "#5d6b3f")?;
    context.set_fill_style_canvas_gradient(&sky);
    context.fill_rect(0.0, 0.0, width, height);
    // Multipliers with long cycles spread the shapes without a random number generator.
    for index in 0..600_u32 {
        let spread = |factor: u32| f64::from((index * factor) % 997) / 997.0;
        let hue = (index * 47) % 360;
        context.set_fill_style_str(&format!("hsl({hue} 45% 50% / 60%)"));
        let size = width / 100.0 * (1.0 + 4.0 * spread(389));
        context.fill_rect(spread(613) * width, spread(271) * height, size, size * 0.7);
    }
    Ok(())
}
