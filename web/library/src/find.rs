//! Finding photos, and counting what is found.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::lexicon::WordId;
use crate::library::Library;
use crate::order;
use crate::photo::{Photo, PhotoId};
use crate::query::{Expression, Query};
use crate::search::Term;
use crate::shelf::Slot;
use crate::vocabulary::{self, Language};

/// A query against the words of a library: what a term finds is looked up once a word, not once a
/// photo.
struct Matcher<'a> {
    query: &'a Query,
    /// Of each term, whether it finds each word.
    found: Vec<Vec<bool>>,
    /// The tags that are asked for; nothing if no photo can have them all.
    tags: Option<Vec<WordId>>,
}

impl<'a> Matcher<'a> {
    fn new(library: &Library, query: &'a Query) -> Self {
        let lexicon = &library.lexicon;
        let words = || 0..lexicon.len() as WordId;
        let found = |term| words().map(|word| lexicon.is_found(word, term)).collect();
        let found = query.terms.iter().map(found).collect();
        let tags = query.tags.iter().map(|key| lexicon.find(key)).collect();
        Self { query, found, tags }
    }

    fn matches(&self, slot: &Slot) -> bool {
        let Some(tags) = &self.tags else { return false };
        let has = |word: &WordId| slot.tags.iter().any(|tag| tag.word == *word);
        tags.iter().all(has)
            && self.query.expression.as_ref().is_none_or(|expression| self.holds(expression, slot))
    }

    fn holds(&self, expression: &Expression, slot: &Slot) -> bool {
        match expression {
            &Expression::Term(term) => self.is_of(term, slot),
            Expression::Not(operand) => !self.holds(operand, slot),
            Expression::All(operands) => operands.iter().all(|one| self.holds(one, slot)),
            Expression::Any(operands) => operands.iter().any(|one| self.holds(one, slot)),
        }
    }

    fn is_of(&self, term: usize, slot: &Slot) -> bool {
        let (term, found) = (&self.query.terms[term], &self.found[term]);
        slot.tags.iter().any(|tag| found[tag.word as usize])
            || term.is_within(&slot.name)
            || term.is_date(&slot.photo.taken)
    }
}

/// What a query finds.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// In the library's order.
    pub photos: Vec<Rc<Photo>>,
    /// How many of them have each tag, the most frequent first.
    pub counts: Vec<(Rc<str>, usize)>,
}

impl Library {
    /// The photos that a query finds, in the library's order.
    pub fn find(&self, query: &Query) -> Vec<Rc<Photo>> {
        self.find_and_count(query).photos
    }

    /// The same with their tags, counted on the way.
    pub fn find_and_count(&self, query: &Query) -> Found {
        let matcher = Matcher::new(self, query);
        let mut counts = vec![0; self.lexicon.len()];
        let mut photos = Vec::new();
        for slot in self.shelf.slots().filter(|slot| matcher.matches(slot)) {
            count(&mut counts, slot);
            photos.push(slot.photo.clone());
        }
        Found { photos, counts: self.ranked(&counts) }
    }

    /// Whether a query finds a photo.
    pub fn matches(&self, query: &Query, id: &PhotoId) -> bool {
        self.shelf.get(id).is_some_and(|slot| Matcher::new(self, query).matches(slot))
    }

    /// How many of these photos have each tag, the most frequent first.
    pub fn counts(&self, among: &[Rc<Photo>]) -> Vec<(Rc<str>, usize)> {
        self.ranked(&self.uses(among.iter().filter_map(|photo| self.shelf.get(&photo.id))))
    }

    /// How many of these photos have each word.
    fn uses<'a>(&self, among: impl Iterator<Item = &'a Slot>) -> Vec<usize> {
        let mut counts = vec![0; self.lexicon.len()];
        among.for_each(|slot| count(&mut counts, slot));
        counts
    }

    fn ranked(&self, counts: &[usize]) -> Vec<(Rc<str>, usize)> {
        let mut ranked = Vec::new();
        for (word, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let counted = (self.lexicon.key_of(word as WordId).clone(), count);
            order::insert(&mut ranked, counted, |left, right| {
                (right.1, &left.0) <= (left.1, &right.0)
            });
        }
        ranked
    }

    /// Tags that begin like this, for whoever adds one: what it means exactly, then labels and the
    /// user's own words, the most used first, then by what is shown for them in a language.
    pub fn suggest(&self, begun: &str, language: Language, limit: usize) -> Vec<Rc<str>> {
        let term = Term::new(begun);
        let uses = self.uses(self.shelf.slots());
        let exact = self.key_of(begun);
        // What goes first, first.
        let rank = |(key, uses): &(Rc<str>, usize)| (*key != exact, usize::MAX - uses);
        let goes_before = |left: &_, right: &_| match rank(left).cmp(&rank(right)) {
            Ordering::Equal => self.display(&left.0, language) <= self.display(&right.0, language),
            by_rank => by_rank.is_lt(),
        };
        let mut keys = Vec::new();
        for word in 0..self.lexicon.len() as WordId {
            let count = uses[word as usize];
            let is_used = count > 0 || self.lexicon.is_label(word);
            if is_used && (term.is_empty() || self.lexicon.is_named(word, &term)) {
                order::insert(&mut keys, (self.lexicon.key_of(word).clone(), count), goes_before);
            }
        }
        for (place, label) in vocabulary::labels().iter().enumerate() {
            let is_new = self.lexicon.find(label.en).is_none();
            if is_new && (term.is_empty() || term.finds(&vocabulary::forms_of(place).names)) {
                order::insert(&mut keys, (label.en.into(), 0), goes_before);
            }
        }
        keys.truncate(limit);
        keys.into_iter().map(|(key, _)| key).collect()
    }
}

fn count(counts: &mut [usize], slot: &Slot) {
    for tag in &slot.tags {
        counts[tag.word as usize] += 1;
    }
}
