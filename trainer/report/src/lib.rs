//! A study's report: plain values, and what is written of them.
//!
//! A [`Report`] has sections of paragraphs, tables, plots and pictures. [`Report::write`] leaves it in a
//! folder as one page that needs nothing else (`report.html`), as the same values (`report.json`), and
//! each table as CSV. The same values always give the same bytes; what was timed is marked
//! ([`Kind::Time`]), so that two runs compare but for times ([`Report::digest`]).

mod escape;
mod files;
mod html;
mod kind;
mod pareto;
mod picture;
mod plot;
mod report;
mod svg;
mod table;

pub use files::{HTML, JSON};
pub use kind::Kind;
pub use pareto::pareto_front;
pub use picture::{Heat, Marked, Media, Picture};
pub use plot::{Axis, Bar, Drawing, Matrix, Plot, Point, Scale, Series};
pub use report::{Block, Report, Section};
pub use table::{Best, Cell, Column, Table};
