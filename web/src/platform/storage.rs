//! What the browser says of the room that the page has, and whether what is there stays.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

use super::window;

/// Whether the browser may delete what is kept here when it needs the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// It asks the user first.
    Granted,
    /// It may.
    Refused,
    /// It cannot be asked; so it may.
    Unknown,
}

/// The room that this site has on the device, in bytes; browsers round it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Room {
    /// What is taken: the library, models and the page itself.
    pub(crate) used: f64,
    /// What may be taken in all.
    pub(crate) quota: f64,
}

/// Whether what is here stays, without asking anybody.
pub(crate) async fn persistence() -> Persistence {
    answer(StorageManager::persisted).await
}

/// Asks the browser to let what is here stay. Some ask the user in turn, and wait for the answer.
pub(crate) async fn persist() -> Persistence {
    answer(StorageManager::persist).await
}

async fn answer(ask: impl Fn(&StorageManager) -> Result<js_sys::Promise, JsValue>) -> Persistence {
    let Ok(asked) = ask(&manager()) else { return Persistence::Unknown };
    match JsFuture::from(asked).await.ok().and_then(|granted| granted.as_bool()) {
        Some(true) => Persistence::Granted,
        Some(false) => Persistence::Refused,
        None => Persistence::Unknown,
    }
}

/// How much room there is, where the browser says so.
pub(crate) async fn room() -> Option<Room> {
    let estimate = JsFuture::from(manager().estimate().ok()?).await.ok()?;
    let estimate: StorageEstimate = estimate.unchecked_into();
    Some(Room { used: estimate.get_usage()?, quota: estimate.get_quota()? })
}

/// Old browsers, and pages that did not come over a secure connection, have none; its methods then
/// fail.
fn manager() -> StorageManager {
    window().navigator().storage()
}
