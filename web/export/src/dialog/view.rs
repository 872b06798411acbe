//! What the dialog looks like.

use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use super::dom::{self, Choice, button, element, fill, hooked, set, words};
use super::row::{Row, State};
use crate::browser;
use crate::choices::{Choices, Into, Naming, Path, To, What, Words};
use crate::text::Texts;
use tagsight_keywords::ListChange;

/// Rows that are shown at first: what one looks over.
const ROWS: usize = 30;

/// How many photos there are of each choice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    pub(super) chosen: usize,
    pub(super) shown: usize,
    pub(super) all: usize,
}

/// The dialog's elements.
pub(super) struct View {
    texts: &'static Texts,
    pub(super) root: HtmlDialogElement,
    what: Choice,
    to: Choice,
    into: Choice,
    naming: Choice,
    words: Choice,
    path: Choice,
    to_hint: Element,
    into_hint: Element,
    preview: Element,
    summary: Element,
    rows: Element,
    more: HtmlElement,
    progress: Element,
    bar: Element,
    at: Element,
    pub(super) outcome: Element,
    pub(super) look: HtmlElement,
    pub(super) start: HtmlElement,
    pub(super) cancel: HtmlElement,
    pub(super) undo: HtmlElement,
    undo_hint: Element,
}

impl View {
    /// The dialog, with what is chosen at first.
    pub(super) fn new(
        texts: &'static Texts,
        numbers: Numbers,
        what: What,
        choices: Choices,
    ) -> Self {
        let root: HtmlDialogElement =
            hooked("export", element("dialog", "narrow")).unchecked_into();
        set(&root, "aria-labelledby", "export-title");
        let view = Self {
            texts,
            root,
            what: photos(texts, numbers, what),
            to: ways(texts, choices.to),
            into: Choice::new("export-into", texts.into, &[], ""),
            naming: Choice::new("export-name", texts.name, &namings(texts), choices.naming.code()),
            words: Choice::new(
                "export-words",
                texts.words,
                &languages(texts),
                choices.words.code(),
            ),
            path: Choice::new("export-path", texts.path, &paths(texts), choices.path.code()),
            to_hint: element("p", "muted"),
            into_hint: element("p", "muted"),
            preview: element("section", "preview"),
            summary: words("p", "", texts.nothing_yet),
            rows: hooked("export-preview", element("ul", "changes")),
            more: button("export-more", "button", ""),
            progress: element("div", "group"),
            bar: element("progress", ""),
            at: element("p", "muted"),
            outcome: hooked("export-outcome", element("div", "outcome")),
            look: button("export-look", "button", texts.look),
            start: button("export-start", "button primary", ""),
            cancel: button("export-cancel", "button", texts.cancel),
            undo: button("export-undo", "button", texts.undo),
            undo_hint: words("p", "muted", texts.undo_hint),
        };
        view.offer_holders(choices);
        view.build();
        view
    }

    fn build(&self) {
        let texts = self.texts;
        let head = element("div", "dialog-head");
        let title = words("h2", "", texts.title);
        set(&title, "id", "export-title");
        let close = hooked("export-close", element("button", "icon-button"));
        set(&close, "type", "button");
        set(&close, "aria-label", texts.close);
        set(&close, "title", texts.close);
        fill(&close, &[&cross()]);
        fill(&head, &[&title, &close]);

        let fields = element("section", "fields");
        for choice in [&self.what, &self.to] {
            fill(&fields, &[&choice.field]);
        }
        fill(&fields, &[&self.to_hint]);
        for choice in [&self.into, &self.naming, &self.words, &self.path] {
            fill(&fields, &[&choice.field]);
        }
        fill(&fields, &[&self.into_hint]);

        set(&self.summary, "role", "status");
        set(&self.rows, "tabindex", "0");
        set(&self.rows, "role", "list");
        set(&self.rows, "aria-label", texts.preview);
        fill(
            &self.preview,
            &[&words("h3", "", texts.preview), &self.summary, &self.rows, &self.more],
        );
        fill(&self.progress, &[&self.bar, &self.at]);
        set(&self.outcome, "role", "status");
        set(&self.bar, "aria-label", texts.preview);

        let body = element("div", "settings");
        fill(&body, &[&fields, &self.preview, &self.progress, &self.outcome]);
        let foot = element("div", "dialog-foot");
        let buttons = [&self.start, &self.look, &self.cancel, &self.undo];
        for button in buttons {
            fill(&foot, &[button]);
        }
        fill(&foot, &[&self.undo_hint]);
        fill(&self.root, &[&head, &body, &foot]);
    }

    /// Which photos are chosen.
    pub(super) fn what(&self) -> What {
        What::named(&self.what.value()).unwrap_or(What::All)
    }

    /// All else that is chosen.
    pub(super) fn choices(&self, before: Choices) -> Choices {
        let values =
            [&self.to, &self.into, &self.naming, &self.words, &self.path].map(Choice::value);
        before.recall(&values.join(" "))
    }

    /// What can hold the words depends on where they go.
    pub(super) fn offer_holders(&self, choices: Choices) {
        let texts = self.texts;
        let of = |into: Into, says: &str| (into.code(), says.to_owned());
        let holders: &[_] = if choices.to == To::Folder {
            &[of(Into::Sidecar, texts.sidecar), of(Into::Embed, texts.embed)]
        } else {
            &[
                of(Into::Embed, texts.zip_embed),
                of(Into::Sidecar, texts.zip_sidecar),
                of(Into::Only, texts.zip_only),
            ]
        };
        self.into.offer(holders, choices.holder().code());
    }

    /// Shows what can be chosen now.
    pub(super) fn arrange(&self, choices: Choices, has_folder: bool) {
        let texts = self.texts;
        let to = choices.to;
        let has_files = matches!(to, To::Folder | To::Zip);
        dom::show(&self.into.field, has_files);
        dom::show(&self.naming.field, has_files);
        dom::show(&self.words.field, to != To::Json);
        dom::show(&self.path.field, has_files || to == To::Share);
        let hint = match to {
            To::Folder => texts.folder_hint,
            To::Zip => texts.zip_hint,
            To::Share => texts.share_hint,
            To::Csv => texts.csv_hint,
            To::Json => texts.json_hint,
        };
        self.to_hint.set_text_content(Some(hint));
        let is_embedded = choices.holder() == Into::Embed;
        let hint = if is_embedded { texts.embed_hint } else { texts.sidecar_hint };
        self.into_hint.set_text_content(Some(hint));
        dom::show(&self.into_hint, has_files);
        let look = match (to, has_folder) {
            (To::Folder, false) => texts.choose_folder,
            (To::Folder, true) => texts.other_folder,
            _ => texts.look,
        };
        self.look.set_text_content(Some(look));
    }

    /// Says what the button does that begins.
    pub(super) fn name_start(&self, says: &str) {
        self.start.set_text_content(Some(says));
    }

    /// Shows what can be done: while something runs, only to end it.
    pub(super) fn offer(&self, to: To, is_running: bool, can_start: bool) {
        let is_seen_at_once = matches!(to, To::Csv | To::Json);
        dom::show(&self.look, !is_running && !is_seen_at_once);
        dom::show(&self.start, !is_running && can_start);
        dom::show(&self.cancel, is_running);
        // What was looked at comes first.
        let can_take_back = !is_running && !can_start && to == To::Folder;
        dom::show(&self.undo, can_take_back);
        dom::show(&self.undo_hint, can_take_back);
        dom::show(&self.progress, is_running);
        let is_primary = !can_start;
        self.look.set_class_name(if is_primary { "button primary" } else { "button" });
        for choice in [&self.what, &self.to, &self.into, &self.naming, &self.words, &self.path] {
            choice.select.set_disabled(is_running);
        }
    }

    /// Shows how far it is; without numbers only that something goes on.
    pub(super) fn progress(&self, says: &str, at: Option<(usize, usize)>) {
        self.at.set_text_content(Some(says));
        match at {
            Some((done, all)) => {
                set(&self.bar, "max", &all.max(1).to_string());
                set(&self.bar, "value", &done.to_string());
            }
            None => {
                // There may be none.
                let _ = self.bar.remove_attribute("value");
            }
        }
    }

    /// Says again that nothing was looked at.
    pub(super) fn forget(&self) {
        self.list_nothing(self.texts.nothing_yet);
    }

    /// Lists nothing, and says this of it.
    pub(super) fn list_nothing(&self, says: &str) {
        self.summary.set_text_content(Some(says));
        dom::empty(&self.rows);
        dom::show(&self.rows, false);
        dom::show(&self.more, false);
    }

    /// Shows a summary and the first rows.
    pub(super) fn preview(&self, summary: &str, rows: &[Row]) {
        self.list_nothing(summary);
        dom::show(&self.rows, !rows.is_empty());
        for row in rows.iter().take(ROWS) {
            self.add(row);
        }
        self.more.set_text_content(Some(
            &self.texts.show_all.fill([&tagsight_template::count(rows.len())]),
        ));
        dom::show(&self.more, rows.len() > ROWS);
        // On phones it is below the choices.
        self.preview.scroll_into_view();
    }

    /// Rows that are not shown yet, some at a time.
    pub(super) fn shown_rows(&self) -> usize {
        self.rows.child_element_count() as usize
    }

    /// All are shown, or are about to be.
    pub(super) fn no_more(&self) {
        dom::show(&self.more, false);
    }

    /// Adds a row.
    pub(super) fn add(&self, row: &Row) {
        let item = hooked("export-change", element("li", ""));
        set(&item, "data-name", &row.name);
        set(&item, "data-state", row.state.code());
        let line = element("div", "line");
        let state = words("span", "muted", self.of_state(row.state));
        fill(&line, &[&words("strong", "", &row.name), &state]);
        fill(&item, &[&line]);
        let mut rest = &row.changes[..];
        while let [first, ..] = rest {
            // Mostly all lists come to the same, which is told once.
            let is_alike = |change: &ListChange| {
                (&change.before, &change.after) == (&first.before, &first.after)
            };
            let alike = rest.iter().take_while(|change| is_alike(change)).count();
            fill(&item, &[&self.change(&rest[..alike])]);
            rest = &rest[alike..];
        }
        for note in &row.notes {
            fill(&item, &[&words("p", "muted", note)]);
        }
        fill(&self.rows, &[&item]);
    }

    /// Lists that change alike.
    fn change(&self, lists: &[ListChange]) -> Element {
        let said = |words: &[String]| match words {
            [] => self.texts.empty.to_owned(),
            words => words.join(", "),
        };
        let line = element("p", "list");
        let names: Vec<&str> = lists.iter().map(|change| change.list.name()).collect();
        let parts = [
            words("span", "muted", &names.join(", ")),
            words("span", "", &said(&lists[0].before)),
            words("span", "arrow", "→"),
            words("span", "after", &said(&lists[0].after)),
        ];
        for part in &parts {
            fill(&line, &[part]);
        }
        line
    }

    fn of_state(&self, state: State) -> &'static str {
        match state {
            State::Changed => self.texts.is_changed,
            State::Unchanged => self.texts.is_unchanged,
            State::Refused => self.texts.is_refused,
            State::Absent => self.texts.is_absent,
        }
    }

    /// Says what was done, and which photos it was not done to.
    pub(super) fn tell(&self, says: &str, details: &[String]) {
        dom::empty(&self.outcome);
        if says.is_empty() {
            return;
        }
        fill(&self.outcome, &[&words("p", "", says)]);
        if !details.is_empty() {
            let list = element("ul", "failure");
            for detail in details {
                fill(&list, &[&words("li", "", detail)]);
            }
            fill(&self.outcome, &[&list]);
        }
        // Whoever pressed a button looks there.
        self.outcome.scroll_into_view_with_bool(false);
    }
}

fn photos(texts: &Texts, numbers: Numbers, what: What) -> Choice {
    let count = |number: usize| tagsight_template::count(number);
    let mut options = Vec::new();
    if numbers.chosen > 0 {
        options.push((What::Chosen.code(), texts.chosen.fill([&count(numbers.chosen)])));
    }
    if numbers.shown > 0 && numbers.shown < numbers.all {
        options.push((What::Shown.code(), texts.shown.fill([&count(numbers.shown)])));
    }
    options.push((What::All.code(), texts.all.fill([&count(numbers.all)])));
    Choice::new("export-what", texts.what, &options, what.code())
}

/// Only ways that the browser has.
fn ways(texts: &Texts, to: To) -> Choice {
    let mut options = Vec::new();
    if browser::has_folders() {
        options.push((To::Folder.code(), texts.folder.to_owned()));
    }
    options.push((To::Zip.code(), texts.zip.to_owned()));
    if browser::has_share() {
        options.push((To::Share.code(), texts.share.to_owned()));
    }
    options.push((To::Csv.code(), texts.csv.to_owned()));
    options.push((To::Json.code(), texts.json.to_owned()));
    Choice::new("export-to", texts.to, &options, to.code())
}

fn namings(texts: &Texts) -> [(&'static str, String); 2] {
    [(Naming::Full.code(), texts.full.to_owned()), (Naming::Stem.code(), texts.stem.to_owned())]
}

fn languages(texts: &Texts) -> [(&'static str, String); 3] {
    [
        (Words::En.code(), texts.en.to_owned()),
        (Words::Ko.code(), texts.ko.to_owned()),
        (Words::Both.code(), texts.both.to_owned()),
    ]
}

fn paths(texts: &Texts) -> [(&'static str, String); 2] {
    [(Path::Leaf.code(), texts.leaf.to_owned()), (Path::Category.code(), texts.category.to_owned())]
}

/// The page's cross.
fn cross() -> Element {
    let svg = |tag: &str| {
        let made = dom::document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag);
        made.unwrap_throw()
    };
    let (icon, path) = (svg("svg"), svg("path"));
    set(&icon, "class", "icon");
    set(&icon, "viewBox", "0 0 24 24");
    set(&icon, "aria-hidden", "true");
    set(&path, "d", "M7 7l10 10M17 7 7 17");
    fill(&icon, &[&path]);
    icon
}
