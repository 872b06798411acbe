//! The page: photos in, tags out. It never sees pixels or weights; its worker does.
//!
//! [`session`] is what the page knows and what is to be done next, free of the browser and so
//! tested natively; [`app`] joins it to the worker and to the [`view`]; every call to the browser
//! is in [`platform`].

mod app;
mod benchmark;
mod choice;
mod engine;
mod options;
mod platform;
mod session;
mod text;
mod view;

use app::App;
use benchmark::Benchmark;
use options::Options;

fn main() {
    let (path, query) = platform::address();
    let options = Options::parse(&path, query);
    let root = platform::root();
    if options.benchmark {
        yew::Renderer::<Benchmark>::with_root_and_props(root, options.into()).render();
    } else {
        yew::Renderer::<App>::with_root_and_props(root, options.into()).render();
    }
}
