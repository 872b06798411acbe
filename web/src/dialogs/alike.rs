//! Photos that look alike, side by side, to choose those that are not needed. Nothing is removed here.

use yew::prelude::*;

use super::frame::Frame;
use super::message::{AlikeAct, Deed, Lookalikes, Twin};
use crate::text::{AlikeTexts, Language, Texts};
use crate::view::{button, heading, paragraph};

/// Props of [`Dialog`].
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct Props {
    /// The page's language.
    pub(crate) language: Language,
    /// The groups.
    pub(crate) alike: Lookalikes,
    /// What is done.
    pub(crate) on_deed: Callback<Deed>,
}

impl Props {
    fn texts(&self) -> &'static Texts {
        self.language.texts()
    }

    fn words(&self) -> &'static AlikeTexts {
        &self.language.dialogs().alike
    }

    fn on<E: 'static>(&self, act: AlikeAct) -> Callback<E> {
        self.on_deed.reform(move |_| Deed::Alike(act))
    }
}

/// The dialog.
#[component]
pub(crate) fn Dialog(props: &Props) -> Html {
    let (words, alike) = (props.words(), &props.alike);
    let nothing = alike.groups.is_empty();
    html! {
        <Frame
            title={words.title}
            hook="alike"
            close_hook="alike-close"
            close={props.texts().page.close}
            on_close={props.on(AlikeAct::Close)}
        >
            <div class="alike">
                { paragraph("muted", if nothing { words.none } else { words.hint }) }
                if alike.unknown > 0 {
                    { paragraph("muted", &words.unknown.of(alike.unknown as usize)) }
                }
                { for alike.groups.iter().enumerate().map(|(at, group)| section(props, at + 1, group)) }
                if alike.more > 0 {
                    { button("alike-more", words.more, props.on(AlikeAct::More)) }
                }
                <p role="status">
                    if alike.chosen > 0 {
                        { props.texts().selection.selected.of(alike.chosen as usize) }
                    }
                </p>
            </div>
        </Frame>
    }
}

fn section(props: &Props, number: usize, group: &[Twin]) -> Html {
    let words = props.words();
    let photos = props.texts().card.photos.of(group.len());
    let name = words.group.fill([&number.to_string(), &photos]);
    let first = group.first().map(|twin| twin.key).unwrap_or_default();
    html! {
        <section key={first} aria-label={name.clone()} data-testid="alike-group">
            <div class="alike-head">
                { heading(&name) }
                <button
                    type="button"
                    class="button"
                    aria-label={format!("{name}: {}", words.others)}
                    data-testid="alike-others"
                    onclick={props.on(AlikeAct::Others(first))}
                >
                    { words.others }
                </button>
            </div>
            <ul>{ for group.iter().enumerate().map(|(at, twin)| item(props, at == 0, twin)) }</ul>
        </section>
    }
}

/// A picture that is a checkbox, with what its copies may differ in.
fn item(props: &Props, is_first: bool, twin: &Twin) -> Html {
    let texts = props.texts();
    let facts = [texts.pixels(twin.width, twin.height), texts.size(twin.bytes)].join(" · ");
    html! {
        <li key={twin.key}>
            <label class="twin">
                <input
                    type="checkbox"
                    checked={twin.is_chosen}
                    data-testid="alike-choose"
                    data-name={twin.name.clone()}
                    onchange={props.on(AlikeAct::Toggle(twin.key))}
                />
                if let Some(url) = &twin.url {
                    <img src={url.clone()} alt="" />
                }
                <span class="twin-name">{ twin.name.clone() }</span>
                <span class="muted">{ facts }</span>
                if is_first {
                    <span class="muted">{ props.words().largest }</span>
                }
            </label>
        </li>
    }
}
