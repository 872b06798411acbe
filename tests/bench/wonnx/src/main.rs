//! Times wonnx, a runtime for graphics devices, on the device that it chooses, and prints JSON: the
//! median of some runs and the last run's logits.
//!
//! `tagsight-bench-wonnx MODEL.onnx IMAGE RUNS`, where IMAGE holds the floats of MODEL's input.

use std::collections::HashMap;
use std::error::Error;
use std::time::Instant;

use wonnx::Session;
use wonnx::utils::InputTensor;

/// Runs before the timed ones, as many as `trainer bench` has.
const WARM_UP: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, model, image, runs] = arguments.as_slice() else {
        return Err("usage: tagsight-bench-wonnx MODEL.onnx IMAGE RUNS".into());
    };
    let session = pollster::block_on(Session::from_path(model))?;
    let bytes = std::fs::read(image)?;
    let image: Vec<f32> = bytes.as_chunks().0.iter().map(|&word| f32::from_le_bytes(word)).collect();
    let runs: usize = runs.parse()?;
    let mut times = Vec::new();
    let mut result = Vec::new();
    for _ in 0..WARM_UP + runs {
        let start = Instant::now();
        result = logits(&session, &image)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let mut times = times.split_off(WARM_UP);
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).ok_or("one run at least")?;
    println!("{{\"median_ms\": {median}, \"logits\": {result:?}}}");
    Ok(())
}

fn logits(session: &Session, image: &[f32]) -> Result<Vec<f32>, Box<dyn Error>> {
    let input = HashMap::from([("image.real".to_owned(), InputTensor::from(image))]);
    let mut outputs = pollster::block_on(session.run(&input))?;
    Ok(outputs.remove("logits").ok_or("no logits")?.try_into()?)
}
