//! Why a video gives no frames.

use std::path::PathBuf;

use tagsight_core::photo::PhotoError;

use super::avi::AviError;

/// A video that gives no frames, and why.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct VideoError {
    /// The file or folder.
    pub(super) path: PathBuf,
    #[source]
    pub(super) reason: Reason,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Reason {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("a frame cannot be used: {0}")]
    Frame(#[from] PhotoError),
    #[error("the animation is damaged: {0}")]
    Animation(#[from] image::ImageError),
    #[error(transparent)]
    Avi(#[from] AviError),
    #[error("it has no frames")]
    Empty,
    #[error("frames of {width} × {height} pixels are too many for the memory; take fewer")]
    TooLarge { width: usize, height: usize },
    #[error(
        "this kind of video is read by ffmpeg, which is not installed; install it, or give GIF, APNG, AVI \
         with Motion JPEG, or a folder of frames"
    )]
    NoFfmpeg,
    #[error("ffmpeg cannot read it: {0}")]
    Ffmpeg(String),
}
