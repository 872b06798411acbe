//! What the browser says of the room that the page has, and whether what is there stays.

use tagsight_plain::message;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

use super::window::window;

/// Whether the browser may delete what is kept here when it needs the room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// It asks the user first.
    Granted,
    /// It may.
    Refused,
    /// It cannot be asked; so it may.
    #[default]
    Unknown,
}

message!(
    enum Persistence {
        Granted,
        Refused,
        Unknown,
    }
);

/// The room that this site has on the device, in bytes; browsers round it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Room {
    /// What is taken: the library, models and the page itself.
    pub(crate) used: f64,
    /// What may be taken in all.
    pub(crate) quota: f64,
}

message!(struct Room { used, quota });

/// What the browser is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plea {
    /// Whether what is here stays; nobody is asked for it.
    Tell,
    /// To let it stay. Some browsers ask the user in turn, and wait for the answer.
    Persist,
}

/// Whether what is here stays, now that the browser is asked.
pub(crate) async fn persistence(plea: Plea) -> Persistence {
    let asked = match plea {
        Plea::Tell => manager().persisted(),
        Plea::Persist => manager().persist(),
    };
    let Ok(asked) = asked else { return Persistence::Unknown };
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
