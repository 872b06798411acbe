//! Random interleavings of all that can happen to a library, against the [`Reference`].

use fastrand::Rng;
use tagsight_library::{
    AtLeast, Changes, Decision, Library, ModelFacts, Naming, Outcome, Photo, PhotoId, Settings,
    Source, Step, Tag, Thresholds,
};
use tagsight_plain::Plain;

use super::reference::{RefPhoto, Reference, merge};
use super::store::Store;
use super::{id, scores};

const INTERLEAVINGS: u64 = 10_000;
const STEPS: usize = 16;

/// Words that users type and files say: labels in two languages, synonyms, words of their own.
const WORDS: [&str; 11] = [
    "dog",
    "강아지",
    "Puppy",
    "고양이",
    "people",
    "my label",
    "Grandma",
    "grandma",
    "trip",
    "제주",
    "콩이",
];

/// Words of the user's own, by their keys.
const OWN: [&str; 4] = ["grandma", "trip", "제주", "콩이"];

const LABELS: [&str; 5] = ["dog", "cat", "person", "zebra", "my label"];

fn models() -> Vec<ModelFacts> {
    let model = |sha256: &str, labels: [&str; 3], balanced: [f32; 3], at_least| ModelFacts {
        name: sha256.into(),
        sha256: sha256.into(),
        labels: labels.map(String::from).into(),
        thresholds: Thresholds {
            sure: balanced.map(|least| least + 0.3).into(),
            balanced: balanced.into(),
            more: balanced.map(|least| least - 0.2).into(),
        },
        at_least,
    };
    vec![
        model("aa", ["dog", "cat", "person"], [0.4, 0.5, 0.6], AtLeast::Nothing),
        model("bb", ["cat", "zebra", "my label"], [0.6, 0.3, 0.5], AtLeast::Best),
    ]
}

/// A library, what it has written, and what it should be.
struct World {
    random: Rng,
    library: Library,
    store: Store,
    reference: Reference,
    /// Results that are on their way, and how often their photo had been reset.
    asked: Vec<(String, u32, u32)>,
    photos: u32,
    log: Vec<String>,
}

impl World {
    fn new(seed: u64) -> Self {
        let library = Library::default();
        let store = Store::of(&library);
        let mut world = Self {
            random: Rng::with_seed(seed),
            library,
            store,
            reference: Reference::new(models()),
            asked: Vec::new(),
            photos: 0,
            log: Vec::new(),
        };
        for model in models() {
            let changes = world.library.register_model(model);
            world.written(&changes);
        }
        for _ in 0..3 {
            world.add();
        }
        world
    }

    fn written(&mut self, changes: &Changes) {
        self.store.write(&self.library, changes);
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.random.usize(..of.len())]
    }

    /// Some photos, of which one may be gone.
    fn selection(&mut self) -> Vec<String> {
        let all = (0..self.photos).map(|number| number.to_string());
        all.filter(|_| self.random.bool()).collect()
    }

    fn add(&mut self) {
        let name = self.photos.to_string();
        self.photos += 1;
        let count = self.random.usize(..3);
        let keywords: Vec<String> = (0..count).map(|_| self.one(&WORDS).to_owned()).collect();
        let photo = Photo { id: id(&name), keywords: keywords.clone(), ..Photo::default() };
        let (_, changes) = self.library.add(photo);
        self.written(&changes);
        self.reference.state.photos.insert(name, RefPhoto { keywords, ..RefPhoto::default() });
    }

    fn ask(&mut self) {
        let name = self.random.u32(..self.photos).to_string();
        let generation = self.library.begin(&id(&name));
        let photo = self.reference.state.photos.get(&name);
        assert_eq!(generation.is_some(), photo.is_some());
        if let (Some(generation), Some(photo)) = (generation, photo) {
            self.asked.push((name, generation, photo.resets));
        }
    }

    fn answer(&mut self) {
        if self.asked.is_empty() {
            return;
        }
        let place = self.random.usize(..self.asked.len());
        let (name, generation, resets) = self.asked.swap_remove(place);
        let model = self.one(&["aa", "bb"]);
        let values: Vec<f32> = (0..3).map(|_| self.random.f32()).collect();
        let outcome = self.library.finish(&id(&name), generation, scores(model, &values));
        match self.reference.state.photos.get_mut(&name) {
            None => assert_eq!(outcome, Outcome::Unknown),
            Some(photo) if photo.resets != resets => assert_eq!(outcome, Outcome::Stale),
            Some(photo) => {
                photo.scores = Some((model.to_owned(), values));
                let Outcome::Kept(changes) = outcome else { panic!("{outcome:?}") };
                self.written(&changes);
            }
        }
    }

    fn edit(&mut self) {
        let names = self.selection();
        let ids: Vec<PhotoId> = names.iter().map(|name| id(name)).collect();
        let word = self.one(&WORDS);
        let key = self.reference.key(word);
        let label = self.one(&LABELS);
        let library = &mut self.library;
        let reference = &mut self.reference;
        let decide = |reference: &mut Reference, decision| {
            reference.edit(|_, state| {
                for name in &names {
                    if let Some(photo) = state.photos.get_mut(name) {
                        photo.decisions.insert(key.clone(), decision);
                    }
                }
            });
        };
        let kind = self.random.usize(..10);
        self.log.push(format!("edit {kind}: {names:?} {word} {label}"));
        let changes = match kind {
            0 | 1 => {
                decide(reference, Decision::Added);
                library.add_tag(&ids, word)
            }
            2 => {
                decide(reference, Decision::Removed);
                library.remove_tag(&ids, &key)
            }
            3 => {
                reference.edit(|reference, state| confirm(reference, state, &names, Some(&key)));
                library.confirm_tag(&ids, &key)
            }
            4 => {
                reference.edit(|reference, state| confirm(reference, state, &names, None));
                library.confirm_all(&ids)
            }
            5 => {
                for photo in names.iter().filter_map(|name| library.photo(&id(name))) {
                    let photo = reference.state.photos.get_mut(photo.id.as_str()).unwrap();
                    photo.resets += 1;
                }
                reference.edit(|_, state| {
                    for name in &names {
                        if let Some(photo) = state.photos.get_mut(name) {
                            photo.scores = None;
                        }
                    }
                });
                library.remove_auto(&ids)
            }
            6 => {
                let ids = &ids[..ids.len().min(1)];
                reference.edit(|_, state| {
                    for id in ids {
                        state.photos.remove(id.as_str());
                    }
                });
                library.delete(ids)
            }
            7 => {
                let from = OWN[self.random.usize(..OWN.len())];
                reference.edit(|reference, state| {
                    if from != key {
                        merge(reference, state, from, &key);
                    }
                });
                // The same word would be spelled otherwise, which is no step here.
                if from == key { Changes::default() } else { said(library.rename(from, word)) }
            }
            8 => {
                let given = if self.random.bool() { "콩이" } else { "" };
                reference.edit(|reference, state| {
                    let other = reference.key(given);
                    if reference.is_label(&other) && other != label {
                        return;
                    }
                    let is_given = state.words.get(label).is_some_and(|word| !word.is_empty());
                    if is_given || !given.is_empty() {
                        state.words.insert(label.to_owned(), given.to_owned());
                    }
                    if !given.is_empty() && other != label {
                        merge(reference, state, &other, label);
                    }
                });
                said(library.set_word(label, given))
            }
            _ => {
                let is_hidden = self.random.bool();
                reference.edit(|_, state| {
                    if state.hidden.get(label).copied().unwrap_or_default() != is_hidden {
                        state.hidden.insert(label.to_owned(), is_hidden);
                    }
                });
                library.set_hidden(label, is_hidden)
            }
        };
        self.written(&changes);
    }

    fn undo(&mut self) {
        let changes = self.library.undo();
        assert_eq!(self.reference.undo(), !changes.is_empty());
        self.written(&changes);
    }

    fn redo(&mut self) {
        let changes = self.library.redo();
        assert_eq!(self.reference.redo(), !changes.is_empty());
        self.written(&changes);
    }

    fn step(&mut self) {
        let step = self.one(&[Step::Sure, Step::Balanced, Step::More]);
        self.reference.step = step;
        let changes = self.library.set_step(step);
        self.written(&changes);
    }

    fn back_up(&mut self) {
        let changes = self.library.backed_up(self.reference.since_backup);
        self.reference.since_backup = 0;
        self.written(&changes);
    }

    /// Opens again what was written, by way of JSON.
    fn reload(&mut self) {
        let before = everything(&self.library);
        let history_before = history(&self.library);
        self.library = Library::open(self.store.stored()).unwrap();
        assert!(everything(&self.library) == before, "a reload changed something");
        assert_eq!(history(&self.library), history_before);
    }

    /// Undoing and redoing in either order leaves everything as it was.
    fn back_and_forth(&mut self) {
        let before = everything(&self.library);
        if self.reference.can_undo() {
            self.undo();
            self.redo();
            assert!(everything(&self.library) == before, "undo, then redo");
        }
        if self.reference.can_redo() {
            self.redo();
            self.undo();
            assert!(everything(&self.library) == before, "redo, then undo");
        }
    }

    fn act(&mut self) {
        let action = self.random.usize(..21);
        self.log.push(format!("action {action}"));
        match action {
            0 => self.add(),
            1..=3 => self.ask(),
            4..=6 => self.answer(),
            7..=11 => self.edit(),
            12..=14 => self.undo(),
            15 | 16 => self.redo(),
            17 => self.step(),
            18 => self.reload(),
            19 => self.back_up(),
            _ => self.back_and_forth(),
        }
    }

    fn check(&self) {
        let names: Vec<&str> = self.reference.state.photos.keys().map(String::as_str).collect();
        let mut there: Vec<&str> = self.library.photos().map(|photo| photo.id.as_str()).collect();
        there.sort_unstable();
        assert_eq!(there, names);
        for (name, expected) in &self.reference.state.photos {
            let photo = self.library.photo(&id(name)).unwrap();
            let decisions = photo.decisions.iter().map(|(key, &said)| (key.to_lowercase(), said));
            assert_eq!(decisions.collect::<std::collections::BTreeMap<_, _>>(), expected.decisions);
            let scores = photo.result.as_ref();
            let scores = scores.map(|scores| (scores.sha256.clone(), scores.values.clone()));
            assert_eq!(scores, expected.scores);
            self.check_tags(&self.library.tags(&id(name)), expected);
        }
        assert_eq!(self.library.settings().since_backup, self.reference.since_backup);
        let history = self.library.history();
        assert_eq!(history.undoable().is_some(), self.reference.can_undo());
        assert_eq!(history.redoable().is_some(), self.reference.can_redo());
    }

    fn check_tags(&self, tags: &[Tag], photo: &RefPhoto) {
        let rank = |tag: &Tag| match (tag.score, tag.source) {
            (None, Source::User) => (0, 0.0),
            (Some(score), _) => (1, -score),
            (None, _) => (2, 0.0),
        };
        assert!(tags.windows(2).all(|pair| rank(&pair[0]) <= rank(&pair[1])), "{tags:?}");
        let plain = |tag: &Tag| (tag.key.to_lowercase(), tag.score, tag.source);
        let mut tags: Vec<_> = tags.iter().map(plain).collect();
        tags.sort_by(|left, right| left.0.cmp(&right.0));
        assert_eq!(tags, self.reference.tags(photo));
    }
}

/// What a renaming changes; what it says has to fit that.
fn said((naming, changes): (Naming, Changes)) -> Changes {
    let is_done = matches!(naming, Naming::Named(_) | Naming::Merged(_));
    assert_eq!(is_done, !changes.is_empty(), "{naming:?}");
    changes
}

fn confirm(
    reference: &Reference,
    state: &mut super::reference::State,
    names: &[String],
    only: Option<&str>,
) {
    for name in names {
        let Some(photo) = state.photos.get_mut(name) else { continue };
        for (key, _, source) in reference.tags(photo) {
            if only.map_or(source == Source::Auto, |only| only == key) {
                photo.decisions.insert(key, Decision::Added);
            }
        }
    }
}

/// All that a user sees or that is kept, but for generations, which only grow, and for the spelling of
/// words of the user's own, which is that of whichever photo was read first.
fn everything(library: &Library) -> (Vec<Photo>, Settings, Vec<Vec<Tag>>) {
    let plain = |photo: &Photo| {
        let decisions = photo.decisions.iter().map(|(key, &said)| (key.to_lowercase(), said));
        Photo { generation: 0, decisions: decisions.collect(), ..photo.clone() }
    };
    let photos = library.photos().map(|photo| plain(photo)).collect();
    let tags = library.photos().map(|photo| {
        let tags = library.tags(&photo.id).into_iter();
        let mut tags: Vec<_> =
            tags.map(|tag| Tag { key: tag.key.to_lowercase().as_str().into(), ..tag }).collect();
        tags.sort_by(|left, right| left.key.cmp(&right.key));
        tags
    });
    (photos, library.settings().clone(), tags.collect())
}

fn history(library: &Library) -> (Vec<u8>, u32) {
    let history = library.history();
    (history.entries().to_vec().to_bytes().to_ascii_lowercase(), history.cursor())
}

#[test]
fn whatever_happens_the_users_word_stands() {
    let (mut edits, mut undone) = (0, 0);
    for seed in 0..INTERLEAVINGS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                world.act();
                world.check();
            }));
            if let Err(panic) = outcome {
                eprintln!("interleaving {seed}: {:#?}", world.log);
                std::panic::resume_unwind(panic);
            }
        }
        edits += usize::from(world.reference.can_undo());
        undone += usize::from(world.reference.can_redo());
    }
    assert!(edits > 5_000 && undone > 1_000, "they did something: {edits}, {undone}");
}
