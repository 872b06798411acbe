//! Elements, in few letters.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, HtmlSelectElement};

/// The page's document.
pub(super) fn document() -> Document {
    let window = web_sys::window().expect("the dialog is in a window");
    window.document().expect("windows have documents")
}

/// An element of a class, or of none.
pub(super) fn element(tag: &str, class: &str) -> Element {
    let element = document().create_element(tag).expect("the tag is a name");
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
    element.set_attribute(name, value).expect("the name is an attribute's");
}

/// Gives an element its hook.
pub(super) fn hooked<T: AsRef<Element>>(hook: &str, element: T) -> T {
    set(element.as_ref(), "data-testid", hook);
    element
}

/// Puts elements into another, one after the other.
pub(super) fn fill(parent: &Element, children: &[&Element]) {
    for child in children {
        parent.append_child(child).expect("a new element has a place");
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
