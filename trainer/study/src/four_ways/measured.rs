//! What runtimes make of the network's files.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tagsight_metrics::Classified;

use super::files::Files;
use super::way::Way;
use crate::runtimes::{Asked, Runtime, Said};

/// A file in a runtime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Cell {
    pub(super) way: Way,
    /// What the runtime is called here.
    pub(super) runtime: String,
    /// What it says; or why it says nothing.
    pub(super) ran: Result<Ran, String>,
}

/// A file that a runtime ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Ran {
    /// The runtime with its version.
    pub(super) version: String,
    /// Of all photos.
    pub(super) logits: Vec<f32>,
    /// A photo's time: the median over turns.
    pub(super) millis: Option<f64>,
    /// Memory for the model, in the turn that took most.
    pub(super) peak_bytes: Option<u64>,
    /// Of the file.
    pub(super) bytes: u64,
}

/// What is asked of every runtime.
pub(super) struct Questions<'a> {
    /// For logits of all photos, untimed.
    pub(super) all: Asked<'a>,
    /// For the time of one.
    pub(super) one: Asked<'a>,
    /// How often that is asked.
    pub(super) rounds: usize,
}

/// Every file in every runtime that may read it: once for its logits, then in turns for times, so that what else
/// the machine does falls on all alike.
pub(super) fn all(
    files: &Files,
    own: &[(Way, Runtime)],
    others: &[Runtime],
    questions: &Questions,
) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut running: Vec<(usize, &Runtime, &Path)> = Vec::new();
    for (way, file) in files {
        let owns = own.iter().filter(|(of, _)| of == way).map(|(_, runtime)| runtime);
        let may_read: Vec<&Runtime> =
            if way.is_onnx() { others.iter().collect() } else { owns.collect() };
        let path = match file {
            Ok(path) => path,
            Err(reason) => {
                let (runtime, ran) = ("none".to_owned(), Err(reason.clone()));
                cells.push(Cell { way: *way, runtime, ran });
                continue;
            }
        };
        for runtime in may_read {
            let ran = runtime.run(path, questions.all).map(|said| Ran {
                version: said.runtime,
                logits: said.logits,
                millis: None,
                peak_bytes: None,
                bytes: size(path),
            });
            if ran.is_ok() {
                running.push((cells.len(), runtime, path));
            }
            cells.push(Cell { way: *way, runtime: runtime.name.clone(), ran });
        }
    }
    time(&mut cells, &running, questions);
    cells
}

/// What the own integers say of each photo; none if they did not run.
pub(super) fn answers(cells: &[Cell], classes: usize) -> Vec<usize> {
    let own = cells.iter().find(|cell| cell.way == Way::OwnIntegers);
    let scores = own.and_then(|cell| cell.ran.as_ref().ok()).map(|ran| ran.logits.clone());
    let scores = scores.unwrap_or_default();
    // What is true does not matter to what is said.
    Classified { classes, scores, truth: vec![] }.answers()
}

fn time(cells: &mut [Cell], running: &[(usize, &Runtime, &Path)], questions: &Questions) {
    let mut times = BTreeMap::<usize, Vec<f64>>::new();
    for _ in 0..questions.rounds {
        for &(cell, runtime, path) in running {
            let Ok(Said { median_ms, peak_bytes, .. }) = runtime.run(path, questions.one) else {
                continue;
            };
            times.entry(cell).or_default().extend(median_ms);
            if let Ok(ran) = &mut cells[cell].ran {
                ran.peak_bytes = ran.peak_bytes.max(peak_bytes);
            }
        }
    }
    for (cell, mut times) in times {
        times.sort_by(f64::total_cmp);
        if let Ok(ran) = &mut cells[cell].ran {
            ran.millis = times.get(times.len() / 2).copied();
        }
    }
}

/// Bytes of a file, or of all in a folder.
fn size(path: &Path) -> u64 {
    let of = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| of(&entry.path())).sum(),
        Err(_) => of(path),
    }
}
