//! The whole page takes files that are dropped on it.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::platform::{self, Given};
use crate::text::Texts;

/// Props of [`DropArea`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The page's language.
    pub(crate) texts: &'static Texts,
    /// Whether a drag is over the page.
    pub(crate) dragging: bool,
    /// Hears of drags that come and go.
    pub(crate) on_drag: Callback<bool>,
    /// Takes what was dropped.
    pub(crate) on_files: Callback<Given>,
    /// The page.
    pub(crate) children: Html,
}

/// Wraps the page.
#[component]
pub(crate) fn DropArea(props: &Props) -> Html {
    let Props { texts, dragging, on_drag, on_files, children } = props;
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
    let takes = on_files.clone();
    let ondrop = move |event: DragEvent| {
        event.prevent_default();
        let (given, takes) = (platform::given_by_drop(&event), takes.clone());
        spawn_local(async move { takes.emit(given.await) });
    };
    html! {
        <div
            class={classes!("page", dragging.then_some("dragging"))}
            {ondragover}
            {ondragleave}
            {ondrop}
            data-drop={texts.add.drop}
        >
            { children.clone() }
        </div>
    }
}
