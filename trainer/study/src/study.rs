//! What studies have in common, and how one is run.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Serialize};
use tagsight_data::write_atomically;
use tagsight_report::Report;

use crate::error::StudyError;
use crate::kept::Kept;

/// The settings' name in a study's folder.
const SETTINGS: &str = "config.toml";
/// The folder of results that are kept.
const CELLS: &str = "cells";

/// A comparison.
pub trait Study {
    /// What it is called.
    const NAME: &'static str;
    /// Its settings with their defaults and meanings (TOML).
    const DEFAULTS: &'static str;
    /// Its settings.
    type Config: Serialize + DeserializeOwned;

    /// Refuses settings that make no sense.
    ///
    /// # Errors
    /// Which one.
    fn check(config: &Self::Config) -> Result<(), StudyError>;

    /// The same question in miniature: settings that take seconds.
    fn miniature(config: &mut Self::Config);

    /// Makes the study; what takes long is kept, other files may be left in `folder`.
    ///
    /// # Errors
    /// Why it could not be made.
    fn report(
        &self,
        config: &Self::Config,
        kept: &mut Kept,
        folder: &Path,
    ) -> Result<Report, StudyError>;
}

/// How long a study may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// As long as its settings ask for.
    Full,
    /// Seconds.
    Miniature,
}

/// A study that was made.
#[derive(Debug, Clone)]
pub struct Done {
    /// What it found, as it lies in the folder.
    pub report: Report,
    /// Results that were there from an earlier run.
    pub reused: usize,
    /// Results that were made.
    pub made: usize,
}

/// Makes a study by `settings` (TOML; what they leave out has the defaults) and leaves its settings and its
/// report in `folder`.
///
/// # Errors
/// If settings make no sense, the study cannot be made, or the folder cannot be written to.
pub fn run<S: Study>(
    study: &S,
    settings: &str,
    length: Length,
    folder: &Path,
) -> Result<Done, StudyError> {
    let mut config = config::<S>(settings)?;
    S::check(&config)?;
    if length == Length::Miniature {
        S::miniature(&mut config);
    }
    fs::create_dir_all(folder).map_err(StudyError::io(folder))?;
    let path = folder.join(SETTINGS);
    let text = toml::to_string(&config).expect("settings are TOML");
    write_atomically(&path, text.as_bytes()).map_err(StudyError::io(path))?;
    let mut kept = Kept::new(&folder.join(CELLS))?;
    let report = study.report(&config, &mut kept, folder)?;
    report.write(folder).map_err(StudyError::io(folder))?;
    Ok(Done { report, reused: kept.reused(), made: kept.made() })
}

/// Settings on top of the defaults, table by table.
fn config<S: Study>(settings: &str) -> Result<S::Config, StudyError> {
    let mut all: toml::Table = S::DEFAULTS.parse()?;
    merge(&mut all, settings.parse()?);
    Ok(S::Config::deserialize(all)?)
}

fn merge(all: &mut toml::Table, settings: toml::Table) {
    for (key, value) in settings {
        match (all.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(given)) => merge(inner, given),
            (_, value) => drop(all.insert(key, value)),
        }
    }
}
