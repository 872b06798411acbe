//! What must hold of whatever bytes there are where somebody else's file is read. The open-ended fuzz in
//! `fuzz/` and the bounded one in `mutation.rs` ask it of the same functions.
//!
//! Each takes the bytes of a file and panics where something does not hold.

mod artifact_read;
mod jpeg_decode;
mod keywords_write;
mod network_run;
mod photo_decode;

pub use artifact_read::artifact_read;
pub use jpeg_decode::jpeg_decode;
pub use keywords_write::keywords_write;
pub use network_run::network_run;
pub use photo_decode::photo_decode;

/// What came of a file, or the words by which it was refused.
pub type Judgement = Result<Vec<u8>, String>;

/// A refusal says why.
fn refused(error: &impl ToString) -> Judgement {
    let words = error.to_string();
    assert!(!words.is_empty(), "a refusal without a reason");
    Err(words)
}
