//! Who computes a layer: one thread, or several that each take a share.

mod crew;
mod signal;
mod team;

pub use crew::Crew;
#[cfg(feature = "threads")]
pub use crew::Rayon;
pub use team::{Member, Team};

/// Whether this build can have more than one. What a browser loads without shared memory cannot, and
/// has none of this in it.
const CAN_BE_SEVERAL: bool = cfg!(any(not(target_family = "wasm"), target_feature = "atomics"));

/// The threads that compute an engine's layers.
#[derive(Debug, Default)]
pub enum Threads {
    /// The one that asks.
    #[default]
    One,
    /// More than that. That they are not named here leaves them out of what never makes any.
    Several(Box<dyn Crew>),
}

impl Threads {
    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Self::Several(crew) if CAN_BE_SEVERAL => crew.count(),
            _ => 1,
        }
    }

    /// As [`Crew::each`].
    pub(crate) fn each(&mut self, work: &(dyn Fn(usize) + Sync)) {
        match self {
            Self::One => work(0),
            Self::Several(crew) => crew.each(work),
        }
    }
}

impl<C: Crew + 'static> From<C> for Threads {
    fn from(crew: C) -> Self {
        Self::Several(Box::new(crew))
    }
}

/// Has `work` done by one thread, by teams of up to four and by rayon's pool, as far as a build's tests
/// have them: a browser's have no other thread than their own.
#[cfg(test)]
pub(crate) fn in_every_way(mut work: impl FnMut(&mut Threads)) {
    work(&mut Threads::One);
    #[cfg(feature = "threads")]
    work(&mut Rayon.into());
    let most = if cfg!(target_family = "wasm") { 1 } else { 4 };
    for members in 0..most {
        let (team, all) = Team::new(members);
        std::thread::scope(|scope| {
            for member in all {
                scope.spawn(|| member.serve());
            }
            work(&mut team.into());
        });
    }
}
