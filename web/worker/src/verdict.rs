//! Whether the graphics processor tags, and what the user is told of it.

use tagsight_protocol::{GpuUse, Runs, WEBGPU};

/// How many times as long as the processor the graphics processor may take with kernels that are
/// guessed: with the right ones, it may still be the faster one.
const HOPELESS: f64 = 4.0;

/// By how much two times of the same may differ.
const NOISE: f64 = 1.1;

/// Why the graphics processor tags where it need not be the faster one.
pub(crate) const CHECKED: &str = "It was seen to compute what the processor computes.";

/// Why the graphics processor does not tag, or no longer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Obstacle {
    /// There is none.
    Absent,
    /// It is the processor in disguise.
    Software,
    /// It is slower than the processor: milliseconds a photo of each.
    Slower { gpu: f64, processor: f64 },
    /// It went away; what is known of it.
    Lost(String),
    /// It failed in another way.
    Fault(String),
}

impl Obstacle {
    /// Whether a new device may do better. One that goes away again will do so for good.
    pub(crate) fn is_worth_another_try(&self, losses: u32) -> bool {
        matches!(self, Self::Lost(_)) && losses <= 1
    }

    /// Whether kernels that suit the device may be enough.
    pub(crate) fn may_end_with_tuning(&self) -> bool {
        matches!(self, Self::Slower { gpu, processor } if *gpu < HOPELESS * processor)
    }

    /// For people.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Absent => "This browser offers no graphics processor.".into(),
            Self::Software => {
                "What this browser offers as graphics processor is the processor itself.".into()
            }
            Self::Slower { gpu, processor } => format!(
                "The graphics processor takes {gpu:.0} ms for a photo, the processor \
                 {processor:.0} ms."
            ),
            Self::Lost(what) => {
                format!("The graphics processor went away{}.", in_brackets(what))
            }
            Self::Fault(what) => format!("The graphics processor cannot be used: {what}."),
        }
    }

    /// Whether the user has to be told, even without having asked for the graphics processor.
    fn is_failure(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Fault(_))
    }
}

/// Whether a device is used at all.
pub(crate) fn admit(gpu: GpuUse, is_software: bool) -> Result<(), Obstacle> {
    match gpu {
        GpuUse::IfFaster if is_software => Err(Obstacle::Software),
        _ => Ok(()),
    }
}

/// The faster one, by milliseconds a photo; where that is the graphics processor, in words.
pub(crate) fn race(gpu: f64, processor: f64) -> Result<String, Obstacle> {
    if gpu < processor {
        Ok(format!("It takes {gpu:.1} ms for a photo, the processor {processor:.1} ms."))
    } else {
        Err(Obstacle::Slower { gpu, processor })
    }
}

/// Whether kernels that were measured are to be used instead of guessed ones, by milliseconds a
/// photo.
pub(crate) fn keeps_up(tuned: f64, guessed: f64) -> bool {
    tuned < NOISE * guessed
}

/// Whether logits can be a photo's. A device that is going away may leave a buffer as it was.
pub(crate) fn plausible(logits: &[f32]) -> Result<(), Obstacle> {
    let is_finite = logits.iter().all(|logit| logit.is_finite());
    if is_finite && logits.iter().any(|&logit| logit != 0.0) {
        Ok(())
    } else {
        Err(Obstacle::Fault("it gave no usable result".into()))
    }
}

/// Says that the graphics processor tags; `is_back` after it had gone, `is_settled` unless its
/// kernels are about to be measured.
pub(crate) fn accepted(why: &str, is_back: bool, is_settled: bool) -> Runs {
    let start = if is_back { "The graphics processor went away and is back. " } else { "" };
    Runs { engine: WEBGPU.into(), why: format!("{start}{why}"), is_news: is_back, is_settled }
}

/// Says that the processor tags with `engine`'s kernels, for good or, if `retries`, for now.
pub(crate) fn refused(engine: &str, obstacle: &Obstacle, gpu: GpuUse, retries: bool) -> Runs {
    let end = match retries {
        true => "It is started again; the processor tags meanwhile.",
        false => "The processor tags instead.",
    };
    Runs {
        engine: engine.into(),
        why: format!("{} {end}", obstacle.sentence()),
        is_news: obstacle.is_failure() || gpu == GpuUse::Always,
        is_settled: !retries,
    }
}

/// " (words)", or nothing where there are none.
fn in_brackets(words: &str) -> String {
    match words.trim_end_matches('.') {
        "" => String::new(),
        words => format!(" ({words})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_in_disguise_is_used_only_on_demand() {
        assert_eq!(admit(GpuUse::IfFaster, true), Err(Obstacle::Software));
        assert_eq!(admit(GpuUse::Always, true), Ok(()));
        assert_eq!(admit(GpuUse::IfFaster, false), Ok(()));
    }

    #[test]
    fn only_the_faster_one_wins() {
        assert!(race(4.0, 16.0).is_ok());
        for gpu in [16.0, 17.0, f64::INFINITY, f64::NAN] {
            assert!(race(gpu, 16.0).is_err(), "{gpu}");
        }
    }

    #[test]
    fn a_device_that_is_far_slower_is_not_tuned() {
        let slower = |gpu| race(gpu, 10.0).unwrap_err();
        assert!(slower(39.0).may_end_with_tuning());
        assert!(!slower(40.0).may_end_with_tuning());
        assert!(!Obstacle::Fault("wrong".into()).may_end_with_tuning());
    }

    #[test]
    fn measured_kernels_have_to_be_as_fast() {
        assert!(keeps_up(5.0, 10.0));
        assert!(keeps_up(10.5, 10.0));
        assert!(!keeps_up(12.0, 10.0));
        assert!(!keeps_up(f64::NAN, 10.0));
    }

    #[test]
    fn what_is_no_result_is_refused() {
        assert!(plausible(&[0.0, -3.5]).is_ok());
        for logits in [&[0.0, 0.0][..], &[1.0, f32::NAN], &[f32::INFINITY, 1.0], &[]] {
            assert!(plausible(logits).is_err(), "{logits:?}");
        }
    }

    #[test]
    fn a_device_is_replaced_once() {
        let lost = Obstacle::Lost("reset".into());
        assert!(lost.is_worth_another_try(1));
        assert!(!lost.is_worth_another_try(2));
        assert!(!Obstacle::Fault("wrong".into()).is_worth_another_try(1));
        assert!(!Obstacle::Absent.is_worth_another_try(1));
    }

    #[test]
    fn failures_are_told_to_all_and_the_rest_to_those_who_asked() {
        let is_news = |obstacle: &Obstacle, gpu| refused("wasm-simd", obstacle, gpu, false).is_news;
        let slower = Obstacle::Slower { gpu: 20.0, processor: 10.0 };
        for quiet in [Obstacle::Absent, Obstacle::Software, slower] {
            assert!(!is_news(&quiet, GpuUse::IfFaster), "{quiet:?}");
            assert!(is_news(&quiet, GpuUse::Always), "{quiet:?}");
        }
        for failure in [Obstacle::Lost(String::new()), Obstacle::Fault("wrong".into())] {
            assert!(is_news(&failure, GpuUse::IfFaster), "{failure:?}");
        }
    }

    #[test]
    fn sentences_end_once() {
        let lost = Obstacle::Lost("Device was destroyed.".into());
        let told = refused("wasm-simd", &lost, GpuUse::IfFaster, true);
        assert_eq!(
            told.why,
            "The graphics processor went away (Device was destroyed). It is started again; the \
             processor tags meanwhile."
        );
        assert_eq!(told.engine, "wasm-simd");
        assert!(
            refused("x", &Obstacle::Lost(String::new()), GpuUse::Always, false)
                .why
                .starts_with("The graphics processor went away. The processor tags")
        );
    }
}
