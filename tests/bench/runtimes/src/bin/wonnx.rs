//! wonnx, on the graphics device that it chooses.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};
use tagsight_bench_runtimes::{Runtime, run};
use wonnx::Session;
use wonnx::utils::InputTensor;

struct Wonnx {
    session: Session,
    input: String,
}

impl Runtime for Wonnx {
    const NAME: &'static str = "wonnx 0.5.1";

    fn load(model: &Path, input: &str, _: usize) -> Result<Self> {
        let session = pollster::block_on(Session::from_path(model))?;
        Ok(Self { session, input: input.to_owned() })
    }

    fn logits(&mut self, photo: &[f32]) -> Result<Vec<f32>> {
        let input = HashMap::from([(self.input.clone(), InputTensor::from(photo))]);
        let mut outputs = pollster::block_on(self.session.run(&input))?;
        Ok(outputs.remove("logits").context("it gives no logits")?.try_into()?)
    }
}

fn main() -> Result<()> {
    run::<Wonnx>()
}
