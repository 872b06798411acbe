//! Whether the graphics processor tags, and what the page is told of it.

use tagsight_protocol::{Backend, GpuUse, Merit, Obstacle, Race, Runs, Why};

/// How many times as long as the processor the graphics processor may take with kernels that are
/// guessed: with the right ones, it may still be the faster one.
const HOPELESS: f64 = 4.0;

/// By how much two times of the same may differ.
const NOISE: f64 = 1.1;

/// Whether a new device may do better, after so many were lost. One that goes away again will do so
/// for good.
pub(crate) fn is_worth_another_try(obstacle: &Obstacle, losses: u32) -> bool {
    matches!(obstacle, Obstacle::Lost(_)) && losses <= 1
}

/// Whether kernels that suit the device may be enough.
pub(crate) fn may_end_with_tuning(obstacle: &Obstacle) -> bool {
    matches!(obstacle, Obstacle::Slower(race) if race.gpu < HOPELESS * race.processor)
}

/// Whether the user has to be told, even without having asked for the graphics processor.
fn is_failure(obstacle: &Obstacle) -> bool {
    match obstacle {
        Obstacle::Absent | Obstacle::Software | Obstacle::Slower(_) => false,
        Obstacle::Lost(_) | Obstacle::Late(_) | Obstacle::Implausible | Obstacle::Fault(_) => true,
    }
}

/// What computes on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maker {
    /// A graphics processor.
    Hardware,
    /// A processor that plays one.
    Software,
}

/// Whether a device is used at all.
pub(crate) fn admit(gpu: GpuUse, maker: Maker) -> Result<(), Obstacle> {
    match (gpu, maker) {
        (GpuUse::IfFaster, Maker::Software) => Err(Obstacle::Software),
        _ => Ok(()),
    }
}

/// Whether the graphics processor is the faster one.
pub(crate) fn race(race: Race) -> Result<Merit, Obstacle> {
    if race.gpu < race.processor { Ok(Merit::Faster(race)) } else { Err(Obstacle::Slower(race)) }
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
        Err(Obstacle::Implausible)
    }
}

/// Says that the graphics processor tags; `is_back` after it had gone, `is_settled` unless its
/// kernels are about to be measured.
pub(crate) fn accepted(merit: Merit, is_back: bool, is_settled: bool) -> Runs {
    let why = if is_back { Why::Returned(merit) } else { Why::Accepted(merit) };
    Runs { backend: Backend::WebGpu, why, is_news: is_back, is_settled }
}

/// Says that the processor tags, as `processor`, for good or, if `retries`, for now.
pub(crate) fn refused(processor: Backend, obstacle: Obstacle, gpu: GpuUse, retries: bool) -> Runs {
    Runs {
        backend: processor,
        is_news: is_failure(&obstacle) || gpu == GpuUse::Always,
        is_settled: !retries,
        why: if retries { Why::Restarting(obstacle) } else { Why::Refused(obstacle) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault() -> Obstacle {
        Obstacle::Fault("wrong".into())
    }

    #[test]
    fn a_processor_in_disguise_is_used_only_on_demand() {
        assert_eq!(admit(GpuUse::IfFaster, Maker::Software), Err(Obstacle::Software));
        assert_eq!(admit(GpuUse::Always, Maker::Software), Ok(()));
        assert_eq!(admit(GpuUse::IfFaster, Maker::Hardware), Ok(()));
    }

    #[test]
    fn only_the_faster_one_wins() {
        let against = |gpu| race(Race { gpu, processor: 16.0 });
        assert!(against(4.0).is_ok());
        for gpu in [16.0, 17.0, f64::INFINITY, f64::NAN] {
            assert!(against(gpu).is_err(), "{gpu}");
        }
    }

    #[test]
    fn a_device_that_is_far_slower_is_not_tuned() {
        let slower = |gpu| race(Race { gpu, processor: 10.0 }).unwrap_err();
        assert!(may_end_with_tuning(&slower(39.0)));
        assert!(!may_end_with_tuning(&slower(40.0)));
        assert!(!may_end_with_tuning(&fault()));
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
        assert!(is_worth_another_try(&lost, 1));
        assert!(!is_worth_another_try(&lost, 2));
        assert!(!is_worth_another_try(&fault(), 1));
        assert!(!is_worth_another_try(&Obstacle::Absent, 1));
    }

    #[test]
    fn failures_are_told_to_all_and_the_rest_to_those_who_asked() {
        let is_news = |obstacle: &Obstacle, gpu| {
            refused(Backend::WasmSimd, obstacle.clone(), gpu, false).is_news
        };
        let slower = Obstacle::Slower(Race { gpu: 20.0, processor: 10.0 });
        for quiet in [Obstacle::Absent, Obstacle::Software, slower] {
            assert!(!is_news(&quiet, GpuUse::IfFaster), "{quiet:?}");
            assert!(is_news(&quiet, GpuUse::Always), "{quiet:?}");
        }
        let lost = Obstacle::Lost(String::new());
        for failure in [lost, Obstacle::Late(30), Obstacle::Implausible, fault()] {
            assert!(is_news(&failure, GpuUse::IfFaster), "{failure:?}");
        }
    }

    #[test]
    fn a_device_that_is_started_again_is_not_settled() {
        let told = refused(Backend::WasmSimd, fault(), GpuUse::IfFaster, true);
        assert_eq!((told.backend, told.is_settled), (Backend::WasmSimd, false));
        assert_eq!(told.why, Why::Restarting(fault()));
    }
}
