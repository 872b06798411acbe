//! Which file beside a photo holds its metadata.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::stamp::Stamp;

/// What every sidecar's name ends in.
pub const EXTENSION: &str = "xmp";

/// What a sidecar is called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Naming {
    /// `IMG.jpg.xmp`, as darktable, digiKam and Immich have it.
    #[default]
    Full,
    /// `IMG.xmp`, Adobe's rule.
    Stem,
}

impl Naming {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Full, Self::Stem];

    /// A photo's sidecar.
    pub fn path(self, photo: &Path) -> PathBuf {
        match self {
            Self::Full => {
                let mut name = OsString::from(photo.as_os_str());
                name.push(".");
                name.push(EXTENSION);
                name.into()
            }
            Self::Stem => photo.with_extension(EXTENSION),
        }
    }
}

/// The sidecars that a photo has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sidecars {
    /// That of [`Naming::Full`].
    pub full: Option<Stamp>,
    /// That of [`Naming::Stem`], if it can be no other file's.
    pub stem: Option<Stamp>,
    /// Whether another file has the same name but for its extension: `IMG.xmp` may be that one's, a
    /// camera's raw photo with all that was developed of it, say.
    pub is_stem_shared: bool,
}

impl Sidecars {
    /// Which one is there.
    pub fn of(&self, naming: Naming) -> Option<Stamp> {
        match naming {
            Naming::Full => self.full,
            Naming::Stem => self.stem,
        }
    }

    /// The one that is written: the wished one, unless only the other is there.
    pub fn chosen(&self, wished: Naming) -> Naming {
        let wished = if self.is_stem_shared { Naming::Full } else { wished };
        let other = match wished {
            Naming::Full => Naming::Stem,
            Naming::Stem => Naming::Full,
        };
        if self.of(wished).is_none() && self.of(other).is_some() { other } else { wished }
    }

    /// Those that are there.
    pub fn present(&self) -> impl Iterator<Item = Naming> {
        Naming::ALL.into_iter().filter(|&naming| self.of(naming).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_are_those_of_other_programs() {
        let photo = Path::new("a.b/IMG 1.jpg");
        assert_eq!(Naming::Full.path(photo), Path::new("a.b/IMG 1.jpg.xmp"));
        assert_eq!(Naming::Stem.path(photo), Path::new("a.b/IMG 1.xmp"));
    }

    #[test]
    fn the_one_that_is_there_is_written_unless_the_wished_one_is_there_too() {
        let there = Some(Stamp { size: 1, modified: 1 });
        let (none, full) = (Sidecars::default(), Sidecars { full: there, ..Sidecars::default() });
        let stem = Sidecars { stem: there, ..Sidecars::default() };
        let both = Sidecars { full: there, stem: there, is_stem_shared: false };
        for wished in Naming::ALL {
            assert_eq!(none.chosen(wished), wished);
            assert_eq!(both.chosen(wished), wished);
            assert_eq!(full.chosen(wished), Naming::Full);
            assert_eq!(stem.chosen(wished), Naming::Stem);
        }
        let shared = Sidecars { is_stem_shared: true, ..Sidecars::default() };
        assert_eq!(shared.chosen(Naming::Stem), Naming::Full);
    }
}
