//! Files of earlier visits, found again by the handles that were kept of them.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, File};

use super::handles::Handle;
use crate::reason::FileProblem;

#[wasm_bindgen(raw_module = "./browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = mayOpen)]
    fn ask_for(handles: &Array) -> Promise;
}

/// Opens a file as it is now, without asking anybody.
pub(crate) async fn open_file(handle: &Handle) -> Result<File, FileProblem> {
    handle.file().await.map_err(|error| problem(&error))
}

/// The handles whose files may be opened; the user is asked where that is needed, so this belongs right
/// behind a click. Nothing is opened yet, since each open file may be large.
pub(crate) async fn ask_to_open(handles: Vec<Option<Handle>>) -> Vec<Result<Handle, FileProblem>> {
    let asked: Array = handles.iter().flatten().map(AsRef::<JsValue>::as_ref).collect();
    let answers = JsFuture::from(ask_for(&asked)).await.map(JsCast::unchecked_into);
    // Where the browser fails to answer, nothing may be opened.
    let answers: Array = answers.unwrap_or_default();
    let mut answers = answers.iter();
    let allowed = |handle: Option<Handle>| {
        let handle = handle.ok_or(FileProblem::NoHandle)?;
        let may = answers.next().is_some_and(|answer| answer.is_truthy());
        may.then_some(handle).ok_or(FileProblem::Refused)
    };
    handles.into_iter().map(allowed).collect()
}

/// What the browser's `error` means.
fn problem(error: &JsValue) -> FileProblem {
    match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
        Some("NotFoundError") => FileProblem::Gone,
        _ => FileProblem::Refused,
    }
}
