//! What programs of runtimes have in common: `PROGRAM MODEL PIXELS PHOTOS RUNS THREADS [INPUT]`.
//!
//! PIXELS holds the float32 of so many photos, `[3, side, side]` each, which go in at INPUT (`pixels`) one by one
//! and come out as `logits`. Prints JSON: the runtime with its version, the logits of all photos, the median
//! milliseconds of RUNS of the first one, and the bytes that the process's peak lies above what it had before the
//! model was loaded, where the system tells. THREADS are set in the environment (`RAYON_NUM_THREADS`,
//! `RTEN_NUM_THREADS`) by who calls it. `tests/bench/runtimes/onnxruntime.py` does the same.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::json;

/// Runs before the timed ones, as many as `trainer bench` has.
const WARM_UP: usize = 5;

/// A runtime with a model in it.
pub trait Runtime: Sized {
    /// With its version.
    const NAME: &'static str;

    /// Loads a model for photos of `side`² pixels.
    ///
    /// # Errors
    /// If it does not read the model.
    fn load(model: &Path, input: &str, side: usize) -> Result<Self>;

    /// The logits of a photo.
    ///
    /// # Errors
    /// If it does not run it.
    fn logits(&mut self, photo: &[f32]) -> Result<Vec<f32>>;
}

/// What is asked of a program.
struct Asked {
    model: PathBuf,
    pixels: Vec<f32>,
    photos: usize,
    runs: usize,
    input: String,
}

impl Asked {
    fn of(arguments: &[String]) -> Result<Self> {
        let ([_, model, pixels, photos, runs, _], rest) =
            arguments.split_first_chunk().context("PROGRAM MODEL PIXELS PHOTOS RUNS THREADS [INPUT]")?;
        let bytes = std::fs::read(pixels).with_context(|| pixels.clone())?;
        let floats = bytes.as_chunks().0.iter().map(|&word| f32::from_le_bytes(word));
        Ok(Self {
            model: model.into(),
            pixels: floats.collect(),
            photos: photos.parse()?,
            runs: runs.parse()?,
            input: rest.first().map_or("pixels", String::as_str).to_owned(),
        })
    }
}

/// Does what the program's arguments ask, and prints it.
///
/// # Errors
/// If they make no sense, or the runtime does not run the model.
pub fn run<R: Runtime>() -> Result<()> {
    let asked = Asked::of(&std::env::args().collect::<Vec<_>>())?;
    let each = asked.pixels.len() / asked.photos.max(1);
    let side = (each / 3).isqrt();
    if asked.photos == 0 || side * side * 3 * asked.photos != asked.pixels.len() {
        bail!("the pixels are not those of {} square photos", asked.photos);
    }
    let before = memory("VmRSS");
    let mut runtime = R::load(&asked.model, &asked.input, side)?;
    let mut logits = Vec::new();
    for photo in asked.pixels.chunks_exact(each) {
        logits.extend(runtime.logits(photo)?);
    }
    let first = &asked.pixels[..each];
    let mut times = Vec::new();
    for run in 0..if asked.runs > 0 { WARM_UP + asked.runs } else { 0 } {
        let start = Instant::now();
        std::hint::black_box(runtime.logits(first)?);
        if run >= WARM_UP {
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    let peak = memory("VmHWM").zip(before).map(|(peak, before)| peak.saturating_sub(before));
    let said = json!({
        "runtime": R::NAME,
        "logits": logits,
        "median_ms": times.get(times.len() / 2),
        "peak_bytes": peak,
    });
    println!("{said}");
    Ok(())
}

/// What Linux says of this process's memory.
fn memory(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    Some(1024 * line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?)
}
