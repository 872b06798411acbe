//! One photo with what was found in it.

use std::rc::Rc;

use tagsight_protocol::{Decoder, Tag, Tagging};
use yew::prelude::*;

use super::icon;
use crate::session::{Photo, PhotoState};
use crate::text;

/// Props of [`PhotoCard`].
#[derive(Properties)]
pub(crate) struct Props {
    /// The photo.
    pub(crate) photo: Rc<Photo>,
    /// Where the browser finds its picture.
    pub(crate) url: AttrValue,
    /// Asks to remove it.
    pub(crate) on_remove: Callback<u32>,
}

impl PartialEq for Props {
    /// By identity, so that one photo's result does not redraw a thousand cards.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.photo, &other.photo) && self.on_remove == other.on_remove
    }
}

/// The card.
#[component]
pub(crate) fn PhotoCard(props: &Props) -> Html {
    let photo = &props.photo;
    let done = match &photo.state {
        PhotoState::Done { tagging, by } => Some((tagging, by)),
        _ => None,
    };
    html! {
        <li
            class="card"
            data-testid="photo-card"
            data-state={photo.state.name()}
            data-name={photo.name.clone()}
            data-scores={done.map(|(tagging, _)| text::json_array(&tagging.scores))}
            data-model={done.map(|(_, by)| by.name.clone())}
            data-engine={done.map(|(tagging, _)| tagging.engine.clone())}
            data-decoder={done.map(|(tagging, _)| decoder_name(tagging.decoder))}
        >
            <Thumbnail
                url={props.url.clone()}
                decoder={done.map(|(tagging, _)| tagging.decoder)}
            />
            <div class="details">
                { head(photo, &props.on_remove) }
                { result(&photo.state) }
            </div>
        </li>
    }
}

fn head(photo: &Photo, on_remove: &Callback<u32>) -> Html {
    let id = photo.id;
    html! {
        <div class="head">
            <h3 title={photo.name.clone()}>{ photo.name.clone() }</h3>
            <button
                type="button"
                class="icon-button"
                aria-label={format!("Remove {}", photo.name)}
                onclick={on_remove.reform(move |_| id)}
            >
                { icon::cross() }
            </button>
        </div>
    }
}

fn result(state: &PhotoState) -> Html {
    match state {
        PhotoState::Queued => html! { <p class="muted">{ "Waiting" }</p> },
        PhotoState::Working => html! { <p class="muted working">{ "Looking…" }</p> },
        PhotoState::Failed(message) => html! {
            <p class="failure">{ icon::warning() }<span>{ message.clone() }</span></p>
        },
        PhotoState::Done { tagging, by } => {
            let millis = tagging.decode_millis + tagging.inference_millis;
            html! {
                <>
                    { tags(tagging) }
                    <p class="muted timing">
                        { text::duration(millis) }{ " · " }{ by.title.clone() }
                        if tagging.decoder == Decoder::Browser {
                            { " · decoded by the browser" }
                        }
                    </p>
                </>
            }
        }
    }
}

/// The name in the page's hooks.
fn decoder_name(decoder: Decoder) -> &'static str {
    match decoder {
        Decoder::Own { .. } => "own",
        Decoder::Browser => "browser",
    }
}

fn tags(tagging: &Tagging) -> Html {
    if tagging.tags.is_empty() {
        return html! { <p class="muted">{ "Nothing found that the model is sure of" }</p> };
    }
    html! { <ul class="tags">{ for tagging.tags.iter().map(tag) }</ul> }
}

/// Name, number and bar: the confidence is never told by colour or length alone.
fn tag(tag: &Tag) -> Html {
    let width = format!("{}%", tag.score * 100.0);
    html! {
        <li
            class="tag"
            key={tag.label.clone()}
            data-testid="tag"
            data-label={tag.label.clone()}
            data-score={tag.score.to_string()}
        >
            <span class="label">{ tag.label.clone() }</span>
            <span class="percent">{ text::percent(tag.score) }</span>
            // The content security policy forbids inline styles; SVG needs none.
            <svg class="bar" aria-hidden="true"><rect {width} height="100%" /></svg>
        </li>
    }
}

/// Props of [`Thumbnail`].
#[derive(Properties, PartialEq)]
struct ThumbnailProps {
    url: AttrValue,
    decoder: Option<Decoder>,
}

/// The picture, or a sign where the browser cannot show the file. Once it is tagged it stands as the
/// network saw it, even where the browser reads its metadata in another way; the styles turn it.
#[component]
fn Thumbnail(props: &ThumbnailProps) -> Html {
    let broken = use_state(|| false);
    let onerror = {
        let broken = broken.clone();
        move |_| broken.set(true)
    };
    let orientation = match props.decoder {
        Some(Decoder::Own { orientation }) => Some(orientation.to_string()),
        Some(Decoder::Browser) | None => None,
    };
    html! {
        <div class="thumbnail">
            if *broken {
                { icon::broken() }
            } else {
                <img
                    src={props.url.clone()}
                    alt=""
                    loading="lazy"
                    decoding="async"
                    data-orientation={orientation}
                    {onerror}
                />
            }
        </div>
    }
}
