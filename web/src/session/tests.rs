//! The session against everything that users and workers do to it.

use tagsight_protocol::Merit;

use super::*;

fn model() -> Model {
    Model {
        name: "resnet18".into(),
        sha256: "00".into(),
        bytes: 11_000_000,
        labels: vec!["dog".into()],
        thresholds: tagsight_protocol::Thresholds::default(),
        at_least: Default::default(),
        load_millis: 1.0,
        wasm_bytes: 1 << 20,
        threads: 1,
    }
}

fn tagged(id: u32) -> Reply {
    let tagging = Tagging {
        identity: "00".into(),
        width: 4,
        height: 3,
        hash: String::new(),
        taken: String::new(),
        keywords: Vec::new(),
        scores: vec![0.25],
        backend: Backend::WasmSimd,
        decoder: tagsight_protocol::Decoder::Own { orientation: 1 },
        decode_millis: 10.0,
        inference_millis: 30.0,
    };
    Reply::Tagged { id, outcome: Ok(tagging), wasm_bytes: 1 << 20 }
}

pub(super) fn new() -> Session {
    let mut session = Session::new(None, None, GpuUse::Never, 1);
    session.open();
    session
}

/// The worker tags a photo, and the library keeps it.
fn keep(session: &mut Session, id: u32) {
    let tagged = session.reply(tagged(id)).expect("the photo was not dropped");
    assert_eq!(tagged.id, id);
    session.kept(id);
}

pub(super) fn list(session: &mut Session) {
    assert_eq!(session.next_command(), Some(Command::List));
    session.listed(Ok(choice::example(&["resnet50", "resnet18"])));
}

pub(super) fn load(session: &mut Session, name: &str) {
    assert_eq!(session.next_command(), Some(Command::Start));
    assert_eq!(session.next_command(), None);
    session
        .reply(Reply::Started { backend: Backend::WasmSimd, version: tagsight_protocol::VERSION });
    let Some(Command::Send(Request::Load { file, .. })) = session.next_command() else {
        panic!("the worker has nothing to load");
    };
    assert_eq!(file.name, name);
    assert_eq!(session.next_command(), None);
    session.reply(Reply::Loaded(model()));
}

pub(super) fn start(session: &mut Session) {
    load(session, "resnet18");
}

fn ready() -> Session {
    let mut session = new();
    list(&mut session);
    start(&mut session);
    session
}

fn states(session: &Session) -> Vec<&'static str> {
    let name = |job: &Rc<Job>| match job.state {
        JobState::Queued => "queued",
        JobState::Working => "working",
        JobState::Saving => "saving",
        JobState::Failed(_) => "failed",
    };
    session.jobs.iter().map(name).collect()
}

fn tag(id: u32) -> Option<Command> {
    Some(Command::Send(Request::Tag { id }))
}

#[test]
fn photos_wait_for_the_model_and_go_one_at_a_time() {
    let mut session = new();
    let ids: Vec<u32> = ["a", "b"].map(|name| session.add(name.into(), 1)).into();
    list(&mut session);
    start(&mut session);
    assert_eq!(session.next_command(), tag(ids[0]));
    assert_eq!(session.next_command(), None);
    assert_eq!(states(&session), ["working", "queued"]);
    keep(&mut session, ids[0]);
    assert_eq!(session.next_command(), tag(ids[1]));
    assert_eq!(states(&session), ["working"]);
    keep(&mut session, ids[1]);
    assert_eq!(session.next_command(), None);
    assert_eq!((session.progress(), session.millis_each()), ((2, 2), Some(40.0)));
}

#[test]
fn a_photo_that_fails_harms_no_other() {
    let mut session = ready();
    let ids: Vec<u32> = ["a", "b"].map(|name| session.add(name.into(), 1)).into();
    assert_eq!(session.next_command(), tag(ids[0]));
    let outcome = Err(PhotoProblem::NotAPhoto);
    session.reply(Reply::Tagged { id: ids[0], outcome, wasm_bytes: 0 });
    assert_eq!(session.next_command(), tag(ids[1]));
    assert_eq!(states(&session), ["failed", "working"]);
    assert_eq!((session.failures().count(), session.progress()), (1, (1, 2)));
}

#[test]
fn a_crash_fails_one_photo_and_starts_the_worker_again() {
    let mut session = ready();
    let ids: Vec<u32> = ["a", "b"].map(|name| session.add(name.into(), 1)).into();
    assert_eq!(session.next_command(), tag(ids[0]));
    session.crashed("unreachable".into());
    assert_eq!(states(&session), ["failed", "queued"]);
    start(&mut session);
    assert_eq!(session.next_command(), tag(ids[1]));
}

#[test]
fn a_crash_before_the_model_is_ready_waits_for_the_user() {
    let mut session = new();
    list(&mut session);
    session.next_command();
    session.crashed("404".into());
    assert_eq!(session.model.name(), "failed");
    assert_eq!(session.next_command(), None);
    session.retry();
    list(&mut session);
    start(&mut session);
    assert_eq!(session.model.name(), "ready");
}

#[test]
fn a_refused_model_keeps_the_photos_for_the_next_try() {
    let mut session = new();
    let id = session.add("a".into(), 1);
    list(&mut session);
    session.next_command();
    session
        .reply(Reply::Started { backend: Backend::WasmSimd, version: tagsight_protocol::VERSION });
    session.next_command();
    session.reply(Reply::LoadFailed(LoadError::Altered("resnet18".into())));
    assert_eq!(session.next_command(), None);
    session.retry();
    list(&mut session);
    start(&mut session);
    assert_eq!(session.next_command(), tag(id));
}

#[test]
fn a_worker_that_is_ready_first_waits_for_the_list() {
    let mut session = new();
    assert_eq!(session.next_command(), Some(Command::List));
    assert_eq!(session.next_command(), Some(Command::Start));
    session
        .reply(Reply::Started { backend: Backend::WasmSimd, version: tagsight_protocol::VERSION });
    assert_eq!(session.next_command(), None);
    session.listed(Ok(choice::example(&["resnet18"])));
    assert!(matches!(session.next_command(), Some(Command::Send(Request::Load { .. }))));
}

#[test]
fn a_list_that_does_not_come_waits_for_the_user() {
    let mut session = new();
    assert_eq!(session.next_command(), Some(Command::List));
    assert_eq!(session.next_command(), Some(Command::Start));
    let offline = Problem::NoList { detail: "offline".into() };
    session.listed(Err(offline.clone()));
    session
        .reply(Reply::Started { backend: Backend::WasmSimd, version: tagsight_protocol::VERSION });
    assert_eq!(session.next_command(), None);
    assert_eq!(session.model, ModelState::Failed(offline));
    session.retry();
    list(&mut session);
    start(&mut session);
    assert_eq!(session.model.name(), "ready");
}

#[test]
fn an_unknown_model_is_missing_until_another_is_chosen() {
    let mut session = Session::new(Some("vgg".into()), Some("resnet50".into()), GpuUse::Never, 1);
    session.open();
    let id = session.add("a".into(), 1);
    list(&mut session);
    session.next_command();
    session
        .reply(Reply::Started { backend: Backend::WasmSimd, version: tagsight_protocol::VERSION });
    assert_eq!(session.next_command(), None);
    assert_eq!((session.model.name(), session.chosen()), ("missing", None));
    session.switch_model("resnet50".into());
    load(&mut session, "resnet50");
    assert_eq!(session.next_command(), tag(id));
}

#[test]
fn the_model_of_last_time_is_used_again() {
    let mut session = Session::new(None, Some("resnet50".into()), GpuUse::Never, 1);
    list(&mut session);
    assert_eq!(session.chosen().map(|model| model.name.as_str()), Some("resnet50"));
    load(&mut session, "resnet50");
}

#[test]
fn another_model_takes_what_is_not_done() {
    let mut session = ready();
    let ids: Vec<u32> = ["a", "b", "c"].map(|name| session.add(name.into(), 1)).into();
    session.next_command();
    keep(&mut session, ids[0]);
    assert_eq!(session.next_command(), tag(ids[1]));
    session.switch_model("resnet50".into());
    assert_eq!(states(&session), ["queued", "queued"]);
    assert_eq!(session.millis_each(), None, "the old model's pace");
    load(&mut session, "resnet50");
    for &id in &ids[1..] {
        assert_eq!(session.next_command(), tag(id));
        keep(&mut session, id);
    }
    assert_eq!(session.progress(), (3, 3));
}

#[test]
fn a_model_can_be_changed_while_another_loads() {
    let mut session = new();
    list(&mut session);
    session.next_command();
    session
        .reply(Reply::Started { backend: Backend::WasmSimd, version: tagsight_protocol::VERSION });
    session.next_command();
    session.switch_model("resnet50".into());
    load(&mut session, "resnet50");
    assert_eq!(session.model.name(), "ready");
}

#[test]
fn a_huge_file_is_refused_unread() {
    let mut session = ready();
    let bytes = MAX_PHOTO_BYTES + 1;
    session.add("film.raw".into(), bytes);
    let refused = JobState::Failed(PhotoProblem::FileTooLarge(bytes));
    assert_eq!(session.jobs[0].state, refused);
    assert_eq!(session.next_command(), None);
}

#[test]
fn an_answer_about_a_removed_photo_is_ignored() {
    let mut session = ready();
    let id = session.add("a".into(), 1);
    session.next_command();
    assert_eq!(session.cancel(), [id]);
    assert_eq!(session.reply(tagged(id)), None);
    assert!(session.jobs.is_empty());
    assert_eq!(session.millis_each(), None);
    let next = session.add("b".into(), 1);
    assert_ne!(next, id);
    assert_eq!(session.next_command(), tag(next));
}

#[test]
fn a_photo_whose_file_is_not_to_be_had_keeps_nobody_waiting() {
    let mut session = ready();
    let ids = add(&mut session, &["a", "b", "c", "d"]);
    assert_eq!(session.next_command(), tag(ids[0]));
    session.withdraw(ids[0]);
    assert_eq!(session.next_command(), tag(ids[1]));
    assert!(session.opened(ids[1], 1));
    keep(&mut session, ids[1]);
    // Taken off the page while its file is being opened, it is never sent.
    assert_eq!(session.next_command(), tag(ids[2]));
    session.remove(ids[2]);
    assert_eq!(session.next_command(), None);
    assert!(!session.opened(ids[2], 1));
    // Nobody knew how large it has become.
    assert_eq!(session.next_command(), tag(ids[3]));
    assert!(!session.opened(ids[3], MAX_PHOTO_BYTES + 1));
    assert_eq!(states(&session), ["failed"]);
    assert!(!session.is_busy());
}

#[test]
fn a_worker_that_grew_is_replaced() {
    let mut session = ready();
    let ids: Vec<u32> = ["a", "b"].map(|name| session.add(name.into(), 1)).into();
    session.next_command();
    let outcome = Err(PhotoProblem::NotAPhoto);
    let wasm_bytes = REPLACE_WORKER_BYTES + 1;
    session.reply(Reply::Tagged { id: ids[0], outcome, wasm_bytes });
    start(&mut session);
    assert_eq!(session.next_command(), tag(ids[1]));
}

fn with_gpu(gpu: GpuUse) -> Session {
    let mut session = Session::new(None, None, gpu, 1);
    session.open();
    list(&mut session);
    start(&mut session);
    session
}

const WHY: Why = Why::Accepted(Merit::Checked);

fn runs(backend: Backend, is_news: bool) -> Reply {
    let why = WHY;
    Reply::Runs(Runs { backend, why, is_news, is_settled: true })
}

fn add(session: &mut Session, names: &[&str]) -> Vec<u32> {
    names.iter().map(|&name| session.add(name.into(), 1)).collect()
}

/// Lets the worker load with or without the graphics processor.
fn reload(session: &mut Session) -> GpuUse {
    assert_eq!(session.next_command(), Some(Command::Start));
    session
        .reply(Reply::Started { backend: Backend::WasmSimd, version: tagsight_protocol::VERSION });
    let Some(Command::Send(Request::Load { gpu, .. })) = session.next_command() else {
        panic!("the worker has nothing to load");
    };
    session.reply(Reply::Loaded(model()));
    gpu
}

#[test]
fn a_graphics_processor_has_the_next_photo_decoded_meanwhile() {
    let mut session = with_gpu(GpuUse::IfFaster);
    let ids = add(&mut session, &["a", "b", "c"]);
    assert_eq!(session.next_command(), tag(ids[0]));
    assert_eq!(session.next_command(), None, "the processor tags until then");
    session.reply(runs(Backend::WebGpu, false));
    assert_eq!(session.next_command(), tag(ids[1]));
    assert_eq!(session.next_command(), None);
    keep(&mut session, ids[0]);
    assert_eq!(session.next_command(), tag(ids[2]));
    assert_eq!(states(&session), ["working", "working"]);
    assert_eq!((&session.why, &session.notice), (&Some(WHY), &None));
}

#[test]
fn after_a_fault_photos_go_one_at_a_time_and_the_user_is_told() {
    let mut session = with_gpu(GpuUse::Always);
    let ids = add(&mut session, &["a", "b", "c"]);
    session.reply(runs(Backend::WebGpu, false));
    assert_eq!(session.next_command(), tag(ids[0]));
    assert_eq!(session.next_command(), tag(ids[1]));
    session.reply(runs(Backend::WasmSimd, true));
    keep(&mut session, ids[0]);
    assert_eq!(session.next_command(), None);
    keep(&mut session, ids[1]);
    assert_eq!(session.next_command(), tag(ids[2]));
    assert_eq!(session.notice, Some(Notice::Runs(WHY)));
}

#[test]
fn a_crash_is_first_taken_for_the_graphics_processors_fault() {
    let mut session = with_gpu(GpuUse::Always);
    session.reply(runs(Backend::WebGpu, false));
    let ids = add(&mut session, &["a", "b"]);
    session.next_command();
    session.next_command();
    session.crashed("unreachable".into());
    assert_eq!(states(&session), ["queued", "queued"]);
    assert_eq!(reload(&mut session), GpuUse::Never);
    assert_eq!(session.notice, Some(Notice::GraphicsCrashed));
    assert_eq!(session.next_command(), tag(ids[0]));
    assert_eq!(session.next_command(), None);
    // And then, where the photo does it again, for the photo's.
    session.crashed("unreachable".into());
    assert_eq!(states(&session), ["failed", "queued"]);
    assert_eq!(reload(&mut session), GpuUse::Always);
    assert_eq!(session.notice, None);
}

#[test]
fn a_crash_while_the_graphics_processor_is_tried_costs_no_photo() {
    let mut session = with_gpu(GpuUse::IfFaster);
    add(&mut session, &["a"]);
    session.next_command();
    session.crashed("unreachable".into());
    assert_eq!(states(&session), ["queued"]);
    assert_eq!(reload(&mut session), GpuUse::Never);
}

#[test]
fn a_graphics_processor_that_was_refused_is_not_suspected() {
    let mut session = with_gpu(GpuUse::IfFaster);
    session.reply(runs(Backend::WasmSimd, false));
    add(&mut session, &["a"]);
    session.next_command();
    session.crashed("unreachable".into());
    assert_eq!(states(&session), ["failed"]);
    assert_eq!(reload(&mut session), GpuUse::IfFaster);
}

/// A device that went away is started again.
#[test]
fn a_graphics_processor_that_is_tried_again_is_suspected() {
    let mut session = with_gpu(GpuUse::IfFaster);
    let Reply::Runs(runs) = runs(Backend::WasmSimd, true) else { unreachable!() };
    session.reply(Reply::Runs(Runs { is_settled: false, ..runs }));
    add(&mut session, &["a"]);
    session.next_command();
    session.crashed("unreachable".into());
    assert_eq!(states(&session), ["queued"]);
    assert_eq!(reload(&mut session), GpuUse::Never);
}

#[test]
fn another_choice_starts_another_worker_and_loses_no_photo() {
    let mut session = with_gpu(GpuUse::Always);
    session.reply(runs(Backend::WebGpu, true));
    let ids = add(&mut session, &["a", "b"]);
    session.next_command();
    session.next_command();
    keep(&mut session, ids[0]);
    session.switch_gpu(GpuUse::Never);
    assert_eq!((session.notice.as_ref(), session.why.as_ref()), (None, None));
    assert_eq!(states(&session), ["queued"]);
    assert_eq!(reload(&mut session), GpuUse::Never);
    assert_eq!(session.next_command(), tag(ids[1]));
}

#[test]
fn a_worker_that_grew_gives_back_both_photos_first() {
    let mut session = with_gpu(GpuUse::Always);
    session.reply(runs(Backend::WebGpu, false));
    let ids = add(&mut session, &["a", "b", "c"]);
    session.next_command();
    session.next_command();
    let grown = |id| Reply::Tagged {
        id,
        outcome: Err(PhotoProblem::NotAPhoto),
        wasm_bytes: REPLACE_WORKER_BYTES + 1,
    };
    session.reply(grown(ids[0]));
    assert_eq!(session.next_command(), None);
    session.reply(grown(ids[1]));
    assert_eq!(reload(&mut session), GpuUse::Always);
    assert_eq!(session.next_command(), tag(ids[2]));
}

#[test]
fn a_worker_of_another_build_is_not_asked_for_anything() {
    let mut session = new();
    session.add("a".into(), 1);
    list(&mut session);
    assert_eq!(session.next_command(), Some(Command::Start));
    session.reply(Reply::Started { backend: Backend::WasmSimd, version: VERSION + 1 });
    assert_eq!(session.model, ModelState::Failed(Problem::TwoBuilds));
    assert_eq!(session.next_command(), Some(Command::Reload { is_asked_for: false }));
    assert_eq!(session.next_command(), None, "the page says what to do where that is no help");
    session.retry();
    assert_eq!(session.next_command(), Some(Command::Reload { is_asked_for: true }));
    assert_eq!(session.next_command(), None);
}

#[test]
fn a_worker_that_is_not_understood_is_of_another_build() {
    let mut session = ready();
    let id = session.add("a".into(), 1);
    assert_eq!(session.next_command(), tag(id));
    session.two_builds();
    assert_eq!(session.next_command(), Some(Command::Reload { is_asked_for: false }));
    assert_eq!(session.next_command(), None);
    assert_eq!(session.model.name(), "failed");
}

#[test]
fn nothing_is_handed_out_before_the_library_is_open() {
    let mut session = Session::new(None, None, GpuUse::Never, 1);
    let id = session.add("a".into(), 1);
    list(&mut session);
    start(&mut session);
    assert_eq!(session.next_command(), None);
    session.open();
    assert_eq!(session.next_command(), tag(id));
}

#[test]
fn a_pause_ends_with_the_photo_that_is_at_work() {
    let mut session = ready();
    let ids = add(&mut session, &["a", "b"]);
    assert_eq!(session.next_command(), tag(ids[0]));
    session.pace = Pace::Paused;
    keep(&mut session, ids[0]);
    assert_eq!(session.next_command(), None);
    assert!(session.is_busy() && !session.is_tagging());
    session.pace = Pace::Going;
    assert_eq!(session.next_command(), tag(ids[1]));
}

#[test]
fn what_is_cancelled_is_gone_and_what_failed_stays() {
    let mut session = ready();
    let ids = add(&mut session, &["a", "b", "c"]);
    assert_eq!(session.next_command(), tag(ids[0]));
    let outcome = Err(PhotoProblem::NotAPhoto);
    session.reply(Reply::Tagged { id: ids[0], outcome, wasm_bytes: 0 });
    assert_eq!(session.next_command(), tag(ids[1]));
    assert_eq!(session.cancel(), ids[1..]);
    assert_eq!(states(&session), ["failed"]);
    assert_eq!(session.reply(tagged(ids[1])), None);
    session.try_again(ids[0]);
    assert_eq!((session.progress(), session.next_command()), ((0, 1), tag(ids[0])));
}

#[test]
fn a_batch_counts_from_where_the_last_one_ended() {
    let mut session = ready();
    let ids = add(&mut session, &["a", "b"]);
    session.next_command();
    let outcome = Err(PhotoProblem::NotAPhoto);
    session.reply(Reply::Tagged { id: ids[0], outcome, wasm_bytes: 0 });
    session.next_command();
    keep(&mut session, ids[1]);
    assert_eq!(session.progress(), (2, 2));
    let next = add(&mut session, &["c", "d"]);
    assert_eq!(session.progress(), (0, 2));
    session.next_command();
    keep(&mut session, next[0]);
    assert_eq!(session.progress(), (1, 2));
}

#[test]
fn a_photo_can_be_tagged_again_under_its_number() {
    let mut session = ready();
    let id = add(&mut session, &["a"])[0];
    session.next_command();
    keep(&mut session, id);
    session.add_again(id, "a".into(), 1);
    assert_eq!(session.next_command(), tag(id));
    keep(&mut session, id);
    assert!(!session.is_busy());
}
