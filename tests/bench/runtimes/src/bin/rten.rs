//! rten, on the processor.

use std::path::Path;

use anyhow::{Context, Result};
use rten::{Model, ModelOptions};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use tagsight_bench_runtimes::{Runtime, run};

struct Rten {
    model: Model,
    side: usize,
}

impl Runtime for Rten {
    const NAME: &'static str = "rten 0.27.0";

    fn load(model: &Path, _: &str, side: usize) -> Result<Self> {
        let model = ModelOptions::with_all_ops().load_file(model)?;
        Ok(Self { model, side })
    }

    fn logits(&mut self, photo: &[f32]) -> Result<Vec<f32>> {
        let photo = NdTensor::from_data([1, 3, self.side, self.side], photo.to_vec());
        let output = self.model.run_one(photo.into(), None)?;
        let output: NdTensor<f32, 2> = output.try_into().ok().context("it gives no row of logits")?;
        Ok(output.to_vec())
    }
}

fn main() -> Result<()> {
    run::<Rten>()
}
