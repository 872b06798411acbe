//! One photo: read, decoded, tagged, timed.

use tagsight_core::Tagger;
use tagsight_protocol::{Tag, Tagging, Timings};
use web_sys::Blob;

use crate::{Slot, platform};

const NO_MODEL: &str = "The model is not loaded. Reload the page.";

/// Tags a photo; the error is for its owner.
pub(crate) async fn tag(slot: &Slot, photo: Option<Blob>) -> Result<Tagging, String> {
    let started = platform::now();
    let bytes = platform::read(photo).await?;
    let mut slot = slot.borrow_mut();
    let tagger = slot.as_mut().ok_or(NO_MODEL)?;
    tag_bytes(tagger, &bytes, started)
}

fn tag_bytes(tagger: &mut Tagger, bytes: &[u8], started: f64) -> Result<Tagging, String> {
    let codes = tagger.codes(bytes).map_err(|error| error.to_string())?;
    let decoded = platform::now();
    let scores = tagger.scores_of_codes(&codes);
    let finished = platform::now();
    let tags = tagger.tags(&scores).into_iter();
    Ok(Tagging {
        tags: tags.map(|tag| Tag { label: tag.label, score: tag.score }).collect(),
        scores,
        decode_millis: decoded - started,
        inference_millis: finished - decoded,
    })
}

/// Times a photo `runs` times, first the network alone and then everything.
pub(crate) async fn time(slot: &Slot, photo: Option<Blob>, runs: u32) -> Result<Timings, String> {
    let bytes = platform::read(photo).await?;
    let mut slot = slot.borrow_mut();
    let tagger = slot.as_mut().ok_or(NO_MODEL)?;
    let codes = tagger.codes(&bytes).map_err(|error| error.to_string())?;
    let inference_millis = (0..runs)
        .map(|_| {
            let started = platform::now();
            tagger.engine_mut().logits(&codes);
            platform::now() - started
        })
        .collect();
    let photo_millis = (0..runs)
        .map(|_| {
            let started = platform::now();
            tag_bytes(tagger, &bytes, started).map(|_| platform::now() - started)
        })
        .collect::<Result<_, _>>()?;
    Ok(Timings { inference_millis, photo_millis })
}
