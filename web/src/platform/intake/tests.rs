//! Folders in a browser: the origin's private one stands in for what a user drops.

#![expect(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DragEvent;

use super::handles::Handle;
use super::{Given, can_choose_folders, given_by_drop, open_file};
use crate::platform::window::window;
use crate::reason::FileProblem;

/// Calls a method by name.
async fn call(this: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method: Function = Reflect::get(this, &method.into()).unwrap().unchecked_into();
    let result = method.apply(this, &arguments.iter().collect()).unwrap();
    match result.dyn_into::<js_sys::Promise>() {
        Ok(promise) => JsFuture::from(promise).await.unwrap(),
        Err(value) => value,
    }
}

fn create() -> JsValue {
    let options = js_sys::Object::new();
    Reflect::set(&options, &"create".into(), &true.into()).unwrap();
    options.into()
}

async fn add(folder: &JsValue, name: &str) {
    call(folder, "getFileHandle", &[name.into(), create()]).await;
}

#[wasm_bindgen(raw_module = "./dropped.js")]
extern "C" {
    fn found(thing: &JsValue) -> Promise;
}

/// What is in a folder that was dropped, of which the browser gives just this.
async fn walked(by: &str, folder: &JsValue) -> Given {
    let thing = js_sys::Object::new();
    Reflect::set(&thing, &by.into(), folder).unwrap();
    let files = JsFuture::from(found(&thing)).await.unwrap();
    let mut given = Given::default();
    given.take(files.unchecked_ref());
    given
}

fn paths(given: &Given) -> Vec<&str> {
    given.files.iter().map(|given| given.path.as_str()).collect()
}

#[wasm_bindgen]
pub async fn folders_are_walked_by_handles() -> Result<String, String> {
    let storage = window().navigator().storage();
    let root = call(&storage, "getDirectory", &[]).await;
    let holiday = call(&root, "getDirectoryHandle", &["Holiday".into(), create()]).await;
    let beach = call(&holiday, "getDirectoryHandle", &["Beach".into(), create()]).await;
    add(&holiday, "b.jpg").await;
    add(&holiday, "a.png").await;
    add(&holiday, "notes.txt").await;
    add(&beach, "c.webp").await;
    let given = walked("handle", &holiday).await;
    assert_eq!(paths(&given), ["Holiday/Beach/c.webp", "Holiday/a.png", "Holiday/b.jpg"]);
    assert_eq!(given.left_out, 1);
    let handle = given.files[0].handle.as_ref().unwrap();
    assert_eq!(Reflect::get(handle, &"name".into()).unwrap(), "c.webp");
    Ok("three photos, and a text that is none".to_owned())
}

#[wasm_bindgen]
pub async fn files_are_opened_again_by_their_handles() -> Result<String, String> {
    let storage = window().navigator().storage();
    let root = call(&storage, "getDirectory", &[]).await;
    let handle = call(&root, "getFileHandle", &["again.jpg".into(), create()]).await;
    let handle: Handle = handle.unchecked_into();
    assert_eq!(open_file(&handle).await.unwrap().name(), "again.jpg");
    call(&root, "removeEntry", &["again.jpg".into()]).await;
    assert_eq!(open_file(&handle).await, Err(FileProblem::Gone));
    Ok("a file that is there, and one that is not".to_owned())
}

#[wasm_bindgen(inline_js = "
    export function folder(photos) {
        const entry = (name, more) => ({ isDirectory: false, fullPath: `/Holiday/${name}`, ...more });
        const folder = (name, all) => entry(name, {
            isDirectory: true,
            createReader: () => ({ readEntries: (found) => found(all.splice(0, 100)) }),
        });
        const photo = (name) =>
            entry(name, { file: (found) => found(new File([], name.split('/').pop())) });
        const lost = entry('lost.jpg', { file: (_, failed) => failed(new Error('lost')) });
        const locked = entry('locked', {
            isDirectory: true,
            createReader: () => ({ readEntries: (_, failed) => failed(new Error('locked')) }),
        });
        const names = Array.from({ length: photos }, (_, index) => `inside/${index}.jpg`);
        return folder('', [lost, locked, folder('inside', names.map(photo))]);
    }
")]
extern "C" {
    /// A folder of `photos` files that come in batches, beside a file and a folder that cannot be read.
    fn folder(photos: u32) -> JsValue;
}

#[wasm_bindgen]
pub async fn folders_are_walked_by_entries() -> Result<String, String> {
    let given = walked("entry", &folder(250)).await;
    assert_eq!(given.files.len(), 250);
    assert_eq!(given.left_out, 1);
    assert_eq!(given.files[249].path, "Holiday/inside/99.jpg");
    assert!(can_choose_folders());
    Ok("250 photos in batches of 100".to_owned())
}

#[wasm_bindgen(inline_js = "
    export function drop(names) {
        const dataTransfer = new DataTransfer();
        names.forEach((name) => dataTransfer.items.add(new File([], name)));
        dataTransfer.items.add('words', 'text/plain');
        return new DragEvent('drop', { dataTransfer });
    }
")]
extern "C" {
    /// Files and a text, dropped.
    fn drop(names: Vec<String>) -> DragEvent;
}

#[wasm_bindgen]
pub async fn files_that_are_dropped_alone_are_taken_whatever_they_are() -> Result<String, String> {
    let given = given_by_drop(&drop(vec!["b.jpg".to_owned(), "a.txt".to_owned()])).await;
    assert_eq!(paths(&given), ["b.jpg", "a.txt"]);
    assert_eq!(given.left_out, 0);
    Ok("in the order in which they were dropped".to_owned())
}
