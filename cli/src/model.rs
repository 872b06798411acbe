//! Which model tags, and where it is found.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use tagsight_core::{Artifact, ArtifactError, Isa, Metadata, Tagger, TaggerError, artifact};

use crate::index::Facts;

/// The list of models in a folder of models.
const MANIFEST: &str = "manifest.json";

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// There is none where one was said to be.
    #[error("there is no model in {}", .0.display())]
    Absent(PathBuf),
    /// There is none anywhere.
    #[error("there is no model")]
    Nowhere,
    /// It cannot be read.
    #[error("cannot read the model {path}: {source}")]
    Read {
        /// Its file.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// It is none that can be used.
    #[error("{name}: {source}")]
    Unusable {
        /// Where it is.
        name: String,
        /// What is wrong.
        source: ArtifactError,
    },
    /// Its task is another one.
    #[error("{0} measures values and gives no tags")]
    NoTags(String),
}

/// A model's file.
#[derive(Debug, Clone)]
pub struct Model {
    bytes: Cow<'static, [u8]>,
    facts: Facts,
}

/// The model that the program brings with it.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// Its file.
    pub bytes: &'static [u8],
    /// The file's SHA-256.
    pub sha256: &'static str,
}

impl Model {
    /// The model in `given`, a file or a folder; or else that of the first of `places` that has one, or
    /// else the one that is built in.
    ///
    /// # Errors
    /// If there is none, or it cannot be used.
    pub fn find(
        given: Option<&Path>,
        places: &[PathBuf],
        built_in: Option<BuiltIn>,
    ) -> Result<Self, ModelError> {
        if let Some(given) = given {
            let file = file_in(given).ok_or_else(|| ModelError::Absent(given.to_owned()))?;
            return Self::read(&file);
        }
        if let Some(file) = places.iter().find_map(|place| file_in(place)) {
            return Self::read(&file);
        }
        let BuiltIn { bytes, sha256 } = built_in.ok_or(ModelError::Nowhere)?;
        Self::new(bytes.into(), sha256.to_owned(), "the built-in model")
    }

    fn read(path: &Path) -> Result<Self, ModelError> {
        let bytes =
            fs::read(path).map_err(|source| ModelError::Read { path: path.to_owned(), source })?;
        let sha256 = hexadecimal([&bytes[..]]);
        Self::new(bytes.into(), sha256, &path.display().to_string())
    }

    fn new(bytes: Cow<'static, [u8]>, sha256: String, name: &str) -> Result<Self, ModelError> {
        let artifact = Artifact::read(&bytes)
            .map_err(|source| ModelError::Unusable { name: name.to_owned(), source })?;
        let Metadata { labels, task, .. } = artifact.metadata;
        let rule = task.rule(labels.len()).ok_or_else(|| ModelError::NoTags(name.to_owned()))?;
        Ok(Self { bytes, facts: Facts { sha256, labels, rule } })
    }

    /// What its scores mean.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The model at work, on one core.
    ///
    /// # Errors
    /// If it does not run here.
    pub fn tagger(&self) -> Result<Tagger, TaggerError> {
        Tagger::new(&self.bytes, Isa::best())
    }
}

/// Where models are looked for: beside the program, in what it was installed with, and in the current
/// folder.
pub fn places(program: Option<&Path>) -> Vec<PathBuf> {
    let folder = program.and_then(Path::parent);
    let beside = folder.map(|folder| folder.join("models"));
    let shared = folder.map(|folder| folder.join("../share/tagsight/models"));
    beside.into_iter().chain(shared).chain([PathBuf::from("models")]).collect()
}

/// The model's file in a model's folder, the default one's in a folder of models, or the file itself.
fn file_in(place: &Path) -> Option<PathBuf> {
    let in_folder = || Some(place.join(artifact::FILE_NAME)).filter(|file| file.is_file());
    let listed = || default_of(place).filter(|file| file.is_file());
    place.is_file().then(|| place.to_owned()).or_else(in_folder).or_else(listed)
}

fn default_of(models: &Path) -> Option<PathBuf> {
    #[derive(Deserialize)]
    struct Manifest {
        models: Vec<Listed>,
    }
    #[derive(Deserialize)]
    struct Listed {
        file: PathBuf,
        default: bool,
    }
    let manifest = fs::read(models.join(MANIFEST)).ok()?;
    let manifest: Manifest = serde_json::from_slice(&manifest).ok()?;
    let listed = manifest.models.into_iter().find(|listed| listed.default)?;
    Some(models.join(listed.file))
}

/// SHA-256 of all parts together.
pub fn hexadecimal<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    parts.into_iter().for_each(|part| hash.update(part));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use tagsight_core::Architecture;
    use tagsight_core::task::{Quantity, Task};

    use super::*;

    fn network(seed: u64) -> Vec<u8> {
        Artifact::synthetic(Architecture::MobileNetV2, 32, seed).write().unwrap()
    }

    #[test]
    fn a_model_is_a_file_or_in_a_folder_or_the_default_of_a_folder_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let [models, one, two] = ["", "one", "two"].map(|name| folder.path().join(name));
        for (place, seed) in [(&one, 1), (&two, 2)] {
            fs::create_dir(place).unwrap();
            fs::write(place.join(artifact::FILE_NAME), network(seed)).unwrap();
        }
        let listed = r#"{"models": [
            {"name": "one", "file": "one/model.safetensors", "default": false},
            {"name": "two", "file": "two/model.safetensors", "default": true}]}"#;
        fs::write(models.join(MANIFEST), listed).unwrap();
        let digest = |seed| hexadecimal([&network(seed)[..]]);
        let cases = [(one.join(artifact::FILE_NAME), 1), (one.clone(), 1), (models.clone(), 2)];
        for (place, seed) in &cases {
            let found = Model::find(Some(place), &[], None).unwrap();
            assert_eq!(found.facts().sha256, digest(*seed), "{}", place.display());
        }
        let found = Model::find(None, &[folder.path().join("three"), two], None).unwrap();
        assert_eq!(found.facts().sha256, digest(2));
    }

    #[test]
    fn a_model_that_gives_no_tags_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut artifact = Artifact::synthetic(Architecture::MobileNetV2, 32, 1);
        let quantity = Quantity { unit: "cm".into(), scale: 1.0, offset: 0.0 };
        let quantities = vec![quantity; artifact.metadata.labels.len()];
        artifact.metadata.task = Task::Regression { quantities };
        let file = folder.path().join(artifact::FILE_NAME);
        fs::write(&file, artifact.write().unwrap()).unwrap();
        assert!(matches!(Model::find(Some(&file), &[], None), Err(ModelError::NoTags(_))));
    }

    #[test]
    fn where_there_is_none_that_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let none = folder.path().to_owned();
        assert!(matches!(Model::find(Some(&none), &[], None), Err(ModelError::Absent(_))));
        assert!(matches!(Model::find(None, &[none], None), Err(ModelError::Nowhere)));
        let text = folder.path().join("model.txt");
        fs::write(&text, "hello").unwrap();
        assert!(matches!(Model::find(Some(&text), &[], None), Err(ModelError::Unusable { .. })));
    }
}
