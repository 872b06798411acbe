//! `trainer bench`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use tagsight_core::engine::Engine;

use super::EngineArgs;

/// Time the inference of one photo (decoding excluded)
#[derive(Args)]
pub(super) struct BenchArgs {
    /// Folder of the artifact
    #[arg(long)]
    artifact: PathBuf,
    /// Threads to split a photo's layers over
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Timed runs, after some that are not
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

/// Runs before the timed ones.
const WARM_UP: usize = 5;

impl BenchArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let artifact = super::read_artifact(&self.artifact)?;
        let mut engine = Engine::new(&artifact, self.engine.isa())?;
        engine.set_parallel(self.threads > 1);
        let codes = mid_range_codes(artifact.metadata.preprocessing.side);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(self.threads)).build();
        let times = pool.context("cannot start the threads")?.install(|| {
            for _ in 0..WARM_UP {
                engine.logits(&codes);
            }
            sorted_millis(&mut engine, &codes, usize::from(self.runs))
        });
        let (median, least) = (times[times.len() / 2], times[0]);
        let engine = engine.isa().name();
        if self.json {
            let result = json!({
                "architecture": artifact.metadata.architecture,
                "engine": engine,
                "threads": self.threads,
                "runs": self.runs,
                "median_ms": median,
                "min_ms": least,
            });
            println!("{result}");
        } else {
            println!(
                "{engine}, {} threads: median {median:.2} ms, least {least:.2} ms",
                self.threads
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn sorted_millis(engine: &mut Engine, codes: &[i8], runs: usize) -> Vec<f64> {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(engine.logits(std::hint::black_box(codes)));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

/// Some image: integer kernels take the same time whatever the codes are.
fn mid_range_codes(side: usize) -> Vec<i8> {
    (0..side * side * 3).map(|index| (index * 31 % 128) as i8).collect()
}
