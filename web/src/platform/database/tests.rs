//! The library in a browser, which `tests/browser/page.mjs` starts: every function that is exported
//! here is a test.

#![expect(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use tagsight_plain::{name, record};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, IdbDatabase};
use yew::Callback;

use super::store::Store;
use super::{Changed, Database, Loaded, StoreProblem, Write};
use crate::platform::FileHandle;
use crate::platform::time::sleep;
use crate::platform::window::window;

type Outcome = Result<String, String>;
type Everything = Loaded<Photo, Settings, String, u32>;

/// As large as a real record: 80 scores, and some decisions.
#[derive(Debug, Clone, Default, PartialEq)]
struct Photo {
    id: String,
    name: String,
    size: u64,
    added: f64,
    model: Option<String>,
    scores: Vec<f32>,
    decisions: Vec<(String, Decision)>,
}

record!(Photo { id, name, size, added, model, scores, decisions });

#[derive(Debug, Clone, Copy, PartialEq)]
enum Decision {
    Added,
    Removed,
}

name!(Decision { Added = "Added", Removed = "Removed" });

#[derive(Debug, Default, PartialEq)]
struct Settings {
    steps: u32,
}

record!(Settings { steps });

fn photo(number: usize) -> Photo {
    Photo {
        id: id(number),
        name: format!("IMG_{number:04}.jpg"),
        size: 3_000_000 + number as u64,
        added: 1.8e12 + number as f64,
        model: Some("resnet18".to_owned()),
        scores: (0..80).map(|label| (number * 80 + label) as f32).collect(),
        decisions: vec![("cat".to_owned(), Decision::Added), ("dog".to_owned(), Decision::Removed)],
    }
}

fn id(number: usize) -> String {
    format!("{number:064x}")
}

fn picture(number: usize) -> Blob {
    let bytes: Vec<u8> = (0..15_000).map(|index| (index * 7 + number) as u8).collect();
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(&bytes[..]))).unwrap()
}

async fn bytes_of(blob: &Blob) -> Vec<u8> {
    Uint8Array::new(&JsFuture::from(blob.array_buffer()).await.unwrap()).to_vec()
}

fn now() -> f64 {
    js_sys::Date::now()
}

/// An empty library of that name.
async fn library(name: &str) -> Database {
    delete(name).await;
    Database::open(name).await.unwrap()
}

async fn delete(name: &str) {
    let request = factory().delete_database(name).unwrap();
    answered(&request).await.unwrap();
}

fn factory() -> web_sys::IdbFactory {
    window().indexed_db().unwrap().unwrap()
}

async fn answered(request: &web_sys::IdbRequest) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    }))
    .await
}

async fn load(database: &Database) -> Everything {
    database.load().await.unwrap()
}

/// The database that it holds now.
async fn connected(database: &Database) -> IdbDatabase {
    database.0.connection.get().await.unwrap()
}

/// Writes what is no record of a photo.
async fn spoil(database: &Database, id: &str) {
    let mut write = Write::default();
    write.put_photo(id, &"no photo".to_owned());
    database.write(write).await.unwrap();
}

async fn thumbnail(database: &Database, number: usize) -> Option<Blob> {
    database.thumbnails(&[&id(number)]).await.unwrap().pop().flatten()
}

/// Something that the database can keep; a real handle takes a file.
fn date() -> JsValue {
    js_sys::Date::new_0().into()
}

async fn handle(database: &Database, of: impl Into<JsValue>) -> Option<FileHandle> {
    database.handles(&[of.into()]).await.unwrap().pop().unwrap()
}

#[wasm_bindgen]
pub async fn what_is_written_is_read() -> Outcome {
    let database = library("round-trip").await;
    let nothing = load(&database).await;
    assert!(nothing.photos.is_empty() && nothing.settings.is_none());
    let mut write = Write::default();
    write.put_photo(&id(2), &photo(2)).put_photo(&id(1), &photo(1));
    write.put_thumbnail(&id(1), &picture(1)).put_handle(id(1).into(), &date());
    write.put_settings(&Settings { steps: 3 });
    write
        .put_history(10, &"ten".to_owned())
        .put_history(9, &"nine".to_owned())
        .put_pending(0, &7_u32)
        .put_handle(0.into(), &date());
    database.write(write).await.unwrap();

    let all = load(&Database::open("round-trip").await.unwrap()).await;
    assert_eq!(all.photos, [photo(1), photo(2)]);
    assert_eq!(all.settings, Some(Settings { steps: 3 }));
    assert_eq!(all.history, [(9, "nine".to_owned()), (10, "ten".to_owned())]);
    assert_eq!(all.pending, [(0, 7)]);
    assert_eq!((all.unread_photos.len(), all.unread_others), (0, 0));
    let pictures = database.thumbnails(&[&id(2), &id(1)]).await.unwrap();
    assert!(pictures[0].is_none());
    assert_eq!(bytes_of(pictures[1].as_ref().unwrap()).await, bytes_of(&picture(1)).await);
    assert!(handle(&database, id(1)).await.unwrap().is_instance_of::<js_sys::Date>());
    assert!(handle(&database, id(2)).await.is_none());
    assert!(handle(&database, 0).await.is_some(), "of what waits");
    assert_eq!(database.photos::<Photo>(&[&id(3), &id(2)]).await.unwrap(), [photo(2)]);
    assert_eq!(database.history::<String>(&[9]).await.unwrap(), [(9, "nine".to_owned())]);
    assert_eq!(database.settings().await.unwrap(), Some(Settings { steps: 3 }));

    let mut write = Write::default();
    write.delete_photo(&id(1)).delete_history(9).delete_pending(0);
    database.write(write).await.unwrap();
    let all = load(&database).await;
    assert_eq!(all.photos, [photo(2)]);
    assert_eq!((all.history.len(), all.pending.len()), (1, 0));
    assert!(handle(&database, 0).await.is_none());
    assert!(thumbnail(&database, 1).await.is_some(), "the photo may come back");
    let mut write = Write::default();
    write.delete_pictures(&id(1));
    database.write(write).await.unwrap();
    assert!(thumbnail(&database, 1).await.is_none());
    assert!(handle(&database, id(1)).await.is_none());

    database.erase().await.unwrap();
    let nothing = load(&database).await;
    assert!(nothing.photos.is_empty() && nothing.settings.is_none() && nothing.history.is_empty());
    Ok("records, pictures and handles".to_owned())
}

#[wasm_bindgen]
pub async fn a_write_is_made_whole_or_not_at_all() -> Outcome {
    let database = library("atomic").await;
    let mut write = Write::default();
    write.put_photo(&id(1), &photo(1)).put_settings(&Settings { steps: 1 });
    // A function cannot be kept.
    write.put_handle(id(1).into(), &js_sys::Function::new_no_args("").into());
    let problem = database.write(write).await.unwrap_err();
    assert!(matches!(&problem, StoreProblem::Other(_)), "{problem:?}");
    let all = load(&database).await;
    assert!(all.photos.is_empty() && all.settings.is_none());
    Ok(format!("{problem:?}"))
}

#[wasm_bindgen]
pub async fn writes_stay_in_order_when_the_connection_is_lost() -> Outcome {
    let database = library("order").await;
    connected(&database).await.close();
    for steps in 0..20 {
        let mut write = Write::default();
        write.put_settings(&Settings { steps });
        let written = database.write(write);
        let database = database.clone();
        spawn_local(async move {
            // Those that come later run first.
            sleep(20 - steps as i32).await;
            if steps == 10 {
                connected(&database).await.close();
            }
            written.await.unwrap();
        });
    }
    database.write(Write::default()).await.unwrap();
    assert_eq!(load(&database).await.settings, Some(Settings { steps: 19 }));
    Ok("the last of 20 stands".to_owned())
}

#[wasm_bindgen]
pub async fn a_newer_build_gets_the_database() -> Outcome {
    let database = library("newer").await;
    // It would wait for ever for a connection that stays.
    let request = factory().open_with_u32("newer", 2).unwrap();
    answered(&request).await.unwrap();
    let mut write = Write::default();
    write.put_settings(&Settings { steps: 1 });
    assert_eq!(database.write(write).await, Err(StoreProblem::NewerVersion));
    assert_eq!(Database::open("newer").await.err(), Some(StoreProblem::NewerVersion));
    request.result().unwrap().unchecked_into::<IdbDatabase>().close();
    Ok("and the older one says so".to_owned())
}

#[wasm_bindgen]
pub async fn what_cannot_be_read_stays() -> Outcome {
    let database = library("sealed").await;
    spoil(&database, &id(1)).await;
    let mut write = Write::default();
    write.put_photo(&id(2), &photo(2)).put_history(1, &1.5).put_pending(1, &1_u32);
    database.write(write).await.unwrap();
    let all = load(&database).await;
    assert_eq!(all.photos, [photo(2)]);
    assert_eq!((all.unread_photos, all.unread_others), (vec![id(1)], 1));

    let mut write = Write::default();
    write
        .put_photo(&id(1), &photo(1))
        .put_photo(&id(3), &photo(3))
        .put_history(1, &"one".to_owned());
    database.write(write).await.unwrap();
    let all = load(&database).await;
    assert_eq!(all.photos, [photo(2), photo(3)]);
    let kept = database.get(Store::Photos, &[id(1).as_str()]).await.unwrap();
    assert_eq!(kept[0].as_string().as_deref(), Some("no photo"));

    database.seal_photos(&[&id(2)]);
    let mut write = Write::default();
    write.put_photo(&id(2), &photo(9));
    database.write(write).await.unwrap();
    assert_eq!(load(&database).await.photos, [photo(2), photo(3)]);

    let other = Database::open("sealed").await.unwrap();
    spoil(&other, &id(3)).await;
    assert!(database.photos::<Photo>(&[&id(3)]).await.unwrap().is_empty());
    let mut write = Write::default();
    write.put_photo(&id(3), &photo(3));
    database.write(write).await.unwrap();
    let kept = database.get(Store::Photos, &[id(3).as_str()]).await.unwrap();
    assert_eq!(kept[0].as_string().as_deref(), Some("no photo"));

    database.erase().await.unwrap();
    let mut write = Write::default();
    write.put_photo(&id(1), &photo(1));
    database.write(write).await.unwrap();
    assert_eq!(load(&database).await.photos, [photo(1)]);
    Ok("until everything is erased".to_owned())
}

#[wasm_bindgen]
pub async fn other_tabs_hear_of_writes_in_order() -> Outcome {
    let ours = library("tabs").await;
    let theirs = Database::open("tabs").await.unwrap();
    let heard = [Rc::<RefCell<Vec<Changed>>>::default(), Rc::default()];
    for (database, heard) in [&ours, &theirs].into_iter().zip(heard.clone()) {
        database.on_change(Callback::from(move |changed| heard.borrow_mut().push(changed)));
    }
    for number in 0..5 {
        let mut write = Write::default();
        write
            .put_photo(&id(number), &photo(number))
            .put_history(number as u32, &"entry".to_owned());
        let written = ours.write(write);
        spawn_local(async move { written.await.unwrap() });
    }
    ours.erase().await.unwrap();
    while heard[1].borrow().len() < 6 {
        sleep(5).await;
    }
    assert!(heard[0].borrow().is_empty());
    let expected = (0..5).map(|number| Changed {
        photos: vec![id(number)],
        history: vec![number as u32],
        ..Changed::default()
    });
    let erased = Changed { erased: true, ..Changed::default() };
    assert_eq!(*heard[1].borrow(), expected.chain([erased]).collect::<Vec<_>>());
    Ok("five writes and an erasure".to_owned())
}

#[wasm_bindgen]
pub async fn large_libraries_open_quickly() -> Outcome {
    let database = library("large").await;
    let start = now();
    for first in (0..5000).step_by(100) {
        let mut write = Write::default();
        for number in first..first + 100 {
            write.put_photo(&id(number), &photo(number));
        }
        database.write(write).await.unwrap();
    }
    let filled = now();
    let all = load(&Database::open("large").await.unwrap()).await;
    let loaded = now();
    assert_eq!(all.photos.len(), 5000);
    assert_eq!(all.photos[4999], photo(4999));
    for number in 0..1000 {
        let mut write = Write::default();
        write.put_photo(&id(number), &photo(number)).put_thumbnail(&id(number), &picture(number));
        database.write(write).await.unwrap();
    }
    let written = now();
    for number in 0..20 {
        let mut write = Write::default();
        write
            .put_photo(&id(number), &photo(number))
            .put_history(number as u32, &"entry".to_owned());
        database.write(write).await.unwrap();
    }
    let decided = now();
    let ids: Vec<_> = (500..540).map(id).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let before = now();
    let pictures = database.thumbnails(&ids).await.unwrap();
    let shown = now();
    assert!(pictures.iter().all(Option::is_some));
    let line = format!(
        "5,000 records written in hundreds {:.0} ms, loaded {:.0} ms; a photo and its thumbnail \
         {:.2} ms (1,000 in a row), a decision {:.1} ms; 40 thumbnails {:.0} ms",
        filled - start,
        loaded - filled,
        (written - loaded) / 1000.0,
        (decided - written) / 20.0,
        shown - before,
    );
    // Generous, as other work goes on beside the tests.
    if loaded - filled > 3000.0 { Err(line) } else { Ok(line) }
}

#[wasm_bindgen]
extern "C" {
    /// The runner's: so many bytes are all the room there is.
    #[wasm_bindgen(js_name = setQuota)]
    async fn set_quota(bytes: f64);
}

#[wasm_bindgen]
pub async fn a_full_disk_is_told() -> Outcome {
    set_quota(300_000.0).await;
    let database = library("full").await;
    let batch = |numbers: std::ops::Range<usize>| {
        let mut write = Write::default();
        for number in numbers {
            write.put_photo(&id(number), &photo(number));
            write.put_thumbnail(&id(number), &picture(number));
        }
        database.write(write)
    };
    batch(0..1).await.unwrap();
    assert_eq!(batch(1..100).await, Err(StoreProblem::Quota));
    assert_eq!(load(&database).await.photos, [photo(0)]);
    assert!(thumbnail(&database, 1).await.is_none());
    Ok("and what was there stays".to_owned())
}
