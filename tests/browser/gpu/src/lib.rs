//! `tests/src/gpu` in a browser: wgpu needs its host there, so these are no plain unit tests.

use tagsight_core::engine::gpu::{Gpu, GpuError, GpuOptions};
use tagsight_core::kernels::wgsl::Dot;
use tagsight_tests::gpu::{Extent, layers, networks};
use wasm_bindgen::prelude::*;

/// Compares on the browser's device, with the packed dot product or without; if `thorough`, every
/// case there is. Gives a line on what was compared.
///
/// # Errors
/// What differs, or what of the device failed.
#[wasm_bindgen]
pub async fn compare(unpacked: bool, thorough: bool) -> Result<String, String> {
    let extent = if thorough { Extent::All } else { Extent::Chosen };
    let gpu = device(unpacked).await.map_err(|error| error.to_string())?;
    let all = async {
        let mut differing = layers::differing(&gpu, extent).await?;
        differing.extend(networks::differing(&gpu, extent).await?);
        Ok::<_, GpuError>(differing)
    };
    let differing = all.await.map_err(|error| error.to_string())?;
    if !differing.is_empty() {
        return Err(differing.join("\n"));
    }
    let (layers, networks) = (layers::cases(extent).len(), networks::networks(extent).len());
    Ok(format!("{}, {:?}: {layers} layers and {networks} networks equal", gpu.name(), gpu.dot()))
}

/// The negative controls: one changed number must be seen.
///
/// # Errors
/// If it was not, or the device failed.
#[wasm_bindgen]
pub async fn perturb() -> Result<String, String> {
    let gpu = device(false).await.map_err(|error| error.to_string())?;
    let unseen = layers::unseen_changes(&gpu).await.map_err(|error| error.to_string())?;
    let network = networks::perturbed(&gpu).await.map_err(|error| error.to_string())?;
    match (unseen.as_slice(), network) {
        ([], (Some(difference), true)) if difference.layer == "conv1" => {
            Ok("one changed number is seen".into())
        }
        other => Err(format!("a change went unseen: {other:?}")),
    }
}

async fn device(unpacked: bool) -> Result<Gpu, GpuError> {
    let gpu = Gpu::request(&GpuOptions { software: false, unpacked }).await?;
    let expected = if unpacked { Dot::Unpacked } else { Dot::Packed };
    match gpu.dot() == expected {
        true => Ok(gpu),
        false => Err(GpuError::Refused("it has no packed dot product".into())),
    }
}
