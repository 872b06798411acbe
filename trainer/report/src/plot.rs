//! Drawings of numbers, as numbers.

use serde::Serialize;

use super::kind::Kind;

/// A drawing of numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plot {
    /// What it shows.
    pub title: String,
    /// What is to be seen on it, for those who do not see it; its numbers belong into a table.
    pub description: String,
    /// Whether any of its numbers was timed.
    pub kind: Kind,
    /// The numbers.
    pub drawing: Drawing,
}

/// How numbers are drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawing {
    /// Points, of which those are joined that nothing is better than in both respects.
    Pareto {
        /// The cost: the lower, the better.
        x: Axis,
        /// The quality: the higher, the better.
        y: Axis,
        /// The points.
        series: Vec<Series>,
    },
    /// Points.
    Scatter {
        /// To the right.
        x: Axis,
        /// Upwards.
        y: Axis,
        /// Points of a kind each.
        series: Vec<Series>,
    },
    /// Points joined by lines.
    Lines {
        /// To the right.
        x: Axis,
        /// Upwards.
        y: Axis,
        /// A line each.
        series: Vec<Series>,
    },
    /// A bar a name, from 0.
    Bars {
        /// Upwards.
        y: Axis,
        /// From left to right.
        bars: Vec<Bar>,
    },
    /// Counts of values in bins of one width.
    Histogram {
        /// The values.
        x: Axis,
        /// Where the first bin begins.
        from: f64,
        /// Where the last one ends.
        to: f64,
        /// One a bin.
        counts: Vec<u64>,
    },
    /// Numbers by row and column.
    Matrix(Matrix),
}

/// What an axis measures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axis {
    /// With its unit.
    pub name: String,
    /// How values lie along it.
    pub scale: Scale,
}

/// How values lie along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal differences are equal distances.
    Linear,
    /// Equal ratios are; values that are not positive are left out.
    Log,
}

/// Points of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// What they have in common.
    pub name: String,
    /// The points; those that are not finite are left out of the drawing.
    pub points: Vec<Point>,
}

/// A point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Upwards.
    pub y: f64,
    /// What it is.
    pub name: String,
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// What it is.
    pub name: String,
    /// How high it is.
    pub value: f64,
}

/// Numbers by row and column, such as a confusion matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matrix {
    /// What rows are.
    pub row_name: String,
    /// What columns are.
    pub column_name: String,
    /// One a row.
    pub rows: Vec<String>,
    /// One a column.
    pub columns: Vec<String>,
    /// A row after the other.
    pub values: Vec<Vec<f64>>,
}

impl Axis {
    /// A linear axis.
    pub fn linear(name: &str) -> Self {
        Self { name: name.to_owned(), scale: Scale::Linear }
    }

    /// A logarithmic axis.
    pub fn log(name: &str) -> Self {
        Self { name: name.to_owned(), scale: Scale::Log }
    }
}
