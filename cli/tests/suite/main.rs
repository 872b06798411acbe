//! `tagsight` as people start it, on copies of the fixtures' photos and with a network of random
//! weights.

mod duplicates;
mod find;
mod help;
mod power;
mod support;
mod tag;
#[cfg(unix)]
mod watch;
mod why;
