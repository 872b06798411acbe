//! Whether a device computes what a processor does.

use super::{GpuEngine, GpuError};
use crate::artifact::Artifact;
use crate::engine::{Engine, Isa, Run};
use crate::random::SplitMix64;

/// Runs a known image on both, and compares the logits bit by bit.
///
/// # Errors
/// [`GpuError::Wrong`] if they differ, or what else went wrong.
pub async fn verify(engine: &mut GpuEngine, artifact: &Artifact) -> Result<(), GpuError> {
    let image = known_image(artifact.metadata.preprocessing.side);
    let mut processor = Engine::new(artifact, Isa::best()).expect("the best one runs here");
    verify_logits(engine, &image, processor.logits(&image)).await
}

/// [`verify`], for those who know an image's logits already.
///
/// # Errors
/// As [`verify`].
pub async fn verify_logits(
    engine: &mut GpuEngine,
    image: &[i8],
    expected: &[f32],
) -> Result<(), GpuError> {
    let found = engine.start(&[image], Vec::new()).await?;
    compare(&found, expected).map_err(GpuError::Wrong)
}

/// An image whose codes vary within and between its pixels.
pub fn known_image(side: usize) -> Vec<i8> {
    let mut random = SplitMix64(1);
    (0..side * side * 3).map(|_| random.within(0, 127) as i8).collect()
}

fn compare(found: &[f32], expected: &[f32]) -> Result<(), String> {
    if found.iter().any(|logit| !logit.is_finite()) {
        return Err("a logit is not finite".into());
    }
    if found.iter().all(|&logit| logit == 0.0) && expected.iter().any(|&logit| logit != 0.0) {
        return Err("all logits are zero".into());
    }
    let differing = found.iter().zip(expected).filter(|(f, e)| f.to_bits() != e.to_bits()).count();
    match differing {
        0 => Ok(()),
        _ => Err(format!("{differing} of {} logits differ", expected.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_processors_is_refused() {
        assert_eq!(compare(&[1.0, -2.0], &[1.0, -2.0]), Ok(()));
        for found in [[1.0, -2.000_000_2], [f32::NAN, -2.0], [f32::INFINITY, -2.0], [0.0, 0.0]] {
            assert!(compare(&found, &[1.0, -2.0]).is_err(), "{found:?}");
        }
    }
}
