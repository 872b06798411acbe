//! The page's root: joins what the page knows, the worker, the library's database and the views.

mod acts;
mod alike;
mod along;
mod at_hand;
mod compared;
mod compose;
mod dialogs;
mod files;
mod gesture;
mod gestures;
mod keeping;
mod note;
mod notices;
mod settle;
mod stored;
mod work;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use tagsight_library::{Naming, PhotoId, Set, Step, Table};
use tagsight_protocol::GpuUse;
use web_sys::{Element, File};
use yew::prelude::*;

use crate::backend::{self, Choice, Selection, Wishes};
use crate::choice::Models;
use crate::dialogs::Deed;
use crate::grid::Geometry;
use crate::options::Options;
use crate::page::Page;
use crate::platform::{
    self, Awake, BatchLock, Given, Interval, Memory, ObjectUrl, Offline, OfflineEvent,
    OfflineStatus, ScreenWatch, Update, UrlPool, WorkerEvent, WorkerLink,
};
use crate::reason::Problem;
use crate::session::Session;
use crate::text::{Language, Texts};
use crate::view::{Act, BatchAct, GridRefs};
use at_hand::{AtHand, Found, Original};
use compared::Compared;
use gesture::Gesture;
use keeping::{Keeper, Left, Stored};
use note::Note;

/// Props of [`App`] and of the benchmark.
#[derive(Properties, PartialEq, Clone)]
pub(crate) struct Props {
    /// What the address asks for.
    pub(crate) options: Options,
    /// What it says, in the language to begin with.
    pub(crate) texts: &'static Texts,
}

/// How often a screen reader may be told how far a batch is.
const ANNOUNCE_MILLIS: i32 = 5000;

/// Everything that can happen.
pub(crate) enum Msg {
    /// Files were chosen, dropped, pasted, shared.
    Add(Given),
    /// A drag carries something over the page, or no longer does.
    Drag(bool),
    /// The sample photo is to be tried.
    Sample,
    /// The list of models came, or did not.
    Listed(Result<Models, Problem>),
    /// The worker did something.
    Worker(WorkerEvent),
    /// The model is to be loaded again.
    Retry,
    /// The database did something.
    Stored(Stored),
    /// Files were looked for.
    Found(Found),
    /// Something else is searched for.
    Search(String),
    /// A chip was pressed.
    Chip(Rc<str>),
    /// The model has to be as sure as this.
    Step(Step),
    /// The page was scrolled or resized.
    Screen,
    /// A pointer did something in the grid.
    Click(MouseEvent),
    /// A finger did.
    Touch(TouchEvent),
    /// A finger rested on a tile.
    Rested(u32),
    /// A key was pressed in the grid.
    GridKey(KeyboardEvent),
    /// A key was pressed anywhere.
    Key(KeyboardEvent),
    /// The keyboard came to something in the grid.
    Focus(FocusEvent),
    /// Something is to be done with what is chosen.
    Act(Act),
    /// Something was done in a dialog; a file may go with it.
    Dialog((Deed, Option<File>)),
    /// What is open cannot be shown.
    DialogNotLoaded,
    /// A backup is wanted.
    BackUp,
    /// Photos that look alike are to be found.
    Compare,
    /// The settings are to open.
    OpenSettings,
    /// Something is to be done with the batch.
    Batch(BatchAct),
    /// The last decision is to be taken back.
    Undo,
    /// What was taken back is to be done again.
    Redo,
    /// Tags are wanted elsewhere.
    TakeAlong,
    /// They are there, in a photo: its new file.
    TakenAlong(String, File),
    /// They cannot be.
    NotTakenAlong,
    /// So much of a word was typed.
    Typed(String),
    /// Another language was chosen.
    Language(Language),
    /// A screen reader may be told something again.
    Announce,
    /// The page was measured anew.
    Measured,
    /// What was left over last time is to be tagged, as far as the page finds it.
    ResumeLeft,
    /// What was left over last time is not wanted any more.
    ForgetLeft,
    /// What was said was read.
    DismissNote,
    /// The service worker did something.
    Offline(OfflineEvent),
    /// The newer build is to be taken.
    Update,
}

/// The page.
pub(crate) struct App {
    page: Page,
    texts: &'static Texts,
    wishes: Wishes,
    backend: Result<Selection, Problem>,
    worker: Option<WorkerLink>,
    keeper: Keeper,
    /// Files that were given on this visit or are wanted, by the keys of their photos.
    at_hand: Table<u32, AtHand>,
    /// Files of earlier visits that were not tagged.
    left: Vec<Left>,
    on_found: Callback<Found>,
    thumbnails: RefCell<UrlPool>,
    /// Photos whose small pictures are on their way, or do not exist.
    asked: Set<PhotoId>,
    without_thumbnail: Set<PhotoId>,
    /// The open photo's own picture.
    original: Option<(u32, Original)>,
    /// The map that answers what was asked of its tag.
    map: Option<ObjectUrl>,
    geometry: Geometry,
    refs: GridRefs,
    /// The tile that the keyboard has to be brought to, once it is drawn.
    focus_wanted: Option<u32>,
    gesture: Gesture,
    /// Whether a finger sweeps, and the grid that is held still meanwhile.
    sweeps: Rc<Cell<bool>>,
    held: Option<(Element, EventListener)>,
    typed: String,
    has_settings: bool,
    /// Photos that look alike, while they are looked at.
    compared: Option<Compared>,
    /// What the dialogs' module was last told to show, while something is open.
    shown: Option<Vec<u8>>,
    /// What became of the last new name, while the settings are open.
    naming: Option<Naming>,
    dragging: bool,
    note: Option<Note>,
    /// What a screen reader was last told.
    announced: String,
    awake: Option<Awake>,
    /// Once the page has what it needs itself.
    offline: Option<Offline>,
    offline_status: OfflineStatus,
    update: Update,
    /// While there is something to tag.
    batch: Option<BatchLock>,
    _announcer: Interval,
    _listeners: [EventListener; 2],
    _drop: [EventListener; 3],
    _screen: ScreenWatch,
}

impl Component for App {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let options = &ctx.props().options;
        let link = ctx.link();
        let wishes = Wishes {
            address: options.backend.clone(),
            chosen: None,
            remembered: platform::remembered(Memory::Backend).and_then(|name| Choice::named(&name)),
            is_quarantined: platform::remembered(Memory::GpuTrial).is_some(),
        };
        let backend = backend::select(&wishes, platform::runs);
        let model = platform::remembered(Memory::Model);
        let gpu = backend.as_ref().map_or(GpuUse::Never, |selection| selection.gpu);
        let threads = options.threads.unwrap_or_else(|| backend::threads(platform::processors()));
        let session = Session::new(options.model.clone(), model, gpu, threads);
        platform::on_launch(link.callback(Msg::Add));
        link.send_future(async { Msg::Add(platform::shared_files().await.into()) });
        let mut app = Self {
            page: Page::new(session),
            texts: ctx.props().texts,
            wishes,
            backend,
            worker: None,
            keeper: Keeper::open(link.callback(Msg::Stored)),
            at_hand: Table::new(),
            left: Vec::new(),
            on_found: link.callback(Msg::Found),
            thumbnails: RefCell::new(UrlPool::new(0)),
            asked: Set::new(),
            without_thumbnail: Set::new(),
            original: None,
            map: None,
            geometry: Geometry::default(),
            refs: GridRefs::default(),
            focus_wanted: None,
            gesture: Gesture::default(),
            sweeps: Rc::default(),
            held: None,
            typed: String::new(),
            has_settings: false,
            compared: None,
            shown: None,
            naming: None,
            dragging: false,
            note: None,
            announced: String::new(),
            awake: None,
            offline: None,
            offline_status: OfflineStatus::Preparing,
            update: Update::None,
            batch: None,
            _announcer: platform::every(ANNOUNCE_MILLIS, link.callback(|()| Msg::Announce)),
            _listeners: [
                platform::on_paste(link.callback(Msg::Add)),
                platform::on_key(link.callback(Msg::Key)),
            ],
            _drop: platform::on_drop(link.callback(Msg::Drag), link.callback(Msg::Add)),
            _screen: platform::watch_screen(link.callback(|()| Msg::Screen)),
        };
        app.run_commands(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let draws = self.take(ctx, msg);
        self.run_commands(ctx);
        self.keep_offline(ctx);
        self.hold_batch();
        draws
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.compose(ctx.link())
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        self.settle(ctx);
        self.show_dialog(ctx);
    }
}
