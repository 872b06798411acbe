//! What the study's plots show.

use tagsight_report::{Axis, Bar, Block, Drawing, Kind, Matrix, Plot, Point, Series};

use super::config::FLOAT_BITS;
use super::mixed::Sensitivity;
use super::row::Row;
use super::way::{Calibration, Method, Sharing};

/// Layers among the bars.
const BARS: usize = 16;
/// Activations of the plots over bits of weights: the engines'.
const ENGINE_ACTIVATIONS: u32 = 7;

/// What is compared with cost.
pub(super) struct Quality<'a> {
    /// With its unit.
    pub(super) name: &'a str,
    /// Of a row; none if it has no finite one.
    pub(super) of: fn(&Row) -> Option<f64>,
}

/// What a row costs.
pub(super) struct Cost<'a> {
    /// With its unit.
    pub(super) name: &'a str,
    /// Whether it was timed.
    pub(super) kind: Kind,
    /// Of a row; none if it has none.
    pub(super) of: fn(&Row) -> Option<f64>,
}

/// Quality over cost, and which rows nothing is better than in both.
pub(super) fn pareto(rows: &[Row], cost: &Cost<'_>, quality: &Quality<'_>) -> Block {
    let mut series: Vec<Series> = Vec::new();
    for row in rows {
        let (Some(x), Some(y)) = ((cost.of)(row), (quality.of)(row)) else { continue };
        let name = match row.setting {
            Some(setting) => setting.method.name(),
            None => "mixed",
        };
        let point = Point { x, y, name: row.bits.clone() };
        match series.iter_mut().find(|series| series.name == name) {
            Some(series) => series.points.push(point),
            None => series.push(Series { name: name.to_owned(), points: vec![point] }),
        }
    }
    let axis = |name| match cost.kind {
        Kind::Figure => Axis::log(name),
        Kind::Time => Axis::linear(name),
    };
    Block::Plot(Plot {
        title: format!("{} by {}", quality.name, cost.name),
        description:
            "A point a setting; those on the line have none that is both cheaper and better. \
                      The numbers are in the table of all settings."
                .into(),
        kind: cost.kind,
        drawing: Drawing::Pareto { x: axis(cost.name), y: Axis::linear(quality.name), series },
    })
}

/// A line a way to quantise, over the bits of weights.
pub(super) fn by_bits(
    title: &str,
    rows: &[Row],
    ways: &[(&str, Method, Sharing, Calibration)],
) -> Block {
    let line = |&(name, method, sharing, calibration): &(&str, Method, Sharing, Calibration)| {
        let points = rows.iter().filter_map(|row| {
            let setting = row.setting?;
            let is_this = (setting.method, setting.sharing, setting.calibration)
                == (method, sharing, calibration)
                && setting.activations == ENGINE_ACTIVATIONS
                && setting.weights != FLOAT_BITS;
            let y = row.measured.logit_decibels.filter(|_| is_this)?;
            Some(Point { x: f64::from(setting.weights), y, name: row.bits.clone() })
        });
        Series { name: name.to_owned(), points: points.collect() }
    };
    let series = ways.iter().map(line).filter(|series| !series.points.is_empty()).collect();
    Block::Plot(Plot {
        title: title.to_owned(),
        description:
            "Signal to noise of the logits over the bits of weights, with 7-bit activations. \
                      The numbers are in the table of all settings."
                .into(),
        kind: Kind::Figure,
        drawing: Drawing::Lines {
            x: Axis::linear("bits of weights"),
            y: Axis::linear("logits, dB"),
            series,
        },
    })
}

/// Decibels by bits of weights and of activations.
pub(super) fn grid(rows: &[Row], method: Method) -> Option<Block> {
    let usual: Vec<&Row> = rows.iter().filter(|row| row.is_usual(method)).collect();
    let mut bits = [Vec::new(), Vec::new()];
    for setting in usual.iter().filter_map(|row| row.setting) {
        for (all, one) in bits.iter_mut().zip([setting.weights, setting.activations]) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    let [weights, activations] = bits;
    if weights.len() < 2 || activations.len() < 2 {
        return None;
    }
    let of = |w: u32, a: u32| {
        let is_this = |row: &&&Row| {
            row.setting.is_some_and(|setting| (setting.weights, setting.activations) == (w, a))
        };
        usual.iter().find(is_this).and_then(|row| row.measured.logit_decibels).unwrap_or(f64::NAN)
    };
    let values = weights.iter().map(|&w| activations.iter().map(|&a| of(w, a)).collect());
    Some(Block::Plot(Plot {
        title: format!("Logits' signal to noise, dB: {}, per channel, photos", method.name()),
        description:
            "A row the bits of weights, a column the bits of activations; darker is better \
                      within a row. The numbers are in the table of all settings."
                .into(),
        kind: Kind::Figure,
        drawing: Drawing::Matrix(Matrix {
            row_name: "weights".into(),
            column_name: "activations".into(),
            rows: weights.iter().map(|bits| format!("W{bits}")).collect(),
            columns: activations.iter().map(|bits| format!("A{bits}")).collect(),
            values: values.collect(),
        }),
    }))
}

/// The layers that cost most with so few bits.
pub(super) fn costliest(sensitivities: &[Sensitivity], bits: u32) -> Block {
    let noise = |one: &Sensitivity| {
        let decibels = one.decibels.get(&bits).copied().flatten()?;
        Some(Bar { name: one.layer.name.clone(), value: 100.0 * 10f64.powf(-decibels / 10.0) })
    };
    let mut bars: Vec<Bar> = sensitivities.iter().filter_map(noise).collect();
    bars.sort_by(|left, right| right.value.total_cmp(&left.value));
    bars.truncate(BARS);
    Block::Plot(Plot {
        title: format!("The layers that cost most with {bits}-bit weights"),
        description:
            "Noise of the logits if nothing but this layer is rounded, in per cent of their \
                      signal. The numbers are in the table of layers."
                .into(),
        kind: Kind::Figure,
        drawing: Drawing::Bars { y: Axis::linear("noise, % of the signal"), bars },
    })
}
