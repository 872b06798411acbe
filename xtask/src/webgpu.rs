//! The comparison of graphics devices with the scalar engine: natively, and in Chromium. On a
//! machine that has none, a processor plays one (Mesa's llvmpipe, Chromium's SwiftShader).

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::model;
use crate::shell;
use crate::test::{Outcome, WASM_TARGET, cargo, flags_variable, node};
use crate::tools::{self, Tools};

/// Where Vulkan's loader looks for drivers.
const DRIVERS: [&str; 2] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

/// The step of `cargo xtask test`.
pub(crate) fn compare() -> Result<Outcome> {
    vulkan_drivers()?;
    native()?;
    command_line()?;
    shell::run(node("browser/gpu.mjs")?.arg(browser_tests()?))?;
    Ok(Outcome::Passed)
}

/// A Linux without any Vulkan driver gets Mesa's.
fn vulkan_drivers() -> Result<()> {
    let has_files =
        |folder: &&str| std::fs::read_dir(folder).is_ok_and(|mut dir| dir.next().is_some());
    if cfg!(target_os = "linux") && !DRIVERS.iter().any(has_files) {
        tools::report("Vulkan drivers", "installing…");
        tools::system_install(&["libvulkan1", "mesa-vulkan-drivers"])?;
    }
    Ok(())
}

fn native() -> Result<()> {
    let test = ["test", "--release", "--package=tagsight-tests", "--features=webgpu", "--lib"];
    shell::run(cargo().args(test).args(["gpu::", "--", "--nocapture"]))
}

/// `trainer tag` must print the same on a processor and on a graphics device.
fn command_line() -> Result<()> {
    let photos = model::photos()?;
    let model = model::default()?;
    let processor = model::tags(&model, &photos)?;
    let graphics = model::tags_with(&model, &photos, &["--backend", "webgpu"])?;
    ensure!(processor == graphics, "trainer tag --backend webgpu gives other scores");
    println!("trainer tag --backend webgpu: the scores of {} photos are equal", photos.len());
    Ok(())
}

/// Builds the browser's part; gives its folder.
fn browser_tests() -> Result<PathBuf> {
    let tools = Tools::ensure()?;
    let build = ["build", "--release", "--package=tagsight-gpu-tests", "--target", WASM_TARGET];
    shell::run(cargo().args(build).env(flags_variable(), "-Ctarget-feature=+simd128"))?;
    let target = shell::target_folder().join(WASM_TARGET);
    let folder = target.join("gpu-tests");
    let name = "tagsight_gpu_tests";
    tools.bind(&target.join("release").join(name).with_extension("wasm"), name, &folder)?;
    Ok(folder)
}
