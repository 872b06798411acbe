//! What is in the library.

use js_sys::{Array, Uint8Array};
use tagsight_plain::{Plain, Reader};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::Database;
use super::problem::StoreProblem;
use super::store::{SETTINGS, Store};
use super::transaction::{Access, run};
use crate::platform::intake::FileHandle;
use crate::platform::plain::{pack, read};

/// Everything but pictures and handles: photos `T`, settings `S`, entries of the history `H`, and
/// what waits to be tagged, `P`.
#[derive(Debug)]
pub(crate) struct Loaded<T, S, H, P> {
    /// In the order of their ids.
    pub(crate) photos: Vec<T>,
    /// None at first.
    pub(crate) settings: Option<S>,
    /// By number, lowest first.
    pub(crate) history: Vec<(u32, H)>,
    /// By number, lowest first.
    pub(crate) pending: Vec<(u32, P)>,
    /// Ids of photos whose records cannot be read. They stay, and are not written over.
    pub(crate) unread_photos: Vec<String>,
    /// Other records of which the same is true.
    pub(crate) unread_others: usize,
}

/// Records that are read at once, which is faster than one by one, and takes less memory than all.
const AT_ONCE: u32 = 200;

/// Reads the records that `keys` and `values` of a store are; the keys of those that cannot be read
/// go to `sealed`.
fn rows<T: Plain>(
    store: Store,
    [keys, values]: &[JsValue; 2],
    sealed: &mut Vec<(Store, JsValue)>,
) -> Vec<(JsValue, T)> {
    let (keys, values): (&Array, &Array) = (keys.unchecked_ref(), values.unchecked_ref());
    let mut keys = keys.iter();
    let mut rows = Vec::new();
    for start in (0..values.length()).step_by(AT_ONCE as usize) {
        let packed = pack(&values.slice(start, start + AT_ONCE));
        // It is a list with a key for each item.
        let _ = Reader::new(&packed).list(&mut |item| {
            let (key, mut next) = (keys.next()?, *item);
            match T::take(item) {
                Some(record) => rows.push((key, record)),
                None => sealed.push((store, key)),
            }
            next.skip()?;
            *item = next;
            Some(())
        });
    }
    rows
}

fn numbered<T>(rows: Vec<(JsValue, T)>) -> Vec<(u32, T)> {
    // Only whole numbers are written there.
    rows.into_iter().map(|(key, row)| (key.as_f64().unwrap_or_default() as u32, row)).collect()
}

impl Database {
    /// Reads everything but pictures and handles, as it is at one moment.
    pub(crate) async fn load<T, S, H, P>(&self) -> Result<Loaded<T, S, H, P>, StoreProblem>
    where
        T: Plain,
        S: Plain,
        H: Plain,
        P: Plain,
    {
        let [photos, settings, history, pending] = self.get_all().await?;
        let mut sealed = Vec::new();
        let photos = rows(Store::Photos, &photos, &mut sealed);
        let unread_photos: Vec<_> = sealed.iter().filter_map(|(_, key)| key.as_string()).collect();
        let settings = rows(Store::Settings, &settings, &mut sealed).pop();
        let history = numbered(rows(Store::History, &history, &mut sealed));
        let pending = numbered(rows(Store::Pending, &pending, &mut sealed));
        let unread_others = sealed.len() - unread_photos.len();
        self.0.sealed.replace(sealed);
        Ok(Loaded {
            photos: photos.into_iter().map(|(_, photo)| photo).collect(),
            settings: settings.map(|(_, settings)| settings),
            history,
            pending,
            unread_photos,
            unread_others,
        })
    }

    /// The photos of these ids that are there and can be read; for what another tab changed.
    pub(crate) async fn photos<T: Plain>(&self, ids: &[&str]) -> Result<Vec<T>, StoreProblem> {
        let records = self.get(Store::Photos, ids).await?;
        let there = ids.iter().zip(records).filter(|(_, record)| !record.is_undefined());
        let mut photos = Vec::new();
        for (id, record) in there {
            match read(&record) {
                Some(photo) => photos.push(photo),
                // Another tab may be of a newer build.
                None => self.seal_photos(&[id]),
            }
        }
        Ok(photos)
    }

    /// The entries of the history of these numbers that are there and can be read.
    pub(crate) async fn history<H: Plain>(
        &self,
        numbers: &[u32],
    ) -> Result<Vec<(u32, H)>, StoreProblem> {
        let entries = self.get(Store::History, numbers).await?;
        let rows = numbers.iter().zip(entries);
        Ok(rows.filter_map(|(number, entry)| Some((*number, read(&entry)?))).collect())
    }

    /// The settings, if there are any and they can be read.
    pub(crate) async fn settings<S: Plain>(&self) -> Result<Option<S>, StoreProblem> {
        let settings = self.get(Store::Settings, &[SETTINGS]).await?;
        Ok(settings.into_iter().next().and_then(|settings| read(&settings)))
    }

    /// The photos' small pictures, none where there is none. They are asked for together, so many
    /// cost little more than one.
    pub(crate) async fn thumbnails(&self, ids: &[&str]) -> Result<Vec<Option<Blob>>, StoreProblem> {
        let pictures = self.get(Store::Thumbnails, ids).await?;
        Ok(pictures.iter().map(picture).collect())
    }

    /// The handles of files, none where there is none: of photos by their ids, of what waits by its
    /// number.
    pub(crate) async fn handles(
        &self,
        of: &[JsValue],
    ) -> Result<Vec<Option<FileHandle>>, StoreProblem> {
        let handles = self.get_values(Store::Handles, of).await?;
        let there = |handle: JsValue| handle.is_object().then(|| handle.unchecked_into());
        Ok(handles.into_iter().map(there).collect())
    }

    /// Keys and values of photos, settings, history and what waits.
    async fn get_all(&self) -> Result<[[JsValue; 2]; 4], StoreProblem> {
        let stores = [Store::Photos, Store::Settings, Store::History, Store::Pending];
        let all = run(&self.0.connection, Access::Read, &stores, &|from| {
            let mut requests = Vec::new();
            for store in stores {
                let store = from.get(store)?;
                requests.extend([store.get_all_keys()?, store.get_all()?]);
            }
            Ok(requests)
        })
        .await?;
        let mut all = all.into_iter();
        let mut next = || all.next().expect("a result a request");
        Ok(stores.map(|_| [next(), next()]))
    }

    /// The values of these keys, `undefined` where there is none.
    pub(super) async fn get<K: Copy + Into<JsValue>>(
        &self,
        store: Store,
        keys: &[K],
    ) -> Result<Vec<JsValue>, StoreProblem> {
        let keys: Vec<_> = keys.iter().map(|&key| key.into()).collect();
        self.get_values(store, &keys).await
    }

    async fn get_values(
        &self,
        store: Store,
        keys: &[JsValue],
    ) -> Result<Vec<JsValue>, StoreProblem> {
        run(&self.0.connection, Access::Read, &[store], &|stores| {
            let store = stores.get(store)?;
            keys.iter().map(|key| store.get(key)).collect()
        })
        .await
    }
}

/// Browsers tell the kind of picture by its first bytes.
fn picture(bytes: &JsValue) -> Option<Blob> {
    let bytes = bytes.dyn_ref::<Uint8Array>()?;
    Blob::new_with_u8_array_sequence(&Array::of1(bytes)).ok()
}
