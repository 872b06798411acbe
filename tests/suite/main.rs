//! Tests that need a host: files of the checkout, other programs.

mod checkout;
mod circles;
mod dependencies;
mod djpeg;
mod dwebp;
mod graphs;
mod keywords;
mod logits;
mod readme;
mod reference;
mod sources;
