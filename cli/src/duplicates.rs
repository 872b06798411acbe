//! Photos that are there more than once: the same picture in several files, and pictures that look alike.
//!
//! Nothing is done to any of them; which one to keep is its owner's choice.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use tagsight_core::photo::{self, DHash, Squasher, coded_parts};
pub use tagsight_library::ALIKE;
use tagsight_library::alike;

use crate::index::{Entry, Index, IndexError};
use crate::model::hexadecimal;
use crate::stores::Stores;
use crate::survey::{Gaps, Survey, Surveyed};
use crate::walk::Photo;
use crate::work::{self, Trouble};

/// Columns and rows of photos that no model has looked at; which number it is hardly shows in 9 × 8 fields.
const SIDE: usize = 288;

/// What is asked.
#[derive(Debug)]
pub struct Search {
    /// Folders, and photos.
    pub places: Vec<PathBuf>,
    /// Bits in which hashes may differ.
    pub distance: u32,
    /// How many files are read at once.
    pub jobs: NonZero<usize>,
}

/// What a photo is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    /// SHA-256 of the coded picture.
    identity: String,
    hash: DHash,
}

/// A photo of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Where it is.
    pub path: PathBuf,
    /// Bytes of its file.
    pub size: u64,
    /// Why it is in the group.
    pub likeness: Likeness,
}

/// How a photo is like others of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It has the very coded picture of the group's first, whatever metadata is around it.
    Same,
    /// It has another one, whose hash differs in so many bits from the nearest of the group.
    Alike(u32),
}

/// What a search came to.
#[derive(Debug, Default)]
pub struct Findings {
    /// Groups of two and more. The first of each has the largest file.
    pub groups: Vec<Vec<Member>>,
    /// What could not be compared.
    pub gaps: Gaps,
}

/// Finds photos that are there more than once.
///
/// # Errors
/// If an index cannot be read.
pub fn duplicates(
    search: &Search,
    stores: &mut Stores,
    stop: &AtomicBool,
) -> Result<Findings, IndexError> {
    let survey = Survey { places: &search.places, jobs: search.jobs, stop };
    let Surveyed { known, gaps } = survey.carry_out(stores, indexed, Squasher::default, look)?;
    Ok(Findings { groups: grouped(&known, search.distance), gaps })
}

/// What the index says, if the photo is as it was and its hash is known.
fn indexed(_: &Index, entry: &Entry, photo: &Photo) -> Option<Look> {
    let is_as_it_was = entry.stamp == photo.stamp;
    let hash = entry.hash.filter(|_| is_as_it_was)?;
    Some(Look { identity: entry.identity.clone(), hash })
}

fn look(squasher: &mut Squasher, photo: &Photo) -> Result<Look, Trouble> {
    let bytes = work::bytes(&photo.path)?;
    let rgb = photo::load_squashed(&bytes, SIDE, squasher)?;
    let hash = DHash::of(&photo::quantise(&rgb), SIDE);
    Ok(Look { identity: hexadecimal(coded_parts(&bytes)), hash })
}

fn grouped(seen: &[(Photo, Look)], distance: u32) -> Vec<Vec<Member>> {
    let hashes: Vec<Option<u64>> = seen.iter().map(|(_, look)| Some(look.hash.0)).collect();
    // Plain pictures too, where they are the same.
    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by_key(|&at| (&seen[at].1.identity, at));
    let is_same = |pair: &&[usize]| seen[pair[0]].1.identity == seen[pair[1]].1.identity;
    let same = order.windows(2).filter(is_same).map(|pair| (pair[0], pair[1]));
    let groups = alike::groups(&hashes, distance, same);
    groups.into_iter().map(|group| members(seen, group)).collect()
}

/// The photos of a group; what was edited or sent around usually has the smaller file.
fn members(seen: &[(Photo, Look)], mut group: Vec<usize>) -> Vec<Member> {
    group.sort_by_key(|&at| (std::cmp::Reverse(seen[at].0.stamp.size), at));
    let (_, first) = &seen[group[0]];
    let nearest = |at: usize| {
        let others = group.iter().filter(|&&other| other != at);
        others.map(|&other| seen[at].1.hash.distance(seen[other].1.hash)).min()
    };
    let member = |&at: &usize| {
        let (photo, look) = &seen[at];
        let likeness = match look.identity == first.identity {
            true => Likeness::Same,
            false => Likeness::Alike(nearest(at).expect("a group has two")),
        };
        Member { path: photo.path.clone(), size: photo.stamp.size, likeness }
    };
    group.iter().map(member).collect()
}
