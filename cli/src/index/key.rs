//! By what the index knows a photo: its path as a text.

use std::path::{Component, Path};

/// What a name begins with that is no Unicode: its bytes follow in hexadecimal. No file's name has that
/// character.
const RAW: char = '\0';

/// A path as a text, with `/` on every system. Different paths have different texts.
pub fn key(path: &Path) -> String {
    let mut key = String::new();
    for component in path.components() {
        let is_root = matches!(component, Component::RootDir);
        if !key.is_empty() && !key.ends_with('/') {
            key.push('/');
        }
        match component.as_os_str().to_str() {
            _ if is_root && key.is_empty() => key.push('/'),
            _ if is_root => (),
            Some(name) => key.push_str(name),
            None => {
                key.push(RAW);
                for byte in component.as_os_str().as_encoded_bytes() {
                    key.push_str(&format!("{byte:02x}"));
                }
            }
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart_and_read_alike() {
        assert_eq!(key(Path::new("a/b c.jpg")), "a/b c.jpg");
        assert_eq!(key(Path::new("/a/b.jpg")), "/a/b.jpg");
        assert_eq!(key(Path::new("./a//b.jpg")), "./a/b.jpg");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_unicode_are_told_apart_too() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let of = |name: &[u8]| key(Path::new(OsStr::from_bytes(name)));
        assert_eq!(of(b"a/\xe9.jpg"), "a/\0e92e6a7067");
        assert_ne!(of(b"a/\xe9.jpg"), of(b"a/\xe8.jpg"));
    }
}
