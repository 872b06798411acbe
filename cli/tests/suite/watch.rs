//! `tagsight watch`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::support::{Folder, fixture, model};

const PATIENCE: Duration = Duration::from_secs(60);
/// Longer than some looks.
const QUIET: Duration = Duration::from_millis(1500);

/// The program, and what it says.
struct Watch {
    child: Child,
    lines: Receiver<String>,
    remarks: Receiver<String>,
}

fn lines(from: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

impl Watch {
    fn of(folder: &Folder) -> Self {
        let model = model().to_str().unwrap();
        let watch = ["watch", "--every", "0.3", "--model", model, "photos"];
        let mut child = folder.command(&watch).spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        Self { child, lines: lines(stdout), remarks: lines(stderr) }
    }

    fn next(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line for a photo")
    }

    fn end(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Where a test failed.
        let _ = self.child.kill();
    }
}

#[test]
fn what_is_there_and_what_comes_is_tagged_once_it_is_whole() {
    let folder = Folder::of(&["rgb.png"]);
    let watch = Watch::of(&folder);
    assert!(watch.next().starts_with("photos/rgb.png: "));
    // A photo that is copied in parts is not touched before its end.
    let photo = fixture("baseline.jpg");
    for end in [100, 200, 300, 400, 500, photo.len()] {
        folder.put("late.jpg", &photo[..end]);
        thread::sleep(Duration::from_millis(100));
    }
    assert!(watch.next().starts_with("photos/late.jpg: "));
    assert!(watch.remarks.try_recv().is_err(), "half a photo was read");
    assert!(folder.path("late.jpg.xmp").exists());
    // A damaged one is named once.
    folder.put("cut.jpg", &photo[..200]);
    let remark = watch.remarks.recv_timeout(PATIENCE).unwrap();
    assert!(remark.starts_with("photos/cut.jpg: "), "{remark}");
    thread::sleep(QUIET);
    assert!(watch.remarks.try_recv().is_err() && watch.lines.try_recv().is_err(), "said again");
    watch.end();
}

#[test]
fn a_folder_that_goes_and_comes_back_is_waited_for() {
    let folder = Folder::of(&["rgb.png"]);
    let watch = Watch::of(&folder);
    watch.next();
    let away = folder.around.path().join("away");
    fs::rename(folder.path(""), &away).unwrap();
    let remark = watch.remarks.recv_timeout(PATIENCE).unwrap();
    assert!(remark.contains("waiting"), "{remark}");
    fs::write(away.join("new.png"), fixture("grey.png")).unwrap();
    fs::rename(&away, folder.path("")).unwrap();
    assert!(watch.remarks.recv_timeout(PATIENCE).unwrap().contains("back"));
    assert!(watch.next().starts_with("photos/new.png: "));
    assert!(folder.read(".tagsight/index.jsonl").contains("new.png"));
    watch.end();
}
