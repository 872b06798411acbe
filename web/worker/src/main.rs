//! The page's worker: fetches the model, decodes photos and tags them, one at a time.
//!
//! Everything slow happens here, so the page never stops answering. A photo that cannot be read
//! is answered with a message; a panic or a trap ends the worker, and the page starts a new one.

mod download;
mod model;
mod photo;
mod platform;

use std::cell::RefCell;
use std::rc::Rc;

use tagsight_core::{Isa, Tagger};
use tagsight_protocol::{LoadError, ModelFile, Reply, Request};
use web_sys::Blob;

use model::ModelError;

/// The tagger, once its model is loaded. Borrowed only between awaits.
type Slot = Rc<RefCell<Option<Tagger>>>;

fn main() {
    console_error_panic_hook::set_once();
    let slot = Slot::default();
    platform::on_request(move |request, photo| answer(slot.clone(), request, photo));
    platform::reply(&Reply::Started { engine: Isa::best().name().to_owned() });
}

async fn answer(slot: Slot, request: Request, photo: Option<Blob>) {
    let reply = match request {
        Request::Load(file) => load(&slot, &file).await,
        Request::Tag { id } => {
            let outcome = photo::tag(&slot, photo).await;
            Reply::Tagged { id, outcome, wasm_bytes: platform::wasm_bytes() }
        }
        Request::Time { runs } => Reply::Timed(photo::time(&slot, photo, runs).await),
    };
    platform::reply(&reply);
}

async fn load(slot: &Slot, file: &ModelFile) -> Reply {
    let loaded = model::load(file, |progress| platform::reply(&Reply::Loading(progress))).await;
    match loaded {
        Ok((tagger, model)) => {
            *slot.borrow_mut() = Some(tagger);
            Reply::Loaded(model)
        }
        Err(error @ ModelError::Missing { .. }) => {
            Reply::LoadFailed(LoadError::Missing(error.to_string()))
        }
        Err(error) => Reply::LoadFailed(LoadError::Unusable(error.to_string())),
    }
}
