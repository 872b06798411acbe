//! Photos like those of pills on a table: discs, capsules and lozenges of some colours, with their boxes.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::StandardNormal;
use tagsight_core::photo::Rgb8;

use super::canvas::{Canvas, Ellipse};
use crate::coco::{Area, NamedBox};

/// A kind of pill.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pill {
    /// What it is called.
    pub name: &'static str,
    /// Its two halves' colours.
    colours: [[f32; 3]; 2],
    /// Its length over its width.
    aspect: f32,
    /// 2 is an ellipse, more a capsule.
    power: f32,
}

/// The kinds that there are. Some differ in colour alone, and some in shape alone.
pub const PILLS: [Pill; 6] = [
    Pill { name: "white disc", colours: [[0.93, 0.92, 0.9]; 2], aspect: 1.0, power: 2.0 },
    Pill { name: "pink disc", colours: [[0.9, 0.55, 0.6]; 2], aspect: 1.0, power: 2.0 },
    Pill { name: "white lozenge", colours: [[0.93, 0.92, 0.9]; 2], aspect: 1.8, power: 2.0 },
    Pill { name: "yellow lozenge", colours: [[0.92, 0.82, 0.3]; 2], aspect: 1.8, power: 2.0 },
    Pill {
        name: "red-white capsule",
        colours: [[0.8, 0.15, 0.15], [0.93, 0.92, 0.9]],
        aspect: 2.4,
        power: 3.0,
    },
    Pill {
        name: "green-yellow capsule",
        colours: [[0.2, 0.5, 0.25], [0.92, 0.82, 0.3]],
        aspect: 2.4,
        power: 3.0,
    },
];

/// A photo, and what is on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pills {
    /// The photo.
    pub picture: Rgb8,
    /// One box a pill; none hides another.
    pub boxes: Vec<NamedBox>,
}

impl Pills {
    /// A photo of `side`² pixels with one to four pills; a seed always gives the same one.
    pub fn draw(side: usize, seed: u64) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let table: [f32; 3] = std::array::from_fn(|_| rng.random_range(0.2..0.75));
        let slope = rng.random_range(-0.2..0.2);
        let shade = |x: f32, y: f32| 1.0 + slope * ((x + y) / side as f32 - 1.0);
        let mut canvas = Canvas::new(side, side, |x, y| table.map(|channel| channel * shade(x, y)));
        let mut quarters = [[0.27, 0.27], [0.73, 0.27], [0.27, 0.73], [0.73, 0.73]];
        quarters.shuffle(&mut rng);
        let count = rng.random_range(1..=quarters.len());
        let boxes = quarters[..count].iter().map(|place| {
            let pill = PILLS[rng.random_range(0..PILLS.len())];
            let long = side as f32 * rng.random_range(0.14..0.19);
            let shape = Ellipse {
                centre: place.map(|at| side as f32 * (at + rng.random_range(-0.03..0.03))),
                axes: [long, long / pill.aspect],
                angle: rng.random_range(0.0..std::f32::consts::TAU),
                power: pill.power,
            };
            put(&mut canvas, &shape, &pill);
            NamedBox { name: pill.name.to_owned(), area: area(&shape) }
        });
        let boxes = boxes.collect();
        canvas.each(|pixel| {
            let noise = 0.02 * rng.sample::<f32, _>(StandardNormal);
            *pixel = pixel.map(|value| value + noise);
        });
        Self { picture: canvas.finish(), boxes }
    }
}

/// Draws a pill: its shadow, and its halves with light from above.
fn put(canvas: &mut Canvas, shape: &Ellipse, pill: &Pill) {
    let shadow = Ellipse { centre: shape.centre.map(|at| at + 0.12 * shape.axes[1]), ..*shape };
    canvas.fill(&shadow, |_, _| [0.12; 3]);
    canvas.fill(shape, |x, y| {
        let [along, across] = shape.at(x, y);
        let light = 1.0 - 0.3 * (along * along + across * across).min(1.5);
        pill.colours[usize::from(along > 0.0)].map(|channel| channel * light)
    });
}

/// A box around a shape; a capsule's corners reach a little further than an ellipse's.
fn area(shape: &Ellipse) -> Area {
    let further = 2f32.powf(0.5 - 1.0 / shape.power);
    let [left, top, right, bottom] =
        Ellipse { axes: shape.axes.map(|axis| axis * further), ..*shape }.bounds().map(f64::from);
    Area { left, top, width: right - left, height: bottom - top }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pills_are_within_their_boxes() {
        for seed in 0..8 {
            let with = Pills::draw(96, seed);
            assert_eq!(with, Pills::draw(96, seed));
            assert!((1..=4).contains(&with.boxes.len()));
            for NamedBox { name, area } in &with.boxes {
                let pill = PILLS.iter().find(|pill| pill.name == name).unwrap();
                // Its middle has one of its colours, and a point just outside has not.
                let at = |x: f64, y: f64| {
                    let place = (y.round() as usize * 96 + x.round() as usize) * 3;
                    let pixel = &with.picture.bytes[place..place + 3];
                    pill.colours.iter().any(|colour| {
                        let near = |(byte, channel): (&u8, &f32)| {
                            (f32::from(*byte) / 255.0 - channel).abs() < 0.12
                        };
                        pixel.iter().zip(colour).all(near)
                    })
                };
                let (x, y) = (area.left + area.width / 2.0, area.top + area.height / 2.0);
                assert!(at(x, y), "{seed}: {name} at {x} {y}");
                assert!(area.left > 0.0 && area.left + area.width < 96.0);
                assert!(area.top > 0.0 && area.top + area.height < 96.0);
            }
        }
    }
}
