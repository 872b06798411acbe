//! The dialog: the browser's own modal one, which keeps the keyboard inside and gives the focus back.
//!
//! One looks before one writes. Looking makes a list of what becomes of every photo; writing works all
//! of it out again, as files may have changed meanwhile, and holds one photo at a time. Any change of a
//! choice makes what was seen void.

mod dom;
mod fields;
mod look;
mod row;
mod seen;
mod view;
mod write;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function};
use tagsight_library::{Library, Photo, Settings, Stored};
use tagsight_plain::Plain;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

use crate::act::Act;
use crate::browser;
use crate::choices::{Choices, To, What, Words};
use crate::record::Record;
use crate::text::Texts;
use fields::Given;
use seen::Seen;
use view::{Numbers, View};

/// Where choices are remembered.
const MEMORY: &str = "tagsight.export";
/// Rows that are added to the list at a time.
const ROWS: usize = 200;

/// An open dialog.
pub(crate) struct Dialog {
    texts: &'static Texts,
    records: Vec<Record>,
    /// A file or its handle a record, or nothing.
    files: Array,
    marks: Vec<u8>,
    may_open: Function,
    on_written: Function,
    view: View,
    choices: Cell<Choices>,
    /// The user's folder, once it is chosen.
    folder: RefCell<Option<JsValue>>,
    /// What was looked at, and is still so.
    seen: RefCell<Option<Seen>>,
    is_running: Cell<bool>,
    is_stopped: Cell<bool>,
}

/// Opens the dialog over what the page gives.
#[wasm_bindgen]
pub fn open(given: Given) {
    let texts = Texts::of(&given.language());
    let library = library(&given);
    let records: Vec<Record> = library.photos().map(|photo| Record::of(&library, photo)).collect();
    drop(library);
    let marks = given.marks();
    let words = if given.language() == "ko" { Words::Ko } else { Words::En };
    let mut choices = Choices::first(words).recall(&browser::recall(MEMORY));
    let is_there = match choices.to {
        To::Folder => browser::has_folders(),
        To::Share => browser::has_share(),
        _ => true,
    };
    if !is_there {
        choices.to = To::Zip;
    }
    let marked = |mark: u8| marks.iter().filter(|marks| *marks & mark != 0).count();
    let numbers = Numbers { chosen: marked(CHOSEN), shown: marked(SHOWN), all: records.len() };
    let what = match numbers {
        Numbers { chosen, .. } if given.of_chosen() && chosen > 0 => What::Chosen,
        Numbers { shown, all, .. } if shown > 0 && shown < all => What::Shown,
        _ => What::All,
    };
    let dialog = Rc::new(Dialog {
        texts,
        records,
        files: given.files(),
        marks,
        may_open: given.may_open(),
        on_written: given.on_written(),
        view: View::new(texts, numbers, what, choices),
        choices: Cell::new(choices),
        folder: RefCell::default(),
        seen: RefCell::default(),
        is_running: Cell::default(),
        is_stopped: Cell::default(),
    });
    dialog.clone().listen();
    dialog.choices_changed();
    dialog.show();
    spawn_local(async {
        // What cannot be removed now is removed next time.
        let _ = browser::tidy().await;
    });
}

/// Bits of the page's marks.
const SHOWN: u8 = 1;
const CHOSEN: u8 = 2;

/// The page's library, in its order.
fn library(given: &Given) -> Library {
    let (photos, settings) =
        <(Vec<Photo>, Settings)>::from_bytes(&given.library()).unwrap_or_default();
    Library::open(Stored { photos, settings, ..Stored::default() }).unwrap_or_default()
}

impl Dialog {
    fn show(&self) {
        let body = dom::document().body().unwrap_throw();
        dom::fill(&body, &[&self.view.root]);
        // It is new, so it is not open yet.
        let _ = self.view.root.show_modal();
    }

    fn listen(self: Rc<Self>) {
        let root = self.view.root.clone();
        let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| self.clone().take(&event));
        // The listener goes with the dialog.
        let listener = listener.into_js_value();
        for event in ["click", "change", "cancel", "close"] {
            root.add_event_listener_with_callback(event, listener.unchecked_ref()).unwrap_throw();
        }
    }

    fn take(self: Rc<Self>, event: &Event) {
        match &*event.type_() {
            // Escape: what runs is ended, and not the dialog.
            "cancel" if self.is_running.get() => {
                event.prevent_default();
                self.is_stopped.set(true);
            }
            "close" => {
                self.is_stopped.set(true);
                self.view.root.remove();
            }
            "change" => self.choices_changed(),
            "click" => self.clicked(event),
            _ => {}
        }
    }

    fn clicked(self: Rc<Self>, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok())
        else {
            return;
        };
        // Beside the dialog's content there is only the dialog itself: its backdrop.
        if target.tag_name() == "DIALOG" && !self.is_running.get() {
            return self.view.root.close();
        }
        let button = target.closest("button").ok().flatten();
        let hook = button.and_then(|button| button.get_attribute("data-testid"));
        match hook.as_deref() {
            Some("export-close") => self.view.root.close(),
            Some("export-cancel") => self.is_stopped.set(true),
            Some("export-look") => self.run(|dialog| async move {
                let act = Act::Write(dialog.choices.get().holder());
                dialog.look(act, true).await;
            }),
            Some("export-undo") => self.run(|dialog| async move {
                dialog.look(Act::TakeBack, false).await;
            }),
            Some("export-start") => self.run(|dialog| async move { dialog.start().await }),
            Some("export-more") => spawn_local(self.all_rows()),
            _ => {}
        }
    }

    /// Does something that takes a while; nothing else meanwhile but ending it.
    fn run<F: Future<Output = ()> + 'static>(self: Rc<Self>, work: impl FnOnce(Rc<Self>) -> F) {
        if self.is_running.replace(true) {
            return;
        }
        self.is_stopped.set(false);
        self.view.tell("", &[]);
        self.view.progress("", None);
        self.offer();
        // The button that was pressed is gone.
        let _ = self.view.cancel.focus();
        let working = work(self.clone());
        spawn_local(async move {
            working.await;
            self.is_running.set(false);
            self.offer();
            let next = if self.can_start() { &self.view.start } else { &self.view.look };
            // It may be hidden, where there is nothing to look at.
            let _ = next.focus();
        });
    }

    /// What was seen counts no longer.
    fn choices_changed(&self) {
        let before = self.choices.get();
        let mut choices = self.view.choices(before);
        if choices.to != before.to {
            self.view.offer_holders(choices);
            choices = self.view.choices(before);
        }
        self.choices.set(choices);
        browser::remember(MEMORY, &choices.to_text());
        self.seen.replace(None);
        self.view.forget();
        self.view.tell("", &[]);
        self.view.arrange(choices, self.folder.borrow().is_some());
        if matches!(choices.to, To::Csv | To::Json) {
            self.look_at_records();
        }
        self.offer();
    }

    fn offer(&self) {
        if let Some(seen) = self.seen.borrow().as_ref() {
            self.view.name_start(&self.of_start(seen));
        }
        self.view.offer(self.choices.get().to, self.is_running.get(), self.can_start());
    }

    fn can_start(&self) -> bool {
        self.seen.borrow().as_ref().is_some_and(Seen::can_start)
    }

    /// What the button does that begins.
    fn of_start(&self, seen: &Seen) -> String {
        let texts = self.texts;
        let says = match (self.choices.get().to, seen.act) {
            (To::Folder, Act::TakeBack) => return texts.remove.of(seen.written()),
            (To::Folder, Act::Write(_)) => return texts.write.of(seen.written()),
            (To::Zip, _) => texts.save_zip,
            (To::Share, _) => texts.start_share,
            (To::Csv | To::Json, _) => texts.save_table,
        };
        says.to_owned()
    }

    /// Records of the photos that are chosen, by their places.
    fn wanted(&self) -> Vec<usize> {
        let mark = match self.view.what() {
            What::Chosen => CHOSEN,
            What::Shown => SHOWN,
            What::All => return (0..self.records.len()).collect(),
        };
        (0..self.records.len()).filter(|&place| self.marks[place] & mark != 0).collect()
    }

    /// Shows the rest of the list, some at a time.
    async fn all_rows(self: Rc<Self>) {
        self.view.no_more();
        loop {
            {
                let seen = self.seen.borrow();
                let Some(seen) = seen.as_ref() else { return };
                let shown = self.view.shown_rows();
                let rest = seen.rows.get(shown..).unwrap_or_default();
                if rest.is_empty() {
                    return;
                }
                rest.iter().take(ROWS).for_each(|row| self.view.add(row));
            }
            browser::pause().await;
        }
    }
}
