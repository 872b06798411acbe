//! A photo's inference allocates nothing.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tagsight_core::{Architecture, Artifact, Engine, Isa};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

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
        let region = Region::new(ALLOCATOR);
        engine.logits(&codes);
        let change = region.change();
        assert_eq!((change.allocations, change.reallocations), (0, 0), "{isa:?}");
        // The negative control: the counter does count.
        drop(std::hint::black_box(codes.clone()));
        assert_eq!(region.change().allocations, 1);
    }
}
