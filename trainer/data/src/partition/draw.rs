//! A stratified draw that keeps groups together.
//!
//! Each class is owed its largest remainders in every part. Groups are given away one after the other, the
//! larger ones first and otherwise in the seed's order, each to the part that is short of its photos the
//! most: the greedy step that lowers the squared distance from what is owed. Without groups what is owed
//! comes out exactly.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::fractions::Fractions;
use crate::hash::{fnv1a, unit_hash};
use crate::part::Part;

/// A photo of the draw.
pub(super) struct Member<'a> {
    /// What its place in the seed's order follows from.
    pub(super) name: &'a str,
    /// Of which every part has its share.
    pub(super) class: &'a str,
    /// Photos of one number are in one part.
    pub(super) group: usize,
    /// Where it is already.
    pub(super) part: Option<Part>,
}

/// What a class has and is still owed in each part.
struct Owed {
    photos: f64,
    parts: [f64; 3],
}

/// A part for each member.
pub(super) fn draw(members: &[Member], fractions: &Fractions, seed: u64) -> Vec<Part> {
    let mut owed = owed(members, fractions);
    let mut groups = BTreeMap::<usize, Vec<&Member>>::new();
    for member in members {
        groups.entry(member.group).or_default().push(member);
    }
    let mut chosen = BTreeMap::new();
    let mut open = Vec::new();
    for (group, members) in &groups {
        // What is new of a group goes where the others are.
        match members.iter().find_map(|member| member.part) {
            Some(part) => {
                let new = members.iter().filter(|member| member.part.is_none());
                new.for_each(|member| give(&mut owed, member.class, part));
                chosen.insert(*group, part);
            }
            None => open.push((*group, members)),
        }
    }
    open.sort_by_cached_key(|(_, members)| {
        let first = members.iter().map(|member| member.name).min().unwrap_or_default();
        let place = unit_hash(seed, fnv1a(first.bytes()));
        // Positive floats are ordered as their bits are.
        (Reverse(members.len()), place.to_bits(), first)
    });
    for (group, members) in open {
        let part = shortest(&owed, members);
        members.iter().for_each(|member| give(&mut owed, member.class, part));
        chosen.insert(group, part);
    }
    members.iter().map(|member| member.part.unwrap_or(chosen[&member.group])).collect()
}

/// What each class is owed beyond what is there already.
fn owed<'a>(members: &[Member<'a>], fractions: &Fractions) -> BTreeMap<&'a str, Owed> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for member in members {
        *counts.entry(member.class).or_default() += 1;
    }
    let one = |(class, count)| {
        let parts = fractions.counts(count).map(|photos| photos as f64);
        (class, Owed { photos: count as f64, parts })
    };
    let mut owed = counts.into_iter().map(one).collect();
    for member in members {
        if let Some(part) = member.part {
            give(&mut owed, member.class, part);
        }
    }
    owed
}

fn give(owed: &mut BTreeMap<&str, Owed>, class: &str, part: Part) {
    if let Some(owed) = owed.get_mut(class) {
        owed.parts[part as usize] -= 1.0;
    }
}

/// The part that is short of these photos the most, the first of equals; each class counts as much as any.
fn shortest(owed: &BTreeMap<&str, Owed>, members: &[&Member]) -> Part {
    let shortage = |part: Part| {
        let of = |member: &&Member| {
            let owed = &owed[member.class];
            owed.parts[part as usize] / owed.photos
        };
        members.iter().map(of).sum::<f64>()
    };
    let better = |best: Part, part: Part| if shortage(part) > shortage(best) { part } else { best };
    Part::ALL.into_iter().reduce(better).expect("there are parts")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(members: &[Member], parts: &[Part], class: &str) -> [usize; 3] {
        Part::ALL.map(|part| {
            members.iter().zip(parts).filter(|(m, p)| m.class == class && **p == part).count()
        })
    }

    #[test]
    fn every_class_has_its_share_and_membership_follows_the_seed() {
        let names: Vec<String> = (0..123).map(|number| number.to_string()).collect();
        let class = |number| match number {
            0..100 => "a",
            100..120 => "b",
            _ => "c",
        };
        let member =
            |(number, name)| Member { name, class: class(number), group: number, part: None };
        let members: Vec<Member> =
            names.iter().map(String::as_str).enumerate().map(member).collect();
        let parts = draw(&members, &Fractions::default(), 0);
        assert_eq!(counts(&members, &parts, "a"), [70, 15, 15]);
        assert_eq!(counts(&members, &parts, "b"), [14, 3, 3]);
        assert_eq!(counts(&members, &parts, "c"), [1, 1, 1]);
        assert_eq!(draw(&members, &Fractions::default(), 0), parts);
        let other = draw(&members, &Fractions::default(), 1);
        let moved = parts.iter().zip(&other).filter(|(one, other)| one != other).count();
        assert!((20..90).contains(&moved), "{moved}");
    }

    /// Photos with one to five boxes of two classes, one of them ten times as frequent.
    #[test]
    fn groups_stay_together_and_shares_nearly_come_out() {
        let names: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
        let member = |(number, name): (usize, &'static str)| Member {
            name,
            class: if number % 11 == 0 { "rare" } else { "usual" },
            group: number - number % (1 + number / 200),
            part: None,
        };
        let names: Vec<&'static str> = names.into_iter().map(|name| &*name.leak()).collect();
        let members: Vec<Member> = names.into_iter().enumerate().map(member).collect();
        let parts = draw(&members, &Fractions::default(), 3);
        let mut of_group = BTreeMap::new();
        for (member, part) in members.iter().zip(&parts) {
            assert_eq!(of_group.entry(member.group).or_insert(part), &part);
        }
        assert!(of_group.len() < 600);
        for (class, expected) in [("rare", [64, 14, 13]), ("usual", [636, 136, 137])] {
            let found = counts(&members, &parts, class);
            for (found, expected) in found.into_iter().zip(expected) {
                assert!(usize::abs_diff(found, expected) <= 2, "{class}: {found} for {expected}");
            }
        }
    }
}
