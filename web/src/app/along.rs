//! Tags that are wanted elsewhere: what the module that takes them there is given, and what it did.

use js_sys::Array;
use tagsight_library::{Photo, PhotoId, Set};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::html::Scope;

use super::at_hand::{AtHand, Source};
use super::files;
use super::{App, Msg};
use crate::page::FileFacts;
use crate::platform::{self, Along};

impl App {
    /// Opens the dialog for it; `of_chosen`: it begins with what is chosen.
    pub(super) fn take_along(&self, link: &Scope<Self>, of_chosen: bool) {
        let library = &self.page.library;
        let shown: Set<u32> = self.page.order().iter().copied().collect();
        let chosen = self.page.selection.chosen();
        let (mut photos, mut ids, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        let files = Array::new();
        for photo in library.photos() {
            let Some(key) = self.page.key(&photo.id) else { continue };
            ids.push(JsValue::from(photo.id.as_str()));
            marks.push(u8::from(shown.contains(&key)) | u8::from(chosen.contains(&key)) << 1);
            files.push(&match self.at_hand.get(&key).map(|file| &file.source) {
                Some(Source::Given(file, _)) => file.into(),
                Some(Source::Kept(handle)) => handle.into(),
                None => JsValue::UNDEFINED,
            });
            photos.push(photo.clone());
        }
        let along = Along { files, marks, of_chosen, language: self.texts.language.code() };
        // Its photos and its settings, as the dialog reads them.
        let library = (photos, library.settings().clone());
        let handles = self.keeper.handles(ids);
        let link = link.clone();
        let on_written = link.callback(|(id, file)| Msg::TakenAlong(id, file));
        spawn_local(async move {
            if !platform::take_along(along, &library, handles.await, on_written).await {
                link.send_message(Msg::NotTakenAlong);
            }
        });
    }

    /// A photo was written into: its file is another one from now on.
    pub(super) fn taken_along(&mut self, id: &str, file: File) {
        let Some(photo) = self.page.library.photo(&PhotoId::from(id)).cloned() else { return };
        let FileFacts { bytes, modified, .. } = files::facts(&file);
        if let Some(key) = self.page.key(&photo.id) {
            let source = Source::Given(file, None);
            self.at_hand.insert(key, AtHand { source, pending: None });
        }
        let (_, changes) = self.page.library.add(Photo { bytes, modified, ..(*photo).clone() });
        self.commit(&changes);
    }
}
