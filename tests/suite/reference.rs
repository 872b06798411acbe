//! Other programs' pictures beside ours, as binary PNMs.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs a program that reads all of its input before it writes.
///
/// # Panics
/// If it is not there; `package` is Debian's that has it.
pub(crate) fn pipe(program: &str, package: &str, arguments: &[&str], input: &[u8]) -> Output {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|_| panic!("{program} is absent: install {package}"));
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// Pixels of one or three channels.
pub(crate) fn pnm(channels: usize, width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
    let kind = if channels == 1 { 5 } else { 6 };
    [format!("P{kind}\n{width} {height}\n255\n").as_bytes(), pixels].concat()
}

/// The largest difference of two pictures' levels; `None` if their sizes differ.
pub(crate) fn levels_off(left: &[u8], right: &[u8]) -> Option<u8> {
    let differences = left.iter().zip(right).map(|(a, b)| a.abs_diff(*b));
    if left.len() == right.len() { differences.max() } else { None }
}
