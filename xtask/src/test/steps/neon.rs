//! The portable tests on AArch64, which qemu plays.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::test::build::{Build, Made};
use crate::test::job::Job;
use crate::test::terms::Terms;
use crate::test::times::Outcome;

pub(super) fn run(job: &Job, made: &Made, _: &Terms) -> Result<Outcome> {
    let programs = &made.of(Build::Neon)?.programs;
    ensure!(programs.len() == 2, "one binary each of core and tests, not {programs:?}");
    for program in programs {
        let mut qemu = Command::new("qemu-aarch64");
        qemu.args(["-cpu", "max", "-L", "/usr/aarch64-linux-gnu"]).arg(&program.file);
        job.run(qemu.current_dir(&program.package))?;
    }
    Ok(Outcome::Passed)
}
