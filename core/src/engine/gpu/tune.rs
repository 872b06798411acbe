//! Measuring which tile is fastest for each convolution, on the device itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::transfer::Transfer;
use super::{Gpu, GpuEngine, GpuError, TileChoice};
use crate::artifact::Artifact;
use crate::kernels::wgsl::Tile;

/// Milliseconds of one run from which on one is enough to measure.
const LONG_MILLIS: f64 = 2.0;
/// Runs of shorter ones that are measured together.
const REPEATS: usize = 16;
/// Measurements, of which the least counts.
const TRIES: usize = 2;

/// The fastest tiles by the shapes of convolutions. It is worth keeping, by the device's name:
/// serialised it is a small map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tuning(BTreeMap<String, String>);

impl Tuning {
    /// The tile for a convolution of this shape, if it was measured (and there still is such a tile).
    pub(super) fn tile(&self, shape: &str) -> Option<Tile> {
        self.0.get(shape).and_then(|name| Tile::from_name(name))
    }

    /// Adds what was measured elsewhere, which counts where both know a shape.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Measures every convolution of `artifact`, in batches of up to `capacity` photos; `now` gives
    /// milliseconds.
    ///
    /// # Errors
    /// If the device refuses the network, is gone or does not answer.
    pub async fn measure(
        gpu: &Gpu,
        artifact: &Artifact,
        capacity: usize,
        now: &dyn Fn() -> f64,
    ) -> Result<Self, GpuError> {
        let mut best: BTreeMap<String, (f64, Tile)> = BTreeMap::new();
        for tile in Tile::ALL {
            let choice = TileChoice::Always(tile);
            let engine = GpuEngine::new(gpu, artifact, capacity, choice).await?;
            let mut millis: BTreeMap<String, f64> = BTreeMap::new();
            for (number, step) in engine.plan.steps.iter().enumerate() {
                let Some((shape, used)) = &step.tiled else { continue };
                if *used == tile && !millis.contains_key(shape) {
                    millis.insert(shape.clone(), engine.time(number, now).await?);
                }
            }
            for (shape, millis) in millis {
                let fastest = best.entry(shape).or_insert((millis, tile));
                if millis < fastest.0 {
                    *fastest = (millis, tile);
                }
            }
        }
        let name = |(shape, (_, tile)): (String, (f64, Tile))| (shape, tile.name());
        Ok(Self(best.into_iter().map(name).collect()))
    }
}

impl GpuEngine {
    /// Milliseconds of one step with a full batch, and of what each answer takes besides.
    async fn time(&self, number: usize, now: &dyn Fn() -> f64) -> Result<f64, GpuError> {
        // The first run is not counted: it is when some devices compile.
        self.run_repeatedly(number, 1, now).await?;
        let once = self.run_repeatedly(number, 1, now).await?;
        if once >= LONG_MILLIS {
            return Ok(once);
        }
        let mut least = f64::INFINITY;
        for _ in 0..TRIES {
            let millis = self.run_repeatedly(number, REPEATS, now).await?;
            least = least.min(millis / REPEATS as f64);
        }
        Ok(least)
    }

    async fn run_repeatedly(
        &self,
        number: usize,
        times: usize,
        now: &dyn Fn() -> f64,
    ) -> Result<f64, GpuError> {
        let (step, ready) = (&self.plan.steps[number], &self.steps[number]);
        let photos = (self.capacity() as u32).to_le_bytes();
        self.gpu.queue.write_buffer(&self.batch, 0, &photos);
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        for _ in 0..times {
            ready.dispatch_alone(&mut encoder, step.groups(self.capacity()));
        }
        let start = now();
        let one_word = size_of::<u32>();
        let answer = Transfer::submit(&self.gpu, encoder, &self.buffers[step.output], one_word);
        answer.bytes().await?;
        Ok(now() - start)
    }
}
