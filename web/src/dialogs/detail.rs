//! One photo with everything that is known of it, and where its tags are put right.

use tagsight_library::Source;
use yew::prelude::*;

use super::frame::Frame;
use super::message::{Deed, Detail, DetailAct, Facts, ShownTag, Tagging};
use super::why::Picture;
use tagsight_protocol::Backend;

use crate::backend::title;
use crate::reason::FileProblem;
use crate::text::{DialogTexts, Language, Moment, Texts, percent};
use crate::view::{
    Word, button, heading, icon, icon_button, icon_button_if, paragraph, source_name, word_field,
};

/// Props of [`Dialog`].
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct Props {
    /// The page's language.
    pub(crate) language: Language,
    /// The photo.
    pub(crate) detail: Detail,
    /// What is done.
    pub(crate) on_deed: Callback<Deed>,
}

impl Props {
    fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    fn words(&self) -> &'static DialogTexts {
        self.language.dialogs()
    }

    fn on<E: 'static>(&self, act: DetailAct) -> Callback<E> {
        self.on_deed.reform(move |_| Deed::Detail(act.clone()))
    }
}

/// The view.
#[component]
pub(crate) fn Dialog(props: &Props) -> Html {
    let (words, photo) = (&props.words().detail, &props.detail);
    let step = |can, hook, name, icon, act| {
        icon_button_if(can, "icon-button", hook, name, icon, props.on(act))
    };
    let tools = html! {
        <>
            { step(photo.has_previous, "detail-back", words.previous, icon::back(), DetailAct::Back) }
            { step(photo.has_next, "detail-next", words.next, icon::forward(), DetailAct::On) }
        </>
    };
    let word = || Word {
        label: words.add_placeholder,
        hook: "tag-add",
        suggestions: photo.suggestions.clone(),
        on_input: props.on_deed.reform(Deed::Typed),
        on_word: props.on_deed.reform(|word| Deed::Detail(DetailAct::Add(word))),
    };
    html! {
        <Frame
            title={photo.name.clone()}
            hook="photo-detail"
            close_hook="detail-close"
            close={words.close}
            {tools}
            on_close={props.on(DetailAct::Close)}
        >
            <div class="detail">
                <Picture
                    language={props.language}
                    url={photo.url.clone()}
                    orientation={photo.orientation}
                    why={photo.why.clone()}
                />
                <div class="about">
                    if let Some(status) = &photo.status {
                        { paragraph("failure", status) }
                    }
                    if let Some(problem) = photo.missing {
                        { paragraph("muted", &props.texts().of_small(problem)) }
                        if problem == FileProblem::Refused {
                            { button("detail-open", words.open, props.on(DetailAct::ShowOriginal)) }
                        }
                    }
                    if let Some(tags) = &photo.tags {
                        { tag_list(props, tags) }
                        { word_field(word()) }
                        { less_sure(props) }
                    }
                    { for photo.facts.as_ref().map(|facts| facts_list(props, facts)) }
                </div>
            </div>
        </Frame>
    }
}

fn tag_list(props: &Props, tags: &[ShownTag]) -> Html {
    if tags.is_empty() {
        return paragraph("muted", props.words().detail.none_sure);
    }
    html! { <ul class="tag-list">{ for tags.iter().map(|tag| tag_row(props, tag)) }</ul> }
}

/// Name, number, bar and source: how sure the model is is never told by colour or length alone.
fn tag_row(props: &Props, tag: &ShownTag) -> Html {
    let remove = props.words().detail.remove_tag.fill([&tag.word]);
    let on_remove = props.on(DetailAct::Remove(tag.key.to_string()));
    html! {
        <li
            class="tag-row"
            key={tag.key.clone()}
            data-testid="detail-tag"
            data-label={tag.key.clone()}
            data-source={source_name(tag.source)}
        >
            <span class="label">
                { tag.word.clone() }{ " " }<span class="source">{ source_word(props.texts(), tag.source) }</span>
            </span>
            <span class="percent">{ tag.score.map(percent) }</span>
            if props.detail.explained.contains(&tag.key) {
                { why_button(props, tag) }
            }
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

/// What the answer is of stays pressed.
fn why_button(props: &Props, tag: &ShownTag) -> Html {
    let name = props.words().why.ask.fill([&tag.word]);
    let asked = props.detail.why.as_ref().is_some_and(|why| why.key == tag.key);
    html! {
        <button
            type="button"
            class="icon-button"
            aria-label={name.clone()}
            title={name}
            aria-pressed={asked.to_string()}
            data-testid="tag-why"
            data-label={tag.key.clone()}
            onclick={props.on(DetailAct::Why(tag.key.to_string()))}
        >
            { icon::aim() }
        </button>
    }
}

/// A label that is wrong time and again need not be taken from every photo.
fn never_button(props: &Props, tag: &ShownTag) -> Html {
    let name = props.words().detail.never_show.fill([&tag.word]);
    let on_never = props.on(DetailAct::Never(tag.key.to_string()));
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
    let tags = &props.detail.less_sure;
    if tags.is_empty() {
        return Html::default();
    }
    let words = &props.words().detail;
    let chip = |tag: &ShownTag| {
        html! {
            <li key={tag.key.clone()}>
                <button
                    type="button"
                    class="chip"
                    title={words.add_less_sure.fill([&tag.word])}
                    data-testid="less-sure"
                    data-label={tag.key.clone()}
                    onclick={props.on(DetailAct::Add(tag.key.to_string()))}
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
            <ul class="wrap">{ for tags.iter().map(chip) }</ul>
        </div>
    }
}

fn facts_list(props: &Props, facts: &Facts) -> Html {
    let row = |(name, value): (&'static str, String)| {
        html! { <><dt>{ name }</dt><dd>{ value }</dd></> }
    };
    html! { <dl class="facts">{ for rows(props, facts).into_iter().map(row) }</dl> }
}

fn rows(props: &Props, facts: &Facts) -> Vec<(&'static str, String)> {
    let (texts, words) = (props.texts(), &props.words().detail);
    let mut rows = Vec::new();
    if facts.width > 0 {
        rows.push((words.dimensions, texts.pixels(facts.width, facts.height)));
    }
    rows.push((words.size, texts.size(facts.bytes)));
    for (name, moment) in [(words.taken, &facts.taken), (words.added, &facts.added)] {
        rows.extend(Moment::parse(moment).map(|moment| (name, texts.moment(moment))));
    }
    if let Some(Tagging { model, backend, by_browser, millis }) = &facts.tagging {
        let decoder = if *by_browser { words.decoder_browser } else { words.decoder_own };
        rows.push((words.model, model.clone()));
        // A record may be of a build that knew others.
        let ran_on = match Backend::named(backend) {
            Some(backend) => title(backend),
            None => backend,
        };
        rows.push((words.engine, ran_on.to_owned()));
        rows.push((words.decoder, decoder.to_owned()));
        rows.push((words.time, texts.duration(*millis)));
    }
    rows
}
