//! The photos: a grid of tiles of one height, of which those near the screen are drawn.

use std::rc::Rc;

use tagsight_library::{Photo, Scores, Source};
use yew::prelude::*;

use super::icon;
use super::parts::paragraph;
use crate::dialogs::ShownTag;
use crate::grid::Window;
use crate::session::JobState;
use crate::text::{Texts, percent, score};

/// How far a tile's photo is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TileState {
    /// It is on its way.
    Job(JobState),
    /// It is in the library.
    Done,
}

impl TileState {
    /// The name in the page's hooks. What is not yet kept is not done.
    fn name(&self) -> &'static str {
        match self {
            Self::Job(JobState::Queued) => "queued",
            Self::Job(JobState::Working | JobState::Saving) => "working",
            Self::Job(JobState::Failed(_)) => "failed",
            Self::Done => "done",
        }
    }
}

/// What a tile shows.
#[derive(Properties, Clone)]
pub(crate) struct Tile {
    /// Its key in the grid.
    pub(crate) id: u32,
    /// The file's name.
    pub(crate) name: AttrValue,
    /// How far the photo is.
    pub(crate) state: TileState,
    /// What is kept of it, once it is tagged.
    pub(crate) photo: Option<Rc<Photo>>,
    /// Its tags, best first.
    pub(crate) tags: Rc<[ShownTag]>,
    /// Where the browser finds its thumbnail.
    pub(crate) url: Option<AttrValue>,
    /// Its column, from one.
    pub(crate) column: usize,
    /// Whether it is chosen.
    pub(crate) is_chosen: bool,
    /// Whether Tab leads to it.
    pub(crate) has_focus: bool,
    /// The page's language.
    pub(crate) texts: &'static Texts,
}

impl PartialEq for Tile {
    /// What is kept is compared by identity: every change makes it anew.
    fn eq(&self, other: &Self) -> bool {
        let same_photo = match (&self.photo, &other.photo) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        same_photo
            && self.id == other.id
            && self.state == other.state
            && (Rc::ptr_eq(&self.tags, &other.tags) || self.tags == other.tags)
            && self.url == other.url
            && self.column == other.column
            && self.is_chosen == other.is_chosen
            && self.has_focus == other.has_focus
            && std::ptr::eq(self.texts, other.texts)
    }
}

/// What happens to the grid. Events of tiles are heard there, so that a tile knows none of it.
#[derive(Clone, PartialEq)]
pub(crate) struct GridEvents {
    /// A pointer chose something.
    pub(crate) on_click: Callback<MouseEvent>,
    /// A finger does something.
    pub(crate) on_touch: Callback<TouchEvent>,
    /// A key was pressed.
    pub(crate) on_key: Callback<KeyboardEvent>,
    /// The keyboard came to a tile.
    pub(crate) on_focus: Callback<FocusEvent>,
}

/// Where the grid is drawn.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct GridRefs {
    /// All of it.
    pub(crate) grid: NodeRef,
    /// As high as what is not drawn above.
    pub(crate) above: NodeRef,
    /// As high as what is not drawn below.
    pub(crate) below: NodeRef,
}

/// The rows of `window` with their `tiles`.
pub(crate) fn grid(
    texts: &'static Texts,
    refs: &GridRefs,
    window: &Window,
    tiles: Vec<Tile>,
    is_choosing: bool,
    events: GridEvents,
) -> Html {
    let rows = tiles.chunks(window.columns).zip(window.rows.clone()).map(|(tiles, row)| {
        html! {
            <div class="row" role="row" key={row} aria-rowindex={(row + 1).to_string()}>
                { for tiles.iter().map(|tile| html! { <PhotoTile key={tile.id} ..tile.clone() /> }) }
            </div>
        }
    });
    let GridEvents { on_click, on_touch, on_key, on_focus } = events;
    html! {
        <div
            ref={refs.grid.clone()}
            class={classes!("grid", is_choosing.then_some("choosing"))}
            role="grid"
            aria-label={texts.page.photos}
            aria-multiselectable="true"
            aria-rowcount={window.of.to_string()}
            aria-colcount={window.columns.to_string()}
            onclick={on_click}
            ontouchstart={on_touch.clone()}
            ontouchmove={on_touch.clone()}
            ontouchend={on_touch.clone()}
            ontouchcancel={on_touch}
            onkeydown={on_key}
            onfocusin={on_focus}
        >
            <div ref={refs.above.clone()} role="presentation" />
            { for rows }
            <div ref={refs.below.clone()} role="presentation" />
        </div>
    }
}

/// A photo in the grid.
struct PhotoTile;

impl Component for PhotoTile {
    type Message = ();
    type Properties = Tile;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        tile(ctx.props())
    }
}

fn tile(tile: &Tile) -> Html {
    let result = tile.photo.as_ref().and_then(|photo| photo.result.as_ref());
    html! {
        <div
            class="tile"
            role="gridcell"
            tabindex={if tile.has_focus { "0" } else { "-1" }}
            aria-colindex={tile.column.to_string()}
            aria-selected={tile.is_chosen.to_string()}
            data-key={tile.id.to_string()}
            data-testid="photo-card"
            data-state={tile.state.name()}
            data-name={tile.name.clone()}
            data-scores={result.map(|result| json_array(&result.values))}
            data-model={result.map(|result| result.model.clone())}
            data-engine={result.map(|result| result.engine.clone())}
            data-decoder={result.map(decoder_name)}
        >
            // What a screen reader says of a tile is all that is in it: the name first.
            <span class="visually-hidden">{ tile.name.clone() }{ ": " }</span>
            <div class="thumbnail" title={tile.name.clone()}>
                if let Some(url) = &tile.url {
                    <img src={url.clone()} alt="" decoding="async" draggable="false" />
                } else if matches!(tile.state, TileState::Job(JobState::Failed(_))) {
                    { icon::broken() }
                } else {
                    { icon::picture() }
                }
            </div>
            <div class="caption">{ caption(tile) }</div>
            <span class="mark" data-mark="">{ icon::check() }</span>
        </div>
    }
}

fn caption(tile: &Tile) -> Html {
    let texts = tile.texts;
    match &tile.state {
        TileState::Job(JobState::Queued) => paragraph("muted", texts.card.waiting),
        TileState::Job(JobState::Working | JobState::Saving) => {
            paragraph("muted working", texts.card.working)
        }
        TileState::Job(JobState::Failed(problem)) => paragraph("failure", &texts.of_photo(problem)),
        TileState::Done if tile.tags.is_empty() => paragraph("muted", texts.card.none_sure),
        TileState::Done => html! { <p class="tags">{ for tile.tags.iter().map(tag) }</p> },
    }
}

/// Name and number: how sure the model is is never told by colour alone.
fn tag(tag: &ShownTag) -> Html {
    html! {
        <span
            class="tag"
            key={tag.key.clone()}
            data-testid="tag"
            data-label={tag.key.clone()}
            data-score={tag.score.map(score)}
            data-source={source_name(tag.source)}
        >
            { tag.word.clone() }
            if let (Some(sure), Source::Auto) = (tag.score, tag.source) {
                { " " }<span class="percent">{ percent(sure) }</span>
            }
        </span>
    }
}

/// The name in the page's hooks.
pub(crate) fn source_name(source: Source) -> &'static str {
    match source {
        Source::Auto => "auto",
        Source::User => "user",
        Source::File => "file",
    }
}

/// The same of what decoded a photo.
fn decoder_name(scores: &Scores) -> &'static str {
    if scores.orientation == 0 { "browser" } else { "own" }
}

/// "[0.5,0.25]": every digit that it takes to read the same numbers back.
fn json_array(scores: &[f32]) -> String {
    let mut json = String::from("[");
    for (index, &value) in scores.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        json.push_str(&score(value));
    }
    json.push(']');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_written_as_json_without_loss() {
        let scores = [0.5, 1.0, 0.1, 1e-7, 0.999_999_94];
        let read: Vec<f32> = serde_json::from_str(&json_array(&scores)).unwrap();
        assert_eq!(read, scores);
    }
}
