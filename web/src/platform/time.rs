//! Clocks and timers.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use yew::Callback;

use super::window::window;

/// Something that happens once, later, unless this is dropped before.
pub(crate) struct Timer {
    id: i32,
    _work: Closure<dyn FnMut()>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}

/// Calls `on_end` in so many milliseconds.
pub(crate) fn after(millis: i32, on_end: Callback<()>) -> Timer {
    let work = Closure::<dyn FnMut()>::new(move || on_end.emit(()));
    let function = work.as_ref().unchecked_ref();
    let id = window().set_timeout_with_callback_and_timeout_and_arguments_0(function, millis);
    Timer { id: id.expect("windows have timers"), _work: work }
}

/// Something that happens over and over until this is dropped.
pub(crate) struct Interval {
    id: i32,
    _work: Closure<dyn FnMut()>,
}

impl Drop for Interval {
    fn drop(&mut self) {
        window().clear_interval_with_handle(self.id);
    }
}

/// Calls `on_end` every so many milliseconds.
pub(crate) fn every(millis: i32, on_end: Callback<()>) -> Interval {
    let work = Closure::<dyn FnMut()>::new(move || on_end.emit(()));
    let function = work.as_ref().unchecked_ref();
    let id = window().set_interval_with_callback_and_timeout_and_arguments_0(function, millis);
    Interval { id: id.expect("windows have timers"), _work: work }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// A moment as the user's clock shows it, "2026-11-26T09:13".
pub(crate) fn local_time(millis: f64) -> String {
    let date = js_sys::Date::new(&millis.into());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// Waits; zero does not.
pub(super) async fn sleep(millis: i32) {
    if millis == 0 {
        return;
    }
    let later = Promise::new(&mut |resolve, _| {
        let window = window();
        // It fails for texts in place of functions only.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    // It is never rejected.
    let _ = JsFuture::from(later).await;
}
