//! The graphics processor's device and its network: what [`graphics`](crate::graphics) has done, by
//! calls to the module that has the engine.
//!
//! That module is loaded only where there is a device. Nothing here blocks, and nothing is waited for
//! without end.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Error, Float32Array, Promise, Uint8Array};
use tagsight_core::{Run, Tagger};
use tagsight_protocol::{Obstacle, Race};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::graphics::{Event, Kernels, Rest};
use crate::platform::{now, within};
use crate::verdict::{self, Maker};

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

    /// A network on a device, as it is there.
    type NetworkThere;
    #[wasm_bindgen(method, js_name = knownImage)]
    fn known_image(this: &NetworkThere) -> Vec<i8>;
    #[wasm_bindgen(method)]
    fn verify(this: &NetworkThere, logits: &[f32]) -> Promise;
    #[wasm_bindgen(method)]
    fn logits(this: &NetworkThere, codes: &[i8]) -> Promise;

    /// Finds out which kernels suit a device.
    type Measurement;
    #[wasm_bindgen(method)]
    fn step(this: &Measurement) -> Promise;
    #[wasm_bindgen(method, getter, js_name = isDone)]
    fn is_done(this: &Measurement) -> bool;
    #[wasm_bindgen(method, getter, js_name = isHalfway)]
    fn is_halfway(this: &Measurement) -> bool;
    #[wasm_bindgen(method, js_name = network)]
    fn tuned_network(this: &Measurement, device: &Device, model: &Uint8Array) -> Promise;
}

/// A network on a device that was seen to compute right.
pub(crate) struct Network(NetworkThere);

/// A device that was asked for.
pub(crate) struct Asked(Promise);

/// Asks for a device; what follows may go on meanwhile.
pub(crate) fn ask() -> Asked {
    Asked(open())
}

impl Asked {
    /// The device, once it is there.
    pub(crate) async fn device(self) -> Result<Device, Obstacle> {
        let device = answer(PREPARE_SECONDS, JsFuture::from(self.0)).await?;
        if device.is_null() { Err(Obstacle::Absent) } else { Ok(device.unchecked_into()) }
    }
}

/// The graphics processor, for as long as it may be of use: what there is of it.
pub(crate) struct Gpu {
    /// The model's file, kept outside of this module's memory, which never shrinks.
    model: Uint8Array,
    /// The processor's tagger. Borrowed only between awaits.
    processor: Rc<RefCell<Tagger>>,
    device: Option<Device>,
    tagger: Option<Tagger<Network>>,
    tuning: Option<Tuning>,
}

impl Gpu {
    /// For a model's file, whose results have to be those of `processor`.
    pub(crate) fn new(model: &[u8], processor: Rc<RefCell<Tagger>>) -> Self {
        let model = Uint8Array::from(model);
        Self { model, processor, device: None, tagger: None, tuning: None }
    }

    /// The tagger, once there is a network that computes right.
    pub(crate) fn tagger(&mut self) -> Option<&mut Tagger<Network>> {
        self.tagger.as_mut()
    }

    /// Keeps a device that came.
    pub(crate) fn opened(&mut self, device: Result<Device, Obstacle>) -> Event {
        match device {
            Ok(device) => Event::Opened(self.device.insert(device).maker()),
            Err(obstacle) => Event::Failed(obstacle),
        }
    }

    /// Builds the network and runs it once to see whether it computes what the processor does; that also
    /// has every pipeline ready. Photos may be tagged meanwhile.
    pub(crate) fn verify(&self) -> impl Future<Output = Result<Network, Obstacle>> + use<> {
        let network = self.device.as_ref().map(|device| device.network(&self.model));
        let processor = self.processor.clone();
        async move { verified(network.ok_or(Obstacle::Absent)?, &processor).await }
    }

    /// Keeps a network that computes right.
    pub(crate) fn verified(&mut self, network: Result<Network, Obstacle>) -> Event {
        match network {
            Ok(network) => {
                let metadata = self.processor.borrow().metadata().clone();
                self.tagger = Some(Tagger::with_engine(metadata, network));
                Event::Verified
            }
            Err(obstacle) => Event::Failed(obstacle),
        }
    }

    /// Lets both compute the known image, by the clock.
    pub(crate) async fn race(&mut self) -> Event {
        let Some(tagger) = &mut self.tagger else { return Event::Failed(Obstacle::Absent) };
        let network = tagger.engine_mut();
        let image = network.0.known_image();
        let mut processor = f64::INFINITY;
        for _ in 0..RACE_RUNS {
            let started = now();
            self.processor.borrow_mut().engine_mut().logits(&image);
            processor = processor.min(now() - started);
        }
        match network.millis(&image).await {
            Ok(gpu) => Event::Raced(Race { gpu, processor }),
            Err(obstacle) => Event::Failed(obstacle),
        }
    }

    /// Finds out what there is to measure. A processor that plays a device is not worth it.
    pub(crate) async fn plan(&mut self) -> Event {
        let device = self.device.as_ref().filter(|device| device.maker() == Maker::Hardware);
        let Some(device) = device else { return Event::Planned(Kernels::Known) };
        match Tuning::begin(device, &self.model).await {
            Ok(tuning) => {
                self.tuning = tuning;
                Event::Planned(self.tuning.as_ref().map_or(Kernels::Known, |_| Kernels::Guessed))
            }
            Err(obstacle) => Event::Failed(obstacle),
        }
    }

    /// Measures for a moment.
    pub(crate) async fn measure(&self) -> Event {
        match &self.tuning {
            None => Event::Measured(Rest::Nothing),
            Some(tuning) => tuning.step().await.map_or_else(Event::Failed, Event::Measured),
        }
    }

    /// Builds the network anew, from what was measured.
    pub(crate) async fn adopt(&mut self) -> Event {
        self.try_adopt().await.map_or_else(Event::Failed, |()| Event::Adopted)
    }

    /// Only a network that computes what the processor does, and hardly takes longer than the one before,
    /// takes its place; then what was measured is remembered.
    async fn try_adopt(&mut self) -> Result<(), Obstacle> {
        let (Some(device), Some(tagger)) = (&self.device, &mut self.tagger) else { return Ok(()) };
        let Some(Tuning { measurement, .. }) = self.tuning.take() else { return Ok(()) };
        let tuned = measurement.tuned_network(device, &self.model);
        let tuned = verified(tuned, &self.processor).await?;
        let image = tuned.0.known_image();
        let guessed = tagger.engine_mut().millis(&image).await?;
        if verdict::keeps_up(tuned.millis(&image).await?, guessed) {
            *tagger.engine_mut() = tuned;
            answer(PREPARE_SECONDS, JsFuture::from(device.learn(measurement))).await?;
        }
        Ok(())
    }

    /// Gives the device back, with all that is on it; what was started may be lost.
    pub(crate) fn close(&mut self) {
        (self.tagger, self.tuning) = (None, None);
        if let Some(device) = self.device.take() {
            // It cannot be while something is done with it that did not end in time.
            let _ = device.destroy();
        }
    }
}

impl Device {
    fn maker(&self) -> Maker {
        if self.is_software() { Maker::Software } else { Maker::Hardware }
    }
}

/// A network that computes what the processor does.
async fn verified(network: Promise, processor: &RefCell<Tagger>) -> Result<Network, Obstacle> {
    answer(PREPARE_SECONDS, async {
        let network: NetworkThere = JsFuture::from(network).await?.unchecked_into();
        let expected = {
            let image = network.known_image();
            processor.borrow_mut().engine_mut().logits(&image).to_vec()
        };
        JsFuture::from(network.verify(&expected)).await?;
        Ok(Network(network))
    })
    .await
}

impl Network {
    /// Milliseconds of an image, as far as they are waited for.
    async fn millis(&self, image: &[i8]) -> Result<f64, Obstacle> {
        let mut millis = f64::INFINITY;
        for _ in 0..RACE_RUNS {
            let started = now();
            let logits = JsFuture::from(self.0.logits(image));
            if let Some(logits) = within(RACE_SECONDS, logits).await {
                logits.map_err(thrown)?;
            }
            millis = millis.min(now() - started);
        }
        Ok(millis)
    }
}

/// One image at a time; others may be started before it is done. Logits that cannot be a photo's are an
/// error.
impl Run for Network {
    type Error = Obstacle;

    fn capacity(&self) -> usize {
        1
    }

    fn start(
        &mut self,
        images: &[&[i8]],
        mut logits: Vec<f32>,
    ) -> impl Future<Output = Result<Vec<f32>, Obstacle>> + use<> {
        let [image] = images else { panic!("one image") };
        let there = JsFuture::from(self.0.logits(image));
        async {
            let there: Float32Array = answer(PHOTO_SECONDS, there).await?.unchecked_into();
            logits.resize(there.length() as usize, 0.0);
            there.copy_to(&mut logits);
            verdict::plausible(&logits)?;
            Ok(logits)
        }
    }
}

/// Kernels of a network that are being measured.
struct Tuning {
    measurement: Measurement,
    until: f64,
}

impl Tuning {
    /// What there is to measure for `model` on `device`, if anything.
    async fn begin(device: &Device, model: &Uint8Array) -> Result<Option<Self>, Obstacle> {
        let until = now() + TUNING_SECONDS * 1e3;
        let measurement = JsFuture::from(device.measurement(model));
        let measurement = answer(PREPARE_SECONDS, measurement).await?;
        let is_any = !measurement.is_undefined();
        Ok(is_any.then(|| Self { measurement: measurement.unchecked_into(), until }))
    }

    /// Measures for a moment; what is left then, as far as there is time for it.
    async fn step(&self) -> Result<Rest, Obstacle> {
        answer(PHOTO_SECONDS, JsFuture::from(self.measurement.step())).await?;
        let has_time = self.measurement.is_halfway() || now() < self.until;
        Ok(if has_time && !self.measurement.is_done() { Rest::More } else { Rest::Nothing })
    }
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
