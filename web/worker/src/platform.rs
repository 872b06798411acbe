//! Every call to the browser that the worker makes.

mod picture;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use js_sys::{Array, Promise, Uint8Array, WebAssembly};
use tagsight_protocol::{Reply, Request};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, MessageEvent, ReadableStreamDefaultReader,
    ReadableStreamReadResult, RequestCache, RequestInit, Response,
};

use crate::model::ModelError;

pub(crate) use picture::decode_by_browser;

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Gives every message of the page to `take`.
pub(crate) fn on_request(take: impl Fn(Request, Option<Blob>) + 'static) {
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let message: Array = event.data().unchecked_into();
        let request = serde_wasm_bindgen::from_value(message.get(0))
            .expect("page and worker are built together");
        take(request, message.get(1).dyn_into().ok());
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // It listens until the worker ends.
    listener.forget();
}

/// Sends `reply` to the page.
pub(crate) fn reply(reply: &Reply) {
    let reply = serde_wasm_bindgen::to_value(reply).expect("replies are plain data");
    scope().post_message(&reply).expect("plain data can be cloned");
}

/// Milliseconds since the worker started.
pub(crate) fn now() -> f64 {
    scope().performance().expect("workers have a clock").now()
}

/// What `work` gives, unless it takes longer than so many seconds.
pub(crate) async fn within<T>(seconds: u32, work: impl Future<Output = T>) -> Option<T> {
    let mut timer = 0;
    let mut alarm = JsFuture::from(Promise::new(&mut |ring, _| {
        let millis = i32::try_from(seconds * 1000).unwrap_or(i32::MAX);
        let set = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&ring, millis);
        timer = set.expect("workers have timers");
    }));
    let mut work = pin!(work);
    let outcome = poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => Pin::new(&mut alarm).poll(context).map(|_| None),
    });
    let outcome = outcome.await;
    scope().clear_timeout_with_handle(timer);
    outcome
}

/// What the module's memory has grown to; it never shrinks.
pub(crate) fn wasm_bytes() -> u64 {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    u64::from(buffer.byte_length())
}

/// A photo's bytes; the error is for its owner.
pub(crate) async fn read(photo: Option<&Blob>) -> Result<Vec<u8>, String> {
    let photo = photo.ok_or("No photo came with the request. Reload the page.")?;
    let buffer = JsFuture::from(photo.array_buffer()).await.map_err(|_| {
        "The file cannot be read. If it is a folder, open it and choose the photos in it; \
         otherwise copy it to this device and try again."
    })?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Streams a file of the site into `on_chunk`; false if the site does not have it.
///
/// It is asked for again each time, cheaply where nothing changed, so that an old model is never
/// taken for a new one and a damaged copy does not stay.
pub(crate) async fn fetch(
    path: &str,
    mut on_chunk: impl FnMut(&[u8]) -> Result<(), ModelError>,
) -> Result<bool, ModelError> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoCache);
    let response = JsFuture::from(scope().fetch_with_str_and_init(path, &init)).await;
    let response: Response = response.map_err(network)?.unchecked_into();
    match response.status() {
        200 => {}
        404 => return Ok(false),
        status => return Err(ModelError::Network(format!("status {status}"))),
    }
    let Some(body) = response.body() else { return Ok(true) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let read = JsFuture::from(reader.read()).await.map_err(network)?;
        let read: ReadableStreamReadResult = read.unchecked_into();
        if read.get_done() == Some(true) {
            return Ok(true);
        }
        let chunk: Uint8Array = read.get_value().unchecked_into();
        on_chunk(&chunk.to_vec())?;
    }
}

fn network(error: JsValue) -> ModelError {
    let error: js_sys::Error = error.unchecked_into();
    ModelError::Network(error.message().into())
}
