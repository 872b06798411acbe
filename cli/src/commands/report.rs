//! What is told of photos on standard output: a table, JSON lines or CSV.

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;
use tagsight_cli::settings::Settings;
use tagsight_cli::tag::Told;
use tagsight_cli::words;
use tagsight_cli::work::{Change, Deed};
use tagsight_core::tags::{self, Scores, Tag};
use tagsight_metadata::{Keyword, List, Lists};

/// The form of the report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line a photo, for people
    Table,
    /// A JSON object a line: photo, tags (best first) and the scores of all labels
    Json,
    /// Comma-separated, a line a photo, with a line of headings
    Csv,
}

/// Writes the report.
pub(crate) struct Report<W> {
    output: W,
    format: Format,
    settings: Settings,
    is_dry: bool,
}

/// A line of JSON; what would change only where nothing is written.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    told: tags::Told<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<ChangedFile>>,
}

#[derive(Serialize)]
struct ChangedFile {
    file: String,
    deleted: bool,
    lists: Vec<ChangedList>,
}

#[derive(Serialize)]
struct ChangedList {
    list: &'static str,
    from: Vec<String>,
    to: Vec<String>,
}

impl<W: Write> Report<W> {
    /// A report with nothing in it but its headings.
    pub(crate) fn new(
        output: W,
        format: Format,
        settings: Settings,
        is_dry: bool,
    ) -> io::Result<Self> {
        let mut report = Self { output, format, settings, is_dry };
        if format == Format::Csv {
            writeln!(report.output, "photo,tags,scores,taken")?;
        }
        Ok(report)
    }

    /// A photo with its tags, if it has any, and what became of its files.
    pub(crate) fn photo(
        &mut self,
        path: &Path,
        told: Option<Told<'_>>,
        changes: &[Change],
    ) -> io::Result<()> {
        match (self.format, told) {
            (Format::Json, Some(told)) => self.json(path, told, changes),
            (Format::Csv, Some(told)) => self.csv(path, told),
            (Format::Table, told) => self.line(path, told, changes),
            // What was taken back has no tags to tell.
            (Format::Json | Format::Csv, None) => self.bare(path, changes),
        }
    }

    fn tags(&self, told: Told<'_>) -> Vec<Tag> {
        told.entry.tags_at(told.facts, self.settings.step)
    }

    fn json(&mut self, path: &Path, told: Told<'_>, changes: &[Change]) -> io::Result<()> {
        let scores = Scores { labels: &told.facts.labels, scores: &told.entry.scores.0 };
        let line = Line {
            told: tags::Told { photo: path.to_string_lossy(), tags: self.tags(told), scores },
            changes: self.is_dry.then(|| changes.iter().map(changed_file).collect()),
        };
        self.object(&line)
    }

    fn bare(&mut self, path: &Path, changes: &[Change]) -> io::Result<()> {
        if self.format == Format::Csv {
            return writeln!(self.output, "{},,,", quoted(&path.to_string_lossy()));
        }
        #[derive(Serialize)]
        struct Bare<'a> {
            photo: &'a str,
            changes: Vec<ChangedFile>,
        }
        let changes = changes.iter().map(changed_file).collect();
        self.object(&Bare { photo: &path.to_string_lossy(), changes })
    }

    fn object(&mut self, object: &impl Serialize) -> io::Result<()> {
        writeln!(self.output, "{}", serde_json::to_string(object)?)
    }

    fn csv(&mut self, path: &Path, told: Told<'_>) -> io::Result<()> {
        let tags = self.tags(told);
        let names: Vec<String> = tags.iter().map(|tag| self.shown(tag)).collect();
        let scores: Vec<String> = tags.iter().map(|tag| tag.score.to_string()).collect();
        let (photo, names) = (quoted(&path.to_string_lossy()), quoted(&names.join("; ")));
        writeln!(self.output, "{photo},{names},{},{}", scores.join("; "), told.entry.taken)
    }

    fn line(&mut self, path: &Path, told: Option<Told<'_>>, changes: &[Change]) -> io::Result<()> {
        let tags = told.map(|told| self.tags(told));
        let said = |tag: &Tag| format!("{} {:.0} %", self.shown(tag), tag.score * 100.0);
        let tags = match tags.as_deref() {
            None if changes.is_empty() => "nothing to take back".into(),
            None => "taken back".into(),
            Some([]) => "no tags".into(),
            Some(tags) => tags.iter().map(said).collect::<Vec<_>>().join(", "),
        };
        writeln!(self.output, "{}: {tags}", path.display())?;
        let dry = if self.is_dry { changes } else { &[] };
        dry.iter().try_for_each(|change| self.change(change))
    }

    fn change(&mut self, change: &Change) -> io::Result<()> {
        let verb = match change.deed {
            Deed::Written => "write",
            Deed::Deleted => "delete",
        };
        writeln!(self.output, "  would {verb} {}", change.file.display())?;
        for ChangedList { list, from, to } in changed_lists(&change.before, &change.after) {
            let said =
                |words: &[String]| if words.is_empty() { "–".into() } else { words.join(", ") };
            writeln!(self.output, "    {list}: {} → {}", said(&from), said(&to))?;
        }
        Ok(())
    }

    fn shown(&self, tag: &Tag) -> String {
        words::shown(&tag.label, self.settings.words)
    }

    /// Ends it.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.output.flush()
    }

    /// Hands on what is written so far.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

fn changed_file(change: &Change) -> ChangedFile {
    ChangedFile {
        file: change.file.to_string_lossy().into_owned(),
        deleted: change.deed == Deed::Deleted,
        lists: changed_lists(&change.before, &change.after),
    }
}

/// The lists that are not as they were.
fn changed_lists(before: &Lists, after: &Lists) -> Vec<ChangedList> {
    let texts = |keywords: &[Keyword]| -> Vec<String> {
        keywords.iter().map(|keyword| keyword.path().join("|")).collect()
    };
    let lists = List::ALL.into_iter().map(|list| ChangedList {
        list: list.name(),
        from: texts(before.of(list)),
        to: texts(after.of(list)),
    });
    lists.filter(|list| list.from != list.to).collect()
}

/// A field of CSV (RFC 4180).
pub(crate) fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
