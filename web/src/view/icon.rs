//! Line icons, drawn on a 24-unit grid.

use yew::prelude::*;

fn icon(class: &'static str, paths: &[&'static str]) -> Html {
    html! {
        <svg class={classes!("icon", class)} viewBox="0 0 24 24" aria-hidden="true">
            { for paths.iter().map(|&path| html! { <path d={path} /> }) }
        </svg>
    }
}

/// A tag with an eye's pupil for its hole.
pub(crate) fn logo() -> Html {
    icon("logo", &["M3 12 11 4h9v9l-8 8z", "M15.5 6.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"])
}

/// Two photos, one behind the other.
pub(crate) fn photos() -> Html {
    icon(
        "photos",
        &["M7 7h14v12H7z", "M3 15V3h14", "m7 16 4-4 3 3 3-3 4 4", "M11.5 10a.5.5 0 1 0 0-.01z"],
    )
}

/// A padlock.
pub(crate) fn lock() -> Html {
    icon("lock", &["M6 11h12v9H6z", "M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11"])
}

/// A cross.
pub(crate) fn cross() -> Html {
    icon("cross", &["M7 7l10 10M17 7 7 17"])
}

/// A photo that cannot be shown.
pub(crate) fn broken() -> Html {
    icon("broken", &["M4 5h16v14H4z", "M4 5l16 14"])
}

/// A tick.
pub(crate) fn check() -> Html {
    icon("check", &["m6 12.5 4 4 8-9"])
}

/// A magnifying glass.
pub(crate) fn search() -> Html {
    icon("search", &["M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z", "m15.5 15.5 5 5"])
}

/// An arrow that turns back.
pub(crate) fn undo() -> Html {
    icon("undo", &["M9 6 5 10l4 4", "M5 10h9a5 5 0 0 1 0 10h-3"])
}

/// The same, forward.
pub(crate) fn redo() -> Html {
    icon("redo", &["m15 6 4 4-4 4", "M19 10h-9a5 5 0 0 0 0 10h3"])
}

/// A folder.
pub(crate) fn folder() -> Html {
    icon("folder", &["M3.5 6.5h6l2 2.5h9v10h-17z"])
}

/// A camera.
pub(crate) fn camera() -> Html {
    icon(
        "camera",
        &["M3.5 8h4l2-3h5l2 3h4v11h-17z", "M12 10a3.25 3.25 0 1 0 0 6.5 3.25 3.25 0 0 0 0-6.5z"],
    )
}

/// A photo that is not shown yet.
pub(crate) fn picture() -> Html {
    icon(
        "picture",
        &["M4 5h16v14H4z", "m4 16 4.5-4.5 4 4 3-3 4.5 4.5", "M15.5 9a.75.75 0 1 0 0-.01z"],
    )
}

/// A plus.
pub(crate) fn plus() -> Html {
    icon("plus", &["M12 6v12M6 12h12"])
}

/// To what was before.
pub(crate) fn back() -> Html {
    icon("back", &["m14.5 6-6 6 6 6"])
}

/// To what comes.
pub(crate) fn forward() -> Html {
    icon("forward", &["m9.5 6 6 6-6 6"])
}

/// A wheel with teeth: settings.
pub(crate) fn sliders() -> Html {
    icon("sliders", &["M4 8h9M17 8h3M4 16h3M11 16h9", "M15 6v4M9 14v4"])
}

/// An eye that is crossed out: never to be seen.
pub(crate) fn hide() -> Html {
    icon("hide", &["M4 12s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.5S4 12 4 12z", "M5 19 19 5"])
}

/// A point that is aimed at: where.
pub(crate) fn aim() -> Html {
    icon("aim", &["M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12z", "M12 3v5M12 16v5M3 12h5M16 12h5"])
}
