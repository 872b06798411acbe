//! Arguments of quantisation after training.

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use tagsight_data::{self as data, Dataset};
use tagsight_quantiser::{
    AdaRound, Granularity, PostTraining, RangeMethod, ScaleMethod, WeightFormat, WeightMethod,
};

/// With so few bits, rounding to the nearest code loses much.
const ADAROUND_BITS: u32 = 6;

/// Images that the logits of float and integers are compared on.
const COMPARED: usize = 64;

/// 7-bit codes, HWC.
type Images = Vec<Vec<i8>>;

/// How floats become integers after training.
#[derive(Args)]
pub(super) struct PostTrainingArgs {
    /// How a layer's range of activations follows from what was observed
    #[arg(long, default_value = "mse")]
    ranges: RangeArg,
    /// Per cent of the values that --ranges percentile does not clip
    #[arg(long, default_value_t = 99.999, value_parser = percentile)]
    percentile: f64,
    /// Bits of weights; stem, depthwise layers and classifier have 8 in any case
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=8))]
    weight_bits: u32,
    /// Weights that share a scale: those of an output channel, or of a layer
    #[arg(long, default_value = "channel")]
    granularity: GranularityArg,
    /// How a scale follows from the weights that share it
    #[arg(long, default_value = "mse")]
    weight_scales: ScaleArg,
    /// How weights are rounded; auto is adaround with 6 bits or fewer
    #[arg(long, default_value = "auto")]
    rounding: RoundingArg,
    /// Steps of AdaRound a layer
    #[arg(long, default_value_t = AdaRound::default().steps)]
    adaround_steps: usize,
    /// Leave biases as they are
    #[arg(long)]
    no_bias_correction: bool,
    /// Try cross-layer equalisation, and keep it if the logits are nearer to the float network's
    #[arg(long)]
    equalise: bool,
    /// What to calibrate on: photos that training held back, or random images
    #[arg(long, default_value = "photos")]
    calibration: CalibrationArg,
    /// Images to calibrate on
    #[arg(long, default_value_t = 256)]
    calibration_samples: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum RangeArg {
    Mse,
    MinMax,
    Percentile,
    Entropy,
}

#[derive(Clone, Copy, ValueEnum)]
enum GranularityArg {
    Channel,
    Tensor,
}

#[derive(Clone, Copy, ValueEnum)]
enum ScaleArg {
    Mse,
    MinMax,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoundingArg {
    Auto,
    Nearest,
    Adaround,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CalibrationArg {
    Photos,
    Random,
}

impl PostTrainingArgs {
    /// The choices; `seed` decides what is random.
    pub(super) fn method(&self, seed: u64) -> PostTraining {
        let adaround = match self.rounding {
            RoundingArg::Auto => self.weight_bits <= ADAROUND_BITS,
            RoundingArg::Nearest => false,
            RoundingArg::Adaround => true,
        };
        let steps = self.adaround_steps;
        PostTraining {
            ranges: match self.ranges {
                RangeArg::Mse => RangeMethod::Mse,
                RangeArg::MinMax => RangeMethod::MinMax,
                RangeArg::Percentile => RangeMethod::Percentile(self.percentile),
                RangeArg::Entropy => RangeMethod::Entropy,
            },
            weights: WeightMethod {
                format: WeightFormat {
                    bits: self.weight_bits,
                    granularity: match self.granularity {
                        GranularityArg::Channel => Granularity::Channel,
                        GranularityArg::Tensor => Granularity::Tensor,
                    },
                    method: match self.weight_scales {
                        ScaleArg::Mse => ScaleMethod::Mse,
                        ScaleArg::MinMax => ScaleMethod::MinMax,
                    },
                },
                bias_correction: !self.no_bias_correction,
                adaround: adaround.then(|| AdaRound { steps, seed, ..AdaRound::default() }),
            },
            equalise: self.equalise,
        }
    }

    /// Whether photos are calibrated on.
    pub(super) fn needs_photos(&self) -> bool {
        self.calibration == CalibrationArg::Photos
    }

    /// Codes of images of `side`² pixels: the ones to calibrate on, and others to compare the logits on.
    /// Photos are the first of `validation`, which were held back; `seed` decides what is random.
    pub(super) fn images(
        &self,
        validation: &Dataset,
        side: usize,
        seed: u64,
    ) -> Result<(Images, Images)> {
        let count = self.calibration_samples + COMPARED;
        let mut images = match self.calibration {
            CalibrationArg::Random => data::dead_leaves(count, side, seed),
            CalibrationArg::Photos => data::images(validation, count, side),
        };
        ensure!(
            images.len() > 1,
            "there is nothing to calibrate on; give --images and --annotations, or --calibration \
             random"
        );
        let compared = COMPARED.min(images.len() / 2);
        let others = images.split_off(images.len() - compared);
        Ok((images, others))
    }

    /// The calibration images in words.
    pub(super) fn images_name(&self) -> &'static str {
        match self.calibration {
            CalibrationArg::Photos => "validation photos",
            CalibrationArg::Random => "random images (dead leaves)",
        }
    }
}

/// Parses a percentage above 0.
fn percentile(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    let is_usable = value > 0.0 && value <= 100.0;
    is_usable.then_some(value).ok_or_else(|| "it must be above 0 and at most 100".into())
}
