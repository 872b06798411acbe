//! Why the library could not be read or written.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

use crate::platform::error::words;

/// Why the library could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StoreProblem {
    /// The browser gives pages no database here, in a private window for example.
    Unavailable,
    /// There is no room left.
    Quota,
    /// A newer build of this page has made the database another one; only that build can read it.
    NewerVersion,
    /// The browser lost the database, and opening it again did not help.
    Lost,
    /// Anything else, in the browser's words.
    Other(String),
}

impl StoreProblem {
    /// What the browser's `error` means. A transaction that was ended by nobody's mistake has none.
    pub(in crate::platform) fn of(error: &JsValue) -> Self {
        let Some(exception) = error.dyn_ref::<DomException>() else {
            return if error.is_null() || error.is_undefined() {
                Self::Lost
            } else {
                Self::Other(words(error))
            };
        };
        match exception.name().as_str() {
            "QuotaExceededError" => Self::Quota,
            "VersionError" => Self::NewerVersion,
            "SecurityError" => Self::Unavailable,
            // In turn: the connection is closed; WebKit's "Connection to Indexed Database server
            // lost" and Chromium's troubles with its files; transactions that a closing ended.
            "InvalidStateError" | "UnknownError" | "AbortError" => Self::Lost,
            name => Self::Other(format!("{name}: {}", exception.message())),
        }
    }
}
