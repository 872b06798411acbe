//! What the command says of itself.

use std::process::Command;

/// The help of the command, or of one of its subcommands.
fn help(subcommand: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagsight"));
    let output = command.args(subcommand).arg("--help").output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn snapshot_of_the_help() {
    insta::assert_snapshot!("tagsight", help(&[]));
    for subcommand in ["tag", "find", "duplicates", "watch", "why"] {
        insta::assert_snapshot!(format!("tagsight_{subcommand}"), help(&[subcommand]));
    }
}
