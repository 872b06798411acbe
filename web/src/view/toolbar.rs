//! What one does with the photos as a whole: add, find, filter, take back.

use std::rc::Rc;

use tagsight_library::Step;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::parts::{button, icon_button_if};
use super::{icon, select};
use crate::platform::{self, Given};
use crate::text::Texts;

/// The formats that a file chooser offers. Named types rather than image/*: given these, an iPhone
/// hands over JPEG instead of HEIC. Of HEIC files elsewhere, which few browsers can show, those that
/// are dropped are tried.
const ACCEPT: &str = "image/jpeg,image/png,image/webp,image/gif,image/bmp,image/avif";

/// Where photos come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// Files, several at a time.
    Files,
    /// A folder with what is in it.
    Folder,
    /// The camera.
    Camera,
    /// Files that were not tagged on an earlier visit.
    LeftOver,
}

/// A file input that looks like a button.
pub(crate) fn chooser(
    from: From,
    class: &'static str,
    content: Html,
    name: &'static str,
    on_files: Callback<Given>,
) -> Html {
    let onchange = on_files.reform(|event: Event| {
        platform::given_by_input(&event.target_unchecked_into::<HtmlInputElement>())
    });
    let hook = match from {
        From::Files => "photo-input",
        From::Folder => "folder-input",
        From::Camera => "camera-input",
        From::LeftOver => "left-over-input",
    };
    html! {
        <label class={classes!("button", class)} title={name}>
            <input
                type="file"
                aria-label={name}
                multiple={matches!(from, From::Files | From::LeftOver)}
                webkitdirectory={from == From::Folder}
                capture={(from == From::Camera).then_some("environment")}
                accept={(from != From::Folder).then_some(ACCEPT)}
                data-testid={hook}
                {onchange}
            />
            { content }
        </label>
    }
}

/// All ways in; `photos` is what the first says.
pub(crate) fn choosers(
    texts: &'static Texts,
    photos: &'static str,
    on_files: &Callback<Given>,
) -> Html {
    let add = &texts.add;
    html! {
        <>
            { chooser(From::Files, "primary", html! { { photos } }, photos, on_files.clone()) }
            if platform::can_choose_folders() {
                { chooser(From::Folder, "icon-only", icon::folder(), add.folder, on_files.clone()) }
            }
            if platform::can_take_photos() {
                { chooser(From::Camera, "icon-only", icon::camera(), add.camera, on_files.clone()) }
            }
        </>
    }
}

/// Whether something can be taken back, and done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reversible {
    /// There is something to take back.
    pub(crate) undo: bool,
    /// There is something to do again.
    pub(crate) redo: bool,
}

/// What is heard of it.
pub(crate) struct ToolbarEvents {
    /// Files were chosen.
    pub(crate) on_files: Callback<Given>,
    /// The model has to be as sure as this.
    pub(crate) on_step: Callback<Step>,
    /// The last decision is to be taken back.
    pub(crate) on_undo: Callback<()>,
    /// What was taken back is to be done again.
    pub(crate) on_redo: Callback<()>,
    /// Photos that look alike are to be found.
    pub(crate) on_compare: Callback<()>,
    /// Tags are wanted elsewhere.
    pub(crate) on_take_along: Callback<MouseEvent>,
}

/// The toolbar above the grid.
pub(crate) fn toolbar(
    texts: &'static Texts,
    step: Step,
    can: Reversible,
    events: ToolbarEvents,
) -> Html {
    let ToolbarEvents { on_files, on_step, on_undo, on_redo, on_compare, on_take_along } = events;
    let history = &texts.history;
    let tool = |can, hook, name, icon, on_click: Callback<()>| {
        icon_button_if(can, "button icon-only", hook, name, icon, on_click.reform(|_| ()))
    };
    html! {
        <section class="toolbar" aria-label={texts.page.photos}>
            { choosers(texts, texts.add.more, &on_files) }
            { button("take-along", texts.page.take_along, on_take_along) }
            <div class="end">
                { step_select(texts, step, on_step) }
                { tool(true, "compare", texts.search.alike, icon::photos(), on_compare) }
                { tool(can.undo, "undo", history.undo, icon::undo(), on_undo) }
                { tool(can.redo, "redo", history.redo, icon::redo(), on_redo) }
            </div>
        </section>
    }
}

/// How sure the model has to be.
fn step_select(texts: &'static Texts, step: Step, on_step: Callback<Step>) -> Html {
    let options =
        Step::ALL.map(|step| (step_code(step).to_owned(), step_name(texts, step).to_owned()));
    let on_name = Callback::from(move |name: String| {
        if let Some(step) = Step::ALL.into_iter().find(|&step| step_code(step) == name) {
            on_step.emit(step);
        }
    });
    let chosen = Some(step_code(step));
    let hint = match step {
        Step::Sure => texts.thresholds.sure_hint,
        Step::Balanced => texts.thresholds.balanced_hint,
        Step::More => texts.thresholds.more_hint,
    };
    let select =
        select(texts, texts.thresholds.label, "threshold-select", options, chosen, on_name);
    html! { <span title={hint}>{ select }</span> }
}

/// The name in the page's hooks.
fn step_code(step: Step) -> &'static str {
    match step {
        Step::Sure => "sure",
        Step::Balanced => "balanced",
        Step::More => "more",
    }
}

fn step_name(texts: &'static Texts, step: Step) -> &'static str {
    match step {
        Step::Sure => texts.thresholds.sure,
        Step::Balanced => texts.thresholds.balanced,
        Step::More => texts.thresholds.more,
    }
}

/// A tag of the photos that are shown, and how many have it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chip {
    /// What is searched for when it is pressed.
    pub(crate) key: Rc<str>,
    /// The word on it.
    pub(crate) word: AttrValue,
    /// How many of the photos have it.
    pub(crate) count: usize,
    /// Whether only photos with it are shown.
    pub(crate) is_pressed: bool,
}

/// The tags to filter by.
pub(crate) fn chips(texts: &'static Texts, chips: Vec<Chip>, on_chip: Callback<Rc<str>>) -> Html {
    if chips.is_empty() {
        return Html::default();
    }
    let chip = |chip: Chip| {
        let key = chip.key.clone();
        html! {
            <button
                type="button"
                class="chip"
                key={chip.key.clone()}
                aria-pressed={chip.is_pressed.to_string()}
                data-testid="chip"
                data-label={chip.key.clone()}
                onclick={on_chip.reform(move |_| key.clone())}
            >
                { chip.word }<span class="count">{ chip.count.to_string() }</span>
            </button>
        }
    };
    html! {
        <div class="chips" role="group" aria-label={texts.search.chips} tabindex="0">
            { for chips.into_iter().map(chip) }
        </div>
    }
}

/// The field that finds photos. Every keystroke counts, those within a syllable too.
pub(crate) fn search(texts: &'static Texts, typed: &str, on_search: Callback<String>) -> Html {
    let oninput = on_search
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <div class="search" role="search">
            { icon::search() }
            <input
                type="search"
                autocomplete="off"
                enterkeyhint="search"
                aria-label={texts.search.label}
                placeholder={texts.search.placeholder}
                value={typed.to_owned()}
                data-testid="search-input"
                {oninput}
            />
        </div>
    }
}
