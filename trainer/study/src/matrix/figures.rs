//! The study's report.

use tagsight_metrics::Metric;
use tagsight_report::{Best, Block, Cell, Column, Kind, Report, Section, Table};

use super::bench::{Bench, Runs};
use super::control::cheapest;
use super::engines::Timed;
use super::mixed::{Mixed, Sensitivity};
use super::plots::{self, Cost, Quality};
use super::row::Row;
use super::way::{Calibration, Method, Sharing};
use crate::subject::Subject;

/// All that was found.
pub(super) struct Found<'a> {
    pub(super) subject: &'a Subject,
    pub(super) bench: &'a Bench<'a>,
    pub(super) rows: &'a [Row],
    pub(super) sensitivities: &'a [Sensitivity],
    pub(super) mixed: &'a [Mixed],
    pub(super) engines: Vec<Timed>,
}

const EXACT: &str = "exact";
const KILOBYTE: f64 = 1000.0;

impl Found<'_> {
    pub(super) fn report(&self) -> Report {
        let mut report = Report::new(format!("{} with fewer bits", self.bench.spec.name));
        report.summary = self.summary();
        report.sections = vec![self.setting(), self.all(), self.trade(), self.ways()];
        if !self.sensitivities.is_empty() {
            report.sections.push(self.layers());
        }
        if !self.engines.is_empty() {
            report.sections.push(self.times());
        }
        report
    }

    /// "mAP", "accuracy" or "R²".
    fn metric(&self) -> &'static str {
        match Metric::of(&self.bench.spec.task) {
            Metric::Map => "mAP",
            Metric::Accuracy => "accuracy",
            Metric::R2 => "R²",
        }
    }

    fn summary(&self) -> Vec<String> {
        let (metric, float) = (self.metric(), &self.bench.float);
        let (photos, max_loss) =
            (self.bench.photos.images.len(), self.bench.config.accuracy_control.max_loss);
        let mut summary = vec![format!(
            "The float network has {metric} {:.1} ± {:.1} % on {photos} photos.",
            100.0 * float.figure(),
            100.0 * float.standard_error()
        )];
        let within = format!("within {:.1} points of float", 100.0 * max_loss);
        summary.push(match cheapest(self.rows, max_loss) {
            Some(row) => format!(
                "Accuracy control: the smallest artifact {within} is {}, with {:.0} KB and {:+.1} ± \
                 {:.1} points.",
                row.name(),
                row.file_bytes().unwrap_or_default() as f64 / KILOBYTE,
                100.0 * row.measured.difference,
                100.0 * row.measured.difference_error
            ),
            None => format!("Accuracy control: nothing that the engines run is {within}."),
        });
        summary
    }

    fn setting(&self) -> Section {
        let config = self.bench.config;
        let random = if config.calibrations.contains(&Calibration::Random) {
            format!("; {} random images (dead leaves)", config.calibration_images)
        } else {
            String::new()
        };
        let side = self.bench.spec.preprocessing.side;
        let photos = self.bench.photos.images.len();
        let rows = [
            ("network", format!("{}, {side} × {side} pixels", self.bench.spec.name)),
            ("float weights", self.subject.origin.clone()),
            ("photos", format!("{photos} of {}", self.subject.measured.subject.name)),
            ("calibration", format!("{} photos{random}", config.calibration_images)),
            ("seed", config.seed.to_string()),
        ];
        let facts = Table::facts("setting", "What was measured", rows);
        let text = "WnAm: weights of n bits, activations of m; 32 are floats. The image has 7 bits in \
                    every row, as photos come to the network so. Signal to noise is of logits on the \
                    photos that are measured on, the float network's being the signal: 6 dB are a bit. \
                    mAP is over the labels that are on some photo. Errors are standard errors of 200 resamples of the photos; those of differences are \
                    paired. Rows that an integer engine runs (7-bit activations, weights of up to 8 \
                    bits) were measured on it, as the artifact that is exported; the others are \
                    simulated on floats.";
        Section {
            title: "What was measured".into(),
            blocks: vec![Block::Table(facts), Block::Paragraph(text.into())],
        }
    }

    fn all(&self) -> Section {
        let metric = self.metric();
        let columns = vec![
            Column::text("bits"),
            Column::text("method"),
            Column::text("scale per"),
            Column::text("calibrated on"),
            Column::number("weights, square error", "10⁻⁶", 3),
            Column::number("weights", "dB", 1),
            Column::number("logits", "dB", 2).marking(Best::Highest),
            Column::number(metric, "%", 1).marking(Best::Highest),
            Column::number("to float", "points", 1),
            Column::number("weights", "KB", 0),
            Column::number("artifact", "KB", 0).marking(Best::Lowest),
            Column::number("a photo", "ms", 1).timed(),
        ];
        let mut table = Table::new("matrix", "All settings", columns);
        table.rows = self.rows.iter().map(cells).collect();
        let text = "naive: ranges and scales by minimum and maximum, nearest codes, as many bits in every \
                    layer. corrected: by least square error, biases corrected; stem, depthwise layers \
                    and classifier keep 8 bits at least. AdaRound: the same with learned rounding. QAT: \
                    trained as codes, from the float weights on. mixed: bits by layer. Artifacts store \
                    weights of 2 to 4 bits in 4.";
        Section {
            title: "All settings".into(),
            blocks: vec![Block::Paragraph(text.into()), Block::Table(table)],
        }
    }

    fn trade(&self) -> Section {
        let metric = format!("{}, %", self.metric());
        let weights = Cost {
            name: "weights, KB",
            kind: Kind::Figure,
            of: |row| Some(row.measured.weight_bytes as f64 / KILOBYTE),
        };
        let time = Cost { name: "ms a photo", kind: Kind::Time, of: Row::millis };
        let score = Quality { name: &metric, of: |row| Some(100.0 * row.measured.score) };
        let decibels = Quality { name: "logits, dB", of: |row| row.measured.logit_decibels };
        let mut blocks = vec![
            plots::pareto(self.rows, &weights, &score),
            plots::pareto(self.rows, &weights, &decibels),
        ];
        if self.rows.iter().any(|row| row.millis().is_some()) {
            blocks.push(plots::pareto(self.rows, &time, &score));
        }
        Section { title: "Quality by cost".into(), blocks }
    }

    fn ways(&self) -> Section {
        use Calibration::{Photos, Random};
        use Method::{Adaround, Corrected, Naive, Qat};
        use Sharing::{Channel, Tensor};
        let methods = [Naive, Corrected, Adaround, Qat];
        let methods = methods.map(|method| (method.name(), method, Channel, Photos));
        let sharing = [
            ("naive, per channel", Naive, Channel, Photos),
            ("naive, per tensor", Naive, Tensor, Photos),
            ("corrected, per channel", Corrected, Channel, Photos),
            ("corrected, per tensor", Corrected, Tensor, Photos),
        ];
        let calibration = [
            ("corrected, photos", Corrected, Channel, Photos),
            ("corrected, random images", Corrected, Channel, Random),
        ];
        let blocks = [
            plots::by_bits("How weights are rounded", self.rows, &methods),
            plots::by_bits("What shares a scale", self.rows, &sharing),
            plots::by_bits("What it is calibrated on", self.rows, &calibration),
        ];
        let grids = [Naive, Corrected].into_iter().filter_map(|way| plots::grid(self.rows, way));
        Section { title: "Way by way".into(), blocks: blocks.into_iter().chain(grids).collect() }
    }

    fn layers(&self) -> Section {
        let bits: Vec<u32> = self.sensitivities[0].decibels.keys().copied().collect();
        let alone = bits.iter().map(|bits| Column::number(format!("{bits} bits alone"), "dB", 1));
        let chosen = |mixed: &Mixed| {
            let name = format!("at {:.0} %", 100.0 * mixed.budget);
            Column::number(name, "bits", 0)
        };
        let columns = [Column::text("layer"), Column::number("weights", "", 0)];
        let columns = columns.into_iter().chain(alone).chain(self.mixed.iter().map(chosen));
        let caption = "Layers: what each costs alone, and the bits that it got";
        let mut table = Table::new("layers", caption, columns.collect());
        for one in self.sensitivities {
            let name = &one.layer.name;
            let cells = [Cell::text(name), Cell::number(one.layer.weights as f64)];
            let alone = bits.iter().map(|bits| in_decibels(one.decibels[bits]));
            let chosen = self.mixed.iter().map(|mixed| match &mixed.made {
                Some(made) => Cell::number(f64::from(made.by_layer[name])),
                None => Cell::Absent("the budget is too small".into()),
            });
            table.rows.push(cells.into_iter().chain(alone).chain(chosen).collect());
        }
        let text = "Bits by layer: under each budget (bytes of the artifact's weights, as a part of those \
                    with 8 bits everywhere) the bits whose layers' noise adds up to least, each layer's \
                    noise being measured with all others left float. The chosen bits were then \
                    quantised together with AdaRound, and are rows of the table of all settings. Their \
                    artifacts lie beside this report; trainer thresholds fits their scores.";
        let least = bits.first().copied().unwrap_or_default();
        Section {
            title: "Layer by layer".into(),
            blocks: vec![
                Block::Paragraph(text.into()),
                plots::costliest(self.sensitivities, least),
                Block::Table(table),
            ],
        }
    }

    fn times(&self) -> Section {
        let columns = vec![
            Column::text("runtime"),
            Column::text("numbers"),
            Column::number("a photo", "ms", 2).marking(Best::Lowest).timed(),
            Column::text("logits are the scalar kernels'"),
        ];
        let caption = "A photo's time on everything here that runs the network";
        let mut table = Table::new("runtimes", caption, columns);
        for one in &self.engines {
            let equal = match one.is_equal {
                Some(true) => Cell::text("yes, bit for bit"),
                Some(false) => Cell::text("no"),
                None => Cell::Absent("floats".into()),
            };
            let name = Cell::text(&one.name);
            table.rows.push(vec![name, Cell::text(one.numbers), Cell::number(one.millis), equal]);
        }
        let threads = rayon::current_num_threads();
        let text = "Medians, one photo at a time. Weights of fewer bits are unpacked when a model is \
                    loaded: they make it smaller and no faster.";
        Section {
            title: "Runtimes".into(),
            blocks: vec![
                Block::Paragraph(text.into()),
                Block::Occasion(format!("Timed on {threads} threads.")),
                Block::Table(table),
            ],
        }
    }
}

/// A row of the table of all settings.
fn cells(row: &Row) -> Vec<Cell> {
    let measured = &row.measured;
    let trained = || Cell::Absent("trained further".into());
    let [square, decibels] = match measured.weights {
        Some(weights) => [Cell::number(1e6 * weights.mean_square), in_decibels(weights.decibels)],
        None => [trained(), trained()],
    };
    let percent = |value: f64, error: f64| Cell::with_error(100.0 * value, 100.0 * error);
    let kilobytes = |bytes: usize| Cell::number(bytes as f64 / KILOBYTE);
    let [file, millis] = match measured.engine {
        Runs::Here { file_bytes, millis } => {
            let millis = millis.map_or_else(|| Cell::Absent("not timed".into()), Cell::number);
            [kilobytes(file_bytes), millis]
        }
        Runs::Nowhere(reason) => {
            [Cell::Absent(reason.to_string()), Cell::Absent(format!("does not run: {reason}"))]
        }
    };
    vec![
        Cell::text(&row.bits),
        Cell::text(&row.method),
        Cell::text(row.sharing.name()),
        Cell::text(row.calibration.name()),
        square,
        decibels,
        in_decibels(measured.logit_decibels),
        percent(measured.score, measured.score_error),
        percent(measured.difference, measured.difference_error),
        kilobytes(measured.weight_bytes),
        file,
        millis,
    ]
}

fn in_decibels(decibels: Option<f64>) -> Cell {
    decibels.map_or_else(|| Cell::Absent(EXACT.into()), Cell::number)
}
