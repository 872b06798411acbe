//! Files that other programs hand over: shared with the installed page, or opened with it.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::Callback;

use super::intake::{Given, GivenFile};

#[wasm_bindgen(raw_module = "./browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = sharedFiles)]
    fn promise_shared_files() -> Promise;
    #[wasm_bindgen(js_name = onLaunch)]
    fn consume_launches(take: &Function);
}

/// The files that were shared since they were last asked for, in the order in which they came; from
/// then on they are the caller's alone. Where the browser keeps nothing there are none.
pub(crate) async fn shared_files() -> Vec<File> {
    let files = JsFuture::from(promise_shared_files()).await;
    files.map(files_of).unwrap_or_default()
}

/// Gives files that the system opens with the installed page to `on_files`, those that it was
/// started with too.
pub(crate) fn on_launch(on_files: Callback<Given>) {
    let take = Closure::<dyn Fn(Array)>::new(move |opened: Array| {
        let files = opened.iter().map(|pair| {
            let pair: Array = pair.unchecked_into();
            GivenFile::alone(pair.get(0).unchecked_into(), Some(pair.get(1).unchecked_into()))
        });
        on_files.emit(Given { files: files.collect(), left_out: 0 });
    });
    // It listens for as long as the page is open.
    consume_launches(take.into_js_value().unchecked_ref());
}

fn files_of(list: JsValue) -> Vec<File> {
    list.unchecked_into::<Array>().iter().map(JsCast::unchecked_into).collect()
}
