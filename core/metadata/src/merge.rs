//! What becomes of the lists: every one that is written holds the union of what all of them held and of
//! what is new, less what the user does not want.
//!
//! A list's *base* is what it holds without what we put into it. All that is wanted is worked out from
//! the bases, so writing twice comes to the same, and with nothing wanted the bases are what is left.

use std::collections::BTreeSet;

use crate::Fold;
use crate::keyword::Keyword;
use crate::lists::{List, Lists, cut};
use crate::order::set;
use crate::ours::Record;
use crate::said::Given;
use crate::wanted::{Notes, Origin, Tag, Wanted, Writer};
use crate::xmp;

/// What is to change in a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ListPlan {
    pub(crate) drop: Vec<Keyword>,
    /// As it is to stand there.
    pub(crate) add: Vec<String>,
}

impl ListPlan {
    pub(crate) fn is_empty(&self) -> bool {
        self.drop.is_empty() && self.add.is_empty()
    }
}

/// What is to change in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Plan {
    lists: [ListPlan; List::ALL.len()],
    pub(crate) before: Lists,
    pub(crate) after: Lists,
    /// What is to be noted, and whether that is new.
    pub(crate) record: Record,
    pub(crate) is_record_new: bool,
}

impl Plan {
    pub(crate) fn of(&self, list: List) -> &ListPlan {
        &self.lists[list as usize]
    }

    /// Whether nothing is to change.
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_record_new && self.lists.iter().all(ListPlan::is_empty)
    }
}

/// What there is.
pub(crate) struct Present<'a> {
    /// The file's lists.
    pub(crate) lists: &'a Lists,
    /// What is noted of our writing.
    pub(crate) record: &'a Record,
    /// Words that the lists are to hold as well, as they are said where nobody looks.
    pub(crate) elsewhere: &'a [Keyword],
    /// Whether there are IPTC records that can be written.
    pub(crate) has_iptc: bool,
}

impl Present<'_> {
    fn can_be_written(&self, list: List) -> bool {
        match list {
            List::Iptc => self.has_iptc,
            List::Xp => false,
            _ => true,
        }
    }
}

/// Words that are compared.
struct Compared<'a> {
    fold: Fold<'a>,
}

impl Compared<'_> {
    fn word(&self, word: &str) -> String {
        (self.fold)(word)
    }

    fn leaf(&self, keyword: &Keyword) -> String {
        self.word(keyword.leaf())
    }

    fn path(&self, keyword: &Keyword) -> String {
        let parts = keyword.path().iter().map(|part| self.word(part));
        parts.collect::<Vec<_>>().join("\n")
    }

    /// What a keyword is compared by within a list.
    fn within(&self, list: List, keyword: &Keyword) -> String {
        match list.separator() {
            Some(_) => self.path(keyword),
            None if list == List::Iptc => self.word(cut(keyword.leaf())),
            None => self.leaf(keyword),
        }
    }
}

/// Keywords, each once.
#[derive(Default)]
struct Union {
    keywords: Vec<Keyword>,
    known: BTreeSet<String>,
}

impl Union {
    fn add(&mut self, compared: &Compared, keyword: &Keyword) {
        if self.known.insert(compared.path(keyword)) {
            self.keywords.push(keyword.clone());
        }
    }

    /// Every word that a path leads to or through.
    fn words(&self, compared: &Compared) -> BTreeSet<String> {
        let parts = self.keywords.iter().flat_map(Keyword::path);
        set(&mut parts.map(|part| compared.word(part)))
    }

    fn leaves(&self, compared: &Compared) -> BTreeSet<String> {
        set(&mut self.keywords.iter().map(|keyword| compared.leaf(keyword)))
    }
}

/// What the lists hold without what we put there.
fn bases(lists: &Lists, record: &Record, compared: &Compared, removed: &BTreeSet<String>) -> Lists {
    let mut bases = Lists::default();
    for list in List::ALL {
        let added = record.added(list).iter().filter_map(|item| list.keyword(item));
        let added = set(&mut added.map(|item| compared.within(list, &item)));
        let is_base = |keyword: &&Keyword| {
            !added.contains(&compared.within(list, keyword))
                && !removed.contains(&compared.leaf(keyword))
        };
        bases.of_mut(list).extend(lists.of(list).iter().filter(is_base).cloned());
    }
    bases
}

/// What people and other programs said: the union of the bases, paths before the flat words in them.
fn own(bases: &Lists, elsewhere: &[Keyword], compared: &Compared) -> Union {
    let mut union = Union::default();
    let in_xmp = [List::Hierarchical, List::TagsList, List::LastKeyword];
    for keyword in in_xmp.into_iter().flat_map(|list| bases.of(list)).chain(elsewhere) {
        if keyword.path().len() > 1 {
            union.add(compared, keyword);
        }
    }
    let flat = List::ALL.into_iter().filter(|list| *list != List::Iptc);
    for keyword in flat.flat_map(|list| bases.of(list)).chain(elsewhere) {
        if keyword.path().len() == 1 {
            union.add(compared, keyword);
        }
    }
    // IPTC may have no more than a word's beginning.
    let cut_words =
        set(&mut union.keywords.iter().map(|keyword| compared.within(List::Iptc, keyword)));
    for keyword in bases.of(List::Iptc) {
        if !cut_words.contains(&compared.within(List::Iptc, keyword)) {
            union.add(compared, keyword);
        }
    }
    union
}

/// The words that people and other programs gave, each once, with the longest path that it has.
pub(crate) fn own_words(lists: &Lists, record: &Record, fold: Fold) -> Vec<Keyword> {
    let compared = Compared { fold };
    let bases = bases(lists, record, &compared, &BTreeSet::new());
    let mut longest: Vec<Keyword> = Vec::new();
    for keyword in own(&bases, &[], &compared).keywords {
        let leaf = compared.leaf(&keyword);
        match longest.iter_mut().find(|known| compared.leaf(known) == leaf) {
            Some(known) if known.path().len() < keyword.path().len() => *known = keyword,
            Some(_) => {}
            None => longest.push(keyword),
        }
    }
    longest
}

/// Of a photo's own words those that its sidecar is to hold. Where a sidecar has words, somebody chose
/// them: what the photo has besides is out of date, unless we put it there.
pub(crate) fn for_sidecar(
    photo: &[Keyword],
    lists: &Lists,
    record: &Record,
    fold: Fold,
) -> Vec<Keyword> {
    let has_own = !own_words(lists, record, fold).is_empty();
    let added = set(&mut record.added(List::Subject).iter().map(|word| fold(word)));
    let is_held = |keyword: &&Keyword| !has_own || added.contains(&fold(keyword.leaf()));
    photo.iter().filter(is_held).cloned().collect()
}

/// What is noted, with those marked that another program took out of the lists since.
pub(crate) fn withdrawn(lists: &Lists, record: &Record, fold: Fold) -> Vec<Given> {
    let compared = Compared { fold };
    let words = set(&mut lists.of(List::Subject).iter().map(|keyword| compared.leaf(keyword)));
    let mark = |given: &Given| {
        let is_there = given.words.iter().any(|word| words.contains(&compared.word(word)));
        Given { is_withdrawn: given.is_withdrawn || !is_there, ..given.clone() }
    };
    record.given.iter().map(mark).collect()
}

/// Works out what is to change.
pub(crate) fn plan(present: &Present, wanted: &Wanted, writer: &Writer) -> Plan {
    let compared = Compared { fold: writer.fold };
    let by_people = wanted.tags.iter().filter(|tag| tag.origin == Origin::Person);
    let by_people = by_people.flat_map(|tag| &tag.keywords);
    let by_people = set(&mut by_people.map(|keyword| compared.leaf(keyword)));
    let given = withdrawn(present.lists, present.record, writer.fold);
    let withdrawn = given.into_iter().filter(|given| {
        let is_wanted = given.words.iter().any(|word| by_people.contains(&compared.word(word)));
        given.is_withdrawn && !is_wanted
    });
    let withdrawn: Vec<Given> = withdrawn.filter(|_| wanted.notes == Notes::Kept).collect();
    let is_wanted = |tag: &&Tag| match &tag.origin {
        Origin::Person => true,
        Origin::Machine { label, .. } => withdrawn.iter().all(|given| given.label != *label),
    };
    let tags: Vec<&Tag> = wanted.tags.iter().filter(is_wanted).collect();

    let new = tags.iter().flat_map(|tag| &tag.keywords);
    let new = set(&mut new.map(|keyword| compared.leaf(keyword)));
    let removed = wanted.removed.iter().map(|word| compared.word(word));
    let removed = set(&mut removed.filter(|word| !new.contains(word)));
    let bases = bases(present.lists, present.record, &compared, &removed);
    let elsewhere = present.elsewhere.iter();
    let elsewhere: Vec<Keyword> =
        elsewhere.filter(|keyword| !removed.contains(&compared.leaf(keyword))).cloned().collect();
    let own = own(&bases, &elsewhere, &compared);

    let mut plan = Plan { before: present.lists.clone(), ..Plan::default() };
    for list in List::ALL {
        if !present.can_be_written(list) {
            plan.after.of_mut(list).extend_from_slice(present.lists.of(list));
            plan.record.added_mut(list).extend_from_slice(present.record.added(list));
            continue;
        }
        let target = target(list, present, &bases, &own, &tags, &compared);
        let (list_plan, after, added) =
            change(list, present, &bases, target, &by_people, &compared);
        plan.lists[list as usize] = list_plan;
        *plan.after.of_mut(list) = after;
        *plan.record.added_mut(list) = added;
    }
    plan.record.given = tags.iter().filter_map(|tag| note(tag, present.record, writer)).collect();
    plan.record.given.extend(withdrawn);
    plan.is_record_new = !plan.record.says_what(present.record);
    plan
}

/// What a list is to hold besides its base.
fn target(
    list: List,
    present: &Present,
    bases: &Lists,
    own: &Union,
    tags: &[&Tag],
    compared: &Compared,
) -> Vec<Keyword> {
    let is_written = match list {
        List::Subject | List::Hierarchical | List::TagsList => true,
        List::LastKeyword => !bases.of(list).is_empty(),
        List::Iptc | List::Xp => present.can_be_written(list),
    };
    if !is_written || tags.is_empty() {
        return Vec::new();
    }
    let new = || tags.iter().flat_map(|tag| &tag.keywords);
    if list.separator().is_none() {
        return own.keywords.iter().chain(new()).cloned().collect();
    }
    // A word that has its place among people's own gets no other.
    let placed = own.leaves(compared);
    let new = || new().filter(|keyword| !placed.contains(&compared.leaf(keyword)));
    // A flat word that is part of a path is said already.
    let mut union = Union::default();
    let there = || bases.of(list).iter().chain(&own.keywords);
    for keyword in there().chain(new()).filter(|keyword| keyword.path().len() > 1) {
        union.add(compared, keyword);
    }
    let words = union.words(compared);
    for keyword in there().chain(new()).filter(|keyword| keyword.path().len() == 1) {
        if !words.contains(&compared.leaf(keyword)) {
            union.add(compared, keyword);
        }
    }
    union.keywords
}

/// What leads from what a list holds to its base and the target.
fn change(
    list: List,
    present: &Present,
    bases: &Lists,
    target: Vec<Keyword>,
    by_people: &BTreeSet<String>,
    compared: &Compared,
) -> (ListPlan, Vec<Keyword>, Vec<String>) {
    let keys = |keywords: &[Keyword]| {
        set(&mut keywords.iter().map(|keyword| compared.within(list, keyword)))
    };
    let (base, now) = (keys(bases.of(list)), keys(present.lists.of(list)));
    let mut joins = BTreeSet::new();
    let (mut plan, mut added, mut appended) = (ListPlan::default(), Vec::new(), Vec::new());
    for keyword in target {
        let key = compared.within(list, &keyword);
        let Some(item) = list.item(&keyword) else { continue };
        if base.contains(&key) || !joins.insert(key.clone()) {
            continue;
        }
        // What people wanted is the file's own from now on.
        if !by_people.contains(&compared.leaf(&keyword)) {
            added.push(item.clone());
        }
        if !now.contains(&key) {
            plan.add.push(item);
            appended.push(keyword);
        }
    }
    let mut after = Vec::new();
    for keyword in present.lists.of(list) {
        let key = compared.within(list, keyword);
        if base.contains(&key) || joins.contains(&key) {
            after.push(keyword.clone());
        } else {
            plan.drop.push(keyword.clone());
        }
    }
    after.extend(appended.iter().filter_map(|keyword| list.keyword(&list.item(keyword)?)));
    (plan, after, added)
}

/// What is noted of a tag, if a machine gave it. What was noted before keeps its date.
fn note(tag: &Tag, record: &Record, writer: &Writer) -> Option<Given> {
    let Origin::Machine { label, score, model } = &tag.origin else { return None };
    let mut given = Given {
        label: label.clone(),
        score: xmp::rounded(*score),
        model: model.clone(),
        date: String::new(),
        words: tag.keywords.iter().map(|keyword| keyword.leaf().to_owned()).collect(),
        is_withdrawn: false,
    };
    let undated = |old: &&Given| Given { date: String::new(), ..(*old).clone() } == given;
    let old = record.given.iter().find(undated);
    given.date = old.map_or(writer.now, |old| &old.date).to_owned();
    Some(given)
}
