//! The page's knowledge against what workers and users do to it.

use tagsight_protocol::{Backend, GpuUse, ManifestModel, Tagging, VERSION};

use super::*;
use crate::choice;
use crate::session::Command;

const LABELS: [&str; 2] = ["dog", "cat"];

fn page() -> Page {
    let mut page = Page::new(Session::new(None, None, GpuUse::Never, 1));
    page.session.open();
    page.session.next_command();
    let models: Vec<Rc<ManifestModel>> = choice::example(&["resnet18"]);
    page.session.listed(Ok(models));
    assert_eq!(page.session.next_command(), Some(Command::Start));
    page.reply(Reply::Started { backend: Backend::WasmSimd, version: VERSION });
    page.session.next_command();
    let thresholds = vec![0.5; LABELS.len()];
    let (_, changes) = page.reply(Reply::Loaded(Model {
        name: "resnet18".into(),
        sha256: "aa".into(),
        bytes: 1,
        labels: LABELS.map(String::from).into(),
        thresholds: tagsight_protocol::Thresholds {
            sure: thresholds.clone(),
            balanced: thresholds.clone(),
            more: thresholds,
        },
        at_least: Default::default(),
        load_millis: 1.0,
        wasm_bytes: 1,
        threads: 1,
    }));
    assert!(changes.settings, "what the model's scores mean is kept");
    page
}

fn files(names: &[&str]) -> Vec<FileFacts> {
    let facts = |name: &&str| FileFacts { name: (*name).to_owned(), bytes: 1, modified: 0.0 };
    names.iter().map(facts).collect()
}

/// The worker answers that a job's photo has this identity and these scores, and it is kept.
fn tag(page: &mut Page, job: u32, identity: &str, scores: [f32; 2]) -> Option<Keep> {
    let Answer::Keep(keep) = answer(page, job, identity, scores) else { return None };
    page.kept(job);
    Some(keep)
}

/// The same without its being kept.
fn answer(page: &mut Page, job: u32, identity: &str, scores: [f32; 2]) -> Answer {
    page.session.next_command();
    let tagging = Tagging {
        identity: identity.into(),
        width: 4,
        height: 3,
        hash: String::new(),
        taken: String::new(),
        keywords: Vec::new(),
        scores: scores.into(),
        backend: Backend::WasmSimd,
        decoder: Decoder::Own { orientation: 6 },
        decode_millis: 1.0,
        inference_millis: 1.0,
    };
    let reply = Reply::Tagged { id: job, outcome: Ok(tagging), wasm_bytes: 1 };
    page.reply(reply).0
}

fn tags(page: &Page, key: u32) -> Vec<String> {
    let photo = page.photo(key).expect("a photo");
    page.library.tags(&photo.id).iter().map(|tag| tag.key.to_string()).collect()
}

#[test]
fn a_photo_keeps_the_key_of_its_job_and_its_place() {
    let mut page = page();
    let jobs = page.add(files(&["a", "b", "c"]), 1.0);
    assert_eq!(*page.order(), *jobs);
    for (job, identity) in jobs.iter().zip(["3", "1", "2"]) {
        assert!(tag(&mut page, *job, identity, [0.9, 0.1]).is_some());
        assert_eq!(*page.order(), *jobs, "nothing moves");
    }
    assert!(matches!(page.item(jobs[1]), Some(Item::Photo(photo)) if photo.name == "b"));
    assert_eq!(tags(&page, jobs[0]), ["dog"]);
}

#[test]
fn what_came_last_is_on_top() {
    let mut page = page();
    let old = page.add(files(&["a", "b"]), 1.0);
    tag(&mut page, old[0], "1", [0.9, 0.1]);
    tag(&mut page, old[1], "2", [0.9, 0.1]);
    let new = page.add(files(&["c", "d"]), 2.0);
    assert_eq!(*page.order(), [new[0], new[1], old[0], old[1]]);
}

#[test]
fn a_photo_that_comes_again_is_itself_with_what_was_decided() {
    let mut page = page();
    let first = page.add(files(&["a"]), 1.0)[0];
    let id = tag(&mut page, first, "1", [0.9, 0.1]).unwrap().id;
    page.library.remove_tag(std::slice::from_ref(&id), "dog");
    page.library.add_tag(&[id], "Rex");
    let again = page.add(files(&["a (tagged).jpg"]), 2.0)[0];
    tag(&mut page, again, "1", [0.95, 0.9]);
    assert_eq!(*page.order(), [again], "it is one photo");
    assert_eq!(tags(&page, again), ["Rex", "cat"]);
    assert_eq!(page.photo(again).unwrap().name, "a (tagged).jpg");
}

#[test]
fn twins_in_one_batch_are_one_photo() {
    let mut page = page();
    let jobs = page.add(files(&["a", "copy of a"]), 1.0);
    tag(&mut page, jobs[0], "1", [0.9, 0.1]);
    tag(&mut page, jobs[1], "1", [0.9, 0.1]);
    assert_eq!(*page.order(), [jobs[1]]);
}

#[test]
fn a_result_that_was_asked_for_before_a_reset_is_dropped() {
    let mut page = page();
    let key = page.add(files(&["a"]), 1.0)[0];
    let id = tag(&mut page, key, "1", [0.9, 0.1]).unwrap().id;
    page.tag_again(&[key]);
    page.library.remove_auto(std::slice::from_ref(&id));
    tag(&mut page, key, "1", [0.9, 0.9]);
    assert_eq!(tags(&page, key), [""; 0]);
    page.tag_again(&[key]);
    tag(&mut page, key, "1", [0.9, 0.9]);
    assert_eq!(tags(&page, key), ["dog", "cat"]);
}

#[test]
fn a_file_that_is_another_photo_by_now_changes_neither() {
    let mut page = page();
    let key = page.add(files(&["a"]), 1.0)[0];
    tag(&mut page, key, "1", [0.9, 0.1]);
    page.tag_again(&[key]);
    let answer = answer(&mut page, key, "2", [0.1, 0.9]);
    assert!(matches!(answer, Answer::OtherPhoto(job) if job == key), "{answer:?}");
    assert_eq!(page.withdraw(key), files(&["a"]).pop());
    assert!(!page.session.is_busy());
    assert_eq!((page.library.photos().len(), &*page.order()), (1, &[key][..]));
    assert_eq!(tags(&page, key), ["dog"], "it is as it was");
}

#[test]
fn what_is_known_of_a_file_is_what_it_is_when_it_is_opened() {
    let mut page = page();
    let key = page.add(files(&["a"]), 1.0)[0];
    tag(&mut page, key, "1", [0.9, 0.1]);
    page.tag_again(&[key]);
    assert!(page.session.next_command().is_some());
    let facts = FileFacts { name: "a (tagged)".to_owned(), bytes: 7, modified: 5.0 };
    assert!(page.opened(key, facts));
    tag(&mut page, key, "1", [0.9, 0.1]);
    let photo = page.photo(key).unwrap();
    assert_eq!((&*photo.name, photo.bytes, photo.modified), ("a (tagged)", 7, 5.0));
}

#[test]
fn only_what_matches_is_shown_and_stays_chosen() {
    let mut page = page();
    let jobs = page.add(files(&["a", "b", "c"]), 1.0);
    tag(&mut page, jobs[0], "1", [0.9, 0.1]);
    tag(&mut page, jobs[1], "2", [0.1, 0.9]);
    page.selection.choose_all(&page.order());
    page.find("고양".into());
    assert_eq!(*page.order(), [jobs[1]]);
    assert_eq!(page.selection.chosen().iter().copied().collect::<Vec<_>>(), [jobs[1]]);
    page.find(String::new());
    page.toggle_filter("dog");
    assert_eq!(*page.order(), [jobs[0]]);
    assert_eq!(*page.counts(), [("dog".into(), 1)]);
    page.toggle_filter("dog");
    assert_eq!(page.order().len(), 3, "what waits is shown again");
}

#[test]
fn photos_that_are_deleted_come_back_where_they_were() {
    let mut page = page();
    let jobs = page.add(files(&["a", "b"]), 1.0);
    let id = tag(&mut page, jobs[0], "1", [0.9, 0.1]).unwrap().id;
    tag(&mut page, jobs[1], "2", [0.9, 0.1]);
    page.library.delete(&[id]);
    page.changed();
    assert_eq!(*page.order(), [jobs[1]]);
    page.library.undo();
    page.changed();
    assert_eq!(*page.order(), *jobs);
}
