//! Why there are no tags, as values. What they are called in which language is the page's.

use tagsight_plain::message;

use crate::Obstacle;

/// Why a photo has no tags.
#[derive(Debug, Clone, PartialEq)]
pub enum PhotoProblem {
    /// Nothing is in the file.
    Empty,
    /// None of the known kinds.
    NotAPhoto,
    /// A known kind that nobody here decodes.
    Unsupported(Kind),
    /// More memory than there is, in bytes.
    TooLarge(Excess),
    /// A side that no camera has, in pixels.
    TooLong(Excess),
    /// The decoder gave up.
    Damaged {
        /// What the file is, as its kind is written everywhere: "JPEG".
        format: String,
        /// The decoder's own words.
        detail: String,
    },
    /// The decoders of its kind, which are a download of their own, did not come; the browser's own words.
    NoDecoder(String),
    /// The file has so many bytes, more than [`MAX_PHOTO_BYTES`](crate::MAX_PHOTO_BYTES).
    FileTooLarge(u64),
    /// The browser does not hand the file's bytes over: it is a folder, or gone.
    Unreadable,
    /// The worker died of it.
    Crashed,
    /// The worker has no model.
    NoModel,
    /// The request came without its file.
    NoFile,
    /// The graphics processor failed where nothing else was to take its place.
    Graphics(Obstacle),
}

message!(enum PhotoProblem {
    Empty,
    NotAPhoto,
    Unsupported(kind),
    TooLarge(excess),
    TooLong(excess),
    Damaged { format, detail },
    FileTooLarge(bytes),
    Unreadable,
    Crashed,
    NoModel,
    NoFile,
    NoDecoder(words),
    Graphics(obstacle),
});

/// A picture beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excess {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// What it takes.
    pub needed: u64,
    /// What there is.
    pub limit: u64,
}

message!(struct Excess { width, height, needed, limit });

/// A kind of picture that is not decoded here, though nothing is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One that the worker leaves to the browser, which cannot show it either, and that can be saved
    /// in another way; its name as it is written everywhere: "TIFF".
    Named(String),
    /// What phones write, by the name of its kind: "HEIC".
    Phone(String),
    /// A camera's raw data; the names of the camera's maker and of the format: "Canon CR3".
    Raw(String),
    /// A film.
    Film,
    /// A Photoshop document.
    Photoshop,
    /// PNG as Xcode rewrites it for iPhones.
    AppPng,
    /// A JPEG of a process that is not decoded.
    Jpeg(JpegProcess),
}

message!(
    enum Kind {
        Named(name),
        Phone(name),
        Raw(name),
        Film,
        Photoshop,
        AppPng,
        Jpeg(process),
    }
);

/// How a JPEG is coded that is not decoded here (ITU-T T.81, table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JpegProcess {
    /// By an arithmetic coder.
    Arithmetic,
    /// Without loss.
    Lossless,
    /// Frames that refine one another.
    Hierarchical,
    /// Samples of more than 8 bits.
    Precision,
    /// Not one, three or four components.
    Components,
}

message!(
    enum JpegProcess {
        Arithmetic,
        Lossless,
        Hierarchical,
        Precision,
        Components,
    }
);

/// Why there is no model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The site lists the model of this name and does not have its file.
    Missing(String),
    /// It did not come; the browser's own words, or the server's status.
    Network(String),
    /// What came as the model of this name is not what the site announces.
    Altered(String),
    /// The device does not give it so many bytes of memory.
    Memory(u64),
    /// The tagger refuses it; its own words.
    Unusable(String),
    /// The model of this name measures values, which are no tags.
    NoTags(String),
}

message!(
    enum LoadError {
        Missing(name),
        Network(words),
        Altered(name),
        Memory(bytes),
        Unusable(words),
        NoTags(name),
    }
);
