//! What the commands say of themselves.

use std::process::Command;

const COMMANDS: [&str; 15] = [
    "config",
    "crops",
    "train",
    "distil",
    "status",
    "export",
    "import",
    "thresholds",
    "evaluate",
    "point",
    "analyse",
    "card",
    "tag",
    "bench",
    "study",
];

/// The help of the trainer, or of one of its commands.
fn help(command: &[&str]) -> String {
    let mut trainer = Command::new(env!("CARGO_BIN_EXE_trainer"));
    let output = trainer.args(command).arg("--help").output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn snapshot_of_the_help() {
    insta::assert_snapshot!("trainer", help(&[]));
    for command in COMMANDS {
        insta::assert_snapshot!(format!("trainer_{command}"), help(&[command]));
    }
    for study in ["matrix", "video"] {
        insta::assert_snapshot!(format!("trainer_study_{study}"), help(&["study", study]));
    }
}
