//! What steps tag.

use std::path::PathBuf;

use anyhow::Result;

use crate::shell::root;
use crate::test::job::Job;
use crate::trainer::{data, images};

/// Real photos where there are any, and the small pictures of every encoding.
pub(super) fn all(job: &Job) -> Result<Vec<PathBuf>> {
    let mut photos = match data() {
        Some(data) => images(&data.join("coco/photos"))?,
        None => {
            job.skipped("real photos; the tests' own pictures are used");
            Vec::new()
        }
    };
    photos.extend(images(&root().join("tests/fixtures/photos"))?);
    Ok(photos)
}
