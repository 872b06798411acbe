//! One piece of work of a step, with a log file: what runs beside it writes elsewhere.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, ensure};

use crate::shell;

/// A piece of work.
pub(crate) struct Job {
    log: File,
    path: PathBuf,
}

impl Job {
    /// Begins the log `name`, anew.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let folder = folder();
        fs::create_dir_all(&folder)?;
        let path = folder.join(name).with_extension("log");
        let log = File::create(&path).with_context(|| path.display().to_string())?;
        Ok(Self { log, path })
    }

    /// Writes a line.
    pub(crate) fn say(&self, line: &str) {
        // What cannot be logged is no reason to fail a test.
        let _ = writeln!(&self.log, "{line}");
    }

    /// Says that a part of it has no data.
    pub(crate) fn skipped(&self, part: &str) {
        self.say(&format!(
            "SKIPPED, no COCO photos (set TAGSIGHT_DATA, or put them into data/): {part}"
        ));
    }

    /// Runs `command`, whose output goes into the log; fails unless it succeeds.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let command = command.stdin(Stdio::null()).stdout(self.log.try_clone()?);
        let status = command.stderr(self.log.try_clone()?).status();
        let status = status.with_context(|| format!("{command:?} could not be started"))?;
        ensure!(status.success(), "{command:?} failed: {status}");
        Ok(())
    }

    /// Runs `command` and gives its standard output; errors go into the log.
    pub(crate) fn output(&self, command: &mut Command) -> Result<String> {
        let (output, result) = self.whatever_came(command)?;
        result.map(|()| output)
    }

    /// The same of a command that may fail: its output is given all the same.
    pub(crate) fn whatever_came(&self, command: &mut Command) -> Result<(String, Result<()>)> {
        let command = command.stdin(Stdio::null()).stderr(self.log.try_clone()?);
        let output =
            command.output().with_context(|| format!("{command:?} could not be started"))?;
        let result = match output.status.success() {
            true => Ok(()),
            false => Err(anyhow!("{command:?} failed: {}", output.status)),
        };
        let text = String::from_utf8(output.stdout);
        Ok((text.with_context(|| format!("{command:?} wrote no UTF-8"))?, result))
    }

    /// What was logged so far.
    pub(crate) fn text(&self) -> String {
        let bytes = fs::read(&self.path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Where logs and times are left.
pub(crate) fn folder() -> PathBuf {
    shell::target_folder().join("test")
}
