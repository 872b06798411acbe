//! Runtimes, each a program of its own, so that none is in another's memory and those that are not installed are
//! not missed.
//!
//! A program is called `MODEL PIXELS PHOTOS RUNS THREADS`: a model, and a file of the float32 of so many photos,
//! `[3, side, side]` each, RGB in `0..=1`. It prints JSON ([`Said`]). `cargo xtask runtimes` makes a folder of
//! programs of others' runtimes; this one's engines are such a program as well (`trainer runtime`).

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use tagsight_data::write_atomically;

use crate::error::StudyError;

/// Code of a pixel that is 1.
const LARGEST_CODE: f32 = 127.0;
/// What programs in a folder of runtimes begin with.
const PREFIX: &str = "runtime-";
/// Characters of what a program says is wrong.
const LONGEST: usize = 160;

/// A program that runs models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runtime {
    /// What it is called.
    pub name: String,
    /// The program.
    pub program: PathBuf,
    /// What comes before the arguments that all are given.
    pub arguments: Vec<String>,
}

/// What a program says of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The runtime with its version.
    pub runtime: String,
    /// Of all photos, one after the other.
    pub logits: Vec<f32>,
    /// Median of a photo's time, if it was timed.
    pub median_ms: Option<f64>,
    /// What the process had at most, less what it had before the model was loaded; none where the system does not
    /// tell.
    pub peak_bytes: Option<u64>,
}

/// What a program is to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The photos' file.
    pub(crate) pixels: &'a Path,
    pub(crate) photos: usize,
    /// Timed runs of the first one.
    pub(crate) runs: usize,
    pub(crate) threads: usize,
}

impl Runtime {
    /// The programs of a folder, by name.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Vec<Self>, StudyError> {
        let mut all = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(StudyError::io(folder))? {
            let program = entry.map_err(StudyError::io(folder))?.path();
            let file_name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if let Some(name) = file_name.strip_prefix(PREFIX) {
                all.push(Self { name: name.to_owned(), program, arguments: vec![] });
            }
        }
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    /// What it says of a model; if it does not run it, why, in its own words.
    pub(crate) fn run(&self, model: &Path, asked: Asked) -> Result<Said, String> {
        let Asked { pixels, photos, runs, threads } = asked;
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(model).arg(pixels);
        command.args([photos, runs, threads].map(|number| number.to_string()));
        // Some runtimes take it from nowhere else.
        for variable in ["RAYON_NUM_THREADS", "RTEN_NUM_THREADS"] {
            command.env(variable, threads.to_string());
        }
        let output = said_by(command)?;
        let said: Said = serde_json::from_slice(&output)
            .map_err(|error| shortened(&format!("it does not say what is expected: {error}")))?;
        if said.logits.is_empty() || !said.logits.len().is_multiple_of(photos) {
            return Err(format!("it gives {} logits for {photos} photos", said.logits.len()));
        }
        Ok(said)
    }
}

/// What a program prints; if it fails, its last words.
pub(crate) fn said_by(mut command: Command) -> Result<Vec<u8>, String> {
    let output = command.output().map_err(|error| format!("it does not start: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let mut lines = errors.lines().map(str::trim).filter(|line| !line.is_empty());
    // What Rust's programs end with; other languages' say it last.
    let telling = lines.clone().find(|line| line.starts_with("Error: ")).or(lines.next_back());
    Err(shortened(telling.unwrap_or("it fails and does not say why")))
}

fn shortened(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST);
    if end < text.len() { format!("{}…", &text[..end]) } else { text.to_owned() }
}

/// Writes the photos (7-bit codes, HWC) as programs read them.
///
/// # Errors
/// If the file cannot be written.
pub(crate) fn write_pixels(path: &Path, images: &[Vec<i8>]) -> Result<(), StudyError> {
    let planes = images
        .iter()
        .flat_map(|codes| (0..3).flat_map(move |channel| codes.iter().skip(channel).step_by(3)));
    let bytes: Vec<u8> =
        planes.flat_map(|&code| (f32::from(code) / LARGEST_CODE).to_le_bytes()).collect();
    write_atomically(path, &bytes).map_err(StudyError::io(path))
}

/// The codes of photos that [`write_pixels`] wrote; none if they are not those of so many square photos.
pub fn read_pixels(bytes: &[u8], photos: usize) -> Option<Vec<Vec<i8>>> {
    let floats = bytes.as_chunks().0;
    let each = floats.len() / photos.max(1);
    let side = (each / 3).isqrt();
    if photos == 0 || bytes.len() != size_of::<f32>() * 3 * side * side * photos {
        return None;
    }
    let code = |word: &[u8; 4]| (f32::from_le_bytes(*word) * LARGEST_CODE).round() as i8;
    let photo = |planes: &[[u8; 4]]| -> Vec<i8> {
        let places = 0..side * side;
        places
            .flat_map(|place| [0, 1, 2].map(|channel| code(&planes[channel * side * side + place])))
            .collect()
    };
    Some(floats.chunks_exact(each).map(photo).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_read_back_as_the_codes_that_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pixels");
        let images: Vec<Vec<i8>> = (0..2)
            .map(|photo| (0..4 * 4 * 3).map(|at| (at * 2 + photo * 31) as i8).collect())
            .collect();
        write_pixels(&path, &images).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(read_pixels(&bytes, 2).unwrap(), images);
        let first = f32::from_le_bytes(bytes[4..8].try_into().unwrap());
        assert_eq!(first, f32::from(images[0][3]) / 127.0, "planes, not pixels");
        for photos in [0, 1, 3] {
            assert!(read_pixels(&bytes, photos).is_none(), "{photos}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn programs_say_what_is_wrong_in_their_own_words() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        };
        let json = r#"{"runtime": "b 1", "logits": [1.5, 2], "median_ms": null, "peak_bytes": 7}"#;
        write("runtime-b", &format!("#!/bin/sh\n[ $3 = 2 ] && echo '{json}' || echo gibberish\n"));
        write(
            "runtime-a",
            "#!/bin/sh\necho 'Error: no such operator' >&2; echo more >&2; exit 1\n",
        );
        write("readme", "");
        let all = Runtime::of_folder(folder.path()).unwrap();
        let names: Vec<&str> = all.iter().map(|runtime| runtime.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        let asked = Asked { pixels: Path::new("p"), photos: 2, runs: 0, threads: 1 };
        assert_eq!(all[0].run(Path::new("m"), asked).unwrap_err(), "Error: no such operator");
        let said = all[1].run(Path::new("m"), asked).unwrap();
        assert_eq!((said.logits, said.peak_bytes), (vec![1.5, 2.0], Some(7)));
        let wrong = all[1].run(Path::new("m"), Asked { photos: 1, ..asked }).unwrap_err();
        assert!(wrong.contains("does not say what is expected"), "{wrong}");
    }
}
