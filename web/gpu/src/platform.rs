//! What the engine needs of the browser besides its devices: a clock, and a memory of what was
//! measured, a file for each adapter in a cache of its own. Where the browser keeps nothing, it is
//! measured again on the next visit.

use tagsight_core::engine::gpu::Tuning;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response, WorkerGlobalScope};

const CACHE: &str = "tagsight-tiles";

/// What is known of `adapter`.
pub(crate) async fn recall(adapter: &str) -> Tuning {
    read(adapter).await.map(|text| Tuning::parse(&text)).unwrap_or_default()
}

/// Has it known from now on.
pub(crate) async fn keep(adapter: &str, tuning: &Tuning) {
    // Without it the next visit measures again.
    let _ = write(adapter, &tuning.to_string()).await;
}

/// Milliseconds since the worker started.
pub(crate) fn now() -> f64 {
    scope().performance().expect("workers have a clock").now()
}

async fn read(adapter: &str) -> Result<String, JsValue> {
    let found = JsFuture::from(cache().await?.match_with_str(&file(adapter))).await?;
    let text = JsFuture::from(found.dyn_into::<Response>()?.text()?).await?;
    text.as_string().ok_or(text)
}

async fn write(adapter: &str, text: &str) -> Result<(), JsValue> {
    let response = Response::new_with_opt_str(Some(text))?;
    JsFuture::from(cache().await?.put_with_str(&file(adapter), &response)).await.map(drop)
}

async fn cache() -> Result<Cache, JsValue> {
    JsFuture::from(scope().caches()?.open(CACHE)).await.map(JsCast::unchecked_into)
}

fn file(adapter: &str) -> String {
    let name = String::from(js_sys::encode_uri_component(adapter));
    format!("../gpu/tiles/{name}.txt")
}

fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}
