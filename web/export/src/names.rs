//! What files are called.

use tagsight_library::{Set, lower};

use crate::choices::Naming;

/// Characters that some system has no names with.
const FOREIGN: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// A name without what comes after its last point.
pub fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// What the sidecar of a photo is called.
pub fn sidecar(photo: &str, naming: Naming) -> String {
    match naming {
        Naming::Full => format!("{photo}.xmp"),
        Naming::Stem => format!("{}.xmp", stem(photo)),
    }
}

/// Names of one folder, no two of them alike on any system.
#[derive(Debug, Default)]
pub struct Names(Set<String>);

impl Names {
    /// A name that is free, as much like `name` as can be; with what is added to it, it is free too.
    pub fn free(&mut self, name: &str, sidecar_naming: Naming) -> String {
        let name = harmless(name);
        let stem = stem(&name).to_owned();
        let ending = name[stem.len()..].to_owned();
        let mut number = 1;
        loop {
            let candidate =
                if number == 1 { name.clone() } else { format!("{stem} ({number}){ending}") };
            let beside = sidecar(&candidate, sidecar_naming);
            let both = [lower(&candidate), lower(&beside)];
            if !both.iter().any(|taken| self.0.contains(taken)) {
                self.0.extend(both);
                return candidate;
            }
            number += 1;
        }
    }
}

/// A name that every system takes and that leads nowhere.
fn harmless(name: &str) -> String {
    let taken_out = |letter: char| letter.is_control() || FOREIGN.contains(&letter);
    let name: String =
        name.chars().map(|letter| if taken_out(letter) { '_' } else { letter }).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "photo".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sidecars_are_called_as_others_look_for_them() {
        assert_eq!(sidecar("IMG_1.jpg", Naming::Full), "IMG_1.jpg.xmp");
        assert_eq!(sidecar("IMG_1.jpg", Naming::Stem), "IMG_1.xmp");
        assert_eq!(sidecar("a.b.png", Naming::Stem), "a.b.xmp");
        assert_eq!(sidecar("photo", Naming::Stem), "photo.xmp");
        assert_eq!(sidecar(".png", Naming::Stem), ".png.xmp");
    }

    #[test]
    fn no_two_names_are_alike() {
        let mut names = Names::default();
        let mut free = |name| names.free(name, Naming::Full);
        assert_eq!(free("바다.jpg"), "바다.jpg");
        assert_eq!(free("바다.jpg"), "바다 (2).jpg");
        assert_eq!(free("바다.JPG"), "바다 (3).JPG");
        assert_eq!(free("바다.png"), "바다.png");
    }

    #[test]
    fn sidecars_of_one_stem_do_not_meet() {
        let mut names = Names::default();
        assert_eq!(names.free("a.jpg", Naming::Stem), "a.jpg");
        assert_eq!(names.free("a.png", Naming::Stem), "a (2).png");
        assert_eq!(names.free("a.xmp", Naming::Stem), "a (3).xmp");
    }

    #[test]
    fn names_lead_nowhere() {
        let mut names = Names::default();
        assert_eq!(names.free("../../etc/passwd", Naming::Full), "_.._etc_passwd");
        assert_eq!(names.free("a\u{0}b?.jpg", Naming::Full), "a_b_.jpg");
        assert_eq!(names.free("..", Naming::Full), "photo");
    }
}
