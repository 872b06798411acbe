//! The whole page takes files that are dropped on it, whatever is open above it.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Event};
use yew::Callback;

use super::intake::{Given, given_by_drop};
use super::window::window;

/// Tells `on_drag` of drags that come and go, and gives what was dropped to `on_files`, until the
/// listeners are dropped.
pub(crate) fn on_drop(on_drag: Callback<bool>, on_files: Callback<Given>) -> [EventListener; 3] {
    let leaves = on_drag.clone();
    [
        listen("dragover", move |event| {
            // Without this the browser would open the file instead.
            event.prevent_default();
            on_drag.emit(true);
        }),
        listen("dragleave", move |event| {
            // Between two elements of the page there is a related target.
            if event.related_target().is_none() {
                leaves.emit(false);
            }
        }),
        listen("drop", move |event| {
            event.prevent_default();
            let (given, on_files) = (given_by_drop(event), on_files.clone());
            spawn_local(async move { on_files.emit(given.await) });
        }),
    ]
}

fn listen(kind: &'static str, take: impl Fn(&DragEvent) + 'static) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), kind, options, move |event: &Event| {
        take(event.unchecked_ref());
    })
}
