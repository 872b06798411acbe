//! Loading the page anew, so that all of its parts are of one build.

use tagsight_protocol::VERSION;

use super::window::window;

/// In the tab's own storage: the newest build, by its protocol's version, that was loaded anew.
const KEY: &str = "tagsight.reloaded";

/// Loads the page anew.
pub(crate) fn reload() {
    // A page that may not do so stays as it is, and says what to do.
    let _ = window().location().reload();
}

/// Loads the page anew, unless this build did so before in this tab, in vain.
pub(crate) fn reload_once() {
    let Ok(Some(storage)) = window().session_storage() else { return };
    let last = storage.get_item(KEY).ok().flatten();
    // Without a mark there would be no end to it.
    if may_reload(last.as_deref()) && storage.set_item(KEY, &VERSION.to_string()).is_ok() {
        reload();
    }
}

/// Whether a page of this build may load itself anew after one of build `last` did. Builds only
/// rise, so that two copies from two caches cannot take turns.
fn may_reload(last: Option<&str>) -> bool {
    let last = last.and_then(|version| version.parse::<u32>().ok());
    last.is_none_or(|last| last < VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_build_is_loaded_anew_once() {
        assert!(may_reload(None));
        assert!(may_reload(Some(&(VERSION - 1).to_string())), "it came with the last try");
        assert!(!may_reload(Some(&VERSION.to_string())), "it was in vain");
        assert!(!may_reload(Some(&(VERSION + 1).to_string())), "an older copy is back");
    }
}
