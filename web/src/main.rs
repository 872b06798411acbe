//! The page: photos in, tags out. It never sees pixels or weights; its worker does.
//!
//! [`session`] is what the page knows and what is to be done next, free of the browser and so
//! tested natively; [`app`] joins it to the worker and to the [`view`]; every call to the browser
//! is in [`platform`], and every word that people read in [`text`].

mod app;
mod benchmark;
mod choice;
mod engine;
mod grid;
mod options;
mod page;
mod platform;
mod reason;
mod session;
mod text;
mod view;

use app::{App, Props};
use benchmark::Benchmark;
use options::Options;

fn main() {
    let (path, query) = platform::address();
    let options = Options::parse(&path, query);
    let root = platform::root();
    let is_benchmark = options.benchmark;
    let language = platform::language(options.language);
    platform::declare(language);
    let props = Props { options, texts: language.texts() };
    if is_benchmark {
        yew::Renderer::<Benchmark>::with_root_and_props(root, props).render();
    } else {
        yew::Renderer::<App>::with_root_and_props(root, props).render();
    }
}
