//! The page's worker: fetches the model, decodes photos and tags them.
//!
//! Everything slow happens here, so the page never stops answering. A photo that cannot be read
//! is answered with the reason; a panic or a trap ends the worker, and the page starts a new one.

mod decode;
mod digest;
mod download;
mod gpu;
mod graphics;
mod keywords;
mod model;
mod platform;
mod reason;
mod verdict;
mod worker;

use futures_channel::mpsc;
use tagsight_core::Isa;
use tagsight_protocol::{Reply, VERSION};
use wasm_bindgen_futures::spawn_local;

use worker::{Job, Worker};

fn main() {
    console_error_panic_hook::set_once();
    let (sender, jobs) = mpsc::unbounded();
    spawn_local(Worker::new(sender.clone()).run(jobs));
    platform::on_request(move |request, photo| worker::send(&sender, Job::Asked(request, photo)));
    let engine = Isa::best().name().to_owned();
    platform::reply(&Reply::Started { engine, version: VERSION }, None);
}
