//! The checks on this machine's devices.

use std::cell::Cell;

use pollster::block_on;
use tagsight_core::engine::gpu::{Gpu, GpuEngine, GpuError, GpuOptions, TileChoice, Tuner, Tuning};
use tagsight_core::kernels::wgsl::Tile;
use tagsight_core::{Architecture, Artifact, Run};

use super::{Extent, layers, networks};

/// The devices that there are, a processor that plays one among them, each with the packed dot
/// product and without.
fn devices() -> Vec<Gpu> {
    let request = |software, unpacked| block_on(Gpu::request(&GpuOptions { software, unpacked }));
    let mut names = Vec::new();
    let mut devices = Vec::new();
    for software in [true, false] {
        let Ok(gpu) = request(software, false) else { continue };
        if !names.contains(&gpu.name()) {
            println!("on {}, with {:?} and Unpacked", gpu.name(), gpu.dot());
            names.push(gpu.name());
            devices.extend([gpu, request(software, true).expect("the same device again")]);
        }
    }
    assert!(!devices.is_empty(), "no graphics device; on Linux install mesa-vulkan-drivers");
    devices
}

fn extent() -> Extent {
    match std::env::var_os("TAGSIGHT_THOROUGH") {
        Some(_) => Extent::All,
        None => Extent::Chosen,
    }
}

/// One of them.
fn device() -> Gpu {
    devices().swap_remove(0)
}

#[test]
fn layers_equal_the_scalar_engine() {
    for gpu in devices() {
        assert_eq!(block_on(layers::differing(&gpu, extent())).unwrap(), [""; 0]);
    }
}

#[test]
fn networks_equal_the_scalar_engine() {
    for gpu in devices() {
        assert_eq!(block_on(networks::differing(&gpu, extent())).unwrap(), [""; 0]);
    }
}

/// Fewer cases must not mean that a kind of case is missing.
#[test]
fn a_choice_has_every_pair() {
    let (chosen, all) = (layers::cases(Extent::Chosen), layers::cases(Extent::All));
    assert!(chosen.len() * 2 < all.len(), "{} of {}", chosen.len(), all.len());
    let pairs = |cases: &[layers::Case]| {
        let pairs = cases.iter().flat_map(layers::Case::pairs);
        pairs.collect::<std::collections::BTreeSet<String>>()
    };
    assert_eq!(pairs(&chosen), pairs(&all));
}

/// The negative controls.
#[test]
fn one_changed_number_is_seen() {
    let gpu = device();
    assert!(block_on(layers::unseen_changes(&gpu)).unwrap().is_empty());
    let (difference, is_refused) = block_on(networks::perturbed(&gpu)).unwrap();
    assert_eq!(difference.map(|difference| difference.layer).as_deref(), Some("conv1"));
    assert!(is_refused);
}

#[test]
fn a_lost_device_is_an_error_from_then_on() {
    let gpu = device();
    let artifact = Artifact::synthetic(Architecture::ResNet18, 64, 7);
    let image = crate::random::image(64, 8);
    let mut engine = block_on(GpuEngine::new(&gpu, &artifact, 1, TileChoice::BySize)).unwrap();
    assert!(block_on(engine.start(&[&image], Vec::new())).is_ok());
    gpu.destroy();
    for _ in 0..2 {
        let error = block_on(engine.start(&[&image], Vec::new())).unwrap_err();
        assert!(matches!(error, GpuError::Lost(_)), "{error:?}");
    }
    assert!(block_on(GpuEngine::new(&gpu, &artifact, 1, TileChoice::BySize)).is_err());
}

/// More photos than one buffer holds are taken in smaller batches.
#[test]
fn a_batch_is_as_large_as_the_device_takes() {
    let gpu = device();
    let artifact = Artifact::synthetic(Architecture::MobileNetV2, 64, 7);
    let engine = block_on(GpuEngine::new(&gpu, &artifact, 3, TileChoice::BySize)).unwrap();
    assert_eq!(engine.capacity(), 3);
}

/// Every kind of convolution gets the tile that was fastest, and the integers stay the same.
#[test]
fn a_tuned_network_computes_the_same() {
    let gpu = device();
    let artifact = Artifact::synthetic(Architecture::MobileNetV2, 64, 7);
    let images = [1, 2].map(|seed| crate::random::image(64, seed));
    let images: Vec<&[i8]> = images.iter().map(Vec::as_slice).collect();
    let measure = |known: &Tuning| {
        let tuner = Tuner::new(&gpu, artifact.clone(), 2, known, one_fast_tile_each());
        let mut tuner = block_on(tuner).unwrap();
        while !tuner.is_done() {
            block_on(tuner.step()).unwrap();
        }
        tuner.tuning().clone()
    };
    let tuning = measure(&Tuning::default());
    assert_eq!(measure(&tuning), Tuning::default(), "what is known is not measured again");
    let text = tuning.to_string();
    assert_eq!(Tuning::parse(&format!("7x7 no tile\n{text}junk")), tuning);
    let tile = |line: &str| Tile::from_name(line.split(' ').next().unwrap()).unwrap();
    let kinds = 20;
    for (number, fast) in Tile::ALL.into_iter().enumerate() {
        let wins = text.lines().filter(|line| tile(line) == fast).count();
        assert_eq!(wins, (kinds - number).div_ceil(Tile::ALL.len()), "{fast:?} in {text}");
    }
    let logits = |tiles| {
        let mut engine = block_on(GpuEngine::new(&gpu, &artifact, 2, tiles)).unwrap();
        block_on(engine.start(&images, Vec::new())).unwrap()
    };
    assert_eq!(logits(TileChoice::Measured(&tuning)), logits(TileChoice::BySize));
}

/// A clock on which the first convolution is fastest with the first tile, the second with the
/// second, and so on. It is asked before and after everything that is measured: twice nothing, then
/// each tile three times.
fn one_fast_tile_each() -> impl Fn() -> f64 {
    let asked = Cell::new(0);
    let millis = Cell::new(0.0);
    move || {
        let measurement = asked.get() / 2;
        if asked.get() % 2 == 1 && measurement >= 2 {
            let tile = (measurement - 2) / 3;
            let is_fast = tile / Tile::ALL.len() % Tile::ALL.len() == tile % Tile::ALL.len();
            millis.set(millis.get() + if is_fast { 9.0 } else { 20.0 });
        }
        asked.set(asked.get() + 1);
        millis.get()
    }
}
