//! Why something was not done, in words, with the way out.

use std::io::ErrorKind;

use anyhow::{Error, anyhow};
use tagsight_cli::index::IndexError;
use tagsight_cli::survey::Gaps;
use tagsight_cli::tag::TagError;
use tagsight_metadata::Refusal;

/// Says what could not be looked at or read, on standard error.
pub(crate) fn tell(gaps: &Gaps) {
    for (path, error) in &gaps.unseen {
        eprintln!("{}: {error}", path.display());
    }
    for (path, trouble) in &gaps.unread {
        eprintln!("{}: {trouble}", path.display());
    }
}

/// Why a photo was left as it is, and its tags are beside it.
pub(crate) fn refused(refusal: &Refusal) -> String {
    let why = match refusal {
        Refusal::Kind => "files of this kind hold no keywords".into(),
        Refusal::Damaged(what) => format!("the file is damaged ({what})"),
        Refusal::ContentCredentials => "any change would break its Content Credentials".into(),
        Refusal::TooLarge(bytes) => {
            format!("its XMP would be {bytes} bytes, more than a JPEG can hold")
        }
        Refusal::TwoPackets => "it has two blocks of XMP, of which programs read either".into(),
        Refusal::InExtension => "its keywords are in extended XMP, which is not changed".into(),
        Refusal::Xmp(what) => format!("its XMP is damaged ({what})"),
    };
    format!("not written into the photo but beside it: {why}")
}

/// Why nothing could be done at all.
pub(crate) fn unusable(error: TagError) -> Error {
    let index = match error {
        TagError::Index(index) => index,
        TagError::Output(error) => return error.into(),
    };
    let way_out = match &index {
        IndexError::Write { source, .. }
            if matches!(
                source.kind(),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            "the folder cannot be written to: get the right to, or only look with --write none (and \
             --index FILE, with a file elsewhere, to be quick the next time)"
        }
        IndexError::Write { .. } => "make room, or put the index elsewhere with --index FILE",
        IndexError::Foreign(_) => "name another file with --index",
        IndexError::Busy(_) => "wait for it, or end it",
        IndexError::Read { .. } => "delete it, and photos are tagged anew",
        IndexError::Newer { .. } => return index.into(),
    };
    anyhow!("{index}; {way_out}")
}
