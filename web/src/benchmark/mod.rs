//! The benchmark page: one model on one engine, timed in its worker on one photo.

mod result;

use std::rc::Rc;

use tagsight_protocol::{GpuUse, LoadError, ManifestModel, Model, Reply, Request, Runs, WEBGPU};
use web_sys::{Blob, HtmlInputElement};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::Props;
use crate::choice::{self, Models};
use crate::engine::{self, Choice, Engine, Wishes};
use crate::options::DEFAULT_RUNS;
use crate::platform::{self, WorkerEvent, WorkerLink};
use crate::text;
use crate::view;
use result::Figures;

/// Size of the photo that is made when none is chosen.
const PHOTO_SIZE: (u32, u32) = (1600, 1200);
const MAX_RUNS: u32 = 10_000;

/// Everything that can happen.
pub(crate) enum Msg {
    /// The list of models came, or did not.
    Listed(Result<Models, String>),
    /// Another engine was chosen.
    Engine(String),
    /// Another model was chosen.
    Model(String),
    /// Another number of runs was typed.
    Runs(String),
    /// A photo was chosen.
    Photo(Option<Blob>),
    /// Start.
    Run,
    /// The photo that was asked for is there.
    Prepared(Result<Blob, String>),
    /// The worker did something.
    Worker(WorkerEvent),
}

/// How far a run is.
enum State {
    Waiting,
    Running { photo: Option<Blob>, gpu: GpuUse, engine: String, model: Option<Model> },
    Done(Figures),
    Failed(String),
}

/// The page.
pub(crate) struct Benchmark {
    /// None until they are known.
    models: Option<Models>,
    engine: Option<String>,
    model: Option<String>,
    runs: u32,
    photo: Option<Blob>,
    notice: Option<String>,
    worker: Option<WorkerLink>,
    state: State,
}

impl Component for Benchmark {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let options = &ctx.props().options;
        ctx.link().send_future(async { Msg::Listed(platform::models().await) });
        Self {
            models: None,
            engine: options.engine.clone(),
            model: options.model.clone(),
            runs: options.runs.unwrap_or(DEFAULT_RUNS).min(MAX_RUNS),
            photo: None,
            notice: None,
            worker: None,
            state: State::Waiting,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Listed(models) => self.listed(ctx, models),
            Msg::Engine(name) => self.engine = Some(name),
            Msg::Model(name) => self.model = Some(name),
            Msg::Runs(typed) => self.runs = typed.parse().unwrap_or(1).clamp(1, MAX_RUNS),
            Msg::Photo(photo) => self.photo = photo,
            Msg::Run => self.prepare(ctx.link()),
            Msg::Prepared(photo) => self.start(ctx.link(), photo),
            Msg::Worker(WorkerEvent::Reply(reply)) => self.reply(reply),
            Msg::Worker(WorkerEvent::Crashed(words)) => {
                self.finish(State::Failed(format!("The worker stopped: {words}. Run it again.")));
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        html! {
            <div class="page">
                <header class="top">
                    <h1 class="brand">{ "Tagsight benchmark" }</h1>
                    <a href="index.html">{ "Back to the photos" }</a>
                </header>
                <main>
                    { view::notice(self.notice.clone()) }
                    { self.form(ctx.link()) }
                    { self.outcome() }
                </main>
                { view::footer() }
            </div>
        }
    }
}

impl Benchmark {
    /// Says at once if the model that was asked for is not there.
    fn listed(&mut self, ctx: &Context<Self>, models: Result<Models, String>) {
        let picked = models.map(|models| self.models = Some(models)).and_then(|()| self.pick());
        match picked {
            Err(message) => self.state = State::Failed(message),
            Ok(_) if ctx.props().options.auto => self.prepare(ctx.link()),
            Ok(_) => {}
        }
    }

    fn pick(&self) -> Result<Rc<ManifestModel>, String> {
        let models = self.models.as_deref().unwrap_or_default();
        choice::pick(models, self.model.as_deref(), None).cloned()
    }

    fn prepare(&mut self, link: &Scope<Self>) {
        self.state = running(None, GpuUse::Never);
        let chosen = self.photo.clone();
        link.send_future(async {
            let (width, height) = PHOTO_SIZE;
            let photo = match chosen {
                Some(photo) => Ok(photo),
                None => platform::make_photo(width, height).await,
            };
            Msg::Prepared(photo.map_err(|_| "This browser could not make a photo.".to_owned()))
        });
    }

    /// A worker of its own for every run, so that the first inference is a first.
    fn start(&mut self, link: &Scope<Self>, photo: Result<Blob, String>) {
        let started = photo.and_then(|photo| {
            let selection = engine::select(&self.wishes(), platform::runs)?;
            self.notice = selection.notice;
            let worker = WorkerLink::start(selection.engine, link.callback(Msg::Worker))?;
            Ok((running(Some(photo), selection.gpu), worker))
        });
        match started {
            Ok((state, worker)) => (self.state, self.worker) = (state, Some(worker)),
            Err(message) => self.finish(State::Failed(message)),
        }
    }

    /// One engine is timed at a time, so nothing is left to chance.
    fn wishes(&self) -> Wishes {
        let remembered = Some(Choice::Processor);
        Wishes { address: self.engine.clone(), remembered, ..Wishes::default() }
    }

    fn reply(&mut self, reply: Reply) {
        let picked = self.pick();
        let (State::Running { photo, gpu, engine, model }, Some(worker)) =
            (&mut self.state, &self.worker)
        else {
            return;
        };
        match reply {
            Reply::Started { engine: name } => {
                *engine = name;
                match picked {
                    Ok(model) => {
                        worker.send(&Request::Load { file: model.file(), gpu: *gpu }, None);
                    }
                    Err(message) => self.finish(State::Failed(message)),
                }
            }
            Reply::Runs(Runs { engine: name, why, is_news, .. }) => {
                *engine = name;
                self.notice = is_news.then_some(why);
            }
            Reply::Loaded(loaded) => {
                *model = Some(loaded);
                worker.send(&Request::Time { runs: self.runs }, photo.as_ref());
            }
            Reply::LoadFailed(LoadError::Missing(message) | LoadError::Unusable(message)) => {
                self.finish(State::Failed(message));
            }
            Reply::Timed(Ok(timings)) => {
                let model = model.take().expect("the model was loaded before it was timed");
                let figures = Figures::new(std::mem::take(engine), &model, &timings);
                self.finish(State::Done(figures));
            }
            Reply::Timed(Err(message)) => self.finish(State::Failed(message)),
            Reply::Loading(_) | Reply::Tagged { .. } => {}
        }
    }

    fn finish(&mut self, state: State) {
        self.worker = None;
        self.state = state;
    }

    fn form(&self, link: &Scope<Self>) -> Html {
        let running = matches!(self.state, State::Running { .. });
        let engines = Engine::ALL.into_iter().filter(|&engine| platform::runs(engine));
        let engines: Vec<_> = engines.map(Engine::name).chain([WEBGPU]).collect();
        let engine = self.engine.as_deref().or(engines.first().copied());
        let engines = engines.iter().map(|&name| (name.to_owned(), Engine::title(name).to_owned()));
        let models = self.models.as_deref().unwrap_or_default();
        let model = self.pick().ok().map(|model| model.name.clone());
        let onsubmit = link.callback(|event: SubmitEvent| {
            event.prevent_default();
            Msg::Run
        });
        let onchange = link.callback(|event: Event| {
            Msg::Runs(event.target_unchecked_into::<HtmlInputElement>().value())
        });
        let max = MAX_RUNS.to_string();
        html! {
            <form class="bench-form" {onsubmit}>
                { view::model_select("bench-model", models, model.as_deref(), link.callback(Msg::Model)) }
                { view::select("Engine", "bench-engine", engines, engine, link.callback(Msg::Engine)) }
                <label class="field">
                    { "Runs" }
                    <input type="number" min="1" {max} value={self.runs.to_string()} {onchange} />
                </label>
                { photo_field(link) }
                <button
                    type="submit"
                    class="button primary"
                    data-testid="bench-run"
                    disabled={running || models.is_empty()}
                >
                    { if running { "Running…" } else { "Run" } }
                </button>
            </form>
        }
    }

    fn outcome(&self) -> Html {
        match &self.state {
            State::Waiting => Html::default(),
            State::Running { .. } => html! {
                <p class="muted" role="status">{ "Loading and timing. Keep this page open." }</p>
            },
            State::Failed(message) => html! {
                <p class="app-error" role="alert" data-testid="app-error">{ message.clone() }</p>
            },
            State::Done(figures) => table(figures),
        }
    }
}

fn running(photo: Option<Blob>, gpu: GpuUse) -> State {
    State::Running { photo, gpu, engine: String::new(), model: None }
}

fn photo_field(link: &Scope<Benchmark>) -> Html {
    let onchange = link.callback(|event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        let file = input.files().and_then(|files| files.get(0));
        Msg::Photo(file.map(Blob::from))
    });
    let (width, height) = PHOTO_SIZE;
    html! {
        <label class="field">
            { format!("Photo (none: a drawn JPEG, {width} × {height})") }
            <input
                type="file"
                accept="image/jpeg,image/png,image/webp"
                data-testid="bench-photo"
                {onchange}
            />
        </label>
    }
}

fn table(figures: &Figures) -> Html {
    let rows = [
        ("Model ready after", figures.load_ms),
        ("First inference", figures.first_ms),
        ("Inference, median", figures.median_ms),
        ("Inference, best", figures.min_ms),
        ("Decoding, median", figures.decode_median_ms),
        ("Scaling to the network's input, median", figures.squash_median_ms),
        ("Photo to tags, median", figures.photo_median_ms),
    ];
    let row = |&(name, millis): &(&'static str, f64)| {
        html! { <tr><th scope="row">{ name }</th><td>{ text::precise(millis) }</td></tr> }
    };
    let caption = format!("{} on {}, {} runs", figures.model, figures.engine, figures.runs);
    html! {
        <section class="result">
            <table><caption>{ caption }</caption><tbody>{ for rows.iter().map(row) }</tbody></table>
            <pre data-testid="bench-json">{ platform::json(figures) }</pre>
        </section>
    }
}
