//! The study's report.

use tagsight_data::{Dataset, Part, Target};
use tagsight_metrics::{Answers, Classified, Confusion, Resampled};
use tagsight_report::{
    Axis, Best, Block, Cell as Shown, Column, Drawing, Kind, Plot, Point, Report, Section, Series,
    Table,
};

use super::config::Config;
use super::measured::{Cell, Ran};
use super::way::Way;
use crate::subject::Photos;

const KILOBYTE: f64 = 1e3;
const MEGABYTE: f64 = 1e6;
const SECOND: f64 = 1e3;

/// All that the report tells.
pub(super) struct Told<'a> {
    pub(super) config: &'a Config,
    pub(super) dataset: &'a Dataset,
    /// Those that were measured on.
    pub(super) photos: &'a Photos,
    pub(super) cells: &'a [Cell],
}

/// A file that a runtime ran, with what came of it.
struct Row<'a> {
    cell: &'a Cell,
    ran: &'a Ran,
    classified: Classified,
    resampled: Resampled,
}

impl Told<'_> {
    fn classes(&self) -> usize {
        self.dataset.subject.labels.len()
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let truth = self.photos.targets.iter().map(|target| match target {
            Target::Class(class) => *class,
            other => panic!("the study is of classes, not {other:?}"),
        });
        let truth: Vec<usize> = truth.collect();
        self.cells.iter().filter_map(|cell| self.row(cell, &truth)).collect()
    }

    /// None of a file that did not run, or gave other logits than those of the classes.
    fn row<'c>(&self, cell: &'c Cell, truth: &[usize]) -> Option<Row<'c>> {
        let ran = cell.ran.as_ref().ok()?;
        let (classes, scores, truth) = (self.classes(), ran.logits.clone(), truth.to_vec());
        if scores.len() != classes * truth.len() {
            return None;
        }
        let classified = Classified { classes, scores, truth };
        let resampled = Resampled::of(Answers::Classes(classified.clone()), self.config.seed);
        Some(Row { cell, ran, classified, resampled })
    }
}

/// The whole report, but for pictures.
pub(super) fn report(told: &Told<'_>) -> Report {
    let rows = told.rows();
    let title =
        format!("{} as floats and integers, in {} runtimes", told.config.network, runtimes(&rows));
    let mut report = Report::new(title);
    report.summary = summary(&rows);
    report.sections = vec![setting(told), quality(&rows), cost(told, &rows), absent(told)];
    report.sections.retain(|section| !section.blocks.is_empty());
    report
}

fn runtimes(rows: &[Row]) -> usize {
    let mut versions: Vec<&str> = rows.iter().map(|row| row.ran.version.as_str()).collect();
    versions.sort_unstable();
    versions.dedup();
    versions.len()
}

fn name(row: &Row) -> String {
    format!("{} in {}", row.cell.way.name(), row.ran.version)
}

/// Who is best, whoever it is; times are not summed up, as they differ from run to run.
fn summary(rows: &[Row]) -> Vec<String> {
    let figure = |row: &Row| {
        let (accuracy, error) = (row.resampled.figure(), row.resampled.standard_error());
        format!("{:.1} ± {:.1} %", 100.0 * accuracy, 100.0 * error)
    };
    let own = |way| rows.iter().find(|row| row.cell.way == way);
    let mut said = Vec::new();
    if let (Some(float), Some(integers)) = (own(Way::OwnFloat), own(Way::OwnIntegers)) {
        said.push(format!(
            "Accuracy on {} photos that nothing was chosen by: own float32 {}, own INT8 {}.",
            float.classified.truth.len(),
            figure(float),
            figure(integers)
        ));
    }
    if let Some(smallest) = rows.iter().min_by_key(|row| row.ran.bytes) {
        let kilobytes = smallest.ran.bytes as f64 / KILOBYTE;
        said.push(format!("Smallest: {}, {kilobytes:.0} KB.", smallest.cell.way.name()));
    }
    said
}

fn setting(told: &Told<'_>) -> Section {
    let Told { config, dataset, photos, .. } = told;
    let count = |part| dataset.photos.iter().filter(|photo| photo.part == Some(part)).count();
    let from = match config.initial_weights.as_str() {
        "" => "none",
        weights => weights,
    };
    let facts = [
        ("photos", dataset.subject.name.clone()),
        ("classes", dataset.subject.labels.join(", ")),
        ("to learn from", count(Part::Train).to_string()),
        ("to choose by and calibrate on", count(Part::Validation).to_string()),
        ("to measure on", photos.targets.len().to_string()),
        ("network", config.network.clone()),
        ("weights to begin with", from.to_owned()),
        ("side of a photo", format!("{} pixels", config.side)),
        ("epochs of float, of integers", format!("{}, {}", config.float.epochs, config.qat.epochs)),
        ("threads of every runtime", config.threads.to_string()),
        ("turns, and timed runs in each", format!("{}, {}", config.rounds, config.timed_runs)),
        ("seed", config.seed.to_string()),
    ];
    let table = Table::facts("setting", "What was measured", facts);
    let mut blocks: Vec<Block> =
        dataset.remarks.iter().map(|remark| Block::Paragraph(format!("{remark}."))).collect();
    blocks.push(Block::Table(table));
    Section { title: "What was measured".into(), blocks }
}

fn quality(rows: &[Row]) -> Section {
    let columns = vec![
        Column::text("numbers"),
        Column::text("runtime"),
        Column::number("accuracy", "%", 1).marking(Best::Highest),
        Column::number("less own float's", "points", 2),
        Column::number("macro F1", "%", 1).marking(Best::Highest),
        Column::number("cross entropy", "", 3).marking(Best::Lowest),
        Column::number("same answers as own", "%", 1),
        Column::number("most that a logit differs", "", 6),
    ];
    let mut table = Table::new("quality", "How good each is, on the same photos", columns);
    let own = |way: Way| rows.iter().find(|row| row.cell.way == way);
    for row in rows {
        let confusion = Confusion::of(&row.classified);
        let difference = match own(Way::OwnFloat).filter(|_| row.cell.way != Way::OwnFloat) {
            Some(float) => {
                let of = row.resampled.difference(&float.resampled);
                Shown::with_error(100.0 * of.difference, 100.0 * of.standard_error)
            }
            None => Shown::Absent("it is own float's".into()),
        };
        let [same, largest] = match row.cell.way.original().and_then(own) {
            Some(original) => [same_answers(row, original), largest_difference(row, original)],
            None => [(); 2].map(|()| Shown::Absent("it has numbers of its own".into())),
        };
        table.rows.push(vec![
            Shown::text(row.cell.way.name()),
            Shown::text(&row.ran.version),
            Shown::with_error(100.0 * confusion.accuracy(), 100.0 * row.resampled.standard_error()),
            difference,
            Shown::number(100.0 * confusion.macro_f1()),
            Shown::number(row.classified.cross_entropy()),
            same,
            largest,
        ]);
    }
    Section { title: "How good they are".into(), blocks: vec![Block::Table(table)] }
}

fn same_answers(row: &Row, original: &Row) -> Shown {
    let (said, others) = (row.classified.answers(), original.classified.answers());
    let same = said.iter().zip(&others).filter(|(one, other)| one == other).count();
    Shown::number(100.0 * same as f64 / said.len().max(1) as f64)
}

fn largest_difference(row: &Row, original: &Row) -> Shown {
    let pairs = row.ran.logits.iter().zip(&original.ran.logits);
    let differences = pairs.map(|(one, other)| f64::from((one - other).abs()));
    Shown::number(differences.fold(0.0, f64::max))
}

fn cost(told: &Told<'_>, rows: &[Row]) -> Section {
    let columns = vec![
        Column::text("numbers"),
        Column::text("runtime"),
        Column::number("file", "KB", 0).marking(Best::Lowest),
        Column::number("a photo", "ms", 2).marking(Best::Lowest).timed(),
        Column::number("photos a second", "", 1).marking(Best::Highest).timed(),
        Column::number("of own INT8's time", "×", 2).timed(),
        // Threads and allocators decide on it as well.
        Column::number("memory for it", "MB", 1).marking(Best::Lowest).timed(),
    ];
    let caption = "Size, time of one photo and memory, all on this device in turns";
    let mut table = Table::new("cost", caption, columns);
    let own = rows.iter().find(|row| row.cell.way == Way::OwnIntegers);
    let base = own.and_then(|row| row.ran.millis);
    let number = |value: Option<f64>, why: &str| {
        value.map_or_else(|| Shown::Absent(why.into()), Shown::number)
    };
    for row in rows {
        let Ran { millis, peak_bytes, bytes, .. } = row.ran;
        let millis = *millis;
        table.rows.push(vec![
            Shown::text(row.cell.way.name()),
            Shown::text(&row.ran.version),
            Shown::number(*bytes as f64 / KILOBYTE),
            number(millis, "it was not timed"),
            number(millis.map(|millis| SECOND / millis), "it was not timed"),
            number(millis.zip(base).map(|(millis, base)| millis / base), "it was not timed"),
            number(peak_bytes.map(|bytes| bytes as f64 / MEGABYTE), "the system does not tell"),
        ]);
    }
    let said = format!(
        "Each runtime had {} turns, one after the other, each a process of its own with {} timed runs of one photo \
         on {} threads; the time is the median over turns of their medians. Memory is what a process had at most, \
         less what it had before it loaded the model.",
        told.config.rounds, told.config.timed_runs, told.config.threads
    );
    let blocks = vec![Block::Occasion(said), Block::Table(table), Block::Plot(pareto(rows))];
    Section { title: "What they cost".into(), blocks }
}

fn pareto(rows: &[Row]) -> Plot {
    let point = |row: &Row| Point {
        x: row.ran.millis.unwrap_or(f64::NAN),
        y: 100.0 * row.resampled.figure(),
        name: name(row),
    };
    let series = |name: &str, is_own: bool| Series {
        name: name.to_owned(),
        points: rows.iter().filter(|row| row.cell.way.is_onnx() != is_own).map(point).collect(),
    };
    Plot {
        title: "Accuracy and time".into(),
        description: "A point a file and runtime; those that are joined, nothing is both faster and better than. The \
                      numbers are in the tables."
            .into(),
        kind: Kind::Time,
        drawing: Drawing::Pareto {
            x: Axis::log("time of a photo (ms)"),
            y: Axis::linear("accuracy (%)"),
            series: vec![series("own engines", true), series("ONNX", false)],
        },
    }
}

/// What did not run, and why.
fn absent(told: &Told<'_>) -> Section {
    let columns = ["numbers", "runtime", "why"].map(Column::text).into();
    let mut table = Table::new("absent", "What did not run", columns);
    for Cell { way, runtime, ran } in told.cells {
        if let Err(why) = ran {
            table.rows.push([way.name(), runtime, why].map(Shown::text).into());
        }
    }
    let blocks = if table.rows.is_empty() { vec![] } else { vec![Block::Table(table)] };
    Section { title: "What did not run".into(), blocks }
}
