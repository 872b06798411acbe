//! The model's card: what was made from what, and how good it is.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tagsight_core::{Steps, artifact};

use tagsight_data::write_atomically;
use tagsight_metrics::{Decisions, PairedDifference, Score};

use crate::report::{ClassFigures, ValueFigures};

/// The card's name in a model's folder.
pub const CARD_NAME: &str = "card.json";

/// `card.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The model's name: that of its folder.
    pub name: String,
    /// `resnet18` and so on.
    pub architecture: String,
    /// The weights' file.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// Number of labels.
    pub labels: usize,
    /// What it was made from, and how.
    pub made_from: Origin,
    /// Its quality, once measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measured>,
    /// What it is not good for, in plain words.
    pub limits: Vec<String>,
}

/// What a model was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The photos.
    pub data: String,
    /// Photos that weights were fitted to.
    pub fitted_photos: usize,
    /// Photos that the epoch, thresholds and calibration were chosen on.
    pub validation_photos: usize,
    /// The fitted epochs.
    pub epoch: usize,
    /// How good the float network was on the validation photos.
    pub validation_score: Score,
    /// The run's settings, seed and initial weights included. Settings change from version to
    /// version and a card does not, so it is not tied to those of today.
    pub training: serde_json::Value,
    /// How floats became integers.
    pub quantisation: String,
    /// Photos that ranges of activations were observed on; they are of those held back.
    pub calibration_photos: usize,
    /// Where thresholds and scores come from.
    pub thresholds: String,
}

/// Quality on photos that nothing was chosen on. Figures that only earlier versions had are not
/// read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The photos.
    pub data: String,
    /// Their number.
    pub photos: usize,
    /// How good the float network is.
    pub float_score: Score,
    /// How good the INT8 network is.
    pub int8_score: Score,
    /// Float minus INT8.
    pub float_minus_int8: f64,
    /// Its standard error (paired bootstrap over photos).
    pub float_minus_int8_standard_error: f64,
    /// More of what the task is measured by.
    #[serde(flatten)]
    pub figures: MeasuredFigures,
}

/// What a task is measured by, of the INT8 network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MeasuredFigures {
    /// Labels, each for itself.
    Labels {
        /// Area under the precision-recall curve by trapezoids.
        int8_pr_auc: f64,
        /// Tags at each step of the model's thresholds; none where those were fitted anew since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        int8_at_steps: Option<Steps<Decisions>>,
        /// By label.
        per_class: Vec<MeasuredClass>,
    },
    /// One label a photo.
    Classes {
        /// Its figures.
        int8: ClassFigures,
    },
    /// Values.
    Values {
        /// Their errors.
        int8: ValueFigures,
    },
}

/// How a float network compares with its integers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FloatFigures {
    /// How good the float network is.
    pub score: Score,
    /// Float minus INT8.
    pub minus_int8: PairedDifference,
}

impl Measured {
    /// What was found of the float network, if the integers still are those that it was compared
    /// with: then they have just this score over as many photos.
    pub fn float_figures(&self, photos: usize, int8_score: &Score) -> Option<FloatFigures> {
        let is_same = self.photos == photos && self.int8_score.is_same(int8_score);
        is_same.then_some(FloatFigures {
            score: self.float_score,
            minus_int8: PairedDifference {
                difference: self.float_minus_int8,
                standard_error: self.float_minus_int8_standard_error,
            },
        })
    }
}

/// One label's quality.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredClass {
    /// The label.
    pub label: String,
    /// Photos that it is on.
    pub positives: usize,
    /// Average precision of the INT8 network; none without photos.
    pub int8_ap: Option<f64>,
}

/// Why a card could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// Not of this form.
    #[error("{path} is not usable: {source}")]
    Json {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        source: serde_json::Error,
    },
    /// The model was changed after its card was written.
    #[error("{0} is not the file that its card describes; export the model again")]
    Altered(PathBuf),
}

impl Card {
    /// Reads the card of the model in `folder` and checks that it describes the file there.
    ///
    /// # Errors
    /// If it cannot be read, or the model's file is another one.
    pub fn read(folder: &Path) -> Result<Self, CardError> {
        let card: Self = read_json(&folder.join(CARD_NAME))?;
        let path = folder.join(artifact::FILE_NAME);
        let bytes =
            std::fs::read(&path).map_err(|source| CardError::Io { path: path.clone(), source })?;
        if sha256(&bytes) != card.sha256 { Err(CardError::Altered(path)) } else { Ok(card) }
    }

    /// Makes it the card of a model's file of these bytes.
    pub fn describe(&mut self, bytes: &[u8]) {
        self.bytes = bytes.len() as u64;
        self.sha256 = sha256(bytes);
    }

    /// Writes the card beside the model.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), CardError> {
        write_json(&folder.join(CARD_NAME), self)
    }
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, CardError> {
    let bytes =
        std::fs::read(path).map_err(|source| CardError::Io { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes)
        .map_err(|source| CardError::Json { path: path.to_owned(), source })
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), CardError> {
    let mut text = serde_json::to_string_pretty(value).expect("plain data serialises");
    text.push('\n');
    write_atomically(path, text.as_bytes())
        .map_err(|source| CardError::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use tagsight_metrics::Metric;

    use super::*;
    use crate::report::{ClassReport, ValueReport};

    fn score(value: f64) -> Score {
        Score { metric: Metric::Map, over: 80, value }
    }

    fn card(name: &str, map: f64) -> Card {
        Card {
            name: name.into(),
            architecture: "resnet18".into(),
            file: artifact::FILE_NAME.into(),
            bytes: 3,
            sha256: sha256(b"abc"),
            labels: 80,
            made_from: Origin {
                data: "photos".into(),
                fitted_photos: 1,
                validation_photos: 1,
                epoch: 1,
                validation_score: score(0.5),
                training: serde_json::json!({"seed": 0}),
                quantisation: "as tests do".into(),
                calibration_photos: 1,
                thresholds: "none".into(),
            },
            measured: Some(Measured {
                data: "photos".into(),
                photos: 1,
                float_score: score(map),
                int8_score: score(map),
                float_minus_int8: 0.0,
                float_minus_int8_standard_error: 0.0,
                figures: MeasuredFigures::Labels {
                    int8_pr_auc: map,
                    int8_at_steps: None,
                    per_class: vec![],
                },
            }),
            limits: vec![],
        }
    }

    #[test]
    fn a_score_is_written_with_its_metric() {
        let text = serde_json::to_string(&score(0.5)).unwrap();
        assert_eq!(text, r#"{"metric":"map","over":80,"value":0.5}"#);
    }

    #[test]
    fn a_card_belongs_to_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join(artifact::FILE_NAME);
        card("a", 0.4).write(folder.path()).unwrap();
        std::fs::write(&model, b"abc").unwrap();
        assert_eq!(Card::read(folder.path()).unwrap(), card("a", 0.4));
        std::fs::write(&model, b"abd").unwrap();
        assert!(matches!(Card::read(folder.path()), Err(CardError::Altered(_))));
    }

    #[test]
    fn a_card_has_the_figures_of_its_task() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(artifact::FILE_NAME), b"abc").unwrap();
        let labels = |at_steps| MeasuredFigures::Labels {
            int8_pr_auc: 0.5,
            int8_at_steps: at_steps,
            per_class: vec![MeasuredClass { label: "dog".into(), positives: 1, int8_ap: None }],
        };
        let decisions =
            Decisions { cp: 0.5, cr: 0.5, cf1: 0.5, op: 0.5, or: 0.5, of1: 0.5, macro_f1: 0.5 };
        let per_class = vec![ClassReport { label: "dog".into(), positives: 1, f1: 1.0 }];
        let classes = ClassFigures { macro_f1: 1.0, confusion: vec![vec![1]], per_class };
        let (label, unit) = ("height".into(), "cm".into());
        let per_value = vec![ValueReport { label, unit, mae: 1.0, r2: None }];
        for figures in [
            labels(None),
            labels(Some(Steps::all(decisions))),
            MeasuredFigures::Classes { int8: classes },
            MeasuredFigures::Values { int8: ValueFigures { per_value } },
        ] {
            let mut card = card("a", 0.5);
            card.measured.as_mut().unwrap().figures = figures;
            card.write(folder.path()).unwrap();
            assert_eq!(Card::read(folder.path()).unwrap(), card);
        }
    }

    #[test]
    fn float_figures_are_of_the_integers_that_they_were_compared_with() {
        let measured = card("a", 0.4).measured.unwrap();
        assert_eq!(measured.float_figures(1, &score(0.4)).unwrap().score, score(0.4));
        assert_eq!(measured.float_figures(2, &score(0.4)), None);
        assert_eq!(measured.float_figures(1, &score(0.400_001)), None);
    }
}
