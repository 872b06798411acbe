//! The library on this device: the browser's database (IndexedDB), by hand over what web-sys has.
//!
//! Every call is one transaction, whose requests are all made at once; their results are read when
//! it is complete. So a write is there as a whole or not at all, and nothing waits between two
//! requests, where a browser would end the transaction.
//!
//! Browsers drop connections: WebKit when its storage process ends, any when the device is short of
//! memory or the user clears data. A call that meets this opens the database again and repeats
//! itself; after some tries it gives up with [`StoreProblem::Lost`].
//!
//! A record that cannot be read, from a build that is newer than this one for example, is counted
//! and left as it is: nothing is written over it until the whole library is erased.

mod connection;
mod problem;
mod read;
mod store;
mod tabs;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
mod transaction;
mod turns;
mod write;

pub(crate) use problem::StoreProblem;
pub(crate) use read::Loaded;
pub(crate) use tabs::Changed;
pub(crate) use write::Write;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::Callback;

use connection::Connection;
use store::Store;
use tabs::Tabs;
use transaction::{Access, run};
use turns::Turns;

/// What the page calls its database.
pub(crate) const LIBRARY: &str = "tagsight";

/// The library. A copy is the same library.
#[derive(Clone)]
pub(crate) struct Database(Rc<Inner>);

struct Inner {
    connection: Connection,
    /// Writes are made one after the other, so that a repeated one cannot undo one that followed.
    turns: Turns,
    tabs: Tabs,
    /// Records that could not be read.
    sealed: RefCell<Vec<(Store, JsValue)>>,
}

impl Database {
    /// Opens the library called `name`, which is made if there is none.
    pub(crate) async fn open(name: &str) -> Result<Self, StoreProblem> {
        let database = Self(Rc::new(Inner {
            connection: Connection::new(name),
            turns: Turns::default(),
            tabs: Tabs::new(name),
            sealed: RefCell::default(),
        }));
        // An empty transaction says whether it can be used.
        run(&database.0.connection, Access::Read, &[Store::Settings], &|_| Ok(Vec::new())).await?;
        Ok(database)
    }

    /// Tells `on_change` what other tabs have written, in their order, from now on.
    pub(crate) fn on_change(&self, on_change: Callback<Changed>) {
        self.0.tabs.listen(on_change);
    }
}
