//! Videos like those of an ultrasound of the heart: a dark chamber within a bright wall that beats, in a fan of
//! speckle.
//!
//! The chamber is an ellipsoid of revolution, so its volume is 4/3 π a b² of the half axes that are seen. Its
//! ejection fraction is drawn first, and the axes at the end of the contraction follow from it.

use std::f32::consts::{PI, TAU};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::StandardNormal;
use tagsight_core::photo::Rgb8;

use super::canvas::{Canvas, Ellipse};

/// How videos are drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct HeartPlan {
    /// Frames a video; a beat takes a half to all of them.
    pub frames: usize,
    /// Pixels along each side.
    pub side: usize,
    /// Least and largest ejection fraction, in parts of 1.
    pub ejection: [f32; 2],
    /// Strength of the speckle; 0 is none.
    pub speckle: f32,
}

impl Default for HeartPlan {
    fn default() -> Self {
        Self { frames: 32, side: 112, ejection: [0.15, 0.75], speckle: 0.35 }
    }
}

/// A video, and what is true of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heart {
    /// Of one size.
    pub frames: Vec<Rgb8>,
    /// The largest volume, in millilitres where the picture is 16 cm wide.
    pub end_diastolic: f32,
    /// The smallest volume.
    pub end_systolic: f32,
}

/// One heart's shape and place.
struct Shape {
    centre: [f32; 2],
    angle: f32,
    axes: [f32; 2],
    /// What is left of the axes in the end.
    shrunk: [f32; 2],
    /// Beats over the video, and where in one it begins.
    beats: f32,
    phase: f32,
    wall: f32,
}

/// Centimetres along the picture.
const WIDTH: f32 = 16.0;

impl Heart {
    /// A video; a seed always gives the same one.
    pub fn draw(plan: &HeartPlan, seed: u64) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let shape = Shape::draw(plan, &mut rng);
        let millilitres = |[long, short]: [f32; 2]| {
            let scale = WIDTH / plan.side as f32;
            4.0 / 3.0 * PI * long * short * short * scale.powi(3)
        };
        let frame = |number| shape.frame(plan, number, &mut rng);
        Self {
            frames: (0..plan.frames).map(frame).collect(),
            end_diastolic: millilitres(shape.axes_at(0.0)),
            end_systolic: millilitres(shape.axes_at(1.0)),
        }
    }

    /// What part of the volume leaves the chamber, in per cent.
    pub fn ejection_fraction(&self) -> f32 {
        100.0 * (1.0 - self.end_systolic / self.end_diastolic)
    }
}

impl Shape {
    fn draw(plan: &HeartPlan, rng: &mut ChaCha12Rng) -> Self {
        let side = plan.side as f32;
        let ejection = rng.random_range(plan.ejection[0]..=plan.ejection[1]);
        let long = side * rng.random_range(0.24..0.32);
        let short = long * rng.random_range(0.45..0.6);
        // The length gives a little, and the width the rest.
        let shorter = 1.0 - 0.25 * ejection;
        let narrower = ((1.0 - ejection) / shorter).sqrt();
        Self {
            centre: [0.5, 0.52].map(|at| side * (at + rng.random_range(-0.05..0.05))),
            angle: PI / 2.0 + rng.random_range(-0.35..0.35),
            axes: [long, short],
            shrunk: [shorter, narrower],
            beats: rng.random_range(1.0..2.0),
            phase: rng.random(),
            wall: side * rng.random_range(0.04..0.06),
        }
    }

    /// The axes at a `contraction` from 0 to 1.
    fn axes_at(&self, contraction: f32) -> [f32; 2] {
        let shrunk =
            |axis: usize| self.axes[axis] * (1.0 + contraction * (self.shrunk[axis] - 1.0));
        [shrunk(0), shrunk(1)]
    }

    fn frame(&self, plan: &HeartPlan, number: usize, rng: &mut ChaCha12Rng) -> Rgb8 {
        let side = plan.side as f32;
        let time = self.phase + self.beats * number as f32 / plan.frames as f32;
        let axes = self.axes_at(0.5 - 0.5 * (TAU * time).cos());
        let chamber = Ellipse { centre: self.centre, axes, angle: self.angle, power: 2.0 };
        let wall = Ellipse { axes: axes.map(|axis| axis + self.wall), ..chamber };
        let mut canvas = Canvas::new(plan.side, plan.side, |x, y| {
            // The fan of the probe, which is at the top.
            let (dx, dy) = (x - side / 2.0, y + 0.02 * side);
            let is_seen = dx.atan2(dy).abs() < 0.75 && dx.hypot(dy) < 0.98 * side;
            [if is_seen { 0.3 - 0.15 * y / side } else { 0.0 }; 3]
        });
        canvas.fill(&wall, |_, _| [0.65; 3]);
        canvas.fill(&chamber, |_, _| [0.07; 3]);
        canvas.each(|pixel| {
            let noise = 1.0 + plan.speckle * rng.sample::<f32, _>(StandardNormal);
            *pixel = pixel.map(|value| value * noise);
        });
        canvas.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chamber's pixels over time say what the volumes do: without speckle, its area goes from one to the
    /// other, and for an ellipse that is a · b.
    #[test]
    fn the_chamber_is_as_large_as_it_is_said_to_be() {
        let plan = HeartPlan { speckle: 0.0, side: 256, ..HeartPlan::default() };
        for seed in 0..2 {
            let heart = Heart::draw(&plan, seed);
            let area = |frame: &Rgb8| {
                // Darker than the fan, and not outside of it.
                frame.bytes.chunks(3).filter(|pixel| (10..30).contains(&pixel[0])).count() as f32
            };
            let areas: Vec<f32> = heart.frames.iter().map(area).collect();
            let (least, most) = (
                areas.iter().copied().fold(f32::MAX, f32::min),
                areas.iter().copied().fold(0.0, f32::max),
            );
            let ejection = heart.ejection_fraction() / 100.0;
            let length = 1.0 - 0.25 * ejection;
            let width = ((1.0 - ejection) / length).sqrt();
            assert!(
                (least / most / (length * width) - 1.0).abs() < 0.06,
                "{seed}: {least} of {most}"
            );
            assert!((30.0..400.0).contains(&heart.end_diastolic), "{}", heart.end_diastolic);
        }
    }

    #[test]
    fn videos_follow_their_seeds_and_ejection_fractions_their_range() {
        let plan = HeartPlan { frames: 2, side: 32, ..HeartPlan::default() };
        assert_eq!(Heart::draw(&plan, 1), Heart::draw(&plan, 1));
        assert_ne!(Heart::draw(&plan, 1).frames, Heart::draw(&plan, 2).frames);
        let fractions: Vec<f32> =
            (0..200).map(|seed| Heart::draw(&plan, seed).ejection_fraction()).collect();
        assert!(fractions.iter().all(|fraction| (14.9..75.1).contains(fraction)));
        let mean = fractions.iter().sum::<f32>() / 200.0;
        assert!((40.0..50.0).contains(&mean), "{mean}");
    }
}
