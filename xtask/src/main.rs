//! The project's commands: `cargo xtask serve | build | manifest | test | bench`.

mod bench;
mod manifest;
mod model;
mod python;
mod shell;
mod site;
mod test;
mod tools;
mod webgpu;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's commands")]
enum Command {
    /// Build the page and serve it on 127.0.0.1, rebuilding when a source changes.
    Serve {
        /// The port to listen on.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build the deployable static site into `dist/`.
    Build,
    /// Make models/manifest.json from the cards of the models there.
    Manifest,
    /// Add workers and models to a page that trunk is building; trunk's hook calls this.
    #[command(hide = true)]
    Stage,
    /// Run every check and test.
    Test(test::Args),
    /// Measure this engine beside its peers.
    Bench(bench::Args),
}

fn main() -> Result<()> {
    match Command::parse() {
        Command::Serve { port } => site::serve(port),
        Command::Build => site::build().map(drop),
        Command::Manifest => manifest::write(),
        Command::Stage => site::stage(),
        Command::Test(args) => test::run(args),
        Command::Bench(args) => bench::run(args),
    }
}
