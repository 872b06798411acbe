//! Results that are kept, so that a study that was interrupted goes on.

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tagsight_data::{fnv1a, write_atomically};
use tagsight_network::weights::Weights;

use crate::error::StudyError;

/// A folder of results by name, each with a hash of all that it follows from.
#[derive(Debug)]
pub struct Kept {
    folder: PathBuf,
    reused: usize,
    made: usize,
}

#[derive(Serialize, Deserialize)]
struct Entry<T> {
    digest: String,
    result: T,
}

/// A hash of settings.
pub fn digest(settings: &impl Serialize) -> String {
    let json = serde_json::to_vec(settings).expect("plain data serialises");
    format!("{:016x}", fnv1a(json))
}

/// A hash of weights.
pub(crate) fn weights_hash(weights: &Weights) -> u64 {
    fnv1a(weights.iter().flat_map(|(name, weight)| {
        let values = weight.values.iter().flat_map(|value| value.to_le_bytes());
        name.bytes().chain(values).collect::<Vec<u8>>()
    }))
}

impl Kept {
    /// The results in `folder`, which is made.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new(folder: &Path) -> Result<Self, StudyError> {
        fs::create_dir_all(folder).map_err(StudyError::io(folder))?;
        Ok(Self { folder: folder.to_owned(), reused: 0, made: 0 })
    }

    /// The result of that name if it follows from the same, or what `make` gives, which is kept. One that
    /// cannot be read is made anew.
    ///
    /// # Errors
    /// `make`'s, or that the result cannot be kept.
    pub fn get_or<T: Serialize + DeserializeOwned>(
        &mut self,
        name: &str,
        digest: &str,
        make: impl FnOnce() -> Result<T, StudyError>,
    ) -> Result<T, StudyError> {
        let path = self.folder.join(format!("{name}.json"));
        let entry = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if let Some(Entry { digest: found, result }) = entry
            && found == digest
        {
            self.reused += 1;
            return Ok(result);
        }
        let entry = Entry { digest: digest.to_owned(), result: make()? };
        let json = serde_json::to_vec_pretty(&entry).expect("plain data serialises");
        write_atomically(&path, &json).map_err(StudyError::io(&path))?;
        self.made += 1;
        // As later runs will read it: serde_json may read a number's last digit wrong.
        let entry = serde_json::from_slice::<Entry<T>>(&json);
        entry.map(|entry| entry.result).map_err(|error| StudyError::io(path)(error.into()))
    }

    /// How many results were there already.
    pub fn reused(&self) -> usize {
        self.reused
    }

    /// How many were made.
    pub fn made(&self) -> usize {
        self.made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_made_once_and_anew_when_settings_change() {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = Kept::new(folder.path()).unwrap();
        let mut get = |digest: &str, value: f64| kept.get_or("a", digest, || Ok(value)).unwrap();
        assert_eq!(
            [get("1", 1.0), get("1", 2.0), get("2", 3.0), get("1", 4.0)],
            [1.0, 1.0, 3.0, 4.0]
        );
        fs::write(folder.path().join("a.json"), "cut sho").unwrap();
        assert_eq!(kept.get_or("a", "1", || Ok(5.0)).unwrap(), 5.0);
        assert_eq!((kept.reused(), kept.made()), (1, 4));
    }
}
