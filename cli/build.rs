//! Finds the default model, which the program brings with it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// The model's file and its digest, as the checkout's manifest has them.
fn default_model(models: &Path) -> Option<(PathBuf, String)> {
    let manifest: Value =
        serde_json::from_slice(&fs::read(models.join("manifest.json")).ok()?).ok()?;
    let listed = manifest["models"].as_array()?;
    let model = listed.iter().find(|model| model["default"] == true)?;
    let file = models.join(model["file"].as_str()?);
    file.is_file().then(|| Some((file, model["sha256"].as_str()?.to_owned())))?
}

fn main() {
    println!("cargo::rustc-check-cfg=cfg(has_model)");
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let models = Path::new(&package).parent().expect("the package is in a folder").join("models");
    println!("cargo::rerun-if-changed={}", models.join("manifest.json").display());
    // Without the checkout around it, the program is built without a model, and asks for one.
    if let Some((file, sha256)) = default_model(&models) {
        println!("cargo::rerun-if-changed={}", file.display());
        println!("cargo::rustc-cfg=has_model");
        println!("cargo::rustc-env=TAGSIGHT_MODEL={}", file.display());
        println!("cargo::rustc-env=TAGSIGHT_MODEL_SHA256={sha256}");
    }
}
