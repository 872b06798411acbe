//! `cargo xtask bench`.

use anyhow::{Result, bail};

/// What `bench` takes.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Fails: there is nothing behind this command yet.
pub(crate) fn run(Args {}: Args) -> Result<()> {
    bail!("not available yet")
}
