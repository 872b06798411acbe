//! What tabs of this page tell each other.

use std::cell::RefCell;

use gloo_events::EventListener;
use tagsight_plain::record;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};
use yew::Callback;

use crate::platform::plain;

/// What a write touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changed {
    /// Ids of photos that were written or deleted.
    pub(crate) photos: Vec<String>,
    /// Whether the settings were.
    pub(crate) settings: bool,
    /// Numbers of entries of the history that were.
    pub(crate) history: Vec<u32>,
    /// Whether what waits to be tagged did.
    pub(crate) pending: bool,
    /// Whether everything was deleted.
    pub(crate) erased: bool,
}

record!(Changed { photos, settings, history, pending, erased });

/// The line between the tabs; a browser without one has tabs that see each other's work when they
/// are opened again.
pub(super) struct Tabs {
    channel: Option<BroadcastChannel>,
    listener: RefCell<Option<EventListener>>,
}

impl Tabs {
    /// Joins the tabs that use the library called `name`.
    pub(super) fn new(name: &str) -> Self {
        Self { channel: BroadcastChannel::new(name).ok(), listener: RefCell::default() }
    }

    /// Tells the others, and not this one.
    pub(super) fn tell(&self, changed: &Changed) {
        let Some(channel) = &self.channel else { return };
        // A channel that is closed has nobody to listen.
        let _ = channel.post_message(&plain::value(changed));
    }

    /// Gives what the others tell to `on_change`, instead of whoever was given it before.
    pub(super) fn listen(&self, on_change: Callback<Changed>) {
        let Some(channel) = &self.channel else { return };
        let listener = EventListener::new(channel, "message", move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            // Another build's tab may say what this one does not know.
            if let Some(changed) = plain::read(&event.data()) {
                on_change.emit(changed);
            }
        });
        self.listener.replace(Some(listener));
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}
