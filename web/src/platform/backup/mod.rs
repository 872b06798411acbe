//! The library in one file, to be kept elsewhere and brought back.
//!
//! Pictures go from the database to the file and back through the browser's hands, some at a time;
//! the page never holds them all.

mod format;
mod problem;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

use js_sys::{Array, Uint8Array};
use tagsight_plain::Plain;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlAnchorElement, Response};

pub(crate) use problem::BackupProblem;

use super::database::{Database, StoreProblem};
use super::plain;
use super::time::sleep;
use super::urls::ObjectUrl;
use super::window::document;
use format::{HEADER_BYTES, Index};

/// How many pictures are read at once.
const PICTURES: usize = 100;

/// How long a browser may take to begin with a file, milliseconds.
const SAVING_MILLIS: i32 = 60_000;

/// What a file holds.
#[derive(Debug)]
pub(crate) struct Backup<T> {
    /// What [`make_backup`] was given.
    pub(crate) library: T,
    /// Photos' ids and small pictures, which are still in the file. An id may be any text.
    pub(crate) thumbnails: Vec<(String, Blob)>,
}

/// A file of `library`, and of the small pictures of the photos `ids` that have one.
pub(crate) async fn make_backup(
    database: &Database,
    library: impl Plain,
    ids: &[&str],
) -> Result<Blob, StoreProblem> {
    let (mut pictures, blobs) = (Vec::new(), Array::new());
    for ids in ids.chunks(PICTURES) {
        for (id, picture) in ids.iter().zip(database.thumbnails(ids).await?) {
            if let Some(picture) = picture {
                pictures.push(((*id).to_owned(), picture.size() as u64));
                blobs.push(&picture);
            }
        }
    }
    let made = assemble(&plain::json(&Index { library, pictures }, 0), &blobs);
    made.map_err(|error| StoreProblem::of(&error))
}

fn assemble(index: &str, pictures: &Array) -> Result<Blob, JsValue> {
    let index = Blob::new_with_str_sequence(&Array::of1(&index.into()))?;
    let header = Uint8Array::from(&format::header(index.size() as u64)[..]);
    let parts = Array::of2(&header, &index);
    Blob::new_with_blob_sequence(&parts.concat(pictures))
}

/// Reads what [`make_backup`] made, but for the pictures, which stay in `file`.
pub(crate) async fn read_backup<T: Plain>(file: &Blob) -> Result<Backup<T>, BackupProblem> {
    let bytes = file.size() as u64;
    let start = bytes_of(&slice(file, 0..HEADER_BYTES as u64)?).await?;
    let place = format::index_place(&start, bytes)?;
    let index: Index<T> = parse(&slice(file, place.clone())?).await?;
    let places = format::picture_places(place.end, index.pictures, bytes)?;
    let pictures = places.into_iter().map(|(id, place)| Ok((id, slice(file, place)?)));
    Ok(Backup { library: index.library, thumbnails: pictures.collect::<Result<_, _>>()? })
}

/// Parts that reach beyond the end are short.
fn slice(file: &Blob, place: std::ops::Range<u64>) -> Result<Blob, BackupProblem> {
    file.slice_with_f64_and_f64(place.start as f64, place.end as f64)
        .map_err(|_| BackupProblem::Unreadable)
}

async fn bytes_of(part: &Blob) -> Result<Vec<u8>, BackupProblem> {
    let bytes = JsFuture::from(part.array_buffer()).await;
    Ok(Uint8Array::new(&bytes.map_err(|_| BackupProblem::Unreadable)?).to_vec())
}

/// A response parses a file without its text going through the page.
async fn parse<T: Plain>(part: &Blob) -> Result<T, BackupProblem> {
    let response =
        Response::new_with_opt_blob(Some(part)).map_err(|_| BackupProblem::Unreadable)?;
    let json = JsFuture::from(response.json().map_err(|_| BackupProblem::Unreadable)?).await;
    let json = json.map_err(|error| match error.is_instance_of::<js_sys::SyntaxError>() {
        true => BackupProblem::Damaged,
        false => BackupProblem::Unreadable,
    })?;
    plain::read(&json).ok_or(BackupProblem::Damaged)
}

/// Hands `file` to the user as a download called `name`.
pub(crate) fn save(file: &Blob, name: &str) {
    let Ok(link) = document().create_element("a") else { return };
    let link: HtmlAnchorElement = link.unchecked_into();
    let url = ObjectUrl::new(file);
    link.set_href(url.address());
    link.set_download(name);
    link.click();
    spawn_local(async move {
        sleep(SAVING_MILLIS).await;
        drop(url);
    });
}
