//! One transaction, repeated on a new connection where the old one turns out to be lost.

use std::pin::Pin;

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction};

use super::connection::Connection;
use super::problem::StoreProblem;
use super::store::Store;
use crate::platform::time::sleep;

/// Milliseconds before each try. A storage process that ended is there again within a second.
const TRIES: [i32; 4] = [0, 50, 250, 1000];

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing is changed.
    Read,
    /// Complete when the operating system has it: the page, and the browser, may die the moment
    /// after; a power cut may take it.
    Write,
    /// Complete when the disk has it, some milliseconds later.
    WriteThrough,
}

#[wasm_bindgen]
extern "C" {
    /// web-sys has the options among its unstable interfaces. Old browsers overlook them.
    #[wasm_bindgen(extends = IdbDatabase)]
    type DatabaseWithOptions;

    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn begin(
        this: &DatabaseWithOptions,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// What is asked for in a transaction. One type for all keeps the page small.
type Requests<'a> = &'a dyn Fn(&Stores) -> Result<Vec<IdbRequest>, JsValue>;

/// What came of it.
type Results<'a> = Pin<Box<dyn Future<Output = Result<Vec<JsValue>, StoreProblem>> + 'a>>;

/// Makes `requests` in one transaction over `stores`; gives their results when it is complete.
pub(super) fn run<'a>(
    connection: &'a Connection,
    access: Access,
    stores: &'a [Store],
    requests: Requests<'a>,
) -> Results<'a> {
    // In a box, or else every caller would have a copy.
    Box::pin(async move {
        for millis in TRIES {
            sleep(millis).await;
            match attempt(connection, access, stores, requests).await {
                Err(StoreProblem::Lost) => connection.forget(),
                outcome => return outcome,
            }
        }
        Err(StoreProblem::Lost)
    })
}

async fn attempt(
    connection: &Connection,
    access: Access,
    stores: &[Store],
    requests: Requests<'_>,
) -> Result<Vec<JsValue>, StoreProblem> {
    let database = connection.get().await?;
    let transaction = begin(&database, access, stores).map_err(|error| StoreProblem::of(&error))?;
    let requests = requests(&Stores(&transaction)).map_err(|error| {
        // It fails where the transaction has ended already.
        let _ = transaction.abort();
        StoreProblem::of(&error)
    })?;
    let ended = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    if JsFuture::from(ended).await.is_err() {
        return Err(StoreProblem::of(&transaction.error().into()));
    }
    let results = requests.iter().map(IdbRequest::result).collect::<Result<_, _>>();
    results.map_err(|error| StoreProblem::of(&error))
}

fn begin(
    database: &IdbDatabase,
    access: Access,
    stores: &[Store],
) -> Result<IdbTransaction, JsValue> {
    let (mode, durability) = match access {
        Access::Read => ("readonly", "default"),
        Access::Write => ("readwrite", "relaxed"),
        Access::WriteThrough => ("readwrite", "strict"),
    };
    let stores = stores.iter().map(|store| JsValue::from(store.name())).collect::<Array>();
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    database.unchecked_ref::<DatabaseWithOptions>().begin(&stores, mode, &options)
}

/// The stores of a transaction.
pub(super) struct Stores<'a>(&'a IdbTransaction);

impl Stores<'_> {
    /// One that the transaction is over.
    pub(super) fn get(&self, store: Store) -> Result<IdbObjectStore, JsValue> {
        self.0.object_store(store.name())
    }
}
