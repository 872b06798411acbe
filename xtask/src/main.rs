//! The project's commands: `cargo xtask serve | build | package | wheel | manifest | test | bench | runtimes`.

mod bench;
mod hook;
mod manifest;
mod models;
mod offline;
mod package;
mod runtimes;
mod setup;
mod shell;
mod site;
mod test;
mod trainer;
mod wheel;

use anyhow::{Result, ensure};
use clap::Parser;

use crate::offline::Offline;
use crate::setup::system::Consent;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Install missing system packages without asking
    #[arg(long, global = true)]
    yes: bool,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Build the page and serve it on 127.0.0.1, rebuilding when a source changes
    Serve {
        /// The port to listen on
        #[arg(long, default_value_t = 8080)]
        port: u16,
        #[command(flatten)]
        site: Site,
    },
    /// Build the deployable static site into `dist/`
    Build(Site),
    /// Build the site, and of it the npm package's folder `target/npm/tagsight/` for other pages
    Package,
    /// Build the Python wheel into `target/wheels/`
    Wheel,
    /// Make models/manifest.json from the cards of the models there
    Manifest,
    /// Add workers and models to a page that trunk is building; trunk's hook calls this
    #[command(hide = true)]
    Stage,
    /// Run every check and test
    Test(test::Args),
    /// Measure this engine beside its peers
    Bench(bench::Args),
    /// Make programs of others' runtimes of ONNX in `target/runtimes/`, for `trainer study four-ways`
    Runtimes,
}

#[derive(clap::Args)]
struct Site {
    /// Leave the service worker out, and remove those of earlier builds from their devices
    #[arg(long)]
    without_offline: bool,
}

impl Site {
    fn offline(&self) -> Offline {
        if self.without_offline { Offline::Without } else { Offline::With }
    }
}

fn main() -> Result<()> {
    // Cargo calls the compiler through this program where lints and tests share a build.
    if let Some(code) = test::lint::as_compiler() {
        std::process::exit(code);
    }
    ensure!(
        cfg!(unix),
        "cargo xtask runs on Linux and macOS; on Windows, use it in the Windows Subsystem for Linux"
    );
    let arguments = Arguments::parse();
    let consent = if arguments.yes { Consent::Given } else { Consent::Ask };
    match arguments.command {
        Command::Serve { port, site } => site::serve(port, site.offline(), consent),
        Command::Build(site) => site::build(site.offline(), consent).map(drop),
        Command::Package => package::build(consent),
        Command::Wheel => wheel::build(consent),
        Command::Manifest => manifest::write(),
        Command::Stage => site::stage(),
        Command::Test(args) => test::run(args, consent),
        Command::Bench(args) => bench::run(args, consent),
        Command::Runtimes => runtimes::make(consent),
    }
}
