//! `cargo xtask test`: every check there is, step by step.
//!
//! A step that lacks something installs it, after a question, or fails with advice. The only thing
//! that may be absent is COCO (`TAGSIGHT_DATA`), and a step that would have used it says so.
//!
//! Steps share builds (`build.rs`), and builds go on while tests run (`schedule.rs`). Each piece of
//! work has a log in `target/test/`, and the closing table's numbers are there in `times.json`.

mod build;
mod cargo;
mod job;
pub(crate) mod lint;
mod schedule;
mod steps;
mod terms;
mod times;

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::setup::system::{self, Consent, Wanted};
use build::{Build, Made};
use job::Job;
use schedule::{Beside, Task};
use steps::{STEPS, Step, Suite};
use terms::Terms;
use times::{Outcome, Times};

/// A machine with less memory does one thing at a time: a compiler beside a browser take this much.
const MEMORY_FOR_TWO: u64 = 10 << 30;

/// What `test` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only these steps, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    only: Vec<String>,
    /// Leave these steps out, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    skip: Vec<String>,
    /// For daily work: format, lints, unit tests and a look at the page
    #[arg(long, conflicts_with_all = ["only", "thorough"])]
    quick: bool,
    /// Compare graphics devices on every case there is, and let Lighthouse look five times
    #[arg(long)]
    thorough: bool,
    /// Do one thing at a time
    #[arg(long)]
    serial: bool,
}

/// Runs the steps; fails if one did, after all have run.
pub(crate) fn run(args: Args, consent: Consent) -> Result<()> {
    let start = Instant::now();
    let steps = choose(&args)?;
    let wanted: Vec<Wanted> = steps
        .iter()
        .filter(|step| !is_left_out(step, &args))
        .flat_map(|step| step.needs.iter().map(|need| (step.name, *need)))
        .collect();
    system::ensure_all(&wanted, consent)?;

    let run = Run {
        made: Made::default(),
        times: Times::new(steps.iter().map(|step| step.name)),
        terms: Terms { consent, thorough: args.thorough },
    };
    let (left_out, chosen): (Vec<&Step>, _) =
        steps.into_iter().partition(|step| is_left_out(step, &args));
    for step in left_out {
        println!("== {}: SKIPPED, as asked", step.name);
        run.times.end(step.name, Outcome::Skipped);
    }
    schedule::carry_out(run.tasks(&chosen), hands(&args));
    close(run.times, start.elapsed(), args.quick)
}

/// The steps of this run, those that are left out among them.
fn choose(args: &Args) -> Result<Vec<&'static Step>> {
    for name in args.only.iter().chain(&args.skip) {
        if !STEPS.iter().any(|step| step.name == name) {
            let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            bail!("there is no step {name}; there are {}", names.join(", "));
        }
    }
    let is_chosen = |step: &&Step| match (args.quick, args.only.is_empty()) {
        (true, _) => step.suite != Suite::Full,
        (false, true) => step.suite != Suite::Quick,
        (false, false) => args.only.iter().any(|name| name == step.name),
    };
    Ok(STEPS.iter().filter(is_chosen).collect())
}

fn is_left_out(step: &Step, args: &Args) -> bool {
    args.skip.iter().any(|name| name == step.name)
}

fn hands(args: &Args) -> usize {
    let memory = fs::read_to_string("/proc/meminfo").ok().and_then(|text| available(&text));
    match memory {
        _ if args.serial => 1,
        Some(bytes) if bytes < MEMORY_FOR_TWO => 1,
        _ => 2,
    }
}

/// Bytes of memory that programs may take, by what Linux says.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

fn close(times: Times, wall: Duration, quick: bool) -> Result<()> {
    let lines = times.into_lines();
    let file = job::folder().join("times.json");
    fs::write(&file, format!("{:#}\n", times::json(&lines, wall)))?;
    println!("\n{}", times::table(&lines, wall));
    if quick {
        let left_out = STEPS.iter().filter(|step| step.suite == Suite::Full);
        let names: Vec<&str> = left_out.map(|step| step.name).collect();
        println!("left out: {}; `cargo xtask test` runs them", names.join(", "));
    }
    let failed = times::failed(&lines);
    ensure!(failed == 0, "{failed} of {} steps failed; logs are in target/test", lines.len());
    println!("none of {} steps failed", lines.len());
    Ok(())
}

/// A run: what its tasks share.
struct Run {
    made: Made,
    times: Times,
    terms: Terms,
}

impl Run {
    /// Builds in the order in which steps need them, each step behind its builds.
    fn tasks<'a>(&'a self, steps: &[&'static Step]) -> Vec<Task<'a>> {
        let mut tasks = Vec::new();
        let mut numbers = BTreeMap::new();
        for &step in steps {
            let mut number = |build| {
                *numbers.entry(build).or_insert_with(|| {
                    let work = Box::new(move || self.build(build, step));
                    tasks.push(Task { after: Vec::new(), beside: Beside::NoCompiler, work });
                    tasks.len() - 1
                })
            };
            let after = step.builds.iter().map(|&build| number(build)).collect();
            let work = Box::new(move || self.test(step));
            tasks.push(Task { after, beside: step.beside, work });
        }
        tasks
    }

    fn build(&self, build: Build, step: &Step) -> bool {
        println!("-- {}: building", build.name());
        let start = Instant::now();
        let (log, result) = logged(build.name(), |job| build.make(job, &self.made, &self.terms));
        self.times.add_building(step.name, start.elapsed());
        let seconds = start.elapsed().as_secs();
        match result {
            Ok(()) => println!("-- {}: built in {seconds} s", build.name()),
            Err(error) => {
                println!("-- {}: FAILED after {seconds} s\n{log}{error:#}", build.name());
                return false;
            }
        }
        true
    }

    fn test(&self, step: &Step) -> bool {
        println!("-- {}: {}", step.name, step.what);
        let start = Instant::now();
        let (log, result) = logged(step.name, |job| (step.run)(job, &self.made, &self.terms));
        self.times.add_running(step.name, start.elapsed());
        let (outcome, word, error) = match result {
            Ok(Outcome::Passed) => (Outcome::Passed, "passed", String::new()),
            Ok(outcome) => (outcome, "SKIPPED", String::new()),
            Err(error) => (Outcome::Failed, "FAILED", format!("{error:#}\n")),
        };
        self.times.end(step.name, outcome);
        // In one piece, since another step may have something to say.
        let seconds = start.elapsed().as_secs();
        println!(
            "\n== {0}: {1}\n{log}{error}== {0}: {word} in {seconds} s\n",
            step.name, step.what
        );
        outcome != Outcome::Failed
    }
}

/// Does `work` with a log of that name; gives what was logged, too.
fn logged<T>(name: &str, work: impl FnOnce(&Job) -> Result<T>) -> (String, Result<T>) {
    let job = match Job::new(name) {
        Ok(job) => job,
        Err(error) => return (String::new(), Err(error)),
    };
    let result = work(&job);
    (job.text(), result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(only: &[&str], quick: bool) -> Result<Vec<&'static str>> {
        let only = only.iter().map(ToString::to_string).collect();
        let args = Args { only, skip: Vec::new(), quick, thorough: false, serial: false };
        Ok(choose(&args)?.into_iter().map(|step| step.name).collect())
    }

    #[test]
    fn steps_are_chosen_by_name() {
        assert_eq!(chosen(&["e2e", "format"], false).unwrap(), ["format", "e2e"]);
        assert!(
            chosen(&["everything"], false).unwrap_err().to_string().contains("there are format")
        );
        assert!(chosen(&[], false).unwrap().contains(&"neon"));
        assert_eq!(chosen(&[], true).unwrap(), ["format", "lints", "unit", "smoke"]);
    }

    #[test]
    fn memory_is_read_as_linux_says_it() {
        assert_eq!(available("MemTotal: 9 kB\nMemAvailable:   2048 kB\n"), Some(2 << 20));
        assert_eq!(available("nothing"), None);
    }
}
