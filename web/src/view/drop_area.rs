//! The whole page takes files that are dropped on it.

use web_sys::File;
use yew::prelude::*;

use crate::platform;

/// Props of [`DropArea`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Whether a drag is over the page.
    pub(crate) dragging: bool,
    /// Hears of drags that come and go.
    pub(crate) on_drag: Callback<bool>,
    /// Takes what was dropped.
    pub(crate) on_files: Callback<Vec<File>>,
    /// The page.
    pub(crate) children: Html,
}

/// Wraps the page.
#[component]
pub(crate) fn DropArea(props: &Props) -> Html {
    let Props { dragging, on_drag, on_files, children } = props;
    let ondragover = on_drag.reform(|event: DragEvent| {
        // Without this the browser would open the file instead.
        event.prevent_default();
        true
    });
    let leaves = on_drag.clone();
    let ondragleave = move |event: DragEvent| {
        // Between two elements of the page there is a related target.
        if event.related_target().is_none() {
            leaves.emit(false);
        }
    };
    let ondrop = on_files.reform(|event: DragEvent| {
        event.prevent_default();
        platform::files_of_drop(&event)
    });
    html! {
        <div
            class={classes!("page", dragging.then_some("dragging"))}
            {ondragover}
            {ondragleave}
            {ondrop}
        >
            { children.clone() }
        </div>
    }
}
