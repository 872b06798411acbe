//! A run's `log.csv`: one line an epoch.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tagsight_data::write_atomically;
use tagsight_metrics::Metric;

/// The file's name in the run's folder.
pub const LOG: &str = "log.csv";

/// The first line; the column of how good the network is has the metric's name.
fn header(metric: Metric) -> String {
    let metric = metric.name();
    format!("epoch,loss,validation_{metric},learning_rate,photos_per_second,seconds")
}

/// An epoch's figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    /// Epochs that were fitted, this one included.
    pub(super) epoch: usize,
    /// Mean over the epoch's steps.
    pub(super) loss: f64,
    /// How good the weights are that are saved.
    pub(super) validation_score: f64,
    /// At the epoch's last step.
    pub(super) learning_rate: f64,
    /// Fitted, without the time that measuring took.
    pub(super) photos_per_second: f64,
    /// Fitting and measuring; of a resumed epoch, since the run was resumed.
    pub(super) seconds: f64,
}

/// The file, to which rows are appended.
pub(super) struct Log {
    path: PathBuf,
}

impl Log {
    /// Opens the log in `folder` of a run that has `epochs` behind it. Rows of later epochs, which
    /// will be fitted again, are dropped; so is everything that has other columns.
    pub(super) fn open(folder: &Path, epochs: usize, metric: Metric) -> io::Result<Self> {
        let (path, header) = (folder.join(LOG), header(metric));
        let kept = match std::fs::read_to_string(&path) {
            Ok(text) => kept(&text, epochs, &header),
            Err(error) if error.kind() == io::ErrorKind::NotFound => format!("{header}\n"),
            Err(error) => return Err(error),
        };
        write_atomically(&path, kept.as_bytes())?;
        Ok(Self { path })
    }

    /// Appends a row.
    pub(super) fn append(&self, row: &Row) -> io::Result<()> {
        let line = format!(
            "{},{:.6},{:.6},{:e},{:.2},{:.1}\n",
            row.epoch,
            row.loss,
            row.validation_score,
            row.learning_rate,
            row.photos_per_second,
            row.seconds
        );
        OpenOptions::new().append(true).open(&self.path)?.write_all(line.as_bytes())
    }
}

/// The header and the rows of `text` up to the given epoch.
fn kept(text: &str, epochs: usize, header: &str) -> String {
    let mut lines = text.lines();
    // What the column was called when some runs began.
    let earlier = header.replace("validation_", "held_back_");
    let is_ours = lines.next().is_some_and(|first| first == header || first == earlier);
    let epoch = |row: &str| row.split(',').next().and_then(|epoch| epoch.parse::<usize>().ok());
    let is_kept = |row: &&str| is_ours && epoch(row).is_some_and(|epoch| epoch <= epochs);
    std::iter::once(header).chain(lines.filter(is_kept)).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(epoch: usize) -> Row {
        Row {
            epoch,
            loss: 0.125,
            validation_score: 0.5,
            learning_rate: 1e-3,
            photos_per_second: 80.0,
            seconds: 61.5,
        }
    }

    #[test]
    fn a_resumed_run_has_each_epoch_once() {
        let folder = tempfile::tempdir().unwrap();
        let header = header(Metric::Map);
        let read = || std::fs::read_to_string(folder.path().join(LOG)).unwrap();
        let log = Log::open(folder.path(), 0, Metric::Map).unwrap();
        for epoch in 1..=3 {
            log.append(&row(epoch)).unwrap();
        }
        let whole = read();
        assert_eq!(
            whole,
            format!(
                "{header}\n1,0.125000,0.500000,1e-3,80.00,61.5\n2,0.125000,0.500000,1e-3,80.00,61.5\n3,0.125000,0.500000,1e-3,80.00,61.5\n"
            )
        );
        let log = Log::open(folder.path(), 1, Metric::Map).unwrap();
        log.append(&row(2)).unwrap();
        log.append(&row(3)).unwrap();
        assert_eq!(read(), whole);
        Log::open(folder.path(), 0, Metric::Map).unwrap();
        assert_eq!(read(), format!("{header}\n"));
    }

    #[test]
    fn rows_of_other_columns_and_torn_ones_are_dropped() {
        let header = header(Metric::Accuracy);
        let kept = |text: &str| kept(text, 9, &header);
        assert_eq!(kept("epoch,loss\n1,2\n"), format!("{header}\n"));
        assert_eq!(kept(&format!("{header}\n1,2\n\n,3\n")), format!("{header}\n1,2\n"));
        let earlier = header.replace("validation_", "held_back_");
        assert_ne!(earlier, header);
        assert_eq!(kept(&format!("{earlier}\n1,2\n")), format!("{header}\n1,2\n"));
        let other = self::header(Metric::Map);
        assert_eq!(kept(&format!("{other}\n1,2\n")), format!("{header}\n"));
    }
}
