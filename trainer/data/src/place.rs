//! Where photos lie that a file names, which is inside of their folder and nowhere else.

use std::path::{Component, Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

/// The folder of the photos.
pub(crate) struct Folder {
    path: PathBuf,
    /// The ways to write it that absolute names may begin with.
    absolute: Vec<PathBuf>,
}

impl Folder {
    pub(crate) fn new(path: &Path) -> Self {
        let absolute = [std::path::absolute(path), path.canonicalize()];
        Self { path: path.to_owned(), absolute: absolute.into_iter().flatten().collect() }
    }

    /// The photo of that name; none if it is not inside of the folder.
    ///
    /// A name written on another system is taken as that system means it where no file has the very
    /// name: with backslashes between folders, or with its accents composed otherwise.
    pub(crate) fn locate(&self, name: &str) -> Option<PathBuf> {
        let slashed = name.replace('\\', "/");
        if slashed.is_ascii() && slashed == name {
            return self.inside(name);
        }
        let candidates =
            [name.to_owned(), slashed.clone(), slashed.nfc().collect(), slashed.nfd().collect()];
        let mut inside = candidates.iter().filter_map(|name| self.inside(name));
        inside.find(|path| path.exists()).or_else(|| self.inside(&slashed))
    }

    fn inside(&self, name: &str) -> Option<PathBuf> {
        let name = Path::new(name);
        let relative = self.absolute.iter().find_map(|folder| name.strip_prefix(folder).ok());
        let mut path = PathBuf::new();
        for component in relative.unwrap_or(name).components() {
            match component {
                Component::Normal(part) => path.push(part),
                Component::CurDir => {}
                _ => return None,
            }
        }
        (!path.as_os_str().is_empty()).then(|| self.path.join(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_inside_of_the_folder() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path();
        std::fs::create_dir(path.join("sub")).unwrap();
        for file in ["sub/a.jpg", "été.jpg", "back\\slash.jpg"] {
            std::fs::write(path.join(file), b"").unwrap();
        }
        let absolute = path.join("sub/a.jpg");
        let folder = Folder::new(path);
        for (name, expected) in [
            ("a.jpg", "a.jpg"),
            ("./a.jpg", "a.jpg"),
            ("sub//./a.jpg", "sub/a.jpg"),
            ("sub\\a.jpg", "sub/a.jpg"),
            ("sub\\none.jpg", "sub/none.jpg"),
            (".\\sub\\a.jpg", "sub/a.jpg"),
            ("back\\slash.jpg", "back\\slash.jpg"),
            ("e\u{301}te\u{301}.jpg", "été.jpg"),
            ("..a.jpg", "..a.jpg"),
            (absolute.to_str().unwrap(), "sub/a.jpg"),
        ] {
            assert_eq!(folder.locate(name), Some(path.join(expected)), "{name}");
        }
    }

    #[test]
    fn names_that_leave_the_folder() {
        let folder = Folder::new(Path::new("photos"));
        for name in ["", ".", "./", "../a.jpg", "sub/../../a.jpg", "/etc/a.jpg", "..\\a.jpg", "\\a"]
        {
            assert_eq!(folder.locate(name), None, "{name}");
        }
    }
}
