//! Changes to the library that are made together.

use js_sys::Uint8Array;
use tagsight_plain::Plain;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, IdbRequest};

use super::Database;
use super::problem::StoreProblem;
use super::store::{SETTINGS, Store};
use super::tabs::Changed;
use super::transaction::{Access, Stores, run};
use crate::platform::plain::value;

/// Changes that are made together or not at all, in the order in which they were asked for;
/// pictures come last.
#[derive(Default)]
pub(crate) struct Write {
    changes: Vec<Change>,
    thumbnails: Vec<(String, Blob)>,
    changed: Changed,
}

struct Change {
    store: Store,
    key: JsValue,
    /// The new record, or none to delete the old one.
    value: Option<JsValue>,
}

impl Change {
    fn make(&self, stores: &Stores) -> Result<IdbRequest, JsValue> {
        let store = stores.get(self.store)?;
        match &self.value {
            Some(value) => store.put_with_key(value, &self.key),
            None => store.delete(&self.key),
        }
    }
}

impl Write {
    /// Keeps a photo's record.
    pub(crate) fn put_photo(&mut self, id: &str, photo: &impl Plain) -> &mut Self {
        self.changed.photos.push(id.to_owned());
        self.change(Store::Photos, id.into(), Some(value(photo)))
    }

    /// Deletes a photo's record. What else is kept of it stays, since the photo may come back.
    pub(crate) fn delete_photo(&mut self, id: &str) -> &mut Self {
        self.changed.photos.push(id.to_owned());
        self.change(Store::Photos, id.into(), None)
    }

    /// Deletes what else is kept of a photo: its thumbnail and its file's handle.
    pub(crate) fn delete_pictures(&mut self, id: &str) -> &mut Self {
        self.change(Store::Thumbnails, id.into(), None);
        self.change(Store::Handles, id.into(), None)
    }

    /// Keeps a photo's small picture.
    pub(crate) fn put_thumbnail(&mut self, id: &str, picture: &Blob) -> &mut Self {
        self.thumbnails.push((id.to_owned(), picture.clone()));
        self
    }

    /// Keeps the browser's handle of a file: of a photo's by its id, of one that waits by its number.
    pub(crate) fn put_handle(&mut self, of: JsValue, handle: &JsValue) -> &mut Self {
        self.change(Store::Handles, of, Some(handle.clone()))
    }

    /// Keeps the settings.
    pub(crate) fn put_settings(&mut self, settings: &impl Plain) -> &mut Self {
        self.changed.settings = true;
        self.change(Store::Settings, SETTINGS.into(), Some(value(settings)))
    }

    /// Keeps an entry of the history.
    pub(crate) fn put_history(&mut self, number: u32, entry: &impl Plain) -> &mut Self {
        self.changed.history.push(number);
        self.change(Store::History, number.into(), Some(value(entry)))
    }

    /// Deletes an entry of the history.
    pub(crate) fn delete_history(&mut self, number: u32) -> &mut Self {
        self.changed.history.push(number);
        self.change(Store::History, number.into(), None)
    }

    /// Remembers something that waits to be tagged.
    pub(crate) fn put_pending(&mut self, number: u32, pending: &impl Plain) -> &mut Self {
        self.changed.pending = true;
        self.change(Store::Pending, number.into(), Some(value(pending)))
    }

    /// Forgets something that waited to be tagged, and its file's handle.
    pub(crate) fn delete_pending(&mut self, number: u32) -> &mut Self {
        self.changed.pending = true;
        self.change(Store::Handles, number.into(), None);
        self.change(Store::Pending, number.into(), None)
    }

    fn change(&mut self, store: Store, key: JsValue, value: Option<JsValue>) -> &mut Self {
        self.changes.push(Change { store, key, value });
        self
    }

    /// Nothing may be waited for within a transaction, so this is done before it.
    async fn read_thumbnails(&mut self) -> Result<(), StoreProblem> {
        for (id, picture) in std::mem::take(&mut self.thumbnails) {
            let bytes = JsFuture::from(picture.array_buffer()).await;
            let bytes = Uint8Array::new(&bytes.map_err(|error| StoreProblem::of(&error))?);
            self.change(Store::Thumbnails, id.into(), Some(bytes.into()));
        }
        Ok(())
    }

    /// What the user decided goes through to the disk, as nobody can make it again; a photo that
    /// a power cut took is tagged again.
    fn access(&self) -> Access {
        if self.changed.history.is_empty() && !self.changed.settings {
            Access::Write
        } else {
            Access::WriteThrough
        }
    }

    fn stores(&self) -> Vec<Store> {
        let touched = |store: &Store| self.changes.iter().any(|change| change.store == *store);
        Store::ALL.into_iter().filter(touched).collect()
    }
}

impl Database {
    /// Makes the changes of `write`, after all that were asked for before, and tells the other tabs.
    /// Its place among them is taken at once, whenever the future is run.
    ///
    /// When this is done, they outlive the page's and the browser's being killed.
    pub(crate) fn write(
        &self,
        mut write: Write,
    ) -> impl Future<Output = Result<(), StoreProblem>> + use<> {
        let (turn, library) = (self.0.turns.take(), self.clone());
        async move {
            let _turn = turn.await;
            write.read_thumbnails().await?;
            library.spare_sealed(&mut write);
            library.make(&write).await
        }
    }

    async fn make(&self, write: &Write) -> Result<(), StoreProblem> {
        let stores = write.stores();
        if stores.is_empty() {
            return Ok(());
        }
        run(&self.0.connection, write.access(), &stores, &|stores| {
            write.changes.iter().map(|change| change.make(stores)).collect()
        })
        .await?;
        self.0.tabs.tell(&write.changed);
        Ok(())
    }

    /// Leaves the records of these photos as they are from now on, as those that cannot be read are;
    /// for what a newer build wrote.
    pub(crate) fn seal_photos(&self, ids: &[&str]) {
        let sealed = ids.iter().map(|&id| (Store::Photos, id.into()));
        self.0.sealed.borrow_mut().extend(sealed);
    }

    /// Leaves out what would be written over records that could not be read.
    fn spare_sealed(&self, write: &mut Write) {
        let sealed = self.0.sealed.borrow();
        let is_sealed = |change: &Change| {
            sealed.iter().any(|(store, key)| *store == change.store && *key == change.key)
        };
        write.changes.retain(|change| !is_sealed(change));
    }

    /// Deletes everything, after the writes that were asked for before, and tells the other tabs.
    pub(crate) fn erase(&self) -> impl Future<Output = Result<(), StoreProblem>> + use<> {
        let (turn, library) = (self.0.turns.take(), self.clone());
        async move {
            let _turn = turn.await;
            run(&library.0.connection, Access::WriteThrough, &Store::ALL, &|stores| {
                Store::ALL.into_iter().map(|store| stores.get(store)?.clear()).collect()
            })
            .await?;
            library.0.sealed.take();
            library.0.tabs.tell(&Changed { erased: true, ..Changed::default() });
            Ok(())
        }
    }
}
