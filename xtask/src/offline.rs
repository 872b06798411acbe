//! The site without a network: the service worker, made from what the site consists of.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};
use tagsight_protocol::Manifest;

use crate::manifest::NAME as MANIFEST;
use crate::setup::hex;
use crate::shell::{self, read};

/// The service worker's file.
pub(crate) const SCRIPT: &str = "sw.js";
/// Tells the page of it.
const MARK: &str = "<meta name=\"service-worker\" content=\"sw.js\" />";
/// Carries [`Offline::Without`] through trunk.
const VARIABLE: &str = "TAGSIGHT_OFFLINE";

/// What hosts look at, systems when a page is installed, and other pages: this one does not need it without a
/// network.
const LEFT_OUT: [&str; 8] = [
    SCRIPT,
    "_headers",
    "icons/apple-touch-180.png",
    "icons/icon-512.png",
    "icons/maskable-512.png",
    "screenshots",
    "tagsight.d.ts",
    "tagsight.js",
];

/// Whether the site works without a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offline {
    /// It does.
    With,
    /// It does not, and what earlier builds put on devices is removed.
    Without,
}

impl Offline {
    /// Puts it into the environment of trunk, which calls [`stage`]'s caller.
    pub(crate) fn name(self) -> (&'static str, &'static str) {
        let name = match self {
            Self::With => "with",
            Self::Without => "without",
        };
        (VARIABLE, name)
    }

    /// What trunk's caller chose.
    fn chosen() -> Self {
        let chosen = env::var(VARIABLE);
        if chosen.is_ok_and(|chosen| chosen == "without") { Self::Without } else { Self::With }
    }
}

/// Adds the service worker to a site that has everything else.
pub(crate) fn stage(site: &Path) -> Result<()> {
    let source = |name: &str| {
        let file = shell::root().join("web/offline").join(name);
        String::from_utf8(read(&file)?).with_context(|| file.display().to_string())
    };
    let script = match Offline::chosen() {
        Offline::With => script(site, &source(SCRIPT)?)?,
        Offline::Without => {
            for page in ["index.html", "benchmark.html"] {
                unmark(&site.join(page))?;
            }
            without_comments(&source("retired.js")?)
        }
    };
    fs::write(site.join(SCRIPT), script).context(SCRIPT)
}

/// So that a page registers nothing.
fn unmark(page: &Path) -> Result<()> {
    let html = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    ensure!(html.contains(MARK), "{} does not say {MARK}", page.display());
    Ok(fs::write(page, html.replace(MARK, ""))?)
}

/// The service worker of `site`; what it says of itself goes before `source`.
fn script(site: &Path, source: &str) -> Result<String> {
    let mut files = BTreeMap::new();
    list(site, "", &mut files)?;
    let manifest: Manifest = serde_json::from_slice(&read(&site.join("models").join(MANIFEST))?)?;
    let path = |file: &str| format!("models/{file}");
    let models: BTreeMap<String, String> =
        manifest.models.iter().map(|model| (path(&model.file), model.sha256.clone())).collect();
    let model = manifest.models.iter().filter(|model| model.default).map(|model| path(&model.file));
    let site = [
        constant("FILES", &Table(files))?,
        constant("MODELS", &Table(models))?,
        constant("MODEL", &model.collect::<Vec<_>>())?,
        constant("HEADERS", &headers(&fs::read_to_string(site.join("_headers"))?))?,
        without_comments(source),
    ]
    .concat();
    let build = &hex(&Sha256::digest(&site))[..16];
    Ok(constant("BUILD", &build)? + &site)
}

fn constant(name: &str, value: &impl serde::Serialize) -> Result<String> {
    Ok(format!("const {name}={};\n", serde_json::to_string(value)?))
}

/// A JavaScript object in which nothing is found but what is in it.
struct Table(BTreeMap<String, String>);

impl serde::Serialize for Table {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let null = ("__proto__", None);
        let entries = self.0.iter().map(|(name, value)| (name.as_str(), Some(value)));
        serializer.collect_map(std::iter::once(null).chain(entries))
    }
}

/// The files under `folder` of the site that pages need, with their SHA-256 in base 64. All workers
/// and the graphics processor's engine are among them: which of them runs can change with the
/// browser, the address and the device, and without a network there is no asking for another.
fn list(site: &Path, folder: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(site.join(folder))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().context("a file's name is not UTF-8")?;
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        // Models have caches of their own, and their cards are for people.
        if LEFT_OUT.contains(&path.as_str()) || is_of_model(&path) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(site, &path, files)?;
        } else {
            files.insert(path, BASE64_STANDARD.encode(Sha256::digest(read(&entry.path())?)));
        }
    }
    Ok(())
}

fn is_of_model(path: &str) -> bool {
    path.strip_prefix("models/").is_some_and(|name| name != MANIFEST)
}

/// What a `_headers` file says of every file, less how long hosts let it be kept.
fn headers(text: &str) -> BTreeMap<&str, &str> {
    pairs(text).filter(|(name, _)| *name != "Cache-Control").collect()
}

/// Names and values of a `_headers` file of one rule.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let indented = text.lines().filter_map(|line| line.strip_prefix("  "));
    indented.filter_map(|line| line.split_once(": "))
}

/// The lines of a script that are not comments as a whole.
fn without_comments(script: &str) -> String {
    let is_comment =
        |line: &str| ["//", "/*", "* ", "*/"].iter().any(|mark| line.starts_with(mark));
    let code = script.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line));
    code.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &str = "# For hosts\n/*\n  X-A: b: c\n  Cache-Control: no-cache\n";

    fn site() -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let file = site.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        let html = format!("<head>{MARK}</head>");
        for page in ["index.html", "benchmark.html"] {
            put(page, &html);
        }
        put("worker/worker.js", "abc");
        put("icons/icon-512.png", "an icon");
        put("_headers", HEADERS);
        put("models/small/model.safetensors", "a model");
        let listed = r#"{"models":[{"name":"small","title":"","file":"small/model.safetensors",
            "bytes":7,"sha256":"00ff","score":{"metric":"map","over":80,"value":0.5},
            "latency":"fast","default":true}]}"#;
        put("models/manifest.json", listed);
        site
    }

    #[test]
    fn every_file_that_a_page_needs_is_listed() {
        let site = site();
        let mut files = BTreeMap::new();
        list(site.path(), "", &mut files).unwrap();
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        let wanted = ["benchmark.html", "index.html", "models/manifest.json", "worker/worker.js"];
        assert_eq!(names, wanted);
        // "abc"; the digest is FIPS 180-2's example.
        let abc = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert_eq!(files["worker/worker.js"], abc);
    }

    #[test]
    fn a_build_is_named_by_all_that_it_consists_of() {
        let site = site();
        let build = |source: &str| {
            let script = script(site.path(), source).unwrap();
            script.lines().next().unwrap().to_owned()
        };
        let first = build("work();");
        assert_eq!(build("// Says why.\n  /**\n   * And how.\n   */\n  work();"), first);
        assert_ne!(build("idle();"), first);
        fs::write(site.path().join("worker/worker.js"), "abd").unwrap();
        assert_ne!(build("work();"), first);
    }

    #[test]
    fn the_script_knows_models_and_headers() {
        let script = script(site().path(), "work();").unwrap();
        for line in [
            r#"const MODELS={"__proto__":null,"models/small/model.safetensors":"00ff"};"#,
            r#"const MODEL=["models/small/model.safetensors"];"#,
            r#"const HEADERS={"X-A":"b: c"};"#,
            "work();",
        ] {
            assert!(script.lines().any(|found| found == line), "{line} in {script}");
        }
    }

    #[test]
    fn a_page_without_a_service_worker_is_not_told_of_one() {
        let site = site();
        let page = site.path().join("index.html");
        unmark(&page).unwrap();
        assert_eq!(fs::read_to_string(&page).unwrap(), "<head></head>");
        assert!(unmark(&page).is_err(), "a page that says it otherwise");
    }

    /// The page's own policy is for hosts that send no headers, trunk's for daily work.
    #[test]
    fn headers_say_the_same_everywhere() {
        let text = |path: &str| fs::read_to_string(shell::root().join(path)).unwrap();
        let hosts = text("static/_headers");
        let pairs: Vec<_> = pairs(&hosts).collect();
        let (_, policy) =
            pairs.iter().find(|(name, _)| *name == "Content-Security-Policy").unwrap();
        // A meta element cannot say who may frame the page.
        let policy = policy.strip_suffix("; frame-ancestors 'none'").unwrap();
        assert!(text("web/index.html").contains(&format!("content=\"{policy}\"")));
        let trunk = text("web/Trunk.toml");
        let (_, served) = trunk.split_once("[serve.headers]\n").unwrap();
        let served: Vec<_> = served.lines().take_while(|line| !line.is_empty()).collect();
        let wanted = pairs.iter().map(|(name, value)| format!("{name} = \"{value}\""));
        assert_eq!(served, wanted.collect::<Vec<_>>());
    }

    #[test]
    fn the_page_has_the_mark() {
        let page = fs::read_to_string(shell::root().join("web/index.html")).unwrap();
        assert!(page.contains(MARK));
    }
}
