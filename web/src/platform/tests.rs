//! The browser's small services in a browser, and what all tests there need.

#![expect(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::storage::{self, Persistence, Plea};
use super::time::sleep;
use super::window::window;
use super::{Awake, UrlPool};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn report(words: &str);
}

/// Lets the runner know why a test failed.
#[wasm_bindgen(js_name = reportPanics)]
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| report(&panic.to_string())));
}

#[wasm_bindgen]
pub async fn the_browser_says_what_room_there_is() -> Result<String, String> {
    let room = storage::room().await.unwrap();
    assert!(room.quota > room.used && room.used >= 0.0);
    let (before, asked) =
        (storage::persistence(Plea::Tell).await, storage::persistence(Plea::Persist).await);
    assert_ne!(before, Persistence::Unknown);
    assert_eq!(storage::persistence(Plea::Tell).await, asked);
    Ok(format!("{before:?}, then {asked:?}"))
}

#[wasm_bindgen]
pub async fn the_screen_stays_on_while_there_is_work() -> Result<String, String> {
    let awake = Awake::begin();
    while !awake.is_held() {
        sleep(5).await;
    }
    drop(awake);
    // Over before the browser answers.
    drop(Awake::begin());
    sleep(50).await;
    Ok("and may go off after it".to_owned())
}

/// Whether the browser finds something at `address`.
async fn is_there(address: &str) -> bool {
    JsFuture::from(window().fetch_with_str(address)).await.is_ok()
}

#[wasm_bindgen]
pub async fn addresses_are_taken_back() -> Result<String, String> {
    let picture = Blob::new_with_str_sequence(&Array::of1(&"picture".into())).unwrap();
    let mut pool = UrlPool::new(2);
    let first = pool.put("a", &picture).to_owned();
    let second = pool.put("b", &picture).to_owned();
    assert_eq!(pool.get("a"), Some(first.as_str()));
    pool.put("c", &picture);
    assert!(is_there(&first).await && !is_there(&second).await);
    assert_eq!(pool.get("b"), None);
    pool.limit(1);
    assert!(!is_there(&first).await);
    assert!(pool.get("c").is_some());
    Ok("those that were used last stay".to_owned())
}
