//! On whatever device there is; on the project's own machines that is a processor's (llvmpipe).

use super::*;
use crate::Architecture;
use crate::artifact::Artifact;
use crate::engine::{Engine, Isa};
use crate::random::SplitMix64;

fn gpu(unpacked: bool) -> Gpu {
    let options = GpuOptions { software: true, unpacked };
    pollster::block_on(Gpu::request(&options)).expect("a software device: mesa-vulkan-drivers")
}

fn image(side: usize, seed: u64) -> Vec<i8> {
    let mut random = SplitMix64(seed);
    (0..side * side * 3).map(|_| random.within(0, 127) as i8).collect()
}

#[test]
fn whole_networks_equal_the_scalar_engine() {
    for unpacked in [false, true] {
        let gpu = gpu(unpacked);
        for architecture in Architecture::ALL {
            let artifact = Artifact::synthetic(architecture, 64, 5);
            let images = [image(64, 1), image(64, 2), image(64, 3)];
            let mut scalar = Engine::new(&artifact, Isa::Scalar).unwrap();
            let engine = GpuEngine::new(&gpu, &artifact, 4, TileChoice::BySize);
            let mut engine = pollster::block_on(engine).unwrap();
            let mut expected = Vec::new();
            scalar.logits_observed(&images[0], &mut |name, tensor| {
                expected.push((name.to_owned(), tensor.to_dense()));
            });
            let layers = pollster::block_on(engine.layers(&images[0])).unwrap();
            assert_eq!(layers.len(), expected.len());
            for ((name, found), (_, expected)) in layers.iter().zip(&expected) {
                let differing = found.iter().zip(expected).filter(|(f, e)| f != e).count();
                assert_eq!(differing, 0, "{architecture:?} {name}: {} codes", expected.len());
            }
            let batch: Vec<&[i8]> = images.iter().map(Vec::as_slice).collect();
            let logits = pollster::block_on(engine.logits(&batch)).unwrap();
            for (image, logits) in images.iter().zip(&logits) {
                assert_eq!(scalar.logits(image), logits, "{architecture:?}");
            }
        }
    }
}
