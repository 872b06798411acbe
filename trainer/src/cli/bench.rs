//! `trainer bench`.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use pollster::block_on;
use serde_json::json;
use tagsight_core::engine::Run;
use tagsight_core::engine::gpu::GpuEngine;
use tagsight_core::photo::{self, Squasher};
use tagsight_trainer::inference::{Backend, Inference};

use super::args::BackendArgs;
use super::timing::{WARM_UP, sorted_millis};

/// Time the inference of one photo, or of batches; with --photo, decoding too
#[derive(Args)]
pub(super) struct BenchArgs {
    /// Folder of the artifact
    #[arg(long)]
    artifact: PathBuf,
    /// Threads to split a photo's layers over, on the processor
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Photos at a time
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    batch: u16,
    /// Timed runs, after some that are not
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// First measure which of the graphics device's kernels are fastest, and remember it
    #[arg(long)]
    tune: bool,
    /// Time each layer too, on a graphics device
    #[arg(long)]
    layers: bool,
    /// Time a photo's decoding and scaling to the network's input too
    #[arg(long)]
    photo: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: BackendArgs,
}

/// Batches that a graphics device has at a time where throughput is measured: one to work on, one
/// that waits.
const IN_FLIGHT: usize = 2;

impl BenchArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let artifact = super::args::read_artifact(&self.artifact)?;
        let batch = usize::from(self.batch);
        let backend = self.engine.backend();
        if backend != Backend::WebGpu && (self.tune || self.layers) {
            bail!("--tune and --layers are for --backend webgpu");
        }
        if self.tune {
            Inference::tune(&artifact, batch)?;
        }
        let images = vec![mid_range_codes(artifact.metadata.preprocessing.side); batch];
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(self.threads)).build();
        let pool = pool.context("cannot start the threads")?;
        let mut inference = pool.install(|| Inference::new(&artifact, backend, batch))?;
        let runs = usize::from(self.runs);
        let times = pool.install(|| {
            sorted_millis(runs, || {
                std::hint::black_box(inference.logits(std::hint::black_box(&images))?);
                anyhow::Ok(())
            })
        })?;
        let (median, least) = (times[times.len() / 2], times[0]);
        let engine = inference.name();
        let mut result = json!({
            "architecture": artifact.metadata.architecture,
            "engine": engine,
            "threads": self.threads,
            "batch": batch,
            "runs": self.runs,
            "median_ms": median,
            "min_ms": least,
        });
        if let Inference::WebGpu(gpu) = &mut inference {
            result["is_software"] = gpu.gpu().is_software().into();
            result["photos_per_second"] = throughput(gpu, &images, runs)?.into();
            if self.layers {
                result["layers"] = layers(gpu, &images)?;
            }
        }
        if let Some(path) = &self.photo {
            let photo = std::fs::read(path).with_context(|| path.display().to_string())?;
            let side = artifact.metadata.preprocessing.side;
            let [decode, squash] = photo_millis(&photo, side, runs)?;
            result["decode_ms"] = decode.into();
            result["squash_ms"] = squash.into();
        }
        if self.json {
            println!("{result}");
        } else {
            let threads = self.threads;
            println!(
                "{engine}, {threads} threads, {batch} photos at a time: median {median:.2} ms, \
                 least {least:.2} ms"
            );
            print_more(&result);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_more(result: &serde_json::Value) {
    if let (Some(decode), Some(squash)) =
        (result["decode_ms"].as_f64(), result["squash_ms"].as_f64())
    {
        println!("the photo: {decode:.2} ms to decode, {squash:.2} ms to scale");
    }
    if let Some(photos) = result["photos_per_second"].as_f64() {
        println!("{photos:.0} photos a second, {IN_FLIGHT} batches at a time");
    }
    for layer in result["layers"].as_array().into_iter().flatten() {
        let number = |key: &str| layer[key].as_f64().unwrap_or_default();
        println!(
            "{:<28} {:>9.4} ms {:>8.2} TOP/s {:>8.1} GB/s",
            layer["name"].as_str().unwrap_or_default(),
            number("ms"),
            number("tops"),
            number("gigabytes_per_second")
        );
    }
}

/// Medians of decoding a photo, and of scaling it to `side`² pixels.
fn photo_millis(photo: &[u8], side: usize, runs: usize) -> Result<[f64; 2]> {
    let mut squasher = Squasher::default();
    let (mut decoding, mut squashing) = (Vec::new(), Vec::new());
    for run in 0..WARM_UP + runs {
        let start = Instant::now();
        let mut picture = photo::decode_reduced(std::hint::black_box(photo), side)?;
        let decoded = Instant::now();
        std::hint::black_box(picture.squash(side, &mut squasher));
        if run >= WARM_UP {
            decoding.push((decoded - start).as_secs_f64() * 1e3);
            squashing.push(decoded.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok([decoding, squashing].map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }))
}

/// Photos a second, from codes on this side to logits on this side.
fn throughput(engine: &mut GpuEngine, images: &[Vec<i8>], runs: usize) -> Result<f64> {
    let images: Vec<&[i8]> = images.iter().map(Vec::as_slice).collect();
    let mut pending = VecDeque::new();
    let start = Instant::now();
    for _ in 0..runs {
        pending.push_back(engine.start(&images, Vec::new()));
        if pending.len() == IN_FLIGHT {
            block_on(pending.pop_front().expect("one at least"))?;
        }
    }
    for rest in pending {
        block_on(rest)?;
    }
    Ok((runs * images.len()) as f64 / start.elapsed().as_secs_f64())
}

/// Each layer's time, and what it amounts to.
fn layers(engine: &mut GpuEngine, images: &[Vec<i8>]) -> Result<serde_json::Value> {
    let images: Vec<&[i8]> = images.iter().map(Vec::as_slice).collect();
    let times = block_on(engine.profile(&images))?;
    let times = times.context("this graphics device has no clock for its layers")?;
    ensure!(times.iter().any(|layer| layer.millis > 0.0), "the device's clock stands still");
    let layer = |layer: &tagsight_core::engine::gpu::LayerTime| {
        let per_second = |count: u64| count as f64 / (layer.millis * 1e-3).max(1e-9);
        json!({
            "name": layer.name,
            "ms": layer.millis,
            "tops": per_second(2 * layer.macs) * 1e-12,
            "gigabytes_per_second": per_second(layer.bytes) * 1e-9,
        })
    };
    Ok(times.iter().map(layer).collect())
}

/// Some image: integer kernels take the same time whatever the codes are.
fn mid_range_codes(side: usize) -> Vec<i8> {
    (0..side * side * 3).map(|index| (index * 31 % 128) as i8).collect()
}
