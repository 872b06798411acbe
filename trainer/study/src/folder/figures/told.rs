//! What the report is made of.

use tagsight_core::photo::DHash;
use tagsight_data::{Dataset, Part, Photo};

use super::super::config::{Config, Way};
use super::super::explored::{Explored, by_id};
use super::super::measured::Compared;
use super::super::runs::Run;

/// The longer side of pictures, pixels.
pub(super) const LONGEST: usize = 192;

/// All that the report tells.
pub(in super::super) struct Told<'a> {
    pub(in super::super) config: &'a Config,
    pub(in super::super) dataset: &'a Dataset,
    pub(in super::super) explored: &'a Explored,
    pub(in super::super) runs: &'a [Run],
    /// The way that became integers.
    pub(in super::super) chosen: Way,
    pub(in super::super) compared: &'a Compared,
}

impl Told<'_> {
    pub(super) fn labels(&self) -> &[String] {
        &self.dataset.subject.labels
    }

    /// The photos that could be read, with what they look like.
    pub(super) fn seen(&self) -> Vec<(&Photo, DHash)> {
        let known = by_id(self.dataset);
        self.explored.photos.iter().map(|seen| (known[&seen.id], DHash(seen.hash))).collect()
    }
}

/// What a person calls a photo: its folder and its name.
pub(super) fn name(photo: &Photo) -> String {
    let parts: Vec<_> =
        photo.path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

pub(super) fn part_name(part: Option<Part>) -> &'static str {
    part.map_or("none", Part::name)
}
