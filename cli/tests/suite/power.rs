//! Whenever the program ends, files are the old or the new ones, and the next run goes on.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{EPOCH, Folder, Run, fixture, model, slow_model};

/// How often the program is killed.
const CUTS: usize = 50;

/// Photos that take a while to be written: phones append films to them.
fn filled() -> Folder {
    let folder = Folder::of(&[]);
    let film: Vec<u8> = (0..600_000_u32).map(|at| (at.wrapping_mul(at) >> 7) as u8).collect();
    for number in 0..4 {
        let mut photo = fixture("baseline.jpg");
        photo.extend(&film);
        folder.put(&format!("{number}.jpg"), &photo);
    }
    for name in ["rgb.png", "lossy.webp", "palette.gif"] {
        folder.put(name, &fixture(name));
    }
    folder
}

fn arguments() -> Vec<&'static str> {
    vec!["tag", "--model", model().to_str().unwrap(), "--write", "embed", "photos"]
}

/// Files that are neither as they were nor as they are to be. What is to be is `None` before a file is
/// there.
fn torn(
    now: &BTreeMap<String, Vec<u8>>,
    old: &BTreeMap<String, Vec<u8>>,
    new: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let is_temporary = |name: &str| name.starts_with(".tagsight-") && name.ends_with(".tmp");
    let is_torn = |(name, content): &(&String, &Vec<u8>)| {
        !is_temporary(name) && old.get(*name) != Some(content) && new.get(*name) != Some(content)
    };
    let torn = now.iter().filter(is_torn).map(|(name, _)| name.clone());
    let gone = old.keys().filter(|name| !now.contains_key(*name)).cloned();
    torn.chain(gone).collect()
}

#[test]
fn a_power_cut_at_any_moment_leaves_old_or_new_files_and_nothing_else() {
    let whole = filled();
    let old = whole.contents();
    let start = Instant::now();
    whole.run(&arguments()).with_code(0);
    let duration = start.elapsed();
    let new = whole.contents();
    assert_eq!(new.len(), old.len() + 1, "a GIF has a sidecar");
    let mut random = fastrand::Rng::with_seed(14);
    let mut unfinished = 0;
    for cut in 0..CUTS {
        let folder = filled();
        let mut child = folder.command(&arguments()).spawn().unwrap();
        thread::sleep(duration.mul_f64(random.f64()));
        child.kill().unwrap();
        child.wait().unwrap();
        let left = folder.contents();
        assert_eq!(torn(&left, &old, &new), [""; 0], "cut {cut}");
        unfinished += usize::from(left != new);
        folder.run(&arguments()).with_code(0);
        let after = folder.contents();
        assert!(after == new, "cut {cut}: {:?}", after.keys());
    }
    assert!(unfinished > CUTS / 10, "{unfinished} of {CUTS} were cut while at work");
    // Negative control: half a file is noticed.
    let mut half = new.clone();
    half.get_mut("0.jpg").unwrap().truncate(5000);
    assert_eq!(torn(&half, &old, &new), ["0.jpg"]);
}

/// The system ends the program while it writes beyond so many blocks of a file: in the middle of it.
#[cfg(target_os = "linux")]
#[test]
fn a_cut_within_a_file_leaves_the_old_one() {
    let whole = filled();
    let old = whole.contents();
    whole.run(&arguments()).with_code(0);
    let new = whole.contents();
    let mut cut_short = 0;
    for blocks in [0, 1, 2, 8, 64, 500, 1000] {
        let folder = filled();
        let script = format!("ulimit -c 0; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_tagsight")])
            .args(arguments())
            .current_dir(folder.around.path())
            .env("SOURCE_DATE_EPOCH", EPOCH)
            .stdout(Stdio::null())
            .output()
            .unwrap();
        assert!(!output.status.success(), "{blocks} blocks");
        let left = folder.contents();
        assert_eq!(torn(&left, &old, &new), [""; 0], "{blocks} blocks");
        cut_short += left.keys().filter(|name| name.ends_with(".tmp")).count();
        folder.run(&arguments()).with_code(0);
        assert!(folder.contents() == new, "{blocks} blocks");
    }
    assert!(cut_short > 0, "some were cut while a file was written");
}

/// How many photos there are to be interrupted among.
const MANY: usize = 150;
/// One after the other, slowly.
const SLOWLY: [&str; 6] = ["tag", "--jobs", "1", "--model", "slow.safetensors", "photos"];

fn many() -> Folder {
    let folder = Folder::of(&[]);
    std::fs::write(folder.around.path().join("slow.safetensors"), slow_model()).unwrap();
    for number in 0..MANY {
        // Different pictures, so that each has to be asked for.
        let mut photo = fixture("windows.bmp");
        let end = photo.len();
        photo[end - 4..end - 2].copy_from_slice(&(number as u16).to_le_bytes());
        folder.put(&format!("{number:03}.bmp"), &photo);
    }
    folder
}

/// How often the index has each photo.
fn lines(folder: &Folder) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for line in folder.read(".tagsight/index.jsonl").lines() {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        if let Some(path) = line["photo"]["path"].as_str() {
            *lines.entry(path.to_owned()).or_default() += 1;
        }
    }
    lines
}

fn wait_for_some(folder: &Folder) {
    let end = Instant::now() + Duration::from_secs(60);
    let index = folder.path(".tagsight/index.jsonl");
    while !(std::fs::read_to_string(&index).is_ok_and(|text| text.lines().count() >= 8)) {
        assert!(Instant::now() < end, "nothing is tagged");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn what_was_killed_goes_on_where_it_was() {
    let folder = many();
    let mut child = folder.command(&SLOWLY).stdout(Stdio::null()).spawn().unwrap();
    wait_for_some(&folder);
    child.kill().unwrap();
    child.wait().unwrap();
    let done = lines(&folder);
    assert!(done.len() < MANY, "it was killed after the end");
    let run = folder.run(&SLOWLY).with_code(0);
    assert_eq!(run.lines().len(), MANY);
    let after = lines(&folder);
    assert_eq!(after.len(), MANY);
    assert!(after.values().all(|&times| times == 1), "none was done twice");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_130_and_the_next_run_goes_on() {
    let folder = many();
    let child = folder.command(&SLOWLY).spawn().unwrap();
    wait_for_some(&folder);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let run = Run::of(child.wait_with_output().unwrap()).with_code(130);
    assert!(run.stderr.contains("interrupted"), "{}", run.stderr);
    let told = run.lines().len();
    assert!((1..MANY).contains(&told), "{told} photos were told");
    assert_eq!(lines(&folder).len(), told, "all that was done is told");
    folder.run(&SLOWLY).with_code(0);
    assert!(lines(&folder).values().all(|&times| times == 1));
}

#[test]
fn what_an_earlier_run_left_halfway_goes() {
    let folder = Folder::of(&["rgb.png"]);
    for place in ["", "deep/", ".tagsight/"] {
        folder.put(&format!("{place}.tagsight-17-3.tmp"), b"half");
    }
    folder.put("deep/.tagsight-notes.txt", b"somebody's");
    folder.tag(&["--dry-run"]).with_code(0);
    assert!(folder.path(".tagsight-17-3.tmp").exists(), "a dry run touches nothing");
    folder.tag(&[]).with_code(0);
    let files = folder.snapshot();
    let left: Vec<&String> = files.keys().filter(|name| name.ends_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(files.contains_key("deep/.tagsight-notes.txt"));
}
