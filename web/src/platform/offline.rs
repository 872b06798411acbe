//! The page's end of the service worker: whether everything is on the device, and updates.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use yew::Callback;

/// Whether the page works without a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfflineStatus {
    /// It does not.
    Unavailable(OnlyOnline),
    /// What it takes is on its way.
    Preparing,
    /// Every file of the site and the model are on the device, and are what the build lists.
    Ready,
}

/// Why the page does not work without a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnlyOnline {
    /// The site is built without a service worker.
    NotOffered,
    /// This browser has none, or not for this address or in this mode.
    Unsupported,
    /// A file did not come, or was another one than the build lists, or there is no room.
    Incomplete,
}

/// A build of the site that is newer than the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Update {
    /// There is none.
    None,
    /// It is on the device and may be taken.
    Ready,
    /// It was to be taken, and a tab is tagging photos.
    Busy,
}

/// What the page hears of the service worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfflineEvent {
    /// The status is known, or another one.
    Status(OfflineStatus),
    /// The same of updates.
    Update(Update),
}

#[wasm_bindgen(raw_module = "./browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = Offline)]
    type Link;
    #[wasm_bindgen(constructor, js_class = "Offline")]
    fn new(tell: &Function) -> Link;
    #[wasm_bindgen(method)]
    fn keep(this: &Link, model: &str);
    #[wasm_bindgen(method, js_name = takeUpdate)]
    fn take_update(this: &Link);
}

/// The service worker, as long as the page is open.
pub(crate) struct Offline(Link);

impl Offline {
    /// Has the site put on the device, unless it is there; `on_event` hears how far that is. To be
    /// called when the page has what it needs itself, as both share the connection.
    pub(crate) fn register(on_event: Callback<OfflineEvent>) -> Self {
        let tell = Closure::<dyn Fn(String)>::new(move |words: String| {
            if let Some(event) = event(&words) {
                on_event.emit(event);
            }
        });
        Self(Link::new(tell.into_js_value().unchecked_ref()))
    }

    /// Has the model whose file is at `model`, relative to the models' list, on the device as well,
    /// instead of the one before; not before that is the page ready.
    pub(crate) fn keep(&self, model: &str) {
        self.0.keep(model);
    }

    /// Has all tabs go on with the newer build, unless one of them is tagging photos.
    pub(crate) fn take_update(&self) {
        self.0.take_update();
    }
}

/// What the words of browser.js and of the service worker mean.
fn event(words: &str) -> Option<OfflineEvent> {
    let status = |status| Some(OfflineEvent::Status(status));
    let online = |why| status(OfflineStatus::Unavailable(why));
    let update = |update| Some(OfflineEvent::Update(update));
    match words {
        "ready" => status(OfflineStatus::Ready),
        "preparing" => status(OfflineStatus::Preparing),
        "online-only" => online(OnlyOnline::NotOffered),
        "unsupported" => online(OnlyOnline::Unsupported),
        "incomplete" => online(OnlyOnline::Incomplete),
        "update" => update(Update::Ready),
        "busy" => update(Update::Busy),
        "no-update" => update(Update::None),
        // Of another build's service worker.
        _ => None,
    }
}
