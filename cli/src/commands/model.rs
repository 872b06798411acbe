//! The model that is used.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use tagsight_cli::model::{self, BuiltIn, Model, ModelError};

/// Where the model is.
#[derive(clap::Args)]
pub(crate) struct ModelArgs {
    /// The model: its file, its folder, or a folder of models [default: that of a folder models/ beside
    /// the program, in ../share/tagsight/ from there or in the current folder, or else the built-in one]
    #[arg(long, value_name = "FILE_OR_DIR")]
    model: Option<PathBuf>,
}

#[cfg(has_model)]
const BUILT_IN: Option<BuiltIn> = Some(BuiltIn {
    bytes: include_bytes!(env!("TAGSIGHT_MODEL")),
    sha256: env!("TAGSIGHT_MODEL_SHA256"),
});
#[cfg(not(has_model))]
const BUILT_IN: Option<BuiltIn> = None;

impl ModelArgs {
    pub(crate) fn find(&self) -> Result<Model> {
        let program = env::current_exe().ok();
        let places = model::places(program.as_deref());
        let found = Model::find(self.model.as_deref(), &places, BUILT_IN);
        let way_out = match &found {
            Err(ModelError::Nowhere) => {
                "get models/ from Tagsight's repository, and put it beside the program or name it with \
                 --model"
            }
            Err(ModelError::Absent(_)) => {
                "--model takes a model.safetensors, its folder, or a folder with a manifest.json"
            }
            _ => "name another with --model",
        };
        found.with_context(|| way_out).map_err(reversed)
    }
}

/// What is wrong before what to do.
fn reversed(error: anyhow::Error) -> anyhow::Error {
    let mut words: Vec<String> = error.chain().map(ToString::to_string).collect();
    words.reverse();
    anyhow::anyhow!("{}", words.join(": "))
}
