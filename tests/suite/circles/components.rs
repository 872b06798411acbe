//! Circles of a graph.

use std::collections::{BTreeMap, BTreeSet};

/// Who leads where.
pub(super) type Edges = BTreeMap<String, BTreeSet<String>>;

/// The largest sets of nodes of which each leads to each other, in order.
pub(super) fn circles(edges: &Edges) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        edges.keys().map(|node| (node, reached_from(edges, node))).collect();
    let leads = |from: &String, to: &String| reached.get(from).is_some_and(|all| all.contains(to));
    let circle_of = |node: &String| -> Vec<String> {
        let others = edges.keys().filter(|other| leads(node, other) && leads(other, node));
        others.cloned().collect()
    };
    let circles: BTreeSet<Vec<String>> =
        edges.keys().map(circle_of).filter(|circle| circle.len() > 1).collect();
    circles.into_iter().collect()
}

fn reached_from<'a>(edges: &'a Edges, node: &String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&String> = edges[node].iter().collect();
    while let Some(next) = waiting.pop() {
        if reached.insert(next) {
            waiting.extend(edges.get(next).into_iter().flatten());
        }
    }
    reached
}
