//! Which files of a folder are photos.

/// Of files to which the system gives no type.
const EXTENSIONS: [&str; 11] =
    ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "avif", "heic", "heif"];

/// Whether a file of this name and media type (empty if unknown) is worth a look. Drawings are
/// none, nor are the shadows that macOS leaves beside files on foreign disks (`._IMG_1.jpg`).
pub(super) fn is_photo(name: &str, media_type: &str) -> bool {
    if name.starts_with('.') {
        return false;
    }
    match media_type.split_once('/') {
        Some(("image", kind)) => !kind.starts_with("svg"),
        Some(_) => false,
        None => name.rsplit_once('.').is_some_and(|(_, extension)| {
            EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_known_by_type_or_else_by_name() {
        for (name, media_type) in
            [("a.jpg", "image/jpeg"), ("a", "image/png"), ("a.HEIC", ""), ("a.b.jpeg", "")]
        {
            assert!(is_photo(name, media_type), "{name} {media_type}");
        }
        for (name, media_type) in [
            ("a.txt", "text/plain"),
            ("a.svg", "image/svg+xml"),
            ("a.jpg", "application/zip"),
            ("._a.jpg", "image/jpeg"),
            (".DS_Store", ""),
            ("jpg", ""),
            ("a.mov", ""),
        ] {
            assert!(!is_photo(name, media_type), "{name} {media_type}");
        }
    }
}
