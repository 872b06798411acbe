//! What a network that was not fitted makes of the photos, beside their classes.

use tagsight_metrics::Agreement;
use tagsight_report::{Axis, Block, Drawing, Kind, Matrix, Plot, Point, Section, Series};

use super::told::{Told, name};
use crate::features::class;

pub(super) fn section(told: &Told<'_>) -> Section {
    let classes = told.labels().len();
    let seen = told.seen();
    let truth: Vec<usize> = seen.iter().map(|(photo, _)| class(photo)).collect();
    let agreement = Agreement::of(&told.explored.groups, &truth, [classes, classes]);
    let said = format!(
        "k-means parts the photos' features into {classes} groups, without knowing the classes: {:.1} % of the \
         photos are of their group's commonest class, and the adjusted Rand index is {:.3} (1: groups are the \
         classes; 0: they have nothing to do with them). The nearer to 1, the less a network has to learn.",
        100.0 * agreement.purity(),
        agreement.adjusted_rand()
    );
    let blocks = vec![
        Block::Paragraph(said),
        Block::Plot(groups(told, &agreement)),
        Block::Plot(plane(told, &truth)),
    ];
    Section { title: "Features before anything is fitted".into(), blocks }
}

fn groups(told: &Told<'_>, agreement: &Agreement) -> Plot {
    let rows = (1..=agreement.rows().len()).map(|group| format!("group {group}"));
    let values = agreement.rows().iter();
    let values = values.map(|row| row.iter().map(|&count| count as f64).collect());
    Plot {
        title: "Photos by group and class".into(),
        description: "Groups that hold one class alone have one number in their row.".into(),
        kind: Kind::Figure,
        drawing: Drawing::Matrix(Matrix {
            row_name: "group".into(),
            column_name: "class".into(),
            rows: rows.collect(),
            columns: told.labels().to_vec(),
            values: values.collect(),
        }),
    }
}

fn plane(told: &Told<'_>, truth: &[usize]) -> Plot {
    let seen = told.seen();
    let series = told.labels().iter().enumerate().map(|(label, name_of_class)| {
        let of_class = (0..seen.len()).filter(|&at| truth[at] == label);
        let point = |at: usize| {
            let [x, y] = told.explored.places[at];
            Point { x, y, name: name(seen[at].0) }
        };
        Series { name: name_of_class.clone(), points: of_class.map(point).collect() }
    });
    let [first, second] = told.explored.explained.map(|part| format!("{:.0} %", 100.0 * part));
    Plot {
        title: "The plane in which features differ most".into(),
        description: format!(
            "A point a photo (principal components). Its two directions have {first} and {second} of all that \
             features differ by; classes that lie apart here are easy to tell apart, others may still be."
        ),
        kind: Kind::Figure,
        drawing: Drawing::Scatter {
            x: Axis::linear("first direction"),
            y: Axis::linear("second direction"),
            series: series.collect(),
        },
    }
}
