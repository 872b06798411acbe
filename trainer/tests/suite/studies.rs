//! Studies in miniature, by the command.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tagsight_core::Artifact;

/// Runs the study, and gives what it prints.
fn study(name: &str, out: &Path, further: &[&str]) -> String {
    let mut trainer = Command::new(env!("CARGO_BIN_EXE_trainer"));
    let output = trainer.args(["study", name, "--quick", "--out"]).arg(out).args(further);
    let output = output.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The report's values without what was timed.
fn without_times(out: &Path) -> Value {
    let json = fs::read(out.join("report.json")).unwrap();
    let mut report: Value = serde_json::from_slice(&json).unwrap();
    for section in report["sections"].as_array_mut().unwrap() {
        let blocks = section["blocks"].as_array_mut().unwrap();
        blocks.retain(|block| block["plot"]["kind"] != "time" && block.get("occasion").is_none());
        for table in blocks.iter_mut().filter_map(|block| block.get_mut("table")) {
            let columns = table["columns"].as_array().unwrap().clone();
            for row in table["rows"].as_array_mut().unwrap() {
                let cells = row.as_array_mut().unwrap();
                for (cell, column) in cells.iter_mut().zip(&columns) {
                    if column["kind"] == "time" {
                        *cell = Value::Null;
                    }
                }
            }
        }
    }
    report
}

/// Logits' signal to noise of the rows whose first cells are these.
fn decibels(report: &Value, wanted: [&str; 4]) -> f64 {
    let blocks = report["sections"][1]["blocks"].as_array().unwrap();
    let table = blocks.iter().find_map(|block| block.get("table")).unwrap();
    let rows = table["rows"].as_array().unwrap().iter();
    let mut found = rows.filter(|row| (0..4).all(|cell| row[cell]["text"] == wanted[cell]));
    let row = found.next().unwrap_or_else(|| panic!("there is no {wanted:?}"));
    assert!(found.next().is_none(), "each cell is there once");
    row[6]["number"]["value"].as_f64().unwrap()
}

#[test]
fn the_matrix_is_the_same_each_time_but_for_times_and_goes_on_where_it_stopped() {
    let _alone = crate::fit_alone();
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    let said = study("matrix", &first, &[]);
    assert!(said.contains("0 taken from before"), "{said}");
    let report = without_times(&first);
    // One result is lost, and another was of other settings.
    fs::create_dir(&second).unwrap();
    fs::create_dir(second.join("cells")).unwrap();
    let cells = fs::read_dir(first.join("cells")).unwrap().map(|entry| entry.unwrap().path());
    let cells: Vec<_> = cells.collect();
    for cell in &cells {
        let mut text = fs::read_to_string(cell).unwrap();
        let name = cell.file_name().unwrap();
        match name.to_str().unwrap() {
            "w3a7-channel-photos-naive.json" => continue,
            "w8a7-tensor-random-corrected.json" => {
                text = text.replace("\"digest\": \"", "\"digest\": \"0");
            }
            _ => (),
        }
        fs::write(second.join("cells").join(name), text).unwrap();
    }
    let said = study("matrix", &second, &[]);
    let expected = format!("2 results made, {} taken from before", cells.len() - 2);
    assert!(said.contains(&expected), "{said}");
    assert_eq!(without_times(&second), report);
    // A bit of a weight is worth its decibels, and an artifact is left that runs.
    let of = |bits| decibels(&report, [bits, "naive", "channel", "photos"]);
    assert!(of("W3A7") + 5.0 < of("W8A7"), "{} {}", of("W3A7"), of("W8A7"));
    let mixed = fs::read(first.join("mixed-70/model.safetensors")).unwrap();
    Artifact::read(&mixed).unwrap();
    let csv = fs::read_to_string(first.join("matrix.csv")).unwrap();
    assert!(csv.starts_with("bits,method,scale per,calibrated on,"), "{csv}");
    // The negative control: with another seed other figures come out.
    let config = folder.path().join("seed.toml");
    fs::write(
        &config,
        "seed = 5\ngranularities = [\"channel\"]\nmethods = [\"naive\"]\n[qat]\nweights = []\n",
    )
    .unwrap();
    let other = folder.path().join("other");
    study("matrix", &other, &["--config", config.to_str().unwrap()]);
    let wanted = ["W8A7", "naive", "channel", "random"];
    assert_ne!(decibels(&without_times(&other), wanted), decibels(&report, wanted));
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("matrix.toml");
    for (text, expected) in [
        ("weights = [1]", "weights must be 2 to 16"),
        ("wights = [4]", "wights"),
        ("[qat]\nepochs = 0", "qat.epochs must be at least 1"),
    ] {
        fs::write(&config, text).unwrap();
        let mut trainer = Command::new(env!("CARGO_BIN_EXE_trainer"));
        let trainer = trainer.args(["study", "matrix", "--quick", "--config"]).arg(&config);
        let output = trainer.arg("--out").arg(folder.path().join("out")).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(expected), "{errors}");
    }
}

#[test]
fn the_study_of_videos_is_the_same_each_time_but_for_times_and_keeps_what_it_found() {
    let _alone = crate::fit_alone();
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    let said = study("video", &first, &[]);
    assert!(said.contains("1 results made, 0 taken from before"), "{said}");
    assert!(said.contains("Mean absolute error of EF"), "{said}");
    let report = without_times(&first);
    study("video", &second, &[]);
    assert_eq!(without_times(&second), report);
    let said = study("video", &first, &[]);
    assert!(said.contains("0 results made, 1 taken from before"), "{said}");
    // A line a network; those of integers differ from that of floats, but not by much.
    let errors = fs::read_to_string(first.join("errors-0.csv")).unwrap();
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(lines.len(), 1 + 4, "{errors}");
    assert!(lines[1].starts_with("float32") && lines[2].contains("INT8"), "{errors}");
    let cost = fs::read_to_string(first.join("cost.csv")).unwrap();
    assert_eq!(cost.lines().count(), 1 + 3, "{cost}");
}

/// The rows of a table that is a CSV file, without its header.
fn rows(out: &Path, name: &str) -> Vec<String> {
    let csv = fs::read_to_string(out.join(name)).unwrap();
    csv.lines().skip(1).map(String::from).collect()
}

#[test]
fn the_study_of_a_folder_is_the_same_each_time_but_for_times_and_keeps_what_it_found() {
    let _alone = crate::fit_alone();
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    let said = study("folder", &first, &[]);
    // The crops, the photos, two ways with two seeds each, and the networks.
    assert!(said.contains("7 results made, 0 taken from before"), "{said}");
    let report = without_times(&first);
    study("folder", &second, &[]);
    // Both drew pills of their own, which lie in other folders.
    let text = |out: &Path| serde_json::to_string(&without_times(out)).unwrap();
    let [one, other] = [&first, &second].map(|out| text(out).replace(out.to_str().unwrap(), "OUT"));
    assert_eq!(one, other);
    fs::remove_file(first.join("cells/run-minority-1.json")).unwrap();
    let said = study("folder", &first, &[]);
    assert!(said.contains("1 results made, 6 taken from before"), "{said}");
    assert_eq!(without_times(&first), report);
    // Every class, every way, every network; and a photo twice, before and after, with a map each.
    let classes = rows(&first, "classes.csv").len();
    assert!(classes >= 4);
    assert_eq!((rows(&first, "ways.csv").len(), rows(&first, "networks.csv").len()), (2, 4));
    assert_eq!(rows(&first, "networks-by-class.csv").len(), classes);
    let sections = report["sections"].as_array().unwrap();
    let looks = sections.iter().find(|section| section["title"] == "Where networks look").unwrap();
    let pictures = looks["blocks"][1]["pictures"].as_array().unwrap();
    assert_eq!(pictures.len(), 2 * 4);
    for pair in pictures.chunks(2) {
        assert_eq!(pair[0]["bytes"], pair[1]["bytes"]);
        for picture in pair {
            assert_eq!(picture["heat"]["cells"].as_array().unwrap().len(), 2 * 2);
        }
    }
    let differs = |pair: &[Value]| pair[0]["heat"] != pair[1]["heat"];
    assert!(pictures.chunks(2).any(differs), "fitting changes where a network looks");
}

#[test]
fn a_network_is_the_same_four_ways_and_runtimes_that_fail_are_named() {
    let _alone = crate::fit_alone();
    let folder = tempfile::tempdir().unwrap();
    let runtimes = folder.path().join("runtimes");
    fs::create_dir(&runtimes).unwrap();
    let broken = runtimes.join("runtime-broken");
    fs::copy("/bin/false", &broken).unwrap();
    let out = folder.path().join("out");
    let said = study("four-ways", &out, &["--runtimes", runtimes.to_str().unwrap()]);
    assert!(said.contains("own float32") && said.contains("own INT8"), "{said}");
    let quality = rows(&out, "quality.csv");
    assert!(quality[0].contains("own float32") && quality[1].contains("own INT8"));
    let absent = rows(&out, "absent.csv");
    let of_broken = absent.iter().filter(|row| row.contains(",broken,")).count();
    // Floats and two forms of integers; there is no quantiser, so that its two files are not there.
    assert_eq!(of_broken, 3, "{absent:?}");
    let without = absent.iter().filter(|row| row.contains("its quantiser is not in --runtimes"));
    assert_eq!(without.count(), 2, "{absent:?}");
    let size = |row: &str| row.split(',').nth_back(4).unwrap().parse::<f64>().unwrap();
    let cost = rows(&out, "cost.csv");
    let of = |way: &str| size(cost.iter().find(|row| row.contains(way)).unwrap());
    assert!(of("own INT8") < 0.4 * of("own float32"), "{cost:?}");
    Artifact::read(&fs::read(out.join("files/integers/model.safetensors")).unwrap()).unwrap();
    let report = without_times(&out);
    let sections = report["sections"].as_array().unwrap();
    let boxes = sections.iter().find(|section| section["title"] == "Photos and boxes").unwrap();
    let pictures = boxes["blocks"][1]["pictures"].as_array().unwrap();
    assert!(!pictures.is_empty());
    for picture in pictures {
        assert!(!picture["marked"].as_array().unwrap().is_empty());
    }
}
