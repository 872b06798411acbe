//! The study's report.

use tagsight_core::Goal;
use tagsight_core::task::Quantity;
use tagsight_data::{Dataset, Part};
use tagsight_metrics as metrics;
use tagsight_report::{
    Axis, Best, Block, Cell, Column, Drawing, Kind, Plot, Point, Report, Scale, Section, Series,
    Table,
};

use super::config::Config;
use super::measured::{Measured, Numbers};
use crate::spread::mean_and_error;

const KILOBYTE: f64 = 1000.0;

/// One quantity of the videos.
struct Asked<'a> {
    name: &'a str,
    quantity: &'a Quantity,
    index: usize,
    /// Quantities a video.
    width: usize,
}

pub(super) fn report(
    config: &Config,
    dataset: &Dataset,
    test: &Dataset,
    all: &[Measured],
) -> Report {
    let Goal::Regression { quantities } = &dataset.subject.task else {
        panic!("the study is of values")
    };
    let labels = dataset.subject.labels.iter().zip(quantities).enumerate();
    let width = quantities.len();
    let asked: Vec<Asked> =
        labels.map(|(index, (name, quantity))| Asked { name, quantity, index, width }).collect();
    let mut report =
        Report::new(format!("{} on videos, as floats and as integers", config.network));
    report.summary = asked.iter().map(|asked| asked.summary(all)).collect();
    report.sections.push(setting(config, dataset, test));
    report.sections.extend(asked.iter().map(|asked| asked.section(all)));
    report.sections.push(cost(all));
    report
}

impl Numbers {
    fn name(self) -> &'static str {
        match self {
            Self::Float => "float32",
            Self::Rounded => "INT8, rounded after training",
            Self::Trained => "INT8, trained (LSQ)",
        }
    }
}

impl Asked<'_> {
    /// Values and the true ones.
    fn pairs<'m>(&self, measured: &'m Measured) -> impl Iterator<Item = (f64, f64)> + use<'m> {
        let (index, width) = (self.index, self.width);
        let pairs = measured.values.iter().zip(&measured.truth).skip(index).step_by(width);
        pairs.map(|(&value, &truth)| (f64::from(value), f64::from(truth)))
    }

    fn errors(&self, measured: &Measured) -> Vec<f64> {
        self.pairs(measured).map(|(value, truth)| (value - truth).abs()).collect()
    }

    /// Errors of whoever always says the mean of what was learned from.
    fn blind(&self, measured: &Measured) -> Vec<f64> {
        let mean = f64::from(self.quantity.offset);
        self.pairs(measured).map(|(_, truth)| (mean - truth).abs()).collect()
    }

    fn summary(&self, all: &[Measured]) -> String {
        let (name, unit) = (self.name, &self.quantity.unit);
        let said = all.iter().map(|measured| {
            let (error, spread) = mean_and_error(&self.errors(measured));
            format!("{} {error:.2} ± {spread:.2} {unit}", measured.numbers.name())
        });
        let said: Vec<String> = said.collect();
        let (blind, _) = mean_and_error(&self.blind(&all[0]));
        format!(
            "Mean absolute error of {name}: {}. Always saying the mean would give {blind:.2} {unit}.",
            said.join("; ")
        )
    }

    fn section(&self, all: &[Measured]) -> Section {
        let unit = &self.quantity.unit;
        let columns = vec![
            Column::text("network"),
            Column::number("MAE", unit, 2).marking(Best::Lowest),
            Column::number("less float's", unit, 3),
            Column::number("R²", "", 3).marking(Best::Highest),
        ];
        let id = format!("errors-{}", self.index);
        let mut table = Table::new(&id, format!("Errors of {}", self.name), columns);
        let float = self.errors(&all[0]);
        for measured in all {
            let errors = self.errors(measured);
            let differences: Vec<f64> = errors.iter().zip(&float).map(|(a, b)| a - b).collect();
            let [error, difference] = [&errors, &differences].map(|errors| {
                let (mean, spread) = mean_and_error(errors);
                Cell::with_error(mean, spread)
            });
            let difference = match measured.numbers {
                Numbers::Float => Cell::Absent("it is float's".into()),
                _ => difference,
            };
            let r2 = match self.r2(measured) {
                Some(r2) => Cell::number(r2),
                None => Cell::Absent("the true values do not vary".into()),
            };
            table.rows.push(vec![Cell::text(measured.numbers.name()), error, difference, r2]);
        }
        let (mean, spread) = mean_and_error(&self.blind(&all[0]));
        let none = || Cell::Absent("no network".into());
        let blind = Cell::text("always the mean");
        table.rows.push(vec![blind, Cell::with_error(mean, spread), none(), none()]);
        let blocks =
            vec![Block::Table(table), Block::Plot(self.plot(all)), Block::Table(self.videos(all))];
        Section { title: self.name.to_owned(), blocks }
    }

    fn r2(&self, measured: &Measured) -> Option<f64> {
        let (values, truth) = (measured.values.clone(), measured.truth.clone());
        metrics::Measured { quantities: self.width, values, truth }.r2(self.index)
    }

    fn plot(&self, all: &[Measured]) -> Plot {
        let series = all.iter().map(|measured| {
            let points = self.pairs(measured).map(|(value, truth)| Point {
                x: truth,
                y: value,
                name: measured.numbers.name().into(),
            });
            Series { name: measured.numbers.name().into(), points: points.collect() }
        });
        let axis = |what: &str| Axis {
            name: format!("{what} {} ({})", self.name, self.quantity.unit),
            scale: Scale::Linear,
        };
        Plot {
            title: format!("{}: what is said, and what is true", self.name),
            description:
                "A point a video and network; the nearer to the diagonal, the better. The numbers \
                          are in the table of videos."
                    .into(),
            kind: Kind::Figure,
            drawing: Drawing::Scatter {
                x: axis("true"),
                y: axis("said"),
                series: series.collect(),
            },
        }
    }

    /// Every video's values.
    fn videos(&self, all: &[Measured]) -> Table {
        let unit = &self.quantity.unit;
        let networks = all.iter().map(|measured| Column::number(measured.numbers.name(), unit, 1));
        let columns = [Column::number("video", "", 0), Column::number("true", unit, 1)];
        let id = format!("videos-{}", self.index);
        let caption = format!("{} of every video that was measured on", self.name);
        let mut table = Table::new(&id, caption, columns.into_iter().chain(networks).collect());
        let said: Vec<Vec<(f64, f64)>> =
            all.iter().map(|measured| self.pairs(measured).collect()).collect();
        for (video, &(_, truth)) in said[0].iter().enumerate() {
            let said = said.iter().map(|pairs| Cell::number(pairs[video].0));
            let start = [Cell::number((video + 1) as f64), Cell::number(truth)];
            table.rows.push(start.into_iter().chain(said).collect());
        }
        table
    }
}

fn setting(config: &Config, dataset: &Dataset, test: &Dataset) -> Section {
    let count = |part| dataset.photos.iter().filter(|video| video.part == Some(part)).count();
    let facts = [
        ("videos", dataset.subject.name.clone()),
        ("to learn from", count(Part::Train).to_string()),
        ("to choose by", count(Part::Validation).to_string()),
        ("to measure on", test.photos.len().to_string()),
        ("frames that are looked at", dataset.subject.medium.pictures().to_string()),
        ("network", config.network.clone()),
        ("side of a frame", format!("{} pixels", config.side)),
        ("epochs of float, of integers", format!("{}, {}", config.float.epochs, config.qat.epochs)),
        ("images to calibrate on", config.calibration_images.to_string()),
        ("seed", config.seed.to_string()),
    ];
    let table = Table::facts("setting", "What was measured", facts);
    Section { title: "What was measured".into(), blocks: vec![Block::Table(table)] }
}

fn cost(all: &[Measured]) -> Section {
    let columns = vec![
        Column::text("network"),
        Column::number("size", "KB", 1).marking(Best::Lowest),
        Column::number("of float's size", "%", 1),
        Column::number("a video", "ms", 2).marking(Best::Lowest).timed(),
        Column::number("of float's time", "%", 1).timed(),
    ];
    let mut table = Table::new("cost", "Size and time, all on this processor", columns);
    let float = &all[0];
    for measured in all {
        let millis = |of: &dyn Fn(f64, f64) -> f64| match (measured.millis, float.millis) {
            (Some(millis), Some(float)) => Cell::number(of(millis, float)),
            _ => Cell::Absent("it was not timed".into()),
        };
        table.rows.push(vec![
            Cell::text(measured.numbers.name()),
            Cell::number(measured.bytes as f64 / KILOBYTE),
            Cell::number(100.0 * measured.bytes as f64 / float.bytes as f64),
            millis(&|millis, _| millis),
            millis(&|millis, float| 100.0 * millis / float),
        ]);
    }
    Section { title: "Size and time".into(), blocks: vec![Block::Table(table)] }
}
