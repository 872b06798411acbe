//! The benchmark page: one model on one backend, timed in its worker on one photo.

mod result;

use std::rc::Rc;

use tagsight_protocol::{
    Backend, GpuUse, ManifestModel, Model, PhotoProblem, Reply, Request, Runs, VERSION,
};
use web_sys::{Blob, HtmlInputElement};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::Props;
use crate::backend::{self, Choice, Wishes};
use crate::build::Build;
use crate::choice::{self, Models};
use crate::options::DEFAULT_RUNS;
use crate::platform::{self, BatchLock, WorkerEvent, WorkerLink};
use crate::reason::{Notice, Problem};
use crate::text::{Texts, in_brackets};
use crate::view;
use result::Figures;

/// Size of the photo that is made when none is chosen.
const PHOTO_SIZE: (u32, u32) = (1600, 1200);
const MAX_RUNS: u32 = 10_000;

/// Everything that can happen.
pub(crate) enum Msg {
    /// The list of models came, or did not.
    Listed(Result<Models, Problem>),
    /// Another backend was chosen.
    Backend(String),
    /// Another model was chosen.
    Model(String),
    /// Another number of runs was typed.
    Runs(String),
    /// A photo was chosen.
    Photo(Option<Blob>),
    /// Start.
    Run,
    /// The photo that was asked for is there, or could not be made.
    Prepared(Option<Blob>),
    /// The worker did something.
    Worker(WorkerEvent),
}

/// How far a run is.
enum State {
    Waiting,
    Running {
        photo: Option<Blob>,
        gpu: GpuUse,
        backend: Option<Backend>,
        model: Option<Model>,
        /// No update comes between.
        _lock: BatchLock,
    },
    Done(Figures),
    Failed(Failure),
}

/// Why there are no figures.
enum Failure {
    /// Nothing can be tagged.
    Page(Problem),
    /// The photo cannot be.
    Photo(PhotoProblem),
    /// The browser gave no photo.
    NoPhoto,
    /// The worker died; the browser's own words.
    Stopped(String),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Page(problem)
    }
}

/// The page.
pub(crate) struct Benchmark {
    /// None until they are known.
    models: Option<Models>,
    backend: Option<String>,
    model: Option<String>,
    threads: u32,
    runs: u32,
    photo: Option<Blob>,
    notice: Option<Notice>,
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
            backend: options.backend.clone(),
            model: options.model.clone(),
            threads: options.threads.unwrap_or_else(|| backend::threads(platform::processors())),
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
            Msg::Backend(name) => self.backend = Some(name),
            Msg::Model(name) => self.model = Some(name),
            Msg::Runs(typed) => self.runs = typed.parse().unwrap_or(1).clamp(1, MAX_RUNS),
            Msg::Photo(photo) => self.photo = photo,
            Msg::Run => self.prepare(ctx.link()),
            Msg::Prepared(photo) => self.start(ctx.link(), photo),
            Msg::Worker(WorkerEvent::Reply(reply, _)) => self.reply(reply),
            Msg::Worker(WorkerEvent::NotUnderstood) => self.two_builds(),
            Msg::Worker(WorkerEvent::Crashed(words)) => self.fail(Failure::Stopped(words)),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let texts = ctx.props().texts;
        html! {
            <div class="page">
                <header class="top">
                    <h1 class="brand">{ texts.language.benchmark().title }</h1>
                    <a href="index.html">{ texts.language.benchmark().back }</a>
                </header>
                <main>
                    { for self.notice.as_ref().map(|notice| view::notice(texts.of_notice(notice), Html::default())) }
                    { self.form(texts, ctx.link()) }
                    { self.outcome(texts) }
                </main>
                { view::footer(texts, None) }
            </div>
        }
    }
}

impl Benchmark {
    /// Says at once if the model that was asked for is not there.
    fn listed(&mut self, ctx: &Context<Self>, models: Result<Models, Problem>) {
        let picked = models.map(|models| self.models = Some(models)).and_then(|()| self.pick());
        match picked {
            Err(problem) => self.state = State::Failed(problem.into()),
            Ok(_) if ctx.props().options.auto => self.prepare(ctx.link()),
            Ok(_) => {}
        }
    }

    fn pick(&self) -> Result<Rc<ManifestModel>, Problem> {
        let models = self.models.as_deref().unwrap_or_default();
        choice::pick(models, self.model.as_deref(), None).cloned()
    }

    fn prepare(&mut self, link: &Scope<Self>) {
        self.state = running(None, GpuUse::Never);
        let chosen = self.photo.clone();
        link.send_future(async {
            let (width, height) = PHOTO_SIZE;
            Msg::Prepared(match chosen {
                Some(photo) => Some(photo),
                None => platform::make_photo(width, height).await.ok(),
            })
        });
    }

    /// A worker of its own for every run, so that the first inference is a first.
    fn start(&mut self, link: &Scope<Self>, photo: Option<Blob>) {
        let started = photo.ok_or(Failure::NoPhoto).and_then(|photo| {
            let selection = backend::select(&self.wishes(), platform::runs)?;
            self.notice = selection.notice;
            let worker = WorkerLink::start(selection.build, link.callback(Msg::Worker))?;
            Ok((running(Some(photo), selection.gpu), worker))
        });
        match started {
            Ok((state, worker)) => (self.state, self.worker) = (state, Some(worker)),
            Err(failure) => self.fail(failure),
        }
    }

    /// One backend is timed at a time, so nothing is left to chance.
    fn wishes(&self) -> Wishes {
        let remembered = Some(Choice::Processor);
        Wishes { address: self.backend.clone(), remembered, ..Wishes::default() }
    }

    fn reply(&mut self, reply: Reply) {
        let picked = self.pick();
        let (State::Running { photo, gpu, backend, model, .. }, Some(worker)) =
            (&mut self.state, &self.worker)
        else {
            return;
        };
        match reply {
            Reply::Started { version, .. } if version != VERSION => self.two_builds(),
            Reply::Started { backend: started, .. } => {
                *backend = Some(started);
                match picked {
                    Ok(model) => {
                        let (file, gpu, threads) = (model.file(), *gpu, self.threads);
                        worker.send(&Request::Load { file, gpu, threads }, None);
                    }
                    Err(problem) => self.fail(problem.into()),
                }
            }
            Reply::Runs(Runs { backend: running, why, is_news, .. }) => {
                *backend = Some(running);
                self.notice = is_news.then_some(Notice::Runs(why));
            }
            Reply::Loaded(loaded) => {
                *model = Some(loaded);
                worker.send(&Request::Time { runs: self.runs }, photo.as_ref());
            }
            Reply::LoadFailed(error) => self.fail(Problem::Load(error).into()),
            Reply::Timed(Ok(timings)) => {
                let model = model.take().expect("the model was loaded before it was timed");
                let backend = backend.expect("a worker says first what it is");
                let figures = Figures::new(backend, &model, &timings);
                self.finish(State::Done(figures));
            }
            Reply::Timed(Err(problem)) => self.fail(Failure::Photo(problem)),
            Reply::Loading(_) | Reply::Tagged { .. } | Reply::Explained { .. } => {}
        }
    }

    /// Page and worker are of two builds.
    fn two_builds(&mut self) {
        self.fail(Problem::TwoBuilds.into());
        platform::reload_once();
    }

    fn fail(&mut self, failure: Failure) {
        self.finish(State::Failed(failure));
    }

    fn finish(&mut self, state: State) {
        self.worker = None;
        self.state = state;
    }

    fn form(&self, texts: &Texts, link: &Scope<Self>) -> Html {
        let running = matches!(self.state, State::Running { .. });
        let builds = Build::ALL.into_iter().filter(|&build| platform::runs(build));
        let backends: Vec<_> = builds.map(Build::backend).chain([Backend::WebGpu]).collect();
        let backend = self.backend.as_deref().or(backends.first().map(|backend| backend.name()));
        let title =
            |&backend: &Backend| (backend.name().to_owned(), backend::title(backend).to_owned());
        let backends = backends.iter().map(title);
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
                { view::model_select(texts, "bench-model", models, model.as_deref(), link.callback(Msg::Model)) }
                { view::select(texts, texts.language.benchmark().engine, "bench-engine", backends, backend, link.callback(Msg::Backend)) }
                <label class="field">
                    { texts.language.benchmark().runs }
                    <input type="number" min="1" {max} value={self.runs.to_string()} {onchange} />
                </label>
                { photo_field(texts, link) }
                <button
                    type="submit"
                    class="button primary"
                    data-testid="bench-run"
                    disabled={running || models.is_empty()}
                >
                    { if running { texts.language.benchmark().running } else { texts.language.benchmark().run } }
                </button>
            </form>
        }
    }

    fn outcome(&self, texts: &Texts) -> Html {
        match &self.state {
            State::Waiting => Html::default(),
            State::Running { .. } => html! {
                <p class="muted" role="status">{ texts.language.benchmark().wait }</p>
            },
            State::Failed(failure) => html! {
                <p class="app-error" role="alert" data-testid="app-error">{ words(texts, failure) }</p>
            },
            State::Done(figures) => table(texts, figures),
        }
    }
}

fn words(texts: &Texts, failure: &Failure) -> String {
    match failure {
        Failure::Page(problem) => texts.of_problem(problem),
        Failure::Photo(problem) => texts.of_photo(problem),
        Failure::NoPhoto => texts.language.benchmark().no_photo.to_owned(),
        Failure::Stopped(detail) => texts.language.benchmark().stopped.fill([&in_brackets(detail)]),
    }
}

fn running(photo: Option<Blob>, gpu: GpuUse) -> State {
    State::Running { photo, gpu, backend: None, model: None, _lock: BatchLock::take() }
}

fn photo_field(texts: &Texts, link: &Scope<Benchmark>) -> Html {
    let onchange = link.callback(|event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        let file = input.files().and_then(|files| files.get(0));
        Msg::Photo(file.map(Blob::from))
    });
    let (width, height) = PHOTO_SIZE;
    html! {
        <label class="field">
            { texts.language.benchmark().photo.fill([&width.to_string(), &height.to_string()]) }
            <input
                type="file"
                accept="image/jpeg,image/png,image/webp"
                data-testid="bench-photo"
                {onchange}
            />
        </label>
    }
}

fn table(texts: &Texts, figures: &Figures) -> Html {
    let names = texts.language.benchmark();
    let rows = [
        (names.load, figures.load_ms),
        (names.first, figures.first_ms),
        (names.median, figures.median_ms),
        (names.best, figures.min_ms),
        (names.decode, figures.decode_median_ms),
        (names.squash, figures.squash_median_ms),
        (names.photo_to_tags, figures.photo_median_ms),
    ];
    let row = |&(name, millis): &(&'static str, f64)| {
        html! { <tr><th scope="row">{ name }</th><td>{ texts.precise(millis) }</td></tr> }
    };
    let caption = names.caption.fill([&figures.model, &figures.engine, &figures.runs.to_string()]);
    html! {
        <section class="result">
            <table><caption>{ caption }</caption><tbody>{ for rows.iter().map(row) }</tbody></table>
            <pre data-testid="bench-json">{ platform::json(figures, 2) }</pre>
        </section>
    }
}
