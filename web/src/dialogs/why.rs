//! A photo's picture and, over it, the map of why it has a tag.

use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::message::{Answer, Known, Why};
use crate::platform;
use crate::text::{Language, WhyTexts};
use crate::view::{icon, paragraph};

/// How much of the photo the map hides at first, percent.
const OPACITY: u32 = 60;

/// Props of [`Picture`].
#[derive(Properties, Clone, PartialEq)]
pub(crate) struct Props {
    /// The page's language.
    pub(crate) language: Language,
    /// Where the browser finds the picture.
    pub(crate) url: Option<String>,
    /// How it has to turn that.
    pub(crate) orientation: Option<u8>,
    /// What was asked of a tag.
    pub(crate) why: Option<Box<Why>>,
}

impl Props {
    fn words(&self) -> &'static WhyTexts {
        &self.language.dialogs().why
    }

    fn known(&self) -> Option<&Known> {
        match self.why.as_ref().map(|why| &why.answer) {
            Some(Answer::Known(known)) => Some(known),
            _ => None,
        }
    }
}

/// The picture; a map lies over it while one was asked for.
#[component]
pub(crate) fn Picture(props: &Props) -> Html {
    let opacity = use_state(|| OPACITY);
    let over = use_node_ref();
    let map = props.known().and_then(|known| known.map.clone());
    // The content security policy forbids style attributes.
    use_effect_with((over.clone(), *opacity, map.clone()), |(over, opacity, _)| {
        if let Some(over) = over.cast::<Element>() {
            platform::set_style(&over, "opacity", &format!("{opacity}%"));
        }
    });
    let on_opacity = {
        let opacity = opacity.clone();
        Callback::from(move |percent| opacity.set(percent))
    };
    html! {
        <div class="shown">
            <div class="picture">
                if let Some(url) = &props.url {
                    <img
                        key={url.clone()}
                        src={url.clone()}
                        alt=""
                        data-orientation={props.orientation.map(|turn| turn.to_string())}
                    />
                } else {
                    { icon::picture() }
                }
                if let Some(map) = map {
                    <img ref={over} src={map} alt="" data-testid="why-map" />
                }
            </div>
            { for props.why.as_ref().map(|why| answer(props, why, *opacity, on_opacity)) }
        </div>
    }
}

/// What there is to say, and how much the map is to hide.
fn answer(props: &Props, why: &Why, opacity: u32, on_opacity: Callback<u32>) -> Html {
    let words = props.words();
    let state = match &why.answer {
        Answer::NoFile => "no-file",
        Answer::Awaited => "awaited",
        Answer::Failed(_) => "failed",
        Answer::Known(_) => "known",
    };
    let known = props.known();
    let shares = known.map(|known| format!("{:?}", known.shares));
    html! {
        <div
            class="why"
            data-testid="why"
            data-state={state}
            data-label={why.key.clone()}
            data-columns={known.map(|known| known.columns.to_string())}
            data-shares={shares}
            data-millis={known.map(|known| known.millis.to_string())}
        >
            <p role="status">{ said(words, why) }</p>
            if let Some(known) = known {
                if known.map.is_some() {
                    { opacity_field(words, opacity, on_opacity) }
                }
                { paragraph("muted", words.hint) }
                if let Some(model) = &known.other_model {
                    { paragraph("muted", &words.other_model.fill([model])) }
                }
            }
        </div>
    }
}

fn said(words: &'static WhyTexts, why: &Why) -> String {
    match &why.answer {
        Answer::NoFile => words.no_file.to_owned(),
        Answer::Awaited => words.asked.to_owned(),
        Answer::Failed(problem) => problem.clone(),
        Answer::Known(known) => {
            match known.place.and_then(|place| words.places.get(usize::from(place))) {
                Some(place) => words.found.fill([&why.word, *place]),
                None => words.nowhere.fill([&why.word]),
            }
        }
    }
}

fn opacity_field(words: &'static WhyTexts, opacity: u32, on_opacity: Callback<u32>) -> Html {
    let oninput = on_opacity.reform(|event: InputEvent| {
        event.target_unchecked_into::<HtmlInputElement>().value().parse().unwrap_or(OPACITY)
    });
    html! {
        <label class="field">
            { words.opacity }
            <input type="range" min="0" max="100" step="5" value={opacity.to_string()} data-testid="why-opacity" {oninput} />
        </label>
    }
}
