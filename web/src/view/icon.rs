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

/// A warning triangle.
pub(crate) fn warning() -> Html {
    icon("warning", &["M12 4 21 20H3z", "M12 10v4.5M12 17v.01"])
}

/// A photo that cannot be shown.
pub(crate) fn broken() -> Html {
    icon("broken", &["M4 5h16v14H4z", "M4 5l16 14"])
}
