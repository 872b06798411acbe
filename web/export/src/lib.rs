//! Takes tags out of the page: into sidecars and photos, an archive, a table, another program. A module of
//! its own, which nobody downloads before it is of use. What becomes of a photo it asks of the module that
//! reads and writes keywords (`tagsight-keywords`).
//!
//! What is written, how it is called and what is said of it is worked out here without a browser, and so
//! tested natively; the dialog and the browser's files are only in browsers.

pub mod act;
pub mod choices;
pub mod names;
pub mod record;
pub mod table;
pub mod text;
pub mod wanted;
pub mod zip;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
pub mod dialog;
