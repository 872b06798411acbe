//! Keeps the screen on while there is work, where the browser can.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Navigator, VisibilityState};

use super::window::{document, window};

// web-sys has these among its unstable interfaces.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Navigator)]
    type NavigatorWithLock;

    #[wasm_bindgen(method, getter, js_name = wakeLock)]
    fn wake_lock(this: &NavigatorWithLock) -> Option<WakeLock>;

    type WakeLock;

    #[wasm_bindgen(method, catch)]
    fn request(this: &WakeLock, kind: &str) -> Result<Promise, JsValue>;

    type WakeLockSentinel;

    #[wasm_bindgen(method, catch)]
    fn release(this: &WakeLockSentinel) -> Result<Promise, JsValue>;
}

/// The screen stays on while this lives and the page is to be seen.
pub(crate) struct Awake {
    lock: Rc<Lock>,
    _on_visible: EventListener,
}

#[derive(Default)]
struct Lock {
    sentinel: RefCell<Option<Sentinel>>,
    is_over: Cell<bool>,
}

struct Sentinel(WakeLockSentinel);

impl Drop for Sentinel {
    fn drop(&mut self) {
        // One that the browser has taken back already has nothing to release.
        let _ = self.0.release();
    }
}

impl Awake {
    /// From now on.
    pub(crate) fn begin() -> Self {
        let lock = Rc::new(Lock::default());
        spawn_local(hold(lock.clone()));
        let held = lock.clone();
        // The browser takes a lock back when the page is hidden.
        let on_visible = EventListener::new(&document(), "visibilitychange", move |_| {
            if document().visibility_state() == VisibilityState::Visible {
                spawn_local(hold(held.clone()));
            }
        });
        Self { lock, _on_visible: on_visible }
    }

    /// Whether the browser gave a lock: not where the battery is low, or where there are none.
    #[cfg(all(test, target_arch = "wasm32"))]
    pub(super) fn is_held(&self) -> bool {
        self.lock.sentinel.borrow().is_some()
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.lock.is_over.set(true);
        self.lock.sentinel.take();
    }
}

async fn hold(lock: Rc<Lock>) {
    let navigator = window().navigator().unchecked_into::<NavigatorWithLock>();
    let request = navigator.wake_lock().and_then(|locks| locks.request("screen").ok());
    let Some(request) = request else { return };
    let Ok(sentinel) = JsFuture::from(request).await else { return };
    let sentinel = Sentinel(sentinel.unchecked_into());
    if !lock.is_over.get() {
        lock.sentinel.replace(Some(sentinel));
    }
}
