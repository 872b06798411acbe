//! A photo's inference allocates nothing.

use std::alloc::System;
use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tagsight_core::threads::Team;
use tagsight_core::{Architecture, Artifact, Engine, Isa, Run};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What is there without waiting.
fn at_once<T>(logits: impl Future<Output = Result<T, Infallible>>) -> T {
    match pin!(logits).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(logits)) => logits,
        Poll::Pending => panic!("a processor computes in the call"),
    }
}

// One test alone, since the counter is the whole process's.
#[test]
fn inference_allocates_nothing() {
    let codes = vec![64; 64 * 64 * 3];
    let networks = [Architecture::ResNet50, Architecture::MobileNetV2]
        .map(|architecture| Artifact::synthetic(architecture, 64, 3));
    for (artifact, isa) in networks
        .iter()
        .flat_map(|artifact| Isa::available().into_iter().map(move |isa| (artifact, isa)))
    {
        let mut engine = Engine::new(artifact, isa).unwrap();
        let (team, members) = Team::new(1);
        for member in members {
            thread::spawn(|| member.serve());
        }
        engine.set_threads(team.into());
        let mut logits = at_once(engine.start(&[&codes], Vec::new()));
        // Time for the thread to have begun, and fallen asleep.
        thread::sleep(Duration::from_millis(50));
        let region = Region::new(ALLOCATOR);
        engine.logits(&codes);
        logits = at_once(engine.start(&[&codes], logits));
        let change = region.change();
        assert_eq!((change.allocations, change.reallocations), (0, 0), "{isa:?}");
        assert_eq!(logits, engine.logits(&codes), "{isa:?}");
        // The negative control: the counter does count.
        drop(std::hint::black_box(codes.clone()));
        assert_eq!(region.change().allocations, 1);
    }
}
