//! Ways to show rare classes, beside one another.

use tagsight_metrics::Confusion;
use tagsight_report::{Best, Block, Cell, Column, Section, Table};

use super::super::config::Way;
use super::super::runs::Run;
use super::told::Told;
use crate::spread::mean_and_error;

/// What a way's trainings came to, on the photos to measure on.
struct Figures {
    way: Way,
    macro_f1: Vec<f64>,
    accuracy: Vec<f64>,
    /// By class, of the mean over trainings.
    f1: Vec<f64>,
}

fn figures(told: &Told<'_>) -> Vec<Figures> {
    let classes = told.labels().len();
    let of = |&way: &Way| {
        let runs = told.runs.iter().filter(|run| run.way == way);
        let confusions: Vec<Confusion> =
            runs.map(|run: &Run| Confusion::of(&run.measured(classes))).collect();
        let mean_f1 = |class| {
            let sum: f64 = confusions.iter().map(|confusion| confusion.f1(class)).sum();
            sum / confusions.len() as f64
        };
        Figures {
            way,
            macro_f1: confusions.iter().map(Confusion::macro_f1).collect(),
            accuracy: confusions.iter().map(Confusion::accuracy).collect(),
            f1: (0..classes).map(mean_f1).collect(),
        }
    };
    told.config.ways.iter().map(of).collect()
}

pub(super) fn summary(told: &Told<'_>) -> String {
    let said = figures(told)
        .into_iter()
        .map(|figures| format!("{} {}", figures.way.name(), percent(&figures.macro_f1)));
    let said: Vec<String> = said.collect();
    format!("Macro F1 over {} trainings: {}.", told.config.seeds, said.join("; "))
}

pub(super) fn section(told: &Told<'_>) -> Section {
    let all = figures(told);
    let first = &all[0];
    let columns = vec![
        Column::text("way"),
        Column::number("macro F1", "%", 1).marking(Best::Highest),
        Column::number("less the first way's", "points", 1),
        Column::number("accuracy", "%", 1).marking(Best::Highest),
    ];
    let mut table = Table::new("ways", "Float networks, means over trainings", columns);
    for figures in &all {
        // A training of one way and that of another with the same seed begin alike.
        let pairs = figures.macro_f1.iter().zip(&first.macro_f1);
        let differences: Vec<f64> = pairs.map(|(one, other)| one - other).collect();
        let difference = match figures.way == first.way {
            true => Cell::Absent("it is the first".into()),
            false => cell(&differences),
        };
        let name = Cell::text(figures.way.name());
        table.rows.push(vec![name, cell(&figures.macro_f1), difference, cell(&figures.accuracy)]);
    }
    let said = format!(
        "All were fitted alike but for what is done for classes of few photos. “{}” had the best macro F1 on the \
         photos to choose by; its first training became the integers below. Errors are those of means over \
         trainings, all measured on the same photos.",
        told.chosen.name()
    );
    let blocks =
        vec![Block::Paragraph(said), Block::Table(table), Block::Table(by_class(told, &all))];
    Section { title: "Classes of few photos".into(), blocks }
}

fn by_class(told: &Told<'_>, all: &[Figures]) -> Table {
    let mut columns = vec![Column::text("class")];
    columns.extend(all.iter().map(|figures| Column::number(figures.way.name(), "%", 1)));
    let mut table = Table::new("ways-by-class", "F1 by class, means over trainings", columns);
    for (class, label) in told.labels().iter().enumerate() {
        let mut row = vec![Cell::text(label)];
        row.extend(all.iter().map(|figures| Cell::number(100.0 * figures.f1[class])));
        table.rows.push(row);
    }
    table
}

/// A mean, with an error where there are several.
fn cell(values: &[f64]) -> Cell {
    let (mean, error) = mean_and_error(values);
    match values.len() {
        1 => Cell::number(100.0 * mean),
        _ => Cell::with_error(100.0 * mean, 100.0 * error),
    }
}

fn percent(values: &[f64]) -> String {
    let (mean, error) = mean_and_error(values);
    match values.len() {
        1 => format!("{:.1} %", 100.0 * mean),
        _ => format!("{:.1} ± {:.1} %", 100.0 * mean, 100.0 * error),
    }
}
