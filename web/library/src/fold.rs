//! What a photo's tags are: scores × thresholds × the user's decisions × what the file said.
//!
//! | the user | the file says it | the score reaches the threshold | the tag |
//! |---|---|---|---|
//! | added or confirmed it | – | – | is there, as the user's |
//! | removed it | – | – | is not there |
//! | said nothing | yes | – | is there, as the file's |
//! | said nothing | no | yes | is there, as the network's |
//!
//! A tag that is never shown is there only where the user added it. Whatever its source, a tag has its
//! score where there is one.
//!
//! Tags stand by their scores, whoever gave them, so that none moves when it is confirmed. The user's
//! words that no network knows come first, as there are few and somebody cared to type them; the file's
//! come last, as there may be dozens.

use std::cmp::Ordering;

use crate::lexicon::{Lexicon, WordId};
use crate::order;
use crate::photo::Decision;
use crate::settings::{AtLeast, ModelFacts, Settings};
use crate::shelf::Slot;
use crate::tag::{Source, Tagged};

/// What a tag that is not sure enough needs to be offered.
const HOPEFUL: f32 = 0.1;

/// How many of them are offered.
const LESS_SURE: usize = 6;

/// The labels of a model as words.
#[derive(Debug)]
pub(crate) struct Outputs {
    pub(crate) sha256: String,
    pub(crate) words: Vec<WordId>,
}

impl Outputs {
    /// Those of a model.
    pub(crate) fn new(model: &ModelFacts, lexicon: &mut Lexicon) -> Self {
        let words = model.labels.iter().map(|label| lexicon.intern(label)).collect();
        Self { sha256: model.sha256.clone(), words }
    }
}

/// What tags are worked out from besides the photo.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) lexicon: &'a Lexicon,
    /// One a model of the settings, in their order.
    pub(crate) outputs: &'a [Outputs],
}

/// A score and what it is measured by.
#[derive(Clone, Copy)]
struct Scored {
    word: WordId,
    score: f32,
    /// The score at which the tag is given: the model's threshold, or that of the photo's best label
    /// where that is given in any case.
    least: f32,
    /// The same at the most generous step.
    least_of_all: f32,
}

impl Rules<'_> {
    /// The photo's tags, best first.
    pub(crate) fn tags(&self, slot: &Slot) -> Vec<Tagged> {
        let mut tags = Vec::new();
        for &(word, decision) in &slot.decided {
            if decision == Decision::Added {
                tags.push(Tagged { word, score: None, source: Source::User });
            }
        }
        for said in &slot.said {
            let word = said.meant;
            let is_removed = slot.decision(said.own) == Some(Decision::Removed);
            let is_decided = slot.decision(word).is_some() || is_removed;
            let is_there = tags.iter().any(|tag| tag.word == word);
            if !is_decided && !is_there && !self.lexicon.is_hidden(word) {
                tags.push(Tagged { word, score: None, source: Source::File });
            }
        }
        for Scored { word, score, least, .. } in self.scored(slot) {
            if let Some(tag) = tags.iter_mut().find(|tag| tag.word == word) {
                tag.score = Some(score);
            } else if score >= least && self.is_open(slot, word) {
                tags.push(Tagged { word, score: Some(score), source: Source::Auto });
            }
        }
        in_order(&tags)
    }

    /// Labels that the network is not sure enough of to give them, best first.
    pub(crate) fn less_sure(&self, slot: &Slot) -> Vec<Tagged> {
        let is_candidate = |scored: &Scored| {
            let is_hopeful = scored.score >= HOPEFUL || scored.score >= scored.least_of_all;
            let is_there = slot.tags.iter().any(|tag| tag.word == scored.word);
            is_hopeful && !is_there && self.is_open(slot, scored.word)
        };
        let mut candidates = Vec::new();
        for Scored { word, score, .. } in self.scored(slot).filter(is_candidate) {
            candidates.push(Tagged { word, score: Some(score), source: Source::Auto });
        }
        let mut candidates = in_order(&candidates);
        candidates.truncate(LESS_SURE);
        candidates
    }

    /// Whether it is the network's to say that the photo has the tag.
    fn is_open(&self, slot: &Slot, word: WordId) -> bool {
        !self.lexicon.is_hidden(word) && slot.decision(word).is_none()
    }

    /// The photo's scores, if their model is known.
    fn scored(&self, slot: &Slot) -> impl Iterator<Item = Scored> {
        let result = slot.photo.result.as_ref();
        let known = result.and_then(|result| {
            let models = self.outputs.iter().zip(&self.settings.models);
            let mut models = models.filter(|(outputs, _)| outputs.sha256 == result.sha256);
            Some((result, models.next()?))
        });
        known.into_iter().flat_map(|(result, (outputs, model))| {
            let least = model.thresholds.at(self.settings.step);
            let thresholds = least.iter().zip(&model.thresholds.more);
            let enough = match model.at_least {
                AtLeast::Nothing => f32::INFINITY,
                AtLeast::Best => result.values.iter().copied().fold(0.0, f32::max),
            };
            let scores = outputs.words.iter().zip(&result.values);
            scores.zip(thresholds).map(move |((&word, &score), (&least, &least_of_all))| Scored {
                word,
                score,
                least: least.min(enough),
                least_of_all: least_of_all.min(enough),
            })
        })
    }
}

/// Best first; those that are alike stay as they came.
fn in_order(tags: &[Tagged]) -> Vec<Tagged> {
    let rank = |tag: &Tagged| match (tag.score, tag.source) {
        (None, Source::User) => 0,
        (Some(_), _) => 1,
        (None, _) => 2,
    };
    let score = |tag: &Tagged| tag.score.unwrap_or_default();
    let mut ordered = Vec::with_capacity(tags.len());
    for &tag in tags {
        order::insert(&mut ordered, tag, |left, right| match rank(left).cmp(&rank(right)) {
            Ordering::Equal => score(left).total_cmp(&score(right)).is_ge(),
            by_rank => by_rank.is_lt(),
        });
    }
    ordered
}
