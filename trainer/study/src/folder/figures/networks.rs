//! The networks beside one another: how good, how large, how fast.

use tagsight_metrics::{Answers, Classified, Confusion, Resampled};
use tagsight_report::{
    Best, Block, Cell, Column, Drawing, Kind as Timed, Matrix, Plot, Section, Table,
};

use super::super::measured::{Kind, Measured};
use super::told::Told;

const KILOBYTE: f64 = 1000.0;

/// A figure and its standard error.
pub(super) struct Figure {
    value: f64,
    error: f64,
}

/// What a network's answers come to.
pub(super) struct Row<'a> {
    measured: &'a Measured,
    pub(super) accuracy: Figure,
    pub(super) macro_f1: Figure,
    /// Photos that were measured on.
    pub(super) photos: usize,
    resampled: Resampled,
    confusion: Confusion,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Linear => "float32, not fitted, with a linear classifier",
            Self::Float => "float32, fitted",
            Self::Rounded => "INT8, rounded after training",
            Self::Trained => "INT8, trained (LSQ)",
        }
    }
}

impl<'a> Row<'a> {
    pub(super) fn of(told: &'a Told<'_>, kind: Kind) -> Self {
        let mut networks = told.compared.networks.iter();
        let measured = networks.find(|measured| measured.kind == kind).expect("each is measured");
        let (scores, truth) = (measured.logits.clone(), measured.truth.clone());
        let classified = Classified { classes: told.labels().len(), scores, truth };
        let confusion = Confusion::of(&classified);
        let photos = classified.truth.len();
        let answers = Answers::Classes(classified);
        let by = |figure| Resampled::by(answers.clone(), told.config.seed, figure);
        let resampled = Resampled::of(answers.clone(), told.config.seed);
        let f1 = by(macro_f1);
        let figure = |of: &Resampled| Figure { value: of.figure(), error: of.standard_error() };
        let (accuracy, macro_f1) = (figure(&resampled), figure(&f1));
        Self { measured, accuracy, macro_f1, photos, resampled, confusion }
    }
}

fn macro_f1(answers: &Answers) -> f64 {
    match answers {
        Answers::Classes(classified) => Confusion::of(classified).macro_f1(),
        other => panic!("the study is of classes, not {other:?}"),
    }
}

/// In words.
pub(super) fn percent(figure: &Figure) -> String {
    format!("{:.1} ± {:.1} %", 100.0 * figure.value, 100.0 * figure.error)
}

pub(super) fn section(told: &Told<'_>) -> Section {
    const KINDS: [Kind; 4] = [Kind::Linear, Kind::Float, Kind::Rounded, Kind::Trained];
    let rows = KINDS.map(|kind| Row::of(told, kind));
    let said = format!(
        "On {} photos that neither weights nor anything else was chosen by. Errors are from resampling the photos.",
        rows[0].photos
    );
    let blocks = vec![
        Block::Paragraph(said),
        Block::Table(table(&rows)),
        Block::Plot(confusion(told, &rows[3])),
        Block::Table(by_class(told, &rows)),
    ];
    Section { title: "The networks".into(), blocks }
}

fn table(rows: &[Row]) -> Table {
    let columns = vec![
        Column::text("network"),
        Column::number("accuracy", "%", 1).marking(Best::Highest),
        Column::number("less float's", "points", 2),
        Column::number("macro F1", "%", 1).marking(Best::Highest),
        Column::number("size", "KB", 0).marking(Best::Lowest),
        Column::number("a photo", "ms", 2).marking(Best::Lowest).timed(),
    ];
    let caption = "Accuracy, size and time, all on this processor";
    let mut table = Table::new("networks", caption, columns);
    let float = rows.iter().find(|row| row.measured.kind == Kind::Float).expect("it is there");
    let cell = |figure: &Figure| Cell::with_error(100.0 * figure.value, 100.0 * figure.error);
    for row in rows {
        let difference = row.resampled.difference(&float.resampled);
        let difference = match row.measured.kind {
            Kind::Float => Cell::Absent("it is float's".into()),
            _ => Cell::with_error(100.0 * difference.difference, 100.0 * difference.standard_error),
        };
        let millis = row.measured.millis;
        table.rows.push(vec![
            Cell::text(row.measured.kind.name()),
            cell(&row.accuracy),
            difference,
            cell(&row.macro_f1),
            Cell::number(row.measured.bytes as f64 / KILOBYTE),
            millis.map_or(Cell::Absent("it was not timed".into()), Cell::number),
        ]);
    }
    table
}

fn confusion(told: &Told<'_>, row: &Row) -> Plot {
    let values = row.confusion.rows().into_iter();
    let values = values.map(|row| row.iter().map(|&count| count as f64).collect());
    Plot {
        title: "What the trained integers take for what".into(),
        description: "Photos by their true class, a row, and the one that is said, a column; right ones are on the \
                      diagonal."
            .into(),
        kind: Timed::Figure,
        drawing: Drawing::Matrix(Matrix {
            row_name: "true".into(),
            column_name: "said".into(),
            rows: told.labels().to_vec(),
            columns: told.labels().to_vec(),
            values: values.collect(),
        }),
    }
}

fn by_class(told: &Told<'_>, rows: &[Row]) -> Table {
    let mut columns = vec![Column::text("class"), Column::number("photos", "", 0)];
    columns.extend(rows.iter().map(|row| Column::number(row.measured.kind.name(), "%", 1)));
    let mut table = Table::new("networks-by-class", "F1 by class", columns);
    for (class, label) in told.labels().iter().enumerate() {
        let photos = rows[0].confusion.photos(class);
        let mut cells = vec![Cell::text(label), Cell::number(photos as f64)];
        cells.extend(rows.iter().map(|row| Cell::number(100.0 * row.confusion.f1(class))));
        table.rows.push(cells);
    }
    table
}
