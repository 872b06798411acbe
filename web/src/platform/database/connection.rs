//! The connection to the database, opened when it is needed and again when the browser dropped it.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbOpenDbRequest};

use super::problem::StoreProblem;
use super::store::Store;
use crate::platform::window::window;

/// Goes up when stores are added, and then [`create_stores`] must keep what is there.
const VERSION: u32 = 1;

/// A database by name, and the connection to it where there is one.
pub(super) struct Connection {
    name: String,
    open: Rc<RefCell<Option<Open>>>,
}

struct Open {
    database: IdbDatabase,
    _listeners: [EventListener; 2],
}

impl Drop for Open {
    fn drop(&mut self) {
        // What runs on it still ends.
        self.database.close();
    }
}

impl Connection {
    /// Of the database called `name`; nothing is opened yet.
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), open: Rc::default() }
    }

    /// The connection, opened if need be.
    pub(super) async fn get(&self) -> Result<IdbDatabase, StoreProblem> {
        if let Some(open) = self.open.borrow().as_ref() {
            return Ok(open.database.clone());
        }
        let opened = open(&self.name).await?;
        let listeners = ["close", "versionchange"].map(|event| {
            let current = Rc::downgrade(&self.open);
            // Another build that waits to change the database gets it; what is asked here next
            // then ends in `NewerVersion`.
            EventListener::new(&opened, event, move |_| {
                if let Some(current) = current.upgrade() {
                    current.take();
                }
            })
        });
        // One that was opened meanwhile for another call is closed when its work is done.
        self.open.replace(Some(Open { database: opened.clone(), _listeners: listeners }));
        Ok(opened)
    }

    /// Gives up a connection that does not work any more.
    pub(super) fn forget(&self) {
        self.open.take();
    }
}

async fn open(name: &str) -> Result<IdbDatabase, StoreProblem> {
    let factory = window().indexed_db().ok().flatten().ok_or(StoreProblem::Unavailable)?;
    let request = factory.open_with_u32(name, VERSION).map_err(|error| StoreProblem::of(&error))?;
    let upgrade = {
        let request = request.clone();
        Closure::once(move || create_stores(&request))
    };
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let answered = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    if JsFuture::from(answered).await.is_err() {
        let error = request.error().ok().flatten();
        return Err(match error {
            // Firefox's way to say that private windows have none.
            Some(error) if error.name() == "InvalidStateError" => StoreProblem::Unavailable,
            error => StoreProblem::of(&error.into()),
        });
    }
    let database = request.result().map_err(|error| StoreProblem::of(&error))?;
    Ok(database.unchecked_into())
}

fn create_stores(request: &IdbOpenDbRequest) {
    let Ok(database) = request.result() else { return };
    let database: IdbDatabase = database.unchecked_into();
    for store in Store::ALL {
        // A failure ends the opening, which then reports it.
        let _ = database.create_object_store(store.name());
    }
}
