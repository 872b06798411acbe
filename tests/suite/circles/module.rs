//! A package's files as modules: what each defines, hands on and names.

use std::collections::{BTreeMap, BTreeSet};

use super::components::Edges;
use super::tokens::{Token, tokens};

/// A path of names: a module's, or as it is written in code.
type Path = Vec<String>;

/// All modules of a package that are files, by their paths; the root's is empty.
pub(super) struct Package(BTreeMap<Path, Module>);

/// One file.
#[derive(Default)]
struct Module {
    /// Its files: one, or at the root the library's and the program's.
    files: BTreeSet<String>,
    /// Names of what it defines itself.
    items: BTreeSet<String>,
    /// What other names stand for in it, whoever may see them.
    names: BTreeMap<String, Path>,
    /// Paths whose every name is one here.
    globs: Vec<Path>,
    /// Paths that it uses itself: what it only hands on is not among them.
    used: Vec<Path>,
    /// Modules that only tests have.
    hidden: BTreeSet<String>,
}

/// Words that stand before the name of something defined.
const DEFINING: [&str; 9] =
    ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "macro_rules"];
/// More lookups than any chain of re-exports has; two globs may name each other.
const DEEPEST: usize = 8;

impl Package {
    /// The package of these files, names in its folder to texts.
    pub(super) fn new(files: BTreeMap<String, String>) -> Self {
        let mut modules = BTreeMap::<Path, Module>::new();
        for (file, text) in files {
            let entry = modules.entry(module_path(&file)).or_default();
            entry.files.insert(file);
            entry.read(&tokens(&text), &text);
        }
        Self(modules)
    }

    /// Which file imports which others.
    pub(super) fn imports(&self) -> Edges {
        let mut edges = Edges::new();
        for (path, module) in self.0.iter().filter(|(path, _)| !self.is_of_tests(path)) {
            let mut others = BTreeSet::new();
            for used in &module.used {
                if let Some(other) = self.resolve(path, used, 0).filter(|other| other != path) {
                    others.extend(self.0[&other].files.iter().cloned());
                }
            }
            for file in &module.files {
                edges.insert(file.clone(), others.clone());
            }
        }
        edges
    }

    /// Whether a module or one above it is only there for tests.
    fn is_of_tests(&self, path: &Path) -> bool {
        (0..path.len()).any(|depth| {
            let above = self.0.get(&path[..depth]);
            above.is_some_and(|above| above.hidden.contains(&path[depth]))
        })
    }

    /// The module that defines what `path` leads to, as it is written in module `from`.
    fn resolve(&self, from: &Path, path: &[String], depth: usize) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        if depth > DEEPEST {
            return None;
        }
        match first.as_str() {
            "crate" => self.look_up(&Path::new(), rest, depth),
            "self" => self.look_up(from, rest, depth),
            "super" => {
                let (_, above) = from.split_last()?;
                let above = above.to_vec();
                match rest.first().map(String::as_str) {
                    Some("super") => self.resolve(&above, rest, depth + 1),
                    _ => self.look_up(&above, rest, depth),
                }
            }
            _ => self.look_up(from, path, depth),
        }
    }

    /// Whether a path in `module` that begins so stays in this package.
    fn is_own(&self, module: &Path, first: &String) -> bool {
        let child: Path = module.iter().chain([first]).cloned().collect();
        let is_known = self.0[module].names.contains_key(first) || self.0.contains_key(&child);
        is_known || ["crate", "self", "super"].contains(&first.as_str())
    }

    /// The same of a path that begins with a name in `module`.
    fn look_up(&self, module: &Path, path: &[String], depth: usize) -> Option<Path> {
        let (name, rest) = path.split_first()?;
        let found = self.0.get(module)?;
        if found.items.contains(name) {
            return Some(module.clone());
        }
        let child: Path = module.iter().chain([name]).cloned().collect();
        if self.0.contains_key(&child) {
            return self.look_up(&child, rest, depth);
        }
        if let Some(meaning) = found.names.get(name).filter(|meaning| **meaning != path[..1]) {
            let whole: Path = meaning.iter().chain(rest).cloned().collect();
            return self.resolve(module, &whole, depth + 1);
        }
        let mut own = found.globs.iter().filter(|glob| self.is_own(module, &glob[0]));
        own.find_map(|glob| {
            let whole: Path = glob.iter().chain(path).cloned().collect();
            self.resolve(module, &whole, depth + 1)
        })
    }
}

/// `a/b.rs` and `a/b/mod.rs` are `a::b`; `lib.rs` and `main.rs` the root.
fn module_path(file: &str) -> Path {
    let mut path: Path = file.trim_end_matches(".rs").split('/').map(String::from).collect();
    if path.last().is_some_and(|last| last == "mod") || ["lib.rs", "main.rs"].contains(&file) {
        path.pop();
    }
    path
}

impl Module {
    fn read(&mut self, tokens: &[Token], text: &str) {
        self.hidden.extend(hidden_modules(text));
        let (mut at, mut depth) = (0, 0usize);
        while at < tokens.len() {
            let before = at.checked_sub(1).map(|before| tokens[before].as_str());
            match tokens[at].as_str() {
                // What a type captures, no import.
                "use" if tokens.get(at + 1).is_some_and(|token| token == "<") => {}
                "use" => {
                    let end = at + tokens[at..].iter().position(|token| token == ";").unwrap_or(0);
                    // Behind `pub` and `pub(crate)`.
                    let is_handed_on = matches!(before, Some("pub" | ")"));
                    self.read_use(&tokens[at + 1..end], is_handed_on);
                    at = end;
                }
                "{" => depth += 1,
                "}" => depth -= 1,
                word if DEFINING.contains(&word) && depth == 0 => {
                    let skip = if word == "macro_rules" { 2 } else { 1 };
                    let name = tokens.get(at + skip).filter(|name| is_name(name));
                    self.items.extend(name.cloned());
                }
                // Of a module that is no file, all names count as its own.
                "mod" if tokens.get(at + 2).is_some_and(|token| token == "{") => {
                    self.items.insert(tokens[at + 1].clone());
                }
                word if is_name(word) && !matches!(before, Some("::" | ".")) => {
                    let path = path_at(&tokens[at..]);
                    at += 2 * (path.len() - 1);
                    self.used.push(path);
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Takes in the tree of names behind `use`.
    fn read_use(&mut self, tree: &[Token], is_handed_on: bool) {
        for (path, name) in leaves(tree) {
            if name == "*" {
                self.globs.push(path.clone());
                continue;
            }
            if !is_handed_on {
                self.used.push(path.clone());
            }
            self.names.insert(name, path);
        }
    }
}

/// Names of the modules that follow `#[cfg(test)]` and are files of their own.
fn hidden_modules(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split("#[cfg(test)]").skip(1);
    parts.filter_map(|part| {
        let item = part.split([';', '{']).next()?.trim();
        let name = item.trim_start_matches("pub(crate) ").strip_prefix("mod ")?;
        part.trim_start().starts_with(&format!("{item};")).then(|| name.to_owned())
    })
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The path that `tokens` begin with.
fn path_at(tokens: &[Token]) -> Path {
    let mut path = vec![tokens[0].clone()];
    let mut rest = &tokens[1..];
    while let [sign, name, ..] = rest {
        if sign != "::" || !is_name(name) {
            break;
        }
        path.push(name.clone());
        rest = &rest[2..];
    }
    path
}

/// Every path of a tree, and the name that it goes by.
fn leaves(tree: &[Token]) -> Vec<(Path, String)> {
    let mut prefix = Path::new();
    let mut rest = tree;
    while let [name, sign, ..] = rest {
        if sign != "::" || !is_name(name) {
            break;
        }
        prefix.push(name.clone());
        rest = &rest[2..];
    }
    let with_prefix = |mut path: Path| {
        path.splice(0..0, prefix.iter().cloned());
        path
    };
    match rest {
        [open, .., _] if open == "{" => {
            let parts = split_list(&rest[1..rest.len() - 1]);
            let all = parts.into_iter().flat_map(leaves);
            all.map(|(path, name)| match path.as_slice() {
                // `a::{self}` is `a`.
                [word] if word == "self" => {
                    let last = prefix.last().cloned().unwrap_or_default();
                    (prefix.clone(), if name == "self" { last } else { name })
                }
                _ => (with_prefix(path), name),
            })
            .collect()
        }
        [name, word, alias] if word == "as" => {
            vec![(with_prefix(vec![name.clone()]), alias.clone())]
        }
        [star] if star == "*" => vec![(prefix.clone(), "*".into())],
        [name] => vec![(with_prefix(vec![name.clone()]), name.clone())],
        _ => Vec::new(),
    }
}

/// The parts between the commas that are in no braces.
fn split_list(tokens: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (index, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 0 => {
                parts.push(&tokens[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}
