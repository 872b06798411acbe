//! The page's worker: fetches the model, decodes photos and tags them.
//!
//! Everything slow happens here, so the page never stops answering. A photo that cannot be read
//! is answered with the reason; a panic or a trap ends the worker, and the page starts a new one.

mod decode;
mod digest;
mod download;
mod explain;
mod gpu;
mod graphics;
mod keywords;
mod model;
mod platform;
mod reason;
mod threads;
mod verdict;
mod worker;

use futures_channel::mpsc;
use tagsight_core::Isa;
use tagsight_protocol::{Backend, Reply, VERSION};
use wasm_bindgen_futures::spawn_local;

use worker::{Job, Worker};

fn main() {
    console_error_panic_hook::set_once();
    let (sender, jobs) = mpsc::unbounded();
    let by_isa = Backend::named(Isa::best().name()).expect("the worker is built with SIMD");
    let backend = if threads::ARE_SHARED { Backend::WasmThreads } else { by_isa };
    spawn_local(Worker::new(backend, sender.clone()).run(jobs));
    platform::on_request(move |request, photo| worker::send(&sender, Job::Asked(request, photo)));
    platform::reply(&Reply::Started { backend, version: VERSION }, None);
}
