//! The page's window, and what is drawn into it.

use web_sys::{Document, Element, Window};

/// The page's.
pub(super) fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// What it shows.
pub(super) fn document() -> Document {
    window().document().expect("the page has a document")
}

/// The element that the page is drawn into.
pub(crate) fn root() -> Element {
    document().get_element_by_id("app").expect("index.html has #app")
}
