//! tract, on one thread of the processor.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use tagsight_bench_runtimes::{Runtime, run};
use tract_onnx::prelude::*;

struct Tract {
    model: Arc<TypedRunnableModel>,
    side: usize,
}

impl Runtime for Tract {
    const NAME: &'static str = "tract 0.23.9";

    fn load(model: &Path, _: &str, side: usize) -> Result<Self> {
        let model = tract_onnx::onnx().model_for_path(model)?.into_optimized()?.into_runnable()?;
        Ok(Self { model, side })
    }

    fn logits(&mut self, photo: &[f32]) -> Result<Vec<f32>> {
        let photo = Tensor::from_shape(&[1, 3, self.side, self.side], photo)?;
        let outputs = self.model.run(tvec!(photo.into()))?;
        Ok(outputs[0].to_plain_array_view::<f32>()?.iter().copied().collect())
    }
}

fn main() -> Result<()> {
    run::<Tract>()
}
