//! Where the grid is on the screen, and what the keyboard is at.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::Callback;

use super::window::{document, window};
use crate::grid::Geometry;

/// Tells of scrolling and resizing until it is dropped.
pub(crate) struct ScreenWatch {
    _listeners: [EventListener; 2],
}

/// Calls `on_change` after the page was scrolled or resized, once a frame at most.
pub(crate) fn watch_screen(on_change: Callback<()>) -> ScreenWatch {
    let is_waiting = Rc::new(Cell::new(false));
    let listen = |event: &'static str| {
        let (is_waiting, on_change) = (is_waiting.clone(), on_change.clone());
        EventListener::new(&window(), event, move |_| {
            if !is_waiting.replace(true) {
                let (is_waiting, on_change) = (is_waiting.clone(), on_change.clone());
                next_frame(move || {
                    is_waiting.set(false);
                    on_change.emit(());
                });
            }
        })
    };
    ScreenWatch { _listeners: [listen("scroll"), listen("resize")] }
}

fn next_frame(work: impl FnOnce() + 'static) {
    let work = Closure::once_into_js(work);
    // Windows have frames; a page that is being closed needs none.
    let _ = window().request_animation_frame(work.unchecked_ref());
}

/// Where `grid` is; of `before` what cannot be measured now.
pub(crate) fn measure(grid: &Element, before: Geometry) -> Geometry {
    let place = grid.get_bounding_client_rect();
    let row = grid.query_selector(".row").ok().flatten();
    let row = row.map(|row| row.get_bounding_client_rect().height()).filter(|&height| height > 0.0);
    let screen = window().inner_height().ok().and_then(|height| height.as_f64());
    // The first of the spacers begins where the grid does.
    Geometry {
        width: if place.width() > 0.0 { place.width() } else { before.width },
        row: row.unwrap_or(before.row),
        top: place.top(),
        screen: screen.unwrap_or(before.screen),
    }
}

/// Scrolls by so many pixels.
pub(crate) fn scroll_by(pixels: f64) {
    window().scroll_by_with_x_and_y(0.0, pixels);
}

/// Scrolls to where new photos appear.
pub(crate) fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Keeps the page where it is under fingers that move on `element` while `holds` says so. Browsers
/// ask for that within the event itself.
pub(crate) fn hold_still(element: &Element, holds: Rc<Cell<bool>>) -> EventListener {
    let options = gloo_events::EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(element, "touchmove", options, move |event| {
        if holds.get() {
            event.prevent_default();
        }
    })
}

/// How many pixels of the screen the page's head covers.
pub(crate) fn covered() -> f64 {
    let head = document().query_selector(".top").ok().flatten();
    head.map_or(0.0, |head| head.get_bounding_client_rect().height())
}

/// Sets a property of an element's style, which the content security policy allows to scripts.
pub(crate) fn set_style(element: &Element, property: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // It fails for properties that cannot be set, of which there are none here.
        let _ = element.style().set_property(property, value);
    }
}

/// Moves the keyboard to what `selector` finds, without scrolling; whether it was there.
pub(crate) fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let found = found.and_then(|found| found.dyn_into::<HtmlElement>().ok());
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    found.is_some_and(|found| found.focus_with_options(&options).is_ok())
}

/// Whether the keyboard types text, which has its own meaning for many keys.
pub(crate) fn is_typing() -> bool {
    let Some(active) = document().active_element() else { return false };
    let editable = |kind: &str| !matches!(kind, "checkbox" | "radio" | "button" | "file");
    match active.tag_name().as_str() {
        "INPUT" => editable(&active.get_attribute("type").unwrap_or_default()),
        "TEXTAREA" | "SELECT" => true,
        _ => false,
    }
}

/// Gives every key that is pressed on the page to `on_key` until the listener is dropped.
pub(crate) fn on_key(on_key: Callback<KeyboardEvent>) -> EventListener {
    let options = gloo_events::EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&document(), "keydown", options, move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            on_key.emit(event.clone());
        }
    })
}

/// The key of the tile at an element, or at one around it.
pub(crate) fn tile_of(element: &Element) -> Option<u32> {
    element.closest("[data-key]").ok()??.get_attribute("data-key")?.parse().ok()
}

/// The key of the tile at a place on the screen.
pub(crate) fn tile_at(x: f32, y: f32) -> Option<u32> {
    tile_of(&document().element_from_point(x, y)?)
}
