//! The page's root: joins the session, the worker and the view.

use std::collections::HashMap;

use gloo_events::EventListener;
use tagsight_protocol::{GpuUse, Request};
use web_sys::File;
use yew::html::Scope;
use yew::prelude::*;

use crate::choice::Models;
use crate::engine::{self, Choice, Selection, Wishes};
use crate::options::Options;
use crate::platform::{self, Memory, Picture, WorkerEvent, WorkerLink};
use crate::session::{Command, Session};
use crate::view;

/// Props of [`App`] and of the benchmark.
#[derive(Properties, PartialEq, Clone)]
pub(crate) struct Props {
    /// What the address asks for.
    pub(crate) options: Options,
}

impl From<Options> for Props {
    fn from(options: Options) -> Self {
        Self { options }
    }
}

/// Everything that can happen.
pub(crate) enum Msg {
    /// Files were chosen, dropped or pasted.
    Add(Vec<File>),
    /// A drag carries something over the page, or no longer does.
    Drag(bool),
    /// The list of models came, or did not.
    Listed(Result<Models, String>),
    /// Another model was chosen.
    Model(String),
    /// What is to tag was chosen.
    Engine(Choice),
    /// The worker did something.
    Worker(WorkerEvent),
    /// A photo is to go.
    Remove(u32),
    /// All photos are to go.
    Clear,
    /// The model is to be loaded again.
    Retry,
}

/// The page.
pub(crate) struct App {
    session: Session,
    wishes: Wishes,
    selection: Result<Selection, String>,
    worker: Option<WorkerLink>,
    pictures: HashMap<u32, Picture>,
    dragging: bool,
    _paste: EventListener,
}

impl Component for App {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let options = &ctx.props().options;
        let wishes = Wishes {
            address: options.engine.clone(),
            chosen: None,
            remembered: platform::remembered(Memory::Engine).and_then(|name| Choice::named(&name)),
            is_quarantined: platform::remembered(Memory::GpuTrial).is_some(),
        };
        let selection = engine::select(&wishes, platform::runs);
        let gpu = selection.as_ref().map_or(GpuUse::Never, |selection| selection.gpu);
        let model = platform::remembered(Memory::Model);
        let mut app = Self {
            session: Session::new(options.model.clone(), model, gpu),
            wishes,
            selection,
            worker: None,
            pictures: HashMap::new(),
            dragging: false,
            _paste: platform::on_paste(ctx.link().callback(Msg::Add)),
        };
        app.run_commands(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Add(files) => self.add(files),
            Msg::Drag(dragging) => {
                return std::mem::replace(&mut self.dragging, dragging) != dragging;
            }
            Msg::Listed(models) => self.session.listed(models),
            Msg::Model(name) => {
                platform::remember(Memory::Model, &name);
                self.session.switch_model(name);
            }
            Msg::Engine(choice) => self.switch_engine(choice),
            Msg::Worker(WorkerEvent::Reply(reply)) => self.session.reply(reply),
            Msg::Worker(WorkerEvent::Crashed(words)) => self.session.crashed(&words),
            Msg::Remove(id) => {
                self.session.remove(id);
                self.pictures.remove(&id);
            }
            Msg::Clear => {
                self.session.clear();
                self.pictures.clear();
            }
            Msg::Retry => self.session.retry(),
        }
        self.run_commands(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let selection = self.selection.as_ref().ok();
        let notice = selection.and_then(|selection| selection.notice.clone());
        let choice = selection.map(|selection| selection.choice).unwrap_or_default();
        html! {
            <view::DropArea
                dragging={self.dragging}
                on_drag={link.callback(Msg::Drag)}
                on_files={link.callback(Msg::Add)}
            >
                { view::header(&self.session) }
                <main>
                    { view::notice(self.session.notice.clone().or(notice)) }
                    { view::app_error(&self.session.model, link.callback(|()| Msg::Retry)) }
                    { view::intake(&self.session, link.callback(Msg::Add), link.callback(|()| Msg::Clear)) }
                    { view::status(&self.session, choice, link.callback(Msg::Model), link.callback(Msg::Engine)) }
                    { self.gallery(link) }
                </main>
                { view::footer() }
            </view::DropArea>
        }
    }
}

impl App {
    fn switch_engine(&mut self, choice: Choice) {
        platform::remember(Memory::Engine, choice.name());
        self.wishes.chosen = Some(choice);
        self.selection = engine::select(&self.wishes, platform::runs);
        if let Ok(selection) = &self.selection {
            self.session.switch_gpu(selection.gpu);
        }
    }

    fn add(&mut self, files: Vec<File>) {
        self.dragging = false;
        for file in files {
            let id = self.session.add(file.name(), file.size() as u64);
            self.pictures.insert(id, Picture::new(file));
        }
    }

    fn run_commands(&mut self, ctx: &Context<Self>) {
        while let Some(command) = self.session.next_command() {
            match command {
                Command::List => {
                    ctx.link().send_future(async { Msg::Listed(platform::models().await) });
                }
                Command::Start => self.start_worker(ctx),
                Command::Send(request) => self.send(&request),
            }
        }
    }

    fn start_worker(&mut self, ctx: &Context<Self>) {
        // The old one's memory is free before the new one takes its own.
        self.worker = None;
        let started = self.selection.as_ref().map_err(Clone::clone).and_then(|selection| {
            WorkerLink::start(selection.engine, ctx.link().callback(Msg::Worker))
        });
        match started {
            Ok(worker) => self.worker = Some(worker),
            Err(message) => self.session.fail(message),
        }
    }

    fn send(&self, request: &Request) {
        let photo = match request {
            Request::Tag { id } => self.pictures.get(id),
            _ => None,
        };
        let worker = self.worker.as_ref().expect("the session starts a worker before it asks one");
        worker.send(request, photo.map(|picture| picture.file.as_ref()));
    }

    fn gallery(&self, link: &Scope<Self>) -> Html {
        let on_remove = link.callback(Msg::Remove);
        let cards = self.session.photos.iter().map(|photo| {
            let url = self.pictures.get(&photo.id).map(|picture| picture.url.clone());
            html! {
                <view::PhotoCard
                    key={photo.id}
                    photo={photo.clone()}
                    url={url.unwrap_or_default()}
                    on_remove={on_remove.clone()}
                />
            }
        });
        html! { <ul class="gallery">{ for cards }</ul> }
    }
}
