//! A queue: who asks first is served first, and one at a time.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The queue.
#[derive(Default)]
pub(super) struct Turns {
    /// Resolves when the last in the queue is done.
    last: RefCell<Option<Promise>>,
}

/// Being served, until this is dropped.
pub(super) struct Turn {
    done: Function,
}

impl Turns {
    /// Joins the queue, at once; what is given waits for those who joined before.
    pub(super) fn take(&self) -> impl Future<Output = Turn> + use<> {
        let mut done = None;
        let this = Promise::new(&mut |resolve, _| done = Some(resolve));
        let turn = Turn { done: done.expect("a promise calls back at once") };
        let before = self.last.replace(Some(this));
        async move {
            if let Some(before) = before {
                // It is never rejected.
                let _ = JsFuture::from(before).await;
            }
            turn
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = self.done.call0(&JsValue::UNDEFINED);
    }
}
