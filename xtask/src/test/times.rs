//! How long steps took, building and running, as a table and as JSON.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// It ran.
    Passed,
    /// Nothing of it could run, and it said why; or it was asked to be left out.
    Skipped,
    /// It found a fault, or could not be built.
    Failed,
}

/// A step's line.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    name: &'static str,
    /// None until it ended.
    outcome: Option<Outcome>,
    /// Seconds of the builds that it was the first to need.
    building_s: f64,
    /// Seconds of its tests.
    running_s: f64,
}

/// The lines of all steps, which several threads write.
pub(crate) struct Times(Mutex<Vec<Line>>);

impl Times {
    pub(crate) fn new(steps: impl Iterator<Item = &'static str>) -> Self {
        let line = |name| Line { name, outcome: None, building_s: 0.0, running_s: 0.0 };
        Self(Mutex::new(steps.map(line).collect()))
    }

    pub(crate) fn add_building(&self, step: &str, time: Duration) {
        self.change(step, |line| line.building_s += time.as_secs_f64());
    }

    pub(crate) fn add_running(&self, step: &str, time: Duration) {
        self.change(step, |line| line.running_s += time.as_secs_f64());
    }

    pub(crate) fn end(&self, step: &str, outcome: Outcome) {
        self.change(step, |line| line.outcome = Some(outcome));
    }

    fn change(&self, step: &str, change: impl FnOnce(&mut Line)) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.iter_mut().find(|line| line.name == step) {
            change(line);
        }
    }

    /// The lines; what never ended could not be built, so it failed.
    pub(crate) fn into_lines(self) -> Vec<Line> {
        let mut lines = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for line in &mut lines {
            line.outcome.get_or_insert(Outcome::Failed);
        }
        lines
    }
}

/// How many of these failed.
pub(crate) fn failed(lines: &[Line]) -> usize {
    lines.iter().filter(|line| line.outcome == Some(Outcome::Failed)).count()
}

/// A table for people.
pub(crate) fn table(lines: &[Line], wall: Duration) -> String {
    let mut text = String::from("         step     building   running\n");
    for Line { name, outcome, building_s, running_s } in lines {
        let outcome = match outcome {
            Some(Outcome::Passed) => "passed",
            Some(Outcome::Skipped) => "SKIPPED",
            _ => "FAILED",
        };
        text += &format!("{outcome:<8} {name:<8} {building_s:>6.0} s  {running_s:>6.0} s\n");
    }
    text + &format!("{:.0} s in all; steps ran side by side\n", wall.as_secs_f64())
}

/// The same for programs: `{"wall_s", "steps": [{"name", "outcome", "building_s", "running_s"}]}`.
pub(crate) fn json(lines: &[Line], wall: Duration) -> serde_json::Value {
    serde_json::json!({ "wall_s": wall.as_secs_f64(), "steps": lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_added_and_what_never_ended_has_failed() {
        let times = Times::new(["one", "two", "three"].into_iter());
        times.add_building("one", Duration::from_secs(2));
        times.add_building("one", Duration::from_secs(3));
        times.add_running("one", Duration::from_secs(4));
        times.end("one", Outcome::Passed);
        times.end("two", Outcome::Skipped);
        let lines = times.into_lines();
        assert_eq!(failed(&lines), 1);
        let table = table(&lines, Duration::from_secs(9));
        assert!(table.contains("passed   one           5 s       4 s"), "{table}");
        assert!(table.contains("SKIPPED  two"), "{table}");
        assert!(table.contains("FAILED   three"), "{table}");
        let json = json(&lines, Duration::from_secs(9));
        assert_eq!(json["steps"][0]["building_s"], 5.0);
        assert_eq!(json["steps"][1]["outcome"], "skipped");
    }
}
