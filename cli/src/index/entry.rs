//! What the index says of a photo.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tagsight_core::Step;
use tagsight_core::photo::DHash;
use tagsight_core::tags::{Rule, Tag};

use crate::sidecar::Sidecars;
use crate::stamp::Stamp;

/// A photo as it was when it was tagged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it is, from the index's folder on, as [`super::key`] makes it.
    pub path: String,
    /// Its file.
    pub stamp: Stamp,
    /// SHA-256 of its coded picture, which no metadata changes.
    pub identity: String,
    /// SHA-256 of the model that was asked.
    pub model: String,
    /// What it said.
    pub scores: Scores,
    /// What it looks like; earlier versions did not keep that.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "hash")]
    pub hash: Option<DHash>,
    /// When it was taken; empty where it does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub taken: String,
    /// By what it was tagged; empty where that was taken back.
    pub settings: String,
    /// Labels that it was given, best first.
    pub tags: Vec<String>,
    /// Labels and categories that somebody took out of its metadata since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<String>,
    /// Words that people, or other programs, gave it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<String>,
    /// Its sidecar `IMG.jpg.xmp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full: Option<Stamp>,
    /// Its sidecar `IMG.xmp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stem: Option<Stamp>,
}

impl Entry {
    /// Whether the photo and what is beside it are as they were.
    pub fn is_of(&self, stamp: Stamp, sidecars: &Sidecars) -> bool {
        self.stamp == stamp && self.full == sidecars.full && self.stem == sidecars.stem
    }

    /// Its tags with their scores.
    pub fn scored(&self, facts: &Facts) -> Vec<Tag> {
        let scored = |label: &String| {
            let output = facts.labels.iter().position(|known| known == label)?;
            Some(Tag { label: label.clone(), score: *self.scores.0.get(output)? })
        };
        self.tags.iter().filter_map(scored).collect()
    }

    /// The tags that its scores are worth at another step.
    pub fn tags_at(&self, facts: &Facts, step: Step) -> Vec<Tag> {
        let mut tags = facts.rule.tags(&facts.labels, &self.scores.0, step);
        tags.retain(|tag| !self.withdrawn.contains(&tag.label));
        tags
    }
}

/// A hash in files: as it is displayed.
mod hash {
    use super::{DHash, Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        hash: &Option<DHash>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match hash {
            Some(hash) => serializer.collect_str(hash),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DHash>, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map(Some).map_err(serde::de::Error::custom)
    }
}

/// What the scores of a model mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// SHA-256 of its file.
    pub sha256: String,
    /// One a score.
    pub labels: Vec<String>,
    /// When a label is given.
    #[serde(flatten)]
    pub rule: Rule,
}

/// Scores of a photo, one a label; in files as base64 of their bits, little-endian, so that none is
/// rounded and thousands of them are read in no time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores(pub Vec<f32>);

impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|score| score.to_le_bytes()).collect();
        serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for Scores {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let bytes = STANDARD_NO_PAD.decode(&*text).map_err(serde::de::Error::custom)?;
        let (scores, rest) = bytes.as_chunks();
        if !rest.is_empty() {
            return Err(serde::de::Error::custom("half a score"));
        }
        Ok(Self(scores.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()))
    }
}
