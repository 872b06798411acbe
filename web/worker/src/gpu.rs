//! The graphics processor: from a device to a network that was seen to compute right, with the
//! kernels that suit the device.
//!
//! Its engine is a module of its own, which is loaded only where there is a device. Nothing here
//! blocks, and nothing is waited for without end.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Error, Float32Array, Promise, Uint8Array};
use tagsight_core::Tagger;
use tagsight_protocol::{GpuUse, Merit, Obstacle};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::platform::{now, within};
use crate::verdict;

/// Shader compilers take seconds for their first network.
const PREPARE_SECONDS: u32 = 60;
/// A device that takes longer for a photo hangs.
const PHOTO_SECONDS: u32 = 30;
/// Spent on finding out which kernels suit a device; what is left then is left for the next visit.
const TUNING_SECONDS: f64 = 10.0;
/// In a race nothing else is done, so a slow device must not hold it up.
const RACE_SECONDS: u32 = 2;
const RACE_RUNS: usize = 3;

/// What `web/gpu` exports.
#[wasm_bindgen(raw_module = "../gpu/load.js")]
extern "C" {
    fn open() -> Promise;

    /// A device that is there.
    pub(crate) type Device;
    #[wasm_bindgen(method, getter, js_name = isSoftware)]
    fn is_software(this: &Device) -> bool;
    #[wasm_bindgen(method)]
    fn network(this: &Device, model: &Uint8Array) -> Promise;
    #[wasm_bindgen(method)]
    fn measurement(this: &Device, model: &Uint8Array) -> Promise;
    #[wasm_bindgen(method)]
    fn learn(this: &Device, measurement: Measurement) -> Promise;
    #[wasm_bindgen(method, catch)]
    fn destroy(this: &Device) -> Result<(), JsValue>;

    /// A network on a device.
    pub(crate) type Network;
    #[wasm_bindgen(method, js_name = knownImage)]
    fn known_image(this: &Network) -> Vec<i8>;
    #[wasm_bindgen(method)]
    fn verify(this: &Network, logits: &[f32]) -> Promise;
    #[wasm_bindgen(method, js_name = logits)]
    fn promise_logits(this: &Network, codes: &[i8]) -> Promise;

    /// Finds out which kernels suit a device.
    pub(crate) type Measurement;
    #[wasm_bindgen(method)]
    fn step(this: &Measurement) -> Promise;
    #[wasm_bindgen(method, getter, js_name = isDone)]
    fn is_done(this: &Measurement) -> bool;
    #[wasm_bindgen(method, getter, js_name = isHalfway)]
    fn is_halfway(this: &Measurement) -> bool;
    #[wasm_bindgen(method, js_name = network)]
    fn tuned_network(this: &Measurement, device: &Device, model: &Uint8Array) -> Promise;
}

/// A device with a network that was seen to compute right.
pub(crate) struct Ready {
    pub(crate) device: Device,
    pub(crate) network: Network,
}

/// A device that was asked for.
pub(crate) struct Asked(Promise);

/// Asks for a device; what follows may go on meanwhile.
pub(crate) fn ask() -> Asked {
    Asked(open())
}

/// Builds the network of `model`, a model's file, and runs it once to see whether it computes what
/// `tagger` does; that also has every pipeline ready.
pub(crate) async fn prepare(
    gpu: GpuUse,
    device: Asked,
    model: Rc<Uint8Array>,
    tagger: Rc<RefCell<Tagger>>,
) -> Result<Ready, Obstacle> {
    let device = answer(PREPARE_SECONDS, JsFuture::from(device.0)).await?;
    if device.is_null() {
        return Err(Obstacle::Absent);
    }
    let device: Device = device.unchecked_into();
    let network = match verdict::admit(gpu, device.is_software()) {
        Ok(()) => verified(device.network(&model), &tagger).await,
        Err(obstacle) => Err(obstacle),
    };
    match network {
        Ok(network) => Ok(Ready { device, network }),
        Err(obstacle) => {
            device.give_back();
            Err(obstacle)
        }
    }
}

/// A network that computes what `tagger` does.
async fn verified(network: Promise, tagger: &RefCell<Tagger>) -> Result<Network, Obstacle> {
    answer(PREPARE_SECONDS, async {
        let network: Network = JsFuture::from(network).await?.unchecked_into();
        let expected = {
            let image = network.known_image();
            tagger.borrow_mut().engine_mut().logits(&image).to_vec()
        };
        JsFuture::from(network.verify(&expected)).await?;
        Ok(network)
    })
    .await
}

impl Device {
    /// Gives it back; what was started on it may be lost.
    pub(crate) fn give_back(&self) {
        // It cannot be while something is done with it that did not end in time.
        let _ = self.destroy();
    }
}

/// Kernels of a network that are being measured.
pub(crate) struct Tuning {
    measurement: Measurement,
    until: f64,
}

impl Tuning {
    /// What there is to measure for `model` on `device`, if anything. A processor that plays a
    /// device is not worth it.
    pub(crate) async fn begin(
        device: &Device,
        model: &Uint8Array,
    ) -> Result<Option<Self>, Obstacle> {
        if device.is_software() {
            return Ok(None);
        }
        let until = now() + TUNING_SECONDS * 1e3;
        let measurement = JsFuture::from(device.measurement(model));
        let measurement = answer(PREPARE_SECONDS, measurement).await?;
        let is_any = !measurement.is_undefined();
        Ok(is_any.then(|| Self { measurement: measurement.unchecked_into(), until }))
    }

    /// Measures for a moment; whether there is more to do, and time for it.
    pub(crate) async fn step(&self) -> Result<bool, Obstacle> {
        answer(PHOTO_SECONDS, JsFuture::from(self.measurement.step())).await?;
        let has_time = self.measurement.is_halfway() || now() < self.until;
        Ok(!self.measurement.is_done() && has_time)
    }

    /// Builds `model`'s network anew, from what was measured. Only a network that computes what
    /// `tagger` does, and hardly takes longer than the one before, takes its place; then what was
    /// measured is remembered.
    pub(crate) async fn end(
        self,
        ready: &mut Ready,
        model: &Uint8Array,
        tagger: &RefCell<Tagger>,
    ) -> Result<(), Obstacle> {
        let tuned = self.measurement.tuned_network(&ready.device, model);
        let tuned = verified(tuned, tagger).await?;
        let image = tuned.known_image();
        let guessed = millis(&ready.network, &image).await?;
        if verdict::keeps_up(millis(&tuned, &image).await?, guessed) {
            ready.network = tuned;
            let learnt = JsFuture::from(ready.device.learn(self.measurement));
            answer(PREPARE_SECONDS, learnt).await?;
        }
        Ok(())
    }
}

/// Lets both compute the known image; whether the graphics processor won.
pub(crate) async fn race(network: &Network, tagger: &RefCell<Tagger>) -> Result<Merit, Obstacle> {
    let image = network.known_image();
    let mut processor = f64::INFINITY;
    for _ in 0..RACE_RUNS {
        let started = now();
        tagger.borrow_mut().engine_mut().logits(&image);
        processor = processor.min(now() - started);
    }
    verdict::race(millis(network, &image).await?, processor)
}

/// Milliseconds of an image, as far as they are waited for.
async fn millis(network: &Network, image: &[i8]) -> Result<f64, Obstacle> {
    let mut millis = f64::INFINITY;
    for _ in 0..RACE_RUNS {
        let started = now();
        if let Some(logits) = within(RACE_SECONDS, logits_of(network, image)).await {
            logits.map_err(thrown)?;
        }
        millis = millis.min(now() - started);
    }
    Ok(millis)
}

/// Starts on a photo's codes at once; gives its logits when they are there.
pub(crate) fn logits(
    network: &Network,
    codes: &[i8],
) -> impl Future<Output = Result<Vec<f32>, Obstacle>> + use<> {
    let logits = logits_of(network, codes);
    async {
        let logits = answer(PHOTO_SECONDS, logits).await?;
        verdict::plausible(&logits)?;
        Ok(logits)
    }
}

fn logits_of(
    network: &Network,
    codes: &[i8],
) -> impl Future<Output = Result<Vec<f32>, JsValue>> + use<> {
    let logits = network.promise_logits(codes);
    async { Ok(JsFuture::from(logits).await?.unchecked_into::<Float32Array>().to_vec()) }
}

/// What the graphics processor's engine gives, as long as it is waited for.
async fn answer<T>(
    seconds: u32,
    work: impl Future<Output = Result<T, JsValue>>,
) -> Result<T, Obstacle> {
    let answered = within(seconds, work).await.ok_or(Obstacle::Late(seconds))?;
    answered.map_err(thrown)
}

/// What it threw.
fn thrown(error: JsValue) -> Obstacle {
    let Ok(error) = error.dyn_into::<Error>() else {
        return Obstacle::Fault(String::new());
    };
    let words = String::from(error.message());
    match String::from(error.name()).as_str() {
        "Absent" => Obstacle::Absent,
        "Lost" => Obstacle::Lost(words),
        _ => Obstacle::Fault(words),
    }
}
