//! Where a run stands: kept in its folder while it goes on, for `trainer status`.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tagsight_data::write_atomically;

/// The file's name in the run's folder.
pub const STATUS: &str = "status.json";

/// Points of a curve an epoch, at most; a run says at each of them where it stands.
pub(super) const POINTS_AN_EPOCH: usize = 100;
/// A run that says nothing for so long, in seconds, and for what ten points of its curves take, has ended
/// without a word.
const SILENCE: f64 = 600.0;
const SILENT_POINTS: f64 = 10.0;

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It goes on, or was ended from outside.
    Fitting,
    /// It was stopped, and can be resumed.
    Interrupted,
    /// It is over.
    Finished,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// What it is doing.
    pub state: State,
    /// Passes over the photos, of the whole run.
    pub epochs: usize,
    /// Steps of each.
    pub steps_an_epoch: usize,
    /// Steps that were fitted.
    pub steps_done: usize,
    /// What a step took since the run was begun or resumed, with all that is done between steps; 0 before
    /// that is known.
    pub seconds_a_step: f64,
    /// Seconds since the Unix epoch.
    pub told_at: f64,
}

impl Status {
    /// Reads what the run in `folder` said last.
    ///
    /// # Errors
    /// If it said nothing, or something else.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let text = std::fs::read(folder.join(STATUS))?;
        serde_json::from_slice(&text).map_err(io::Error::from)
    }

    /// Says it.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let json = serde_json::to_vec(self).expect("plain data serialises");
        write_atomically(&folder.join(STATUS), &json)
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> usize {
        self.epochs * self.steps_an_epoch
    }

    /// Epochs that are whole.
    pub fn epochs_done(&self) -> usize {
        self.steps_done / self.steps_an_epoch.max(1)
    }

    /// The moment at which the run will be done, in seconds since the Unix epoch, if it goes on as it did;
    /// none before anything is known of its pace.
    pub fn done_at(&self) -> Option<f64> {
        let left = self.steps().saturating_sub(self.steps_done) as f64;
        (self.seconds_a_step > 0.0).then_some(self.told_at + left * self.seconds_a_step)
    }

    /// What the run is doing by `now`: one that has been silent for too long does nothing any more.
    pub fn state_at(&self, now: f64) -> State {
        let points = self.steps_an_epoch.div_ceil(POINTS_AN_EPOCH) as f64;
        let silence = SILENCE + SILENT_POINTS * points * self.seconds_a_step;
        match self.state {
            State::Fitting if now - self.told_at > silence => State::Interrupted,
            state => state,
        }
    }
}

/// Says that the run in `folder` is over or was stopped; one that never began said nothing before.
pub(crate) fn end(folder: &Path, state: State) -> io::Result<()> {
    match Status::read(folder) {
        Ok(status) => Status { state, ..status }.write(folder),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status() -> Status {
        Status {
            state: State::Fitting,
            epochs: 4,
            steps_an_epoch: 50,
            steps_done: 120,
            seconds_a_step: 2.0,
            told_at: 1_000.0,
        }
    }

    #[test]
    fn what_is_left_takes_as_long_as_what_was_done() {
        assert_eq!((status().steps(), status().epochs_done()), (200, 2));
        assert_eq!(status().done_at(), Some(1_000.0 + 160.0));
        assert_eq!(Status { seconds_a_step: 0.0, ..status() }.done_at(), None);
        assert_eq!(Status { steps_done: 300, ..status() }.done_at(), Some(1_000.0));
    }

    #[test]
    fn a_silent_run_was_interrupted() {
        assert_eq!(status().state_at(1_620.0), State::Fitting);
        assert_eq!(status().state_at(1_621.0), State::Interrupted);
        let finished = Status { state: State::Finished, ..status() };
        assert_eq!(finished.state_at(1e9), State::Finished);
    }

    #[test]
    fn what_was_said_is_read() {
        let folder = tempfile::tempdir().unwrap();
        end(folder.path(), State::Finished).unwrap();
        assert!(Status::read(folder.path()).is_err(), "there was nothing to end");
        status().write(folder.path()).unwrap();
        assert_eq!(Status::read(folder.path()).unwrap(), status());
        end(folder.path(), State::Finished).unwrap();
        assert_eq!(Status::read(folder.path()).unwrap().state, State::Finished);
        std::fs::write(folder.path().join(STATUS), "{").unwrap();
        assert!(Status::read(folder.path()).is_err());
    }
}
