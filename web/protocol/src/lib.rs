//! What the page and its worker say to each other.
//!
//! A message is a pair: one of these values, and a file, if any: of a request the photo it is about,
//! of a reply the photo's thumbnail, or the map of an [`Explanation`]. The page sends a [`Request`]
//! only after [`Reply::Started`], and one at a time; while a graphics processor runs, one photo more
//! than that, and a question about one beside them. The worker takes them one after the other, so at
//! most one photo is decoded at any moment.

mod backend;
mod graphics;
mod problem;

pub use backend::Backend;
pub use graphics::{Merit, Obstacle, Race, Why};
pub use problem::{Excess, JpegProcess, Kind, LoadError, PhotoProblem};

use serde::{Deserialize, Serialize};
use tagsight_plain::{message, name, record};

/// Counts changes of what the two say to each other. A page and a worker of two builds, of which one
/// came from a cache, must not go on together. `web/module/tagsight.js` speaks it, too.
pub const VERSION: u32 = 6;

/// Longest side of a thumbnail, pixels.
pub const THUMBNAIL_SIDE: usize = 320;

/// Files larger than this are refused before a byte is read: no photo is, and a worker that ran
/// out of memory would have to be started again.
pub const MAX_PHOTO_BYTES: u64 = 200 << 20;

/// Page → worker.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Fetch a model, check it and make it ready.
    Load {
        /// The model.
        file: ModelFile,
        /// Whether the graphics processor may run it.
        gpu: GpuUse,
        /// How many threads are to compute a photo, by a build that has any.
        threads: u32,
    },
    /// Tag the photo that comes with this.
    Tag {
        /// Comes back with the answer.
        id: u32,
    },
    /// Time the photo that comes with this.
    Time {
        /// How often.
        runs: u32,
    },
    /// Say why the photo that comes with this has a label, or could have it.
    Explain {
        /// Comes back with the answer.
        id: u32,
        /// The label's number in [`Model::labels`].
        label: u32,
    },
}

message!(
    enum Request { Load { file, gpu, threads }, Tag { id }, Time { runs }, Explain { id, label } }
);

/// Whether photos may be tagged by the graphics processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GpuUse {
    /// No.
    Never,
    /// If it proves to be faster; the processor tags until then.
    IfFaster,
    /// If it can; nothing is ready until that is known.
    Always,
}

message!(
    enum GpuUse {
        Never,
        IfFaster,
        Always,
    }
);

/// Worker → page.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The worker runs and waits for requests.
    Started {
        /// The build that it is.
        backend: Backend,
        /// Its [`VERSION`].
        version: u32,
    },
    /// The model is on its way.
    Loading(Progress),
    /// The model is ready.
    Loaded(Model),
    /// Something else tags photos from now on, or it is known that nothing else will.
    Runs(Runs),
    /// The model cannot be used.
    LoadFailed(LoadError),
    /// A photo is done.
    Tagged {
        /// Of the request.
        id: u32,
        /// What was found, or why nothing was.
        outcome: Result<Tagging, PhotoProblem>,
        /// What the worker's memory has grown to.
        wasm_bytes: u64,
    },
    /// The photo was timed, or could not be.
    Timed(Result<Timings, PhotoProblem>),
    /// A question about a photo is answered. With it comes a picture of the map, as upright and as wide for
    /// its height as the photo, where the browser could make one.
    Explained {
        /// Of the request.
        id: u32,
        /// What speaks for the label, or why nobody knows.
        outcome: Result<Explanation, PhotoProblem>,
        /// What the worker's memory has grown to.
        wasm_bytes: u64,
    },
}

message!(enum Reply {
    Started { backend, version },
    Loading(progress),
    Loaded(model),
    Runs(runs),
    LoadFailed(error),
    Tagged { id, outcome, wasm_bytes },
    Timed(outcome),
    Explained { id, outcome, wasm_bytes },
});

/// What tags photos.
#[derive(Debug, Clone, PartialEq)]
pub struct Runs {
    /// What does.
    pub backend: Backend,
    /// Why that.
    pub why: Why,
    /// Whether the user has to be told: something failed, or is not as it was asked for.
    pub is_news: bool,
    /// Whether that is all: nothing is tried on the graphics processor any more.
    pub is_settled: bool,
}

message!(struct Runs { backend, why, is_news, is_settled });

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that came.
    pub received: u64,
    /// Bytes there are.
    pub total: u64,
}

message!(struct Progress { received, total });

/// A model that is ready.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its name in the manifest.
    pub name: String,
    /// SHA-256 of its file, lower-case hexadecimal.
    pub sha256: String,
    /// Size of its file.
    pub bytes: u64,
    /// One an output, in the order of [`Tagging::scores`].
    pub labels: Vec<String>,
    /// The scores at which each label is given.
    pub thresholds: Thresholds,
    /// What is given below them.
    pub at_least: AtLeast,
    /// From the first request to ready, with the download.
    pub load_millis: f64,
    /// What the worker's memory has grown to.
    pub wasm_bytes: u64,
    /// How many threads compute a photo.
    pub threads: u32,
}

message!(struct Model {
    name,
    sha256,
    bytes,
    labels,
    thresholds,
    at_least,
    load_millis,
    wasm_bytes,
    threads,
});

/// What a photo gets however low its scores are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AtLeast {
    /// Nothing: it may show none of the labels.
    #[default]
    Nothing,
    /// Its best label, where it has to be one of them.
    Best,
}

message!(
    enum AtLeast {
        Nothing,
        Best,
    }
);

/// One score a label, in the order of [`Model::labels`], at each of the steps that a user can choose.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thresholds {
    /// Few tags, nearly all of them right.
    pub sure: Vec<f32>,
    /// What is chosen unless the user chose.
    pub balanced: Vec<f32>,
    /// Most of what is there, with more wrong ones.
    pub more: Vec<f32>,
}

message!(struct Thresholds { sure, balanced, more });

/// A photo's tags.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagging {
    /// What the photo is known by, whatever is written into its metadata or its name becomes: SHA-256
    /// of the coded image data, lower-case hexadecimal.
    pub identity: String,
    /// Columns of the upright photo.
    pub width: u32,
    /// Its rows.
    pub height: u32,
    /// When it was taken, by its own clock, "2026-11-26T09:13:18"; empty where it does not say.
    pub taken: String,
    /// What people, or other programs, wrote into the photo, in NFC.
    pub keywords: Vec<String>,
    /// Every label's score, in the model's order.
    pub scores: Vec<f32>,
    /// What tagged it.
    pub backend: Backend,
    /// What decoded it.
    pub decoder: Decoder,
    /// Reading, decoding and resizing, and what is told of the photo beside its tags.
    pub decode_millis: f64,
    /// What the network took beyond that: a graphics processor works while the next photo is
    /// decoded.
    pub inference_millis: f64,
    /// What it looks like, as 16 hexadecimal digits, of which photos that look alike share most bits.
    pub hash: String,
}

message!(struct Tagging {
    identity,
    width,
    height,
    taken,
    keywords,
    scores,
    backend,
    decoder,
    decode_millis,
    inference_millis,
    hash,
});

/// Where in a photo the network sees a label.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explanation {
    /// The label's score, of this very run.
    pub score: f64,
    /// Columns of the map, which covers the whole upright photo.
    pub columns: u32,
    /// What each place of the map adds to the label's sum, row by row, in its units.
    pub shares: Vec<i32>,
    /// The ninth of the photo that adds most, counted row by row from the upper left; none if nothing speaks
    /// for the label.
    pub place: Option<u8>,
    /// What it took, reading and decoding included.
    pub millis: f64,
}

message!(struct Explanation { score, columns, shares, place, millis });

/// What decoded a photo, and so how it stands beside its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoder {
    /// The tagger, which turned the stored picture.
    Own {
        /// As EXIF says it, 1 to 8.
        orientation: u8,
    },
    /// The browser, which turns a picture as it shows it.
    Browser,
}

message!(enum Decoder { Own { orientation }, Browser });

/// One photo, timed over and over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timings {
    /// The network alone, milliseconds; the first is the worker's very first.
    pub inference_millis: Vec<f64>,
    /// Photo bytes to the picture, reduced where that saves time, milliseconds.
    pub decode_millis: Vec<f64>,
    /// The picture to the network's input, milliseconds.
    pub squash_millis: Vec<f64>,
    /// Photo bytes to tags, milliseconds.
    pub photo_millis: Vec<f64>,
}

message!(struct Timings { inference_millis, decode_millis, squash_millis, photo_millis });

/// What identifies a model's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// The model's name.
    pub name: String,
    /// The artifact's path, relative to the manifest, or its whole address.
    pub file: String,
    /// The artifact's size.
    pub bytes: u64,
    /// The artifact's SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

message!(struct ModelFile { name, file, bytes, sha256 });

/// `models/manifest.json`: the models that a site has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Fastest first; one of them is the default.
    pub models: Vec<ManifestModel>,
}

record!(Manifest { models });

/// One model of a site.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ManifestModel {
    /// Its folder's name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The artifact's path, relative to the manifest.
    pub file: String,
    /// The artifact's size.
    pub bytes: u64,
    /// The artifact's SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// How good its integers are, as its card has it.
    pub score: Score,
    /// How long a photo takes.
    pub latency: Latency,
    /// Whether the page takes it unless told otherwise.
    pub default: bool,
}

record!(ManifestModel { name, title, file, bytes, sha256, score, latency, default });

/// How good a model is, in one number: the higher, the better, and 1 is perfect.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// What was measured.
    pub metric: Metric,
    /// The outputs that it was measured over, labels as a rule.
    pub over: u32,
    /// The figure.
    pub value: f64,
}

record!(Score { metric, over, value });

/// What a [`Score`] measures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Mean average precision over the labels.
    #[default]
    Map,
    /// Part of the photos whose best label is right.
    Accuracy,
    /// Coefficient of determination: the part of the values' variance that is told.
    R2,
}

name!(Metric { Map = "map", Accuracy = "accuracy", R2 = "r2" });

/// How long a photo takes, compared with the other networks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Latency {
    /// Less than ResNet-18.
    Fast,
    /// As ResNet-18.
    #[default]
    Medium,
    /// Twice as long, or longer.
    Slow,
}

name!(Latency { Fast = "fast", Medium = "medium", Slow = "slow" });

impl ManifestModel {
    /// What a worker has to fetch.
    pub fn file(&self) -> ModelFile {
        let Self { name, file, bytes, sha256, .. } = self.clone();
        ModelFile { name, file, bytes, sha256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What it says and hears is tested in browsers.
    #[test]
    fn the_module_for_other_pages_is_of_this_version() {
        let module = include_str!("../../module/tagsight.js");
        assert!(module.contains(&format!("const VERSION = {VERSION};")));
    }
}
