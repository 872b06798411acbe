//! One photo with everything that is known of it, and where its tags are put right.

use std::rc::Rc;

use tagsight_library::Source;
use yew::prelude::*;

use super::grid::{ShownTag, source_name};
use super::parts::{button, heading, icon_button, icon_button_if, paragraph};
use super::{Dialog, WordField, icon};
use crate::reason::FileProblem;
use crate::text::{Texts, percent};

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DetailAct {
    /// Give the photo a tag.
    Add(String),
    /// Take a tag from it.
    Remove(String),
    /// Never show a label any more.
    Never(String),
    /// Show the file itself, after asking the user.
    ShowOriginal,
    /// Show the photo before.
    Back,
    /// Show the next one.
    On,
    /// Back to the grid.
    Close,
}

/// Props of [`Detail`].
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct Props {
    /// The page's language.
    pub(crate) texts: &'static Texts,
    /// The file's name.
    pub(crate) name: AttrValue,
    /// The picture: the file itself while it is at hand, else the thumbnail.
    pub(crate) url: Option<AttrValue>,
    /// How the browser has to turn the file, as EXIF counts the ways, so that it stands as the
    /// network saw it.
    pub(crate) orientation: Option<u8>,
    /// Why the file is not to be had, if there is a way to it.
    pub(crate) missing: Option<FileProblem>,
    /// Its tags, best first; none while the photo waits.
    pub(crate) tags: Option<Rc<[ShownTag]>>,
    /// Labels that the model is less sure of, best first.
    pub(crate) less_sure: Vec<ShownTag>,
    /// What to say instead of tags, where there are none yet.
    pub(crate) status: Option<AttrValue>,
    /// Size, date, model and so on.
    pub(crate) facts: Vec<(&'static str, String)>,
    /// What may be meant by what was typed so far.
    pub(crate) suggestions: Vec<AttrValue>,
    /// Whether there are photos before and behind it.
    pub(crate) has_neighbours: (bool, bool),
    /// What is typed so far.
    pub(crate) on_typed: Callback<String>,
    /// What is asked for.
    pub(crate) on_act: Callback<DetailAct>,
}

/// The view.
#[component]
pub(crate) fn Detail(props: &Props) -> Html {
    let words = &props.texts.detail;
    let on = |act: DetailAct| props.on_act.reform(move |_| act.clone());
    let (back, next) = props.has_neighbours;
    let step = |can, hook, name, icon, on_click| {
        icon_button_if(can, "icon-button", hook, name, icon, on_click)
    };
    let tools = html! {
        <>
            { step(back, "detail-back", words.previous, icon::back(), on(DetailAct::Back)) }
            { step(next, "detail-next", words.next, icon::forward(), on(DetailAct::On)) }
        </>
    };
    html! {
        <Dialog
            title={props.name.clone()}
            hook="photo-detail"
            close_hook="detail-close"
            close={words.close}
            {tools}
            on_close={props.on_act.reform(|()| DetailAct::Close)}
        >
            <div class="detail">
                <div class="picture">
                    if let Some(url) = &props.url {
                        <img
                            key={url.to_string()}
                            src={url.clone()}
                            alt=""
                            data-orientation={props.orientation.map(|turn| turn.to_string())}
                        />
                    } else {
                        { icon::picture() }
                    }
                </div>
                <div class="about">
                    if let Some(status) = &props.status {
                        { paragraph("failure", status) }
                    }
                    if let Some(problem) = props.missing {
                        { paragraph("muted", &props.texts.of_small(problem)) }
                        if problem == FileProblem::Refused {
                            { button("detail-open", props.texts.file.open, on(DetailAct::ShowOriginal)) }
                        }
                    }
                    if let Some(tags) = &props.tags {
                        { tag_list(props, tags) }
                        <WordField
                            label={words.add_placeholder}
                            hook="tag-add"
                            id="tag-add"
                            suggestions={props.suggestions.clone()}
                            on_input={props.on_typed.clone()}
                            on_word={props.on_act.reform(DetailAct::Add)}
                        />
                        { less_sure(props) }
                    }
                    { facts(&props.facts) }
                </div>
            </div>
        </Dialog>
    }
}

fn tag_list(props: &Props, tags: &[ShownTag]) -> Html {
    let texts = props.texts;
    if tags.is_empty() {
        return paragraph("muted", texts.detail.none_sure);
    }
    html! { <ul class="tag-list">{ for tags.iter().map(|tag| tag_row(props, tag)) }</ul> }
}

/// Name, number, bar and source: how sure the model is is never told by colour or length alone.
fn tag_row(props: &Props, tag: &ShownTag) -> Html {
    let texts = props.texts;
    let key = tag.key.to_string();
    let remove = texts.detail.remove_tag.fill([&tag.word]);
    let on_remove = props.on_act.reform(move |_| DetailAct::Remove(key.clone()));
    html! {
        <li
            class="tag-row"
            key={tag.key.clone()}
            data-testid="detail-tag"
            data-label={tag.key.clone()}
            data-source={source_name(tag.source)}
        >
            <span class="label">
                { tag.word.clone() }{ " " }<span class="source">{ source_word(texts, tag.source) }</span>
            </span>
            <span class="percent">{ tag.score.map(percent) }</span>
            if tag.source == Source::Auto {
                { never_button(props, tag) }
            }
            { icon_button("tag-remove", remove.into(), Some(tag.key.clone().into()), icon::cross(), on_remove) }
            if let (Some(score), Source::Auto) = (tag.score, tag.source) {
                // The content security policy forbids inline styles; SVG needs none.
                <svg class="bar" aria-hidden="true">
                    <rect width={format!("{}%", score * 100.0)} height="100%" />
                </svg>
            }
        </li>
    }
}

/// A label that is wrong time and again need not be taken from every photo.
fn never_button(props: &Props, tag: &ShownTag) -> Html {
    let key = tag.key.to_string();
    let name = props.texts.detail.never_show.fill([&tag.word]);
    let on_never = props.on_act.reform(move |_| DetailAct::Never(key.clone()));
    icon_button("tag-never", name.into(), Some(tag.key.clone().into()), icon::hide(), on_never)
}

fn source_word(texts: &'static Texts, source: Source) -> &'static str {
    match source {
        Source::Auto => texts.source.auto,
        Source::User => texts.source.user,
        Source::File => texts.source.file,
    }
}

fn less_sure(props: &Props) -> Html {
    if props.less_sure.is_empty() {
        return Html::default();
    }
    let words = &props.texts.detail;
    let chip = |tag: &ShownTag| {
        let key = tag.key.to_string();
        html! {
            <li key={tag.key.clone()}>
                <button
                    type="button"
                    class="chip"
                    title={words.add_less_sure.fill([&tag.word])}
                    data-testid="less-sure"
                    data-label={tag.key.clone()}
                    onclick={props.on_act.reform(move |_| DetailAct::Add(key.clone()))}
                >
                    { icon::plus() }{ tag.word.clone() }
                    <span class="count">{ tag.score.map(percent) }</span>
                </button>
            </li>
        }
    };
    html! {
        <div class="group">
            { heading(words.less_sure) }
            <ul class="wrap">{ for props.less_sure.iter().map(chip) }</ul>
        </div>
    }
}

fn facts(facts: &[(&'static str, String)]) -> Html {
    let fact = |(name, value): &(&'static str, String)| {
        html! { <><dt>{ *name }</dt><dd>{ value.clone() }</dd></> }
    };
    html! { <dl class="facts">{ for facts.iter().map(fact) }</dl> }
}
