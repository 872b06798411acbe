//! The module that takes tags along, which comes when it is first asked for.

use js_sys::{Array, Promise, Uint8Array};
use tagsight_plain::Plain;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::Callback;

use super::intake::FileHandle;
use super::plain;

#[wasm_bindgen(raw_module = "./browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = takeAlong)]
    fn open(
        library: &Uint8Array,
        files: &Array,
        handles: &Array,
        marks: &Uint8Array,
        of_chosen: bool,
        language: &str,
        on_written: &JsValue,
    ) -> Promise;
}

/// What is known of the photos beside their records.
pub(crate) struct Along {
    /// Files or handles that are at hand, or nothing; one a photo, as all of this.
    pub(crate) files: Array,
    /// Whether it is shown (1) and chosen (2).
    pub(crate) marks: Vec<u8>,
    /// Whether it is asked for of what is chosen.
    pub(crate) of_chosen: bool,
    /// The page's language, by its code.
    pub(crate) language: &'static str,
}

/// Opens the dialog; false if the module does not come. `on_written` hears of photos' new files.
pub(crate) async fn take_along(
    along: Along,
    library: &impl Plain,
    handles: Vec<Option<FileHandle>>,
    on_written: Callback<(String, File)>,
) -> bool {
    let handles: Array = handles.into_iter().map(JsValue::from).collect();
    let hear = Closure::<dyn Fn(String, File)>::new(move |id, file| on_written.emit((id, file)));
    let marks = Uint8Array::from(&along.marks[..]);
    // The dialog may outlive whatever is here.
    let hear = hear.into_js_value();
    let Along { files, of_chosen, language, .. } = &along;
    let opened =
        open(&plain::message(library), files, &handles, &marks, *of_chosen, language, &hear);
    JsFuture::from(opened).await.is_ok()
}
