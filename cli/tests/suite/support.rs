//! Folders of photos, a model, and the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

use tagsight_core::{Architecture, Artifact};
use tempfile::TempDir;

/// What time the program is told it is.
pub(crate) const EPOCH: &str = "1795678200";

/// Photos of every kind that is tagged, small ones.
pub(crate) const PHOTOS: [&str; 7] = [
    "baseline.jpg",
    "orientation6.jpg",
    "rgb.png",
    "lossy.webp",
    "palette.gif",
    "windows.bmp",
    "packed.tif",
];

/// A network with random weights that gives many tags.
pub(crate) fn model() -> &'static Path {
    static MODEL: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MODEL.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        fs::write(&path, model_bytes()).unwrap();
        (folder, path)
    });
    path
}

pub(crate) fn model_bytes() -> Vec<u8> {
    Artifact::synthetic(Architecture::MobileNetV2, 32, 5).write().unwrap()
}

/// One that takes its time: milliseconds.
pub(crate) fn slow_model() -> Vec<u8> {
    Artifact::synthetic(Architecture::MobileNetV2, 288, 5).write().unwrap()
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/photos");
    fs::read(photos.join(name)).unwrap()
}

/// A folder `photos` of these fixtures, in a folder of its own.
pub(crate) struct Folder {
    /// Where the program is started.
    pub(crate) around: TempDir,
}

impl Folder {
    pub(crate) fn of(names: &[&str]) -> Self {
        let folder = Self { around: tempfile::tempdir().unwrap() };
        fs::create_dir(folder.path("")).unwrap();
        names.iter().for_each(|name| folder.put(name, &fixture(name)));
        folder
    }

    /// A file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.around.path().join("photos").join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Every file with its content and time.
    pub(crate) fn snapshot(&self) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
        let mut files = BTreeMap::new();
        collect(&self.path(""), "", &mut files);
        files
    }

    /// Every file's content but the index's.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.snapshot().into_iter();
        let files = files.filter(|(name, _)| !name.starts_with(".tagsight/"));
        files.map(|(name, (content, _))| (name, content)).collect()
    }

    /// The program, started beside the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tagsight"));
        command.args(arguments).current_dir(self.around.path());
        command.env("SOURCE_DATE_EPOCH", EPOCH).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What the program does with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    /// `tagsight tag` with the random model.
    pub(crate) fn tag(&self, arguments: &[&str]) -> Run {
        let model = model().to_str().unwrap();
        self.run(&[&["tag", "--model", model], arguments, &["photos"]].concat())
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, (Vec<u8>, SystemTime)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            let modified = fs::symlink_metadata(entry.path()).unwrap().modified().unwrap();
            files.insert(name, (fs::read(entry.path()).unwrap(), modified));
        }
    }
}

/// What the program did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    pub(crate) fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }
}

/// A sidecar that another program wrote, with these flat words.
pub(crate) fn foreign_sidecar(words: &[&str]) -> String {
    let items: String = words.iter().map(|word| format!("<rdf:li>{word}</rdf:li>")).collect();
    format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>\
         </rdf:Description></rdf:RDF></x:xmpmeta>"
    )
}
