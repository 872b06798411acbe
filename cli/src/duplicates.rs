//! Photos that are there more than once: the same picture in several files, and pictures that look alike.
//!
//! Nothing is done to any of them; which one to keep is its owner's choice.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use tagsight_core::photo::{self, DHash, Squasher, coded_parts};

use crate::index::IndexError;
use crate::model::hexadecimal;
use crate::stores::Stores;
use crate::walk::{self, Photo, Walked};
use crate::work::{self, Trouble};
use crate::{alike, parallel};

/// Bits in which the hashes of photos that look alike differ at most.
pub const ALIKE: u32 = 4;
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
    /// Photos that cannot be read.
    pub unread: Vec<(PathBuf, Trouble)>,
    /// What could not be looked at.
    pub unseen: Vec<(PathBuf, std::io::Error)>,
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
    stores.open(&search.places)?;
    let Walked { photos, troubles, .. } = walk::walk(&search.places, stop);
    let mut findings = Findings { unseen: troubles, ..Findings::default() };
    let mut looks: Vec<Option<Look>> = Vec::with_capacity(photos.len());
    for photo in &photos {
        looks.push(indexed(search, stores, photo));
    }
    let unknown: Vec<usize> = (0..photos.len()).filter(|&at| looks[at].is_none()).collect();
    let read = |squasher: &mut Squasher, at: usize| look(&photos[at], squasher);
    for (at, look) in parallel::map(&unknown, search.jobs, stop, Squasher::default, read) {
        match look {
            Ok(look) => looks[at] = Some(look),
            Err(trouble) => findings.unread.push((photos[at].path.clone(), trouble)),
        }
    }
    let seen = photos.into_iter().zip(looks);
    let seen: Vec<_> = seen.filter_map(|(photo, look)| Some((photo, look?))).collect();
    findings.groups = grouped(&seen, search.distance);
    Ok(findings)
}

/// What the index says, if the photo is as it was and its hash is known.
fn indexed(search: &Search, stores: &mut Stores, photo: &Photo) -> Option<Look> {
    let (at, key) = stores.locate(photo, &search.places).ok()?;
    let index = stores.all()[at].read().expect("nobody panics while writing it");
    let entry = index.get(&key).filter(|entry| entry.stamp == photo.stamp)?;
    Some(Look { identity: entry.identity.clone(), hash: entry.hash? })
}

fn look(photo: &Photo, squasher: &mut Squasher) -> Result<Look, Trouble> {
    let bytes = work::bytes(&photo.path)?;
    let rgb = photo::load_squashed(&bytes, SIDE, squasher)?;
    let hash = DHash::of(&photo::quantise(&rgb), SIDE);
    Ok(Look { identity: hexadecimal(coded_parts(&bytes)), hash })
}

fn grouped(seen: &[(Photo, Look)], distance: u32) -> Vec<Vec<Member>> {
    let hashes: Vec<DHash> = seen.iter().map(|(_, look)| look.hash).collect();
    // Plain pictures too, where they are the same.
    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by_key(|&at| (&seen[at].1.identity, at));
    let is_same = |pair: &&[usize]| seen[pair[0]].1.identity == seen[pair[1]].1.identity;
    let same = order.windows(2).filter(is_same).map(|pair| (pair[0], pair[1]));
    let pairs = alike::pairs(&hashes, distance).into_iter().chain(same);
    let groups = alike::groups(seen.len(), pairs);
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
