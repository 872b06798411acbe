//! The module's end of what the two say.

use js_sys::{Function, Uint8Array};
use tagsight_plain::Plain;
use wasm_bindgen::JsValue;
use web_sys::File;
use yew::prelude::*;

use super::{Deed, Shown, alike, detail, settings};
use crate::platform;
use crate::text::Language;

/// What the page last said.
struct Said {
    language: Language,
    shown: Shown,
    on_deed: Callback<(Deed, Option<File>)>,
}

/// Whichever is open.
struct Dialogs(Option<Said>);

impl Component for Dialogs {
    type Message = Said;
    type Properties = ();

    fn create(_: &Context<Self>) -> Self {
        Self(None)
    }

    fn update(&mut self, _: &Context<Self>, said: Said) -> bool {
        self.0 = Some(said);
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let Some(Said { language, shown, on_deed }) = &self.0 else { return Html::default() };
        let (language, on_deed) = (*language, on_deed.clone());
        match shown.clone() {
            Shown::Nothing => Html::default(),
            Shown::Detail(detail) => {
                let on_deed = on_deed.reform(|deed| (deed, None));
                html! { <detail::Dialog {language} {detail} {on_deed} /> }
            }
            Shown::Alike(alike) => {
                let on_deed = on_deed.reform(|deed| (deed, None));
                html! { <alike::Dialog {language} {alike} {on_deed} /> }
            }
            Shown::Settings(settings) => {
                html! { <settings::Dialog {language} {settings} {on_deed} /> }
            }
        }
    }
}

thread_local! {
    static ROOT: yew::AppHandle<Dialogs> =
        yew::Renderer::<Dialogs>::with_root(platform::host()).render();
}

/// Shows what the bytes say is open. `hear` is called with bytes of what is done in it, and with a file
/// that goes with that.
pub fn show(shown: &[u8], hear: Function) {
    let Some((language, shown)) = Plain::from_bytes(shown) else { return };
    let on_deed = Callback::from(move |(deed, file): (Deed, Option<File>)| {
        let bytes = Uint8Array::from(&deed.to_bytes()[..]);
        // The page throws nothing.
        let _ = hear.call2(&JsValue::NULL, &bytes, &file.map_or(JsValue::UNDEFINED, JsValue::from));
    });
    ROOT.with(|root| root.send_message(Said { language, shown, on_deed }));
}
