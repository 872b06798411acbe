//! The page: photos in, tags out. It never sees pixels or weights; its worker does.
//!
//! [`session`] is what the page knows and what is to be done next, free of the browser and so
//! tested natively; [`app`] joins it to the worker and to the [`view`]; every call to the browser
//! is in [`platform`], and every word that people read in [`text`].
//!
//! It is three modules: the page, the [`dialogs`] that open above it, and the [`benchmark`]. Each
//! begins at one of the functions here and has only what it leads to.

mod alike;
mod app;
mod backend;
mod benchmark;
mod build;
mod choice;
mod dialogs;
mod grid;
mod options;
mod page;
mod platform;
mod question;
mod reason;
mod session;
mod text;
mod view;

pub use dialogs::show as show_dialog;

use app::{App, Props};
use benchmark::Benchmark;
use options::Options;

/// Starts the page.
pub fn start_page() {
    yew::Renderer::<App>::with_root_and_props(platform::root(), props()).render();
}

/// Starts the benchmark.
pub fn start_benchmark() {
    yew::Renderer::<Benchmark>::with_root_and_props(platform::root(), props()).render();
}

fn props() -> Props {
    let options = Options::parse(platform::query());
    let language = platform::language(options.language);
    platform::declare(language);
    Props { options, texts: language.texts() }
}
