//! Backups in a browser.

#![expect(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use js_sys::{Array, Uint8Array};
use tagsight_plain::record;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Blob;

use super::{BackupProblem, bytes_of, make_backup, read_backup, slice};
use crate::platform::database::{Database, Write};

#[derive(Debug, Default, PartialEq)]
struct Everything {
    words: Vec<String>,
}

record!(Everything { words });

fn everything() -> Everything {
    Everything { words: vec!["고양이".to_owned(), "\"\n".to_owned()] }
}

fn blob(bytes: &[u8]) -> Blob {
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).unwrap()
}

async fn library() -> Database {
    let database = Database::open("backup").await.unwrap();
    database.erase().await.unwrap();
    let mut write = Write::default();
    for number in 0..250_u8 {
        write.put_thumbnail(&number.to_string(), &blob(&vec![number; usize::from(number)]));
    }
    database.write(write).await.unwrap();
    database
}

#[wasm_bindgen]
pub async fn a_backup_comes_back() -> Result<String, String> {
    let ids: Vec<_> = (0..300).map(|number: u32| number.to_string()).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let file = make_backup(&library().await, everything(), &ids).await.unwrap();
    let back = read_backup::<Everything>(&file).await.unwrap();
    assert_eq!(back.library, everything());
    assert_eq!(back.thumbnails.len(), 250);
    for (number, (id, picture)) in back.thumbnails.iter().enumerate() {
        assert_eq!(*id, number.to_string());
        assert_eq!(bytes_of(picture).await.unwrap(), vec![number as u8; number]);
    }
    Ok(format!("{} bytes with 250 pictures", file.size()))
}

#[wasm_bindgen]
pub async fn damaged_backups_are_refused() -> Result<String, String> {
    let file = make_backup(&library().await, everything(), &["2", "9"]).await.unwrap();
    let bytes = bytes_of(&file).await.unwrap();
    for length in 0..bytes.len() {
        let cut = read_backup::<Everything>(&slice(&file, 0..length as u64).unwrap()).await;
        let expected = if length < 28 { BackupProblem::NotABackup } else { BackupProblem::Cut };
        assert_eq!(cut.err(), Some(expected), "{length} bytes");
    }
    let problem = async |changed: &[u8]| read_backup::<Everything>(&blob(changed)).await.err();
    let longer = [&bytes[..], b"x"].concat();
    assert_eq!(problem(&longer).await, Some(BackupProblem::Damaged));
    let mut garbled = bytes.clone();
    garbled[28] = b'!';
    assert_eq!(problem(&garbled).await, Some(BackupProblem::Damaged));
    let mut newer = bytes.clone();
    newer[16] = 2;
    assert_eq!(problem(&newer).await, Some(BackupProblem::NewerVersion));
    let other = read_backup::<u32>(&file).await.err();
    assert_eq!(other, Some(BackupProblem::Damaged));
    Ok(format!("cut at each of {} bytes", bytes.len()))
}
