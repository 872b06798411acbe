//! The library once more, as plainly as it can be said: words by tables, tags by their definition, and
//! history as copies of everything.

use std::collections::BTreeMap;

use tagsight_library::{AtLeast, Decision, ModelFacts, Source, Step};

/// The models' labels and thresholds are those of the library's.
#[derive(Clone)]
pub(crate) struct Reference {
    pub(crate) state: State,
    pub(crate) models: Vec<ModelFacts>,
    pub(crate) step: Step,
    /// Decisions since the last backup.
    pub(crate) since_backup: u32,
    done: Vec<Copy>,
    undone: Vec<Copy>,
}

/// What edits change.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct State {
    pub(crate) photos: BTreeMap<String, RefPhoto>,
    pub(crate) hidden: BTreeMap<String, bool>,
    pub(crate) words: BTreeMap<String, String>,
}

#[derive(Clone, Default, PartialEq)]
pub(crate) struct RefPhoto {
    pub(crate) decisions: BTreeMap<String, Decision>,
    /// The model and its scores.
    pub(crate) scores: Option<(String, Vec<f32>)>,
    pub(crate) keywords: Vec<String>,
    pub(crate) resets: u32,
}

/// The other side of a step.
#[derive(Clone)]
struct Copy {
    state: State,
    /// Photos whose scores the step took.
    reset: Vec<String>,
    /// Photos that it deleted.
    deleted: Vec<String>,
}

/// A tag as the definition gives it.
pub(crate) type RefTag = (String, Option<f32>, Source);

const MEANINGS: [(&str, &str); 6] = [
    ("개", "dog"),
    ("강아지", "dog"),
    ("puppy", "dog"),
    ("고양이", "cat"),
    ("얼룩말", "zebra"),
    ("people", "person"),
];

const LABELS: [&str; 5] = ["dog", "cat", "person", "zebra", "my label"];

impl Reference {
    pub(crate) fn new(models: Vec<ModelFacts>) -> Self {
        let (state, step) = (State::default(), Step::default());
        Self { state, models, step, since_backup: 0, done: Vec::new(), undone: Vec::new() }
    }

    /// Lower case is enough of a key here.
    pub(crate) fn key(&self, word: &str) -> String {
        let word = word.trim().to_lowercase();
        let given = self.state.words.iter().find(|(_, given)| given.to_lowercase() == word);
        let known = MEANINGS.iter().find(|(other, _)| *other == word);
        match (given, known) {
            (Some((key, _)), _) => key.clone(),
            (None, Some((_, label))) => (*label).to_owned(),
            (None, None) => word,
        }
    }

    pub(crate) fn is_label(&self, key: &str) -> bool {
        LABELS.contains(&key)
    }

    fn is_hidden(&self, key: &str) -> bool {
        self.state.hidden.get(key) == Some(&true)
    }

    fn scored(&self, photo: &RefPhoto) -> Vec<(String, f32, f32)> {
        let Some((sha256, values)) = &photo.scores else { return Vec::new() };
        let Some(model) = self.models.iter().find(|model| model.sha256 == *sha256) else {
            return Vec::new();
        };
        let thresholds = model.thresholds.at(self.step);
        let best = values.iter().copied().fold(0.0, f32::max);
        let labels = model.labels.iter().zip(values).zip(thresholds);
        let least = |score: f32, least: f32| match model.at_least {
            AtLeast::Best if score == best => score,
            _ => least,
        };
        labels.map(|((label, &s), &threshold)| (label.clone(), s, least(s, threshold))).collect()
    }

    /// The photo's tags, in the order of their keys.
    pub(crate) fn tags(&self, photo: &RefPhoto) -> Vec<RefTag> {
        let scored = self.scored(photo);
        let mut said = Vec::new();
        for word in &photo.keywords {
            if photo.decisions.get(&word.to_lowercase()) != Some(&Decision::Removed) {
                said.push(self.key(word));
            }
        }
        let mut keys: Vec<String> = scored.iter().map(|(label, ..)| label.clone()).collect();
        keys.extend(said.iter().cloned());
        keys.extend(photo.decisions.keys().cloned());
        keys.sort();
        keys.dedup();
        let tag = |key: String| {
            let score = scored.iter().find(|(label, ..)| *label == key);
            let reaches = score.is_some_and(|(_, score, least)| score >= least);
            let source = match photo.decisions.get(&key) {
                Some(Decision::Added) => Source::User,
                Some(Decision::Removed) => return None,
                None if self.is_hidden(&key) => return None,
                None if said.contains(&key) => Source::File,
                None if reaches => Source::Auto,
                None => return None,
            };
            Some((key, score.map(|&(_, score, _)| score), source))
        };
        keys.into_iter().filter_map(tag).collect()
    }

    /// Does something that is a step of history if it changes anything.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&Self, &mut State)) {
        let before = self.state.clone();
        let mut after = before.clone();
        change(self, &mut after);
        if after == before {
            return;
        }
        let lost = |(id, old): (&String, &RefPhoto)| {
            let is_lost = after.photos.get(id).is_some_and(|new| new.scores != old.scores);
            is_lost.then(|| id.clone())
        };
        let reset = before.photos.iter().filter_map(lost).collect();
        let is_gone = |id: &&String| !after.photos.contains_key(*id);
        let deleted = before.photos.keys().filter(is_gone).cloned().collect();
        self.state = after;
        self.done.push(Copy { state: before, reset, deleted });
        self.since_backup += 1;
        self.undone.clear();
    }

    pub(crate) fn undo(&mut self) -> bool {
        let Some(mut copy) = self.done.pop() else { return false };
        self.swing(&mut copy);
        self.undone.push(copy);
        true
    }

    pub(crate) fn redo(&mut self) -> bool {
        let Some(mut copy) = self.undone.pop() else { return false };
        self.swing(&mut copy);
        self.done.push(copy);
        true
    }

    pub(crate) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub(crate) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Puts the other side in place. What results and new photos brought since is no step's to change.
    fn swing(&mut self, copy: &mut Copy) {
        let other = std::mem::replace(&mut copy.state, self.state.clone());
        for id in &copy.deleted {
            match other.photos.get(id) {
                Some(photo) => self.state.photos.insert(id.clone(), photo.clone()),
                None => self.state.photos.remove(id),
            };
        }
        for (id, photo) in &mut self.state.photos {
            let Some(other) = other.photos.get(id) else { continue };
            photo.decisions.clone_from(&other.decisions);
            if copy.reset.contains(id) {
                photo.scores.clone_from(&other.scores);
                photo.resets += 1;
            }
        }
        (self.state.hidden, self.state.words) = (other.hidden, other.words);
    }
}

/// Moves a word of the user's or of the files' to another tag.
pub(crate) fn merge(reference: &Reference, state: &mut State, from: &str, to: &str) {
    for photo in state.photos.values_mut() {
        let tags = reference.tags(photo);
        if tags.iter().any(|(key, _, source)| key == from && *source != Source::Auto) {
            photo.decisions.insert(from.to_owned(), Decision::Removed);
            photo.decisions.insert(to.to_owned(), Decision::Added);
        }
    }
}
