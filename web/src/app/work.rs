//! The page's end of the worker and of the service worker: what they say, and what they have to do.

use tagsight_protocol::{Reply, Request};
use web_sys::File;
use yew::prelude::*;

use super::{App, Msg};
use crate::backend::Selection;
use crate::build::Build;
use crate::page::Answer;
use crate::platform::{self, Awake, BatchLock, ObjectUrl, Offline, WorkerEvent, WorkerLink};
use crate::reason::FileProblem;
use crate::session::{Command, ModelState};

impl App {
    pub(super) fn worker_event(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Reply(reply @ Reply::Explained { .. }, map) => {
                self.page.session.reply(reply);
                self.map = map.as_ref().map(ObjectUrl::new);
            }
            WorkerEvent::Reply(reply, thumbnail) => {
                let (answer, model) = self.page.reply(reply);
                self.keeper.keep(&self.page.library, &model);
                let keep = match answer {
                    Answer::Nothing => return,
                    Answer::OtherPhoto(job) => return self.lose(job, FileProblem::Changed),
                    Answer::Keep(keep) => keep,
                };
                if let Some(thumbnail) = &thumbnail {
                    self.thumbnails.borrow_mut().put(keep.id.as_str(), thumbnail);
                }
                let (pending, handle) = self.put_away(keep.job);
                self.keeper.keep_photo(
                    &self.page.library,
                    keep.job,
                    &keep.id,
                    (&keep.changes, thumbnail.as_ref()),
                    pending,
                    handle.as_ref(),
                );
            }
            WorkerEvent::NotUnderstood => self.page.session.two_builds(),
            WorkerEvent::Crashed(_) if self.gives_up_threads() => self.page.session.restart(),
            WorkerEvent::Crashed(words) => self.page.session.crashed(words),
        }
    }

    /// Whether a worker with threads died before it said anything, so that one without is to be tried: a
    /// browser that has shared memory need not have as much as is asked for.
    fn gives_up_threads(&mut self) -> bool {
        let Ok(Selection { build, .. }) = &mut self.backend else { return false };
        let gives_up = build.shares_memory() && self.page.session.is_starting();
        if gives_up {
            *build = Build::Relaxed;
        }
        gives_up
    }

    /// Does what the session wants done.
    pub(super) fn run_commands(&mut self, ctx: &Context<Self>) {
        while let Some(command) = self.page.session.next_command() {
            match command {
                Command::List => {
                    ctx.link().send_future(async { Msg::Listed(platform::models().await) });
                }
                Command::Start => self.start_worker(ctx),
                Command::Send(Request::Tag { id }) => self.send_photo(id),
                Command::Send(request @ Request::Explain { .. }) => self.send_question(&request),
                Command::Send(request) => self.send(&request, None),
                Command::Reload { is_asked_for: true } => platform::reload(),
                Command::Reload { is_asked_for: false } => platform::reload_once(),
            }
        }
    }

    fn start_worker(&mut self, ctx: &Context<Self>) {
        // The old one's memory is free before the new one takes its own.
        self.worker = None;
        let started = self.backend.as_ref().map_err(Clone::clone).and_then(|selection| {
            WorkerLink::start(selection.build, ctx.link().callback(Msg::Worker))
        });
        match started {
            Ok(worker) => self.worker = Some(worker),
            Err(problem) => self.page.session.fail(problem),
        }
    }

    /// Sends a request, with the file of the photo that it is about.
    pub(super) fn send(&self, request: &Request, file: Option<&File>) {
        let worker = self.worker.as_ref().expect("the session starts a worker before it asks one");
        worker.send(request, file.map(AsRef::as_ref));
    }

    /// The screen stays on, and no update is taken, while photos are being tagged.
    pub(super) fn hold_batch(&mut self) {
        let works = self.page.session.is_tagging();
        self.batch = works.then(|| self.batch.take().unwrap_or_else(BatchLock::take));
        self.awake = works.then(|| self.awake.take().unwrap_or_else(Awake::begin));
    }

    /// Has the dialogs, the site and the model put on the device once the page has its own.
    pub(super) fn keep_offline(&mut self, ctx: &Context<Self>) {
        let session = &self.page.session;
        if matches!(session.model, ModelState::Loading(_)) {
            return;
        }
        let register = || {
            platform::load_dialogs();
            Offline::register(ctx.link().callback(Msg::Offline))
        };
        let offline = self.offline.get_or_insert_with(register);
        if let Some(model) = session.chosen() {
            offline.keep(&model.file);
        }
    }
}
