//! The graphics processor's engine for the page's worker, as a module of its own: nobody downloads
//! it who has no use for it.
//!
//! What goes wrong is thrown as an error whose name is `Absent`, `Lost` or `Fault`.

#![cfg(target_arch = "wasm32")]

mod platform;

use js_sys::{Error, Float32Array, Promise};
use tagsight_core::engine::gpu::{
    self, Gpu, GpuEngine, GpuError, GpuOptions, TileChoice, Tuner, Tuning,
};
use tagsight_core::{Artifact, Run};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// One is computed while the next is decoded, so more would only take memory.
const PHOTOS_AT_A_TIME: usize = 1;

/// A graphics device, and what is known of it.
#[wasm_bindgen]
pub struct Device {
    gpu: Gpu,
    /// What the adapter and its kernels are called.
    adapter: String,
    tuning: Tuning,
}

/// A network on a device.
#[wasm_bindgen]
pub struct Network {
    engine: GpuEngine,
    known_image: Vec<i8>,
}

/// Finds out which of the kernels suit a device.
#[wasm_bindgen]
pub struct Measurement(Tuner);

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Asks for a device. `adapter` is its name, for those who know it.
///
/// # Errors
/// If there is none.
#[wasm_bindgen]
pub async fn request(adapter: String) -> Result<Device, JsValue> {
    let gpu = Gpu::request(&GpuOptions::default()).await.map_err(thrown)?;
    let adapter = format!("{adapter}-{}", gpu.kernels());
    let tuning = platform::recall(&adapter).await;
    Ok(Device { gpu, adapter, tuning })
}

#[wasm_bindgen]
impl Device {
    /// Whether a processor plays the graphics device.
    #[wasm_bindgen(getter, js_name = isSoftware)]
    pub fn is_software(&self) -> bool {
        self.gpu.is_software()
    }

    /// Builds the network of a model's file; every pipeline is then on its way.
    ///
    /// # Errors
    /// If the device has too little memory, does not take the kernels, or is gone.
    pub async fn network(&self, model: Vec<u8>) -> Result<Network, JsValue> {
        build(&self.gpu, model, &self.tuning).await
    }

    /// What has to be measured for a model's file, if there is anything.
    ///
    /// # Errors
    /// If the device has too little memory, or is gone.
    pub async fn measurement(&self, model: Vec<u8>) -> Result<Option<Measurement>, JsValue> {
        let (artifact, known) = (read(model)?, &self.tuning);
        let tuner = Tuner::new(&self.gpu, artifact, PHOTOS_AT_A_TIME, known, platform::now);
        let tuner = tuner.await.map_err(thrown)?;
        Ok((!tuner.is_done()).then_some(Measurement(tuner)))
    }

    /// Has further networks use what was measured, on later visits too.
    pub async fn learn(&mut self, measurement: Measurement) {
        self.tuning.extend(measurement.0.tuning().clone());
        platform::keep(&self.adapter, &self.tuning).await;
    }

    /// Gives it back; what was started may be lost.
    pub fn destroy(&self) {
        self.gpu.destroy();
    }
}

#[wasm_bindgen]
impl Measurement {
    /// Measures for a moment.
    ///
    /// # Errors
    /// If the device is gone or does not answer.
    pub async fn step(&mut self) -> Result<(), JsValue> {
        self.0.step().await.map_err(thrown)
    }

    /// Whether nothing is left to measure.
    #[wasm_bindgen(getter, js_name = isDone)]
    pub fn is_done(&self) -> bool {
        self.0.is_done()
    }

    /// Whether a kernel was begun with, of which nothing is known yet.
    #[wasm_bindgen(getter, js_name = isHalfway)]
    pub fn is_halfway(&self) -> bool {
        self.0.is_halfway()
    }

    /// As [`Device::network`], with what was measured.
    ///
    /// # Errors
    /// As there.
    pub async fn network(&self, device: &Device, model: Vec<u8>) -> Result<Network, JsValue> {
        let mut tuning = device.tuning.clone();
        tuning.extend(self.0.tuning().clone());
        build(&device.gpu, model, &tuning).await
    }
}

#[wasm_bindgen]
impl Network {
    /// Codes of an image whose logits [`Self::verify`] asks for.
    #[wasm_bindgen(js_name = knownImage)]
    pub fn known_image(&self) -> Vec<i8> {
        self.known_image.clone()
    }

    /// Whether the device computes the known image's logits, bit for bit.
    ///
    /// # Errors
    /// If it does not.
    pub async fn verify(&mut self, expected: Vec<f32>) -> Result<(), JsValue> {
        gpu::verify_logits(&mut self.engine, &self.known_image, &expected).await.map_err(thrown)
    }

    /// Starts on an image's codes; promises its logits. Others may be started meanwhile.
    pub fn logits(&mut self, codes: &[i8]) -> Promise {
        let logits = self.engine.start(&[codes], Vec::new());
        future_to_promise(async {
            let logits = logits.await.map_err(thrown)?;
            Ok(Float32Array::from(&logits[..]).into())
        })
    }
}

async fn build(gpu: &Gpu, model: Vec<u8>, tuning: &Tuning) -> Result<Network, JsValue> {
    let artifact = read(model)?;
    let tiles = TileChoice::Measured(tuning);
    let engine = GpuEngine::new(gpu, &artifact, PHOTOS_AT_A_TIME, tiles).await.map_err(thrown)?;
    let known_image = gpu::known_image(artifact.metadata.preprocessing.side);
    Ok(Network { engine, known_image })
}

fn read(model: Vec<u8>) -> Result<Artifact, JsValue> {
    Artifact::read(&model).map_err(|error| JsValue::from(&*error.to_string()))
}

fn thrown(error: GpuError) -> JsValue {
    let (name, words) = match error {
        GpuError::NoAdapter(words) => ("Absent", words),
        GpuError::Lost(words) => ("Lost", words),
        other => ("Fault", other.to_string()),
    };
    let error = Error::new(&words);
    error.set_name(name);
    error.into()
}
