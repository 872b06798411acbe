//! Elements, in few letters. What cannot fail is unwrapped without words, which would take the code for
//! telling of any of the browser's values.

use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, HtmlElement, HtmlSelectElement};

/// The page's document.
pub(super) fn document() -> Document {
    web_sys::window().and_then(|window| window.document()).unwrap_throw()
}

/// An element of a class, or of none.
pub(super) fn element(tag: &str, class: &str) -> Element {
    let element = document().create_element(tag).unwrap_throw();
    if !class.is_empty() {
        element.set_class_name(class);
    }
    element
}

/// An element that says something.
pub(super) fn words(tag: &str, class: &str, words: &str) -> Element {
    let element = element(tag, class);
    element.set_text_content(Some(words));
    element
}

/// Gives an element an attribute.
pub(super) fn set(element: &Element, name: &str, value: &str) {
    element.set_attribute(name, value).unwrap_throw();
}

/// Gives an element its hook.
pub(super) fn hooked<T: AsRef<Element>>(hook: &str, element: T) -> T {
    set(element.as_ref(), "data-testid", hook);
    element
}

/// Puts elements into another, one after the other.
pub(super) fn fill(parent: &Element, children: &[&Element]) {
    for child in children {
        parent.append_child(child).unwrap_throw();
    }
}

/// Empties an element.
pub(super) fn empty(element: &Element) {
    element.set_text_content(None);
}

/// Shows an element, or does not.
pub(super) fn show(element: &Element, is_shown: bool) {
    element.unchecked_ref::<HtmlElement>().set_hidden(!is_shown);
}

/// A button.
pub(super) fn button(hook: &str, class: &str, says: &str) -> HtmlElement {
    let button = hooked(hook, words("button", class, says));
    set(&button, "type", "button");
    button.unchecked_into()
}

/// A choice among some, with its name above it.
pub(super) struct Choice {
    pub(super) field: Element,
    pub(super) select: HtmlSelectElement,
}

impl Choice {
    pub(super) fn new(hook: &str, name: &str, options: &[(&str, String)], chosen: &str) -> Self {
        let select: HtmlSelectElement = hooked(hook, element("select", "")).unchecked_into();
        let field = element("label", "field");
        fill(&field, &[&words("span", "", name), &select]);
        let choice = Self { field, select };
        choice.offer(options, chosen);
        choice
    }

    /// Offers others from now on; the first, if what is chosen is not among them.
    pub(super) fn offer(&self, options: &[(&str, String)], chosen: &str) {
        empty(&self.select);
        for (value, says) in options {
            let option = words("option", "", says);
            set(&option, "value", value);
            fill(&self.select, &[&option]);
        }
        self.select.set_value(chosen);
        if self.select.selected_index() < 0 {
            self.select.set_selected_index(0);
        }
    }

    pub(super) fn value(&self) -> String {
        self.select.value()
    }
}
