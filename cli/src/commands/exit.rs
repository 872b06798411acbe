//! How the program ends, for scripts.

use std::io;
use std::process::ExitCode;

use tagsight_cli::tag::Summary;

/// What a script learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All went well.
    Fine,
    /// Some photos were not done, or nothing was found.
    Partly,
    /// There was nothing to be done with what was asked.
    Unusable,
    /// Somebody stopped it: 128 and SIGINT's number.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Partly => 1,
            Exit::Unusable => 2,
            Exit::Interrupted => 130,
        })
    }
}

impl From<&Summary> for Exit {
    fn from(summary: &Summary) -> Self {
        match summary {
            Summary { is_stopped: true, .. } => Self::Interrupted,
            Summary { failed: 0, .. } => Self::Fine,
            _ => Self::Partly,
        }
    }
}

/// Whether nobody reads what is written, as behind `| head`: no reason to say anything.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let is_pipe = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(is_pipe))
}
