//! How far a run is, in words and numbers.

use std::path::Path;

use serde_json::{Value, json};
use tagsight_train::watch::{State, Status};

/// For programs: what `trainer status --json` says of it.
pub fn object(run: &Path, status: &Status, now: f64) -> Value {
    json!({
        "run": run,
        "state": status.state_at(now),
        "epochs": status.epochs,
        "epochs_done": status.epochs_done(),
        "steps": status.steps(),
        "steps_done": status.steps_done,
        "seconds_left": seconds_left(status, now),
    })
}

/// For people, by `now`, in seconds since the Unix epoch.
pub fn line(run: &Path, status: &Status, now: f64) -> String {
    let Status { epochs, steps_done, .. } = *status;
    let percent = 100 * steps_done / status.steps().max(1);
    let place =
        format!("{}: {} of {epochs} epochs, {percent} %", run.display(), status.epochs_done());
    match (status.state_at(now), seconds_left(status, now)) {
        (State::Finished, _) => format!("{place}; finished"),
        (State::Interrupted, _) => {
            format!("{place}; interrupted, the same trainer train with --resume auto goes on")
        }
        (State::Fitting, None) => format!("{place}; just begun"),
        (State::Fitting, Some(left)) => format!("{place}; done in {}", duration(left)),
    }
}

/// Until the run is done, if it goes on; 0 once it should be.
fn seconds_left(status: &Status, now: f64) -> Option<f64> {
    match status.state_at(now) {
        State::Fitting => status.done_at().map(|done| (done - now).max(0.0)),
        State::Interrupted => status.done_at().map(|done| done - status.told_at),
        State::Finished => Some(0.0),
    }
}

/// To the minute, as nobody knows it better.
fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "less than a minute".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(state: State) -> Status {
        Status {
            state,
            epochs: 4,
            steps_an_epoch: 50,
            steps_done: 120,
            seconds_a_step: 90.0,
            told_at: 1_000.0,
        }
    }

    #[test]
    fn a_line_says_how_far_it_is_and_what_comes() {
        let line = |status: &Status, now| line(Path::new("runs/one"), status, now);
        let fitting = status(State::Fitting);
        assert_eq!(line(&fitting, 1_000.0), "runs/one: 2 of 4 epochs, 60 %; done in 2 h 0 min");
        assert_eq!(line(&fitting, 1_600.0), "runs/one: 2 of 4 epochs, 60 %; done in 1 h 50 min");
        assert!(line(&fitting, 1e9).contains("interrupted"), "it has been silent for too long");
        let begun = Status { seconds_a_step: 0.0, steps_done: 0, ..fitting };
        assert_eq!(line(&begun, 1_000.0), "runs/one: 0 of 4 epochs, 0 %; just begun");
        assert!(line(&status(State::Interrupted), 1_000.0).contains("--resume auto"));
        assert!(line(&status(State::Finished), 1_000.0).ends_with("; finished"));
        assert_eq!(duration(29.0), "less than a minute");
    }
}
