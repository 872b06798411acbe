//! What the site has beside the page.

use std::rc::Rc;

use js_sys::Array;
use tagsight_protocol::Manifest;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, RequestCache, RequestInit, Response};

use super::error::words;
use super::intake::Given;
use super::plain;
use super::window::window;
use crate::choice::Models;
use crate::reason::Problem;

/// The site's models.
pub(crate) async fn models() -> Result<Models, Problem> {
    let manifest = fetch_manifest().await;
    let manifest = manifest.map_err(|error| Problem::NoList { detail: words(&error) })?;
    Ok(manifest.models.into_iter().map(Rc::new).collect())
}

async fn fetch_manifest() -> Result<Manifest, JsValue> {
    let init = RequestInit::new();
    // An old list would announce files that changed.
    init.set_cache(RequestCache::NoCache);
    let response = window().fetch_with_str_and_init("models/manifest.json", &init);
    let response: Response = JsFuture::from(response).await?.unchecked_into();
    match response.status() {
        200 => {}
        404 => return Ok(Manifest::default()),
        status => return Err(js_sys::Error::new(&format!("status {status}")).into()),
    }
    let json = JsFuture::from(response.json()?).await?;
    plain::read(&json).ok_or_else(|| js_sys::Error::new("no list").into())
}

/// A file of the site as one that was given; nothing if it does not come.
pub(crate) async fn fetch_file(path: &'static str) -> Given {
    let file = async {
        let response = JsFuture::from(window().fetch_with_str(path)).await?;
        let blob = JsFuture::from(response.unchecked_into::<Response>().blob()?).await?;
        File::new_with_blob_sequence(&Array::of1(&blob), path)
    };
    file.await.map(|file: File| Given::from(vec![file])).unwrap_or_default()
}
