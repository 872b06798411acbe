//! The words that a library's photos have, each once, by number.
//!
//! A fold or a search over thousands of photos then compares numbers; what a word means and what it is
//! found by is worked out once.

use std::rc::Rc;

use crate::photo::Photo;
use crate::search::{Form, Term};
use crate::settings::Settings;
use crate::table::Table;
use crate::vocabulary::{self, Language};
use crate::words::{fold, squeeze, tidy};

/// A word's number: its place in the [`Lexicon`].
pub(crate) type WordId = u32;

/// All words that came up so far.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    words: Vec<Word>,
    /// By their folded keys.
    known: Table<String, WordId>,
    /// What means a tag besides COCO's words, squeezed: words that the user gave, labels of models.
    meant: Table<String, WordId>,
}

#[derive(Debug)]
struct Word {
    key: Rc<str>,
    /// Its place in the vocabulary.
    label: Option<usize>,
    /// Whether a model may give it.
    is_label: bool,
    is_hidden: bool,
    /// What is shown for it.
    given: Option<Rc<str>>,
    /// What it is found by besides its label's words.
    forms: Vec<Form>,
}

impl Lexicon {
    /// Takes in what settings say of words. Numbers stay.
    pub(crate) fn configure(&mut self, settings: &Settings) {
        self.meant.clear();
        for word in &mut self.words {
            (word.is_hidden, word.given) = (false, None);
            word.forms = own_forms(word);
        }
        for label in settings.models.iter().flat_map(|model| &model.labels) {
            let id = self.intern(label);
            self.words[id as usize].is_label = true;
            self.meant.insert_new(squeeze(label), id);
        }
        for key in settings.hidden.keys().filter(|key| settings.is_hidden(key)) {
            let id = self.intern(key);
            self.words[id as usize].is_hidden = true;
        }
        for key in settings.words.keys() {
            let Some(given) = settings.word(key) else { continue };
            let id = self.intern(key);
            self.meant.insert(squeeze(given), id);
            let word = &mut self.words[id as usize];
            word.given = Some(given.into());
            word.forms.extend(Form::all(given));
        }
    }

    /// The number of a key.
    pub(crate) fn intern(&mut self, key: &str) -> WordId {
        let folded = fold(key);
        if let Some(&id) = self.known.get(&folded) {
            return id;
        }
        let label = vocabulary::meaning(key);
        let label = label.filter(|&place| vocabulary::labels()[place].en == folded);
        let key = label.map_or(key, |place| vocabulary::labels()[place].en);
        let is_label = label.is_some();
        let mut word = Word {
            key: key.into(),
            label,
            is_label,
            is_hidden: false,
            given: None,
            forms: Vec::new(),
        };
        word.forms = own_forms(&word);
        let id = self.words.len() as WordId;
        self.words.push(word);
        self.known.insert(folded, id);
        id
    }

    /// The number of a key, if it came up.
    pub(crate) fn find(&self, key: &str) -> Option<WordId> {
        self.known.get(&fold(key)).copied()
    }

    /// The key of the tag that a word means: of the label, or else the word itself as it was first
    /// spelled.
    pub(crate) fn key(&self, word: &str) -> Rc<str> {
        if let Some(&id) = self.meant.get(&squeeze(word)) {
            return self.word(id).key.clone();
        }
        if let Some(place) = vocabulary::meaning(word) {
            return vocabulary::labels()[place].en.into();
        }
        self.find(word).map_or_else(|| tidy(word).into(), |id| self.word(id).key.clone())
    }

    /// A key as it was first spelled. Unlike a word, it is never another tag's.
    pub(crate) fn canonical(&self, key: &str) -> Rc<str> {
        self.find(key).map_or_else(|| self.key(key), |id| self.word(id).key.clone())
    }

    /// The number of the tag that a word means.
    pub(crate) fn mean(&mut self, word: &str) -> WordId {
        let key = self.key(word);
        self.intern(&key)
    }

    /// Spells a photo's decisions as they were first spelled, since spelling tells no tags apart.
    /// Other tabs and backups may have spelled them otherwise.
    pub(crate) fn settle(&mut self, photo: &mut Photo) {
        let is_settled = |word: &Word, key: &str| *word.key == *key;
        let mut spelled_otherwise = Vec::new();
        for key in photo.decisions.keys() {
            let id = self.intern(key);
            if !is_settled(self.word(id), key) {
                spelled_otherwise.push((key.clone(), id));
            }
        }
        for (key, id) in spelled_otherwise {
            if let Some(decision) = photo.decisions.remove(&key) {
                photo.decisions.insert_new(self.word(id).key.to_string(), decision);
            }
        }
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// A word's key.
    pub(crate) fn key_of(&self, id: WordId) -> &Rc<str> {
        &self.word(id).key
    }

    /// Whether a word is a label.
    pub(crate) fn is_label(&self, id: WordId) -> bool {
        self.word(id).is_label
    }

    /// Whether a word is never shown.
    pub(crate) fn is_hidden(&self, id: WordId) -> bool {
        self.word(id).is_hidden
    }

    /// Whether a search's term finds a word.
    pub(crate) fn is_found(&self, id: WordId, term: &Term) -> bool {
        let word = self.word(id);
        let label = word.label.map(vocabulary::forms_of);
        let wider = label.is_some_and(|label| term.finds(&label.wider));
        wider || self.is_named(id, term)
    }

    /// Whether a term begins a word or one that means the same.
    pub(crate) fn is_named(&self, id: WordId, term: &Term) -> bool {
        let word = self.word(id);
        let label = word.label.map(vocabulary::forms_of);
        term.finds(&word.forms) || label.is_some_and(|label| term.finds(&label.names))
    }

    /// What is shown for a key.
    pub(crate) fn display<'a>(&'a self, key: &'a str, language: Language) -> &'a str {
        let Some(id) = self.find(key) else {
            return vocabulary::name(key, language).unwrap_or(key);
        };
        let word = self.word(id);
        let label = word.label.map(|place| vocabulary::labels()[place].name(language));
        word.given.as_deref().or(label).unwrap_or(&word.key)
    }

    fn word(&self, id: WordId) -> &Word {
        &self.words[id as usize]
    }
}

/// A label of COCO's is found by the vocabulary's words, any other by its key.
fn own_forms(word: &Word) -> Vec<Form> {
    if word.label.is_some() { Vec::new() } else { Form::all(&word.key).collect() }
}
