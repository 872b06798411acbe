//! In which scans a picture comes.

use fastrand::Rng;

use super::Picture;
use crate::random::Draw;

/// A scan.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Places of its components in the picture.
    pub components: Vec<usize>,
    /// The first and the last coefficient.
    pub band: (usize, usize),
    /// The lowest bit that came before, or 0 if nothing did.
    pub high: u32,
    /// The lowest bit that comes.
    pub low: u32,
}

/// The scans of a picture.
#[derive(Debug, Clone)]
pub struct Script {
    /// Whether coefficients come in parts.
    pub progressive: bool,
    /// In the file's order.
    pub scans: Vec<Scan>,
}

impl Script {
    /// All blocks whole, the components together, as most files have it.
    pub fn baseline(picture: &Picture) -> Self {
        let components = (0..picture.components.len()).collect();
        Self {
            progressive: false,
            scans: vec![Scan { components, band: (0, 63), high: 0, low: 0 }],
        }
    }

    /// A random script that is legal for `picture`.
    pub fn random(random: &mut Rng, picture: &Picture) -> Self {
        if random.bool() { Self::sequential(random, picture) } else { Self::parts(random, picture) }
    }

    fn sequential(random: &mut Rng, picture: &Picture) -> Self {
        let groups = groups(random, picture);
        let scans = groups.into_iter().map(|components| Scan {
            components,
            band: (0, 63),
            high: 0,
            low: 0,
        });
        Self { progressive: false, scans: scans.collect() }
    }

    fn parts(random: &mut Rng, picture: &Picture) -> Self {
        let count = picture.components.len();
        let mut scans = Vec::new();
        let mut waiting: Vec<Vec<Scan>> = Vec::new();
        for group in groups(random, picture) {
            waiting.push(refined(random, &group, (0, 0)));
        }
        // The other coefficients of a component wait for its first ones.
        let mut other: Vec<Vec<Vec<Scan>>> =
            (0..count).map(|component| bands(random, component)).collect();
        while !waiting.is_empty() {
            let next = random.draw(0..waiting.len());
            let scan = waiting[next].remove(0);
            if waiting[next].is_empty() {
                waiting.remove(next);
            }
            if scan.band.0 == 0 && scan.high == 0 {
                for &component in &scan.components {
                    waiting.append(&mut other[component]);
                }
            }
            scans.push(scan);
        }
        Self { progressive: true, scans }
    }
}

/// The components in random order and company.
fn groups(random: &mut Rng, picture: &Picture) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..picture.components.len()).collect();
    random.mix(&mut order);
    let mut groups = vec![Vec::new()];
    for component in order {
        if random.u8(0..3) == 0 && !groups[groups.len() - 1].is_empty() {
            groups.push(Vec::new());
        }
        groups.last_mut().expect("a group").push(component);
    }
    // A scan names its components in the frame's order (T.81, B.2.3).
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups
}

/// Bands of one component, each with its refinements.
fn bands(random: &mut Rng, component: usize) -> Vec<Vec<Scan>> {
    let mut bands = Vec::new();
    let mut first = 1;
    while first < 64 {
        let last = if random.bool() { 63 } else { random.draw(first..64) };
        bands.push(refined(random, &[component], (first, last)));
        first = last + 1;
    }
    bands
}

/// A scan of the high bits of a band, then one for each bit below.
fn refined(random: &mut Rng, components: &[usize], band: (usize, usize)) -> Vec<Scan> {
    let low = random.u32(0..=3);
    let scan = |high, low| Scan { components: components.to_vec(), band, high, low };
    let first = scan(0, low);
    std::iter::once(first).chain((0..low).rev().map(|low| scan(low + 1, low))).collect()
}
