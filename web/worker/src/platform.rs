//! Every call to the browser that the worker makes.

mod picture;
mod thumbnail;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use js_sys::{Array, Promise, Uint8Array, WebAssembly};
use tagsight_plain::Plain;
use tagsight_protocol::{LoadError, PhotoProblem, Reply, Request};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, MessageEvent, ReadableStreamDefaultReader,
    ReadableStreamReadResult, RequestCache, RequestInit, Response,
};

pub(crate) use picture::decode_by_browser;
pub(crate) use thumbnail::Thumbnail;

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Gives every message of the page to `take`.
pub(crate) fn on_request(take: impl Fn(Request, Option<Blob>) + 'static) {
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let message: Array = event.data().unchecked_into();
        let request: Uint8Array = message.get(0).unchecked_into();
        let request = Request::from_bytes(&request.to_vec())
            .expect("the page compares versions before it asks");
        take(request, message.get(1).dyn_into().ok());
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // It listens until the worker ends.
    listener.forget();
}

/// Sends `reply` and, if it has one, the thumbnail that goes with it to the page.
pub(crate) fn reply(reply: &Reply, thumbnail: Option<&Blob>) {
    let reply = Uint8Array::from(&reply.to_bytes()[..]);
    let thumbnail = thumbnail.map_or(JsValue::UNDEFINED, JsValue::from);
    scope().post_message(&Array::of2(&reply, &thumbnail)).expect("plain data can be cloned");
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

/// A photo's bytes.
pub(crate) async fn read(photo: Option<&Blob>) -> Result<Vec<u8>, PhotoProblem> {
    let photo = photo.ok_or(PhotoProblem::NoFile)?;
    let buffer = JsFuture::from(photo.array_buffer()).await;
    let buffer = buffer.map_err(|_| PhotoProblem::Unreadable)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Where a file of the site may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// From the browser's cache if the site says that nothing changed, so that an old model is never
    /// taken for a new one.
    Checked,
    /// From the site, whatever the browser has.
    Site,
}

/// Streams a file of the site into `on_chunk`; false if the site does not have it.
pub(crate) async fn fetch(
    path: &str,
    source: Source,
    mut on_chunk: impl FnMut(&[u8]) -> Result<(), LoadError>,
) -> Result<bool, LoadError> {
    let init = RequestInit::new();
    init.set_cache(match source {
        Source::Checked => RequestCache::NoCache,
        Source::Site => RequestCache::Reload,
    });
    let response = JsFuture::from(scope().fetch_with_str_and_init(path, &init)).await;
    let response: Response = response.map_err(network)?.unchecked_into();
    match response.status() {
        200 => {}
        404 => return Ok(false),
        status => return Err(LoadError::Network(format!("status {status}"))),
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

fn network(error: JsValue) -> LoadError {
    LoadError::Network(message(error))
}

/// The browser's own words for what went wrong.
pub(crate) fn message(error: JsValue) -> String {
    let error: js_sys::Error = error.unchecked_into();
    error.message().into()
}
