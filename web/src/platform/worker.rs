//! The page's end of the worker.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Array;
use tagsight_protocol::{GpuUse, Reply, Request};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker};
use yew::Callback;

use super::error::words;
use super::plain;
use super::trial::Trial;
use crate::build::Build;
use crate::reason::Problem;

#[wasm_bindgen(raw_module = "./browser.js")]
extern "C" {
    /// Starts one of the site's own scripts, and no other.
    #[wasm_bindgen(catch, js_name = startWorker)]
    fn start_worker(address: &str) -> Result<Worker, JsValue>;
}

/// What a worker does of its own.
pub(crate) enum WorkerEvent {
    /// It said something; with a photo's tags comes its thumbnail, where the browser could make one.
    Reply(Reply, Option<Blob>),
    /// It said something that this page does not understand: it is of another build.
    NotUnderstood,
    /// It died; the browser's own words, if any.
    Crashed(String),
}

/// A running worker; ends when this is dropped.
pub(crate) struct WorkerLink {
    worker: Worker,
    trial: Rc<RefCell<Option<Trial>>>,
    _listeners: [EventListener; 2],
}

impl WorkerLink {
    /// Starts a `build` of the worker; `on_event` hears of it until this is dropped.
    pub(crate) fn start(build: Build, on_event: Callback<WorkerEvent>) -> Result<Self, Problem> {
        let started = start_worker(build.script());
        let worker = started.map_err(|error| Problem::NotStarted { detail: words(&error) })?;
        let on_error = on_event.clone();
        let trial = Rc::new(RefCell::new(None::<Trial>));
        let (survived, failed) = (trial.clone(), trial.clone());
        let message = EventListener::new(&worker, "message", move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            let message: Array = event.data().dyn_into().unwrap_or_default();
            let Some(reply) = plain::read_message(&message.get(0)) else {
                return on_event.emit(WorkerEvent::NotUnderstood);
            };
            if is_settled(&reply) {
                survived.take();
            }
            on_event.emit(WorkerEvent::Reply(reply, message.get(1).dyn_into().ok()));
        });
        let error = EventListener::new(&worker, "error", move |event| {
            if let Some(trial) = failed.take() {
                trial.fail();
            }
            let words = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            // There are none where its script could not be loaded.
            on_error.emit(WorkerEvent::Crashed(words.unwrap_or_default()));
        });
        Ok(Self { worker, trial, _listeners: [message, error] })
    }

    /// Sends a request and the photo it is about. The photo's bytes are not copied.
    pub(crate) fn send(&self, request: &Request, photo: Option<&Blob>) {
        if matches!(request, Request::Load { gpu, .. } if *gpu != GpuUse::Never) {
            self.trial.replace(Some(Trial::begin()));
        }
        let photo = photo.map_or(JsValue::UNDEFINED, JsValue::from);
        let message = Array::of2(&plain::message(request), &photo);
        self.worker.post_message(&message).expect("plain data and files can be cloned");
    }
}

/// Whether the graphics processor is not tried any more.
fn is_settled(reply: &Reply) -> bool {
    match reply {
        Reply::Runs(runs) => runs.is_settled,
        Reply::LoadFailed(_) => true,
        _ => false,
    }
}

impl Drop for WorkerLink {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
