//! Ctrl-C, as a shell sends it to `trainer train`.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tagsight_train::checkpoint::Checkpoint;
use tagsight_train::watch::LOG;

use crate::photos::PaintedPhotos;

/// Far more than a slow machine takes for an epoch of a dozen small photos.
const PATIENCE: Duration = Duration::from_secs(600);
const TRAIN: [&str; 11] = [
    "train",
    "--model",
    "resnet18",
    "--config",
    "run.toml",
    "--images",
    "photos",
    "--annotations",
    "instances.json",
    "--out",
    "run",
];

#[test]
fn ctrl_c_saves_a_checkpoint_that_resumes() {
    let photos = PaintedPhotos::new(12);
    let settings = "side = 32\nepochs = 10000\nbatch_size = 2\nholdout = 0.4\n";
    std::fs::write(photos.folder().join("run.toml"), settings).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .current_dir(photos.folder())
        .args(TRAIN)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = photos.folder().join("run").join(LOG);
    wait_for_rows(&log, 1);
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{errors}");
    assert!(errors.contains("--resume run/last.safetensors"), "{errors}");

    let last = photos.folder().join("run/last.safetensors");
    let epoch = Checkpoint::read(&last).unwrap().metadata.epoch;
    assert!(epoch > 0 && rows(&log) == epoch, "{errors}");
    let next = (epoch + 1).to_string();
    let resume = ["--resume", "run/last.safetensors", "--stop-after", &next];
    crate::commands::succeed(&photos, &[&TRAIN[..], &resume].concat());
    assert_eq!(rows(&log), epoch + 1);
    assert_eq!(Checkpoint::read(&last).unwrap().metadata.epoch, epoch + 1);
}

#[test]
fn a_run_goes_on_by_itself_and_tells_where_it_stands() {
    let photos = PaintedPhotos::new(12);
    let settings = "side = 32\nepochs = 2\nbatch_size = 2\nholdout = 0.4\n";
    std::fs::write(photos.folder().join("run.toml"), settings).unwrap();
    let train = [&TRAIN[..], &["--resume", "auto"]].concat();
    let status = || crate::commands::succeed(&photos, &["status", "run", "--json"]);
    crate::commands::fail(&photos, &["status", "run"]);

    // There is nothing to go on from.
    crate::commands::succeed(&photos, &[&train[..], &["--stop-after", "1"]].concat());
    let told: Value = serde_json::from_str(&status()).unwrap();
    assert_eq!((&told["state"], &told["epochs_done"]), (&"interrupted".into(), &1.into()));
    assert!(told["seconds_left"].as_f64().unwrap() > 0.0, "{told}");

    for _ in 0..2 {
        crate::commands::succeed(&photos, &train);
        let last = Checkpoint::read(&photos.folder().join("run/last.safetensors")).unwrap();
        assert_eq!(last.metadata.epoch, 2);
        let told: Value = serde_json::from_str(&status()).unwrap();
        assert_eq!((&told["state"], &told["steps_done"]), (&"finished".into(), &told["steps"]));
        let said = crate::commands::succeed(&photos, &["status", "run"]);
        assert_eq!(said.trim_end(), "run: 2 of 2 epochs, 100 %; finished");
    }
    assert_eq!(rows(&photos.folder().join("run").join(LOG)), 2);
}

/// What Ctrl-C does in a terminal.
fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(status.unwrap().success());
}

fn wait_for_rows(log: &Path, count: usize) {
    let start = Instant::now();
    while rows(log) < count {
        assert!(start.elapsed() < PATIENCE, "no epoch ended");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Epochs in a log, which may not be there yet.
fn rows(log: &Path) -> usize {
    std::fs::read_to_string(log).map_or(0, |text| text.lines().count().saturating_sub(1))
}
