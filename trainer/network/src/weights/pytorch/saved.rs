//! The two formats of `torch.save`: a zip archive, and a row of pickles with raw elements after it.
//!
//! Either is opened only if every storage that its pickle names is there with all of its bytes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::pickle::Pickle;
use super::storage::{Storage, storages};
use super::value::Value;
use crate::weights::refusal::Refusal;

/// First bytes of a zip file.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// The zip's member with the pickle; storages lie in the same folder, whose name is arbitrary.
const ZIP_PICKLE: &str = "data.pkl";
/// The number in the first pickle of the format of PyTorch before 1.6, little-endian.
const LEGACY_MAGIC: &[u8] = b"\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
/// As many bytes as have either number in them.
const START: u64 = 32;
/// Pickles before the one of interest in that format: magic number, version and system.
const LEGACY_PREAMBLE: usize = 3;

/// A file of `torch.save`.
pub(super) struct Saved {
    pub(super) pickle: Pickle,
    place: Place,
}

/// Where the storages lie.
enum Place {
    Zip { archive: ZipArchive<File>, folder: String, is_big_endian: bool },
    Legacy { file: Vec<u8>, places: HashMap<String, Range<usize>> },
}

impl Saved {
    /// Opens `file` and checks that its storages are whole.
    ///
    /// # Errors
    /// If it is neither format, TorchScript, or any byte of a storage is missing.
    pub(super) fn open(path: &Path) -> Result<Self, Refusal> {
        let mut file = File::open(path).map_err(|error| error.to_string())?;
        let mut start = Vec::new();
        let io = |error: std::io::Error| error.to_string();
        (&mut file).take(START).read_to_end(&mut start).map_err(io)?;
        if start.starts_with(ZIP_MAGIC) {
            open_zip(file)
        } else if start.windows(LEGACY_MAGIC.len()).any(|window| window == LEGACY_MAGIC) {
            file.read_to_end(&mut start).map_err(io)?;
            Ok(open_legacy(start)?)
        } else {
            Err(String::from("neither safetensors nor a file of torch.save").into())
        }
    }

    /// A storage's bytes, little-endian.
    ///
    /// # Errors
    /// If the archive gives other bytes than it promised.
    pub(super) fn read(&mut self, storage: &Storage) -> Result<Cow<'_, [u8]>, String> {
        match &mut self.place {
            Place::Legacy { file, places } => Ok(file[places[&storage.key].clone()].into()),
            Place::Zip { archive, folder, is_big_endian } => {
                let mut bytes = entry(archive, &storage_name(folder, &storage.key))?;
                if Some(bytes.len()) != storage.bytes() {
                    return Err(incomplete(storage));
                }
                if *is_big_endian {
                    bytes.chunks_exact_mut(storage.dtype.bitsize() / 8).for_each(<[u8]>::reverse);
                }
                Ok(bytes.into())
            }
        }
    }
}

fn open_zip(file: File) -> Result<Saved, Refusal> {
    let mut archive = ZipArchive::new(file).map_err(|error| error.to_string())?;
    let names = archive.file_names().filter_map(|name| name.strip_suffix(ZIP_PICKLE));
    let folders = names.filter(|folder| folder.is_empty() || folder.ends_with('/'));
    let folder = folders.min_by_key(|folder| folder.len()).map(str::to_owned);
    let folder = folder.ok_or_else(|| Refusal::Foreign("a zip archive without data.pkl".into()))?;
    if archive.file_names().any(|name| name == format!("{folder}constants.pkl")) {
        return Err(Refusal::Foreign("TorchScript".into()));
    }
    let bytes = entry(&mut archive, &format!("{folder}{ZIP_PICKLE}"))?;
    let (pickle, _) = Pickle::read(&bytes)?;
    for storage in storages(&pickle)?.values() {
        let found = match archive.by_name(&storage_name(&folder, &storage.key)) {
            Ok(entry) => entry.size(),
            Err(ZipError::FileNotFound) => 0,
            Err(error) => return Err(error.to_string().into()),
        };
        if usize::try_from(found).ok() != storage.bytes() {
            return Err(incomplete(storage).into());
        }
    }
    // Files of before PyTorch 2.1 do not say, and are little-endian.
    let is_big_endian =
        entry(&mut archive, &format!("{folder}byteorder")).is_ok_and(|b| b == b"big");
    Ok(Saved { pickle, place: Place::Zip { archive, folder, is_big_endian } })
}

fn storage_name(folder: &str, key: &str) -> String {
    format!("{folder}data/{key}")
}

/// The bytes of an archive's member, whose checksum must be right.
fn entry(archive: &mut ZipArchive<File>, name: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut entry = archive.by_name(name).map_err(|error| format!("{name}: {error}"))?;
    entry.read_to_end(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
    Ok(bytes)
}

fn open_legacy(file: Vec<u8>) -> Result<Saved, String> {
    let mut rest = file.as_slice();
    for _ in 0..LEGACY_PREAMBLE {
        (_, rest) = Pickle::read(rest)?;
    }
    let (pickle, rest) = Pickle::read(rest)?;
    let (order, rest) = Pickle::read(rest)?;
    let mut named = storages(&pickle)?;
    let Value::List(keys) = order.get(order.root()) else {
        return Err("no list of storages in it".into());
    };
    let mut places = HashMap::new();
    let mut start = file.len() - rest.len();
    for &key in keys {
        let storage = order.text(key).and_then(|key| named.remove(key));
        let storage = storage.ok_or("a storage that no tensor names")?;
        let place = legacy_place(&file, start, &storage).ok_or_else(|| incomplete(&storage))?;
        start = place.end;
        places.insert(storage.key, place);
    }
    match named.values().next() {
        Some(storage) => Err(incomplete(storage)),
        None => Ok(Saved { pickle, place: Place::Legacy { file, places } }),
    }
}

/// Where a storage's elements lie if it begins at `start`, with their count, and is whole.
fn legacy_place(file: &[u8], start: usize, storage: &Storage) -> Option<Range<usize>> {
    let (count, elements) = file.get(start..)?.split_first_chunk()?;
    let bytes = storage.bytes()?;
    let is_whole = u64::from_le_bytes(*count) == storage.count as u64 && bytes <= elements.len();
    let elements_start = start + count.len();
    is_whole.then(|| elements_start..elements_start + bytes)
}

fn incomplete(storage: &Storage) -> String {
    let Storage { key, dtype, count } = storage;
    format!("storage {key} does not have its {count} elements of type {dtype}")
}
