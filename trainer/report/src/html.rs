//! A report as one page: no other file, no other origin, and no script but its own.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::escape::escape;
use super::picture::{Marked, Picture};
use super::plot::{Drawing, Plot, Series};
use super::report::{Block, Report};
use super::svg::{marker, svg};
use super::table::{Cell, Column, Table};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

impl Report {
    /// The page.
    pub fn html(&self) -> String {
        let title = escape(&self.title);
        let policy = format!(
            "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; \
             style-src '{}'; script-src '{}'",
            hash(STYLE),
            hash(SCRIPT)
        );
        let mut page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1>{title}</h1>\n"
        );
        for paragraph in &self.summary {
            push(&mut page, format_args!("<p>{}</p>\n", escape(paragraph)));
        }
        contents(&mut page, self);
        page.push_str("</header>\n<main>\n");
        for (number, section) in self.sections.iter().enumerate() {
            let heading = escape(&section.title);
            push(
                &mut page,
                format_args!("<section>\n<h2 id=\"section-{number}\">{heading}</h2>\n"),
            );
            let is_plot = |block: &Block| matches!(block, Block::Plot(_));
            for blocks in section.blocks.chunk_by(|one, next| is_plot(one) && is_plot(next)) {
                let text: String = blocks.iter().map(one).collect();
                // Plots stand beside one another where there is room.
                let [open, close] = if is_plot(&blocks[0]) {
                    ["<div class=\"plots\">\n", "</div>\n"]
                } else {
                    ["", ""]
                };
                push(&mut page, format_args!("{open}{text}{close}"));
            }
            page.push_str("</section>\n");
        }
        push(&mut page, format_args!("</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"));
        page
    }
}

/// What a content security policy calls a style or script by.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("strings take all text");
}

/// Links to the sections.
fn contents(page: &mut String, report: &Report) {
    if report.sections.len() < 2 {
        return;
    }
    page.push_str("<nav aria-label=\"Sections\">\n<ul>\n");
    for (number, section) in report.sections.iter().enumerate() {
        let title = escape(&section.title);
        push(page, format_args!("<li><a href=\"#section-{number}\">{title}</a></li>\n"));
    }
    page.push_str("</ul>\n</nav>\n");
}

fn one(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => format!("<p>{}</p>\n", escape(text)),
        Block::Occasion(text) => format!("<p class=\"occasion\">{}</p>\n", escape(text)),
        Block::Table(values) => table(values),
        Block::Plot(values) => plot(values),
        Block::Pictures(pictures) => {
            let figures: String = pictures.iter().map(picture).collect();
            format!("<div class=\"pictures\">\n{figures}</div>\n")
        }
    }
}

fn table(table: &Table) -> String {
    let caption = escape(&table.caption);
    let mut text = format!(
        "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n\
         <table id=\"{}\">\n<caption>{caption}</caption>\n<thead>\n<tr>",
        escape(&table.id)
    );
    for (index, column) in table.columns.iter().enumerate() {
        let unit = if column.unit.is_empty() { "" } else { ", " };
        let name = escape(&format!("{}{unit}{}", column.name, column.unit));
        let class = if is_numeric(table, index) { " class=\"number\"" } else { "" };
        push(
            &mut text,
            format_args!("<th scope=\"col\"{class}><button type=\"button\">{name}</button></th>"),
        );
    }
    text.push_str("</tr>\n</thead>\n<tbody>\n");
    let best: Vec<Vec<usize>> = (0..table.columns.len()).map(|c| table.best_rows(c)).collect();
    for (row, cells) in table.rows.iter().enumerate() {
        text.push_str("<tr>");
        for (index, (value, column)) in cells.iter().zip(&table.columns).enumerate() {
            text.push_str(&cell(value, column, index == 0, best[index].contains(&row)));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n</div>\n");
    text
}

fn is_numeric(table: &Table, column: usize) -> bool {
    table.rows.iter().any(|row| row[column].value().is_some())
}

/// A cell with what it is sorted by.
fn cell(cell: &Cell, column: &Column, is_first: bool, is_best: bool) -> String {
    let (open, close) = if is_first { ("th scope=\"row\"", "th") } else { ("td", "td") };
    match cell {
        Cell::Text(words) => {
            let words = escape(words);
            format!("<{open} data-v=\"{words}\">{words}</{close}>")
        }
        Cell::Absent(why) => format!("<{open} class=\"absent\">{}</{close}>", escape(why)),
        Cell::Number { value, error } => {
            let class = if is_best && !is_first { "number best" } else { "number" };
            let shown = number(*value, column.decimals);
            let error = error.map_or_else(String::new, |error| {
                format!(" <span class=\"error\">± {}</span>", number(error, column.decimals))
            });
            let key = if value.is_finite() { value.to_string() } else { format!("{value:?}") };
            let key = key.replace("inf", "Infinity");
            format!("<{open} class=\"{class}\" data-v=\"{key}\">{shown}{error}</{close}>")
        }
    }
}

/// With so many digits after the point, thousands apart, and a minus as wide as a plus.
fn number(value: f64, decimals: usize) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    let point = if part.is_empty() { "" } else { "." };
    let is_zero = digits.chars().all(|character| matches!(character, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{grouped}{point}{part}")
}

fn plot(plot: &Plot) -> String {
    let (title, description) = (escape(&plot.title), escape(&plot.description));
    let legend = match &plot.drawing {
        Drawing::Pareto { series, .. }
        | Drawing::Scatter { series, .. }
        | Drawing::Lines { series, .. } => legend(series),
        _ => String::new(),
    };
    format!(
        "<figure>\n<figcaption>{title}<p class=\"described\">{description}</p></figcaption>\n\
         {legend}{}</figure>\n",
        svg(plot)
    )
}

fn legend(series: &[Series]) -> String {
    let entry = |(number, series): (usize, &Series)| {
        let (colour, sign) = marker(number);
        let name = escape(&series.name);
        format!("<li><span class=\"c{colour}\" aria-hidden=\"true\">{sign}</span> {name}</li>\n")
    };
    format!(
        "<ul class=\"legend\">\n{}</ul>\n",
        series.iter().enumerate().map(entry).collect::<String>()
    )
}

fn picture(picture: &Picture) -> String {
    let Picture { width, height, .. } = picture;
    let mut text = format!(
        "<figure>\n<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\
         <image href=\"{}\" width=\"{width}\" height=\"{height}\"/>",
        escape(&picture.description),
        picture.data_uri()
    );
    if let Some(heat) = &picture.heat {
        let rows = heat.cells.len() / heat.columns.max(1);
        let sides = (*width as f32 / heat.columns as f32, *height as f32 / rows as f32);
        for (index, value) in heat.cells.iter().enumerate() {
            let (column, row) = (index % heat.columns, index / heat.columns);
            push(
                &mut text,
                format_args!(
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#ff2a00\" \
                     fill-opacity=\"{:.2}\"/>",
                    column as f32 * sides.0,
                    row as f32 * sides.1,
                    sides.0,
                    sides.1,
                    0.7 * value.clamp(0.0, 1.0)
                ),
            );
        }
    }
    let letters = (*width as f32 / 18.0).max(8.0);
    let middle = *width as f32 / 2.0;
    for Marked { x, y, width, height, name } in &picture.marked {
        // To where there is more room for it.
        let (beside, anchor) = match x + width / 2.0 <= middle {
            true => (x + 3.0, "start"),
            false => (x + width - 3.0, "end"),
        };
        push(
            &mut text,
            format_args!(
                "<rect class=\"box\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
                 height=\"{height:.1}\"/><text class=\"name\" x=\"{beside:.1}\" y=\"{:.1}\" \
                 text-anchor=\"{anchor}\" font-size=\"{letters:.1}\" stroke-width=\"{:.1}\">{}</text>",
                y + letters,
                letters / 5.0,
                escape(name)
            ),
        );
    }
    text.push_str("</svg>\n<figcaption>");
    text.push_str(&escape(&picture.caption));
    if let Some((prediction, truth)) = &picture.verdict {
        let (prediction, truth) = (escape(prediction), escape(truth));
        push(
            &mut text,
            format_args!("<dl><dt>says</dt><dd>{prediction}</dd><dt>is</dt><dd>{truth}</dd></dl>"),
        );
    }
    text.push_str("</figcaption>\n</figure>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{Heat, Media};
    use crate::report::Section;
    use crate::table::Best;

    const HOSTILE: &str = "</script><img src=x onerror=\"alert('1')\">";

    fn page() -> String {
        let columns =
            vec![Column::text(HOSTILE), Column::number("size", HOSTILE, 1).marking(Best::Lowest)];
        let mut table = Table::new("sizes", HOSTILE, columns);
        table.rows.push(vec![Cell::text(HOSTILE), Cell::with_error(12_345.67, 1.0)]);
        table.rows.push(vec![Cell::text("b"), Cell::Absent(HOSTILE.into())]);
        let mut photo = Picture::new(Media::Png, vec![1, 2, 3], [20, 10], HOSTILE);
        photo.verdict = Some((HOSTILE.into(), HOSTILE.into()));
        photo.marked.push(Marked { x: 1.0, y: 1.0, width: 5.0, height: 5.0, name: HOSTILE.into() });
        photo.heat = Some(Heat { columns: 2, cells: vec![0.0, 0.5, 1.0, f32::NAN] });
        let blocks = vec![
            Block::Paragraph(HOSTILE.into()),
            Block::Occasion(HOSTILE.into()),
            Block::Table(table),
            Block::Pictures(vec![photo]),
        ];
        let section = Section { title: HOSTILE.into(), blocks };
        let summary = vec![HOSTILE.into()];
        Report { summary, sections: vec![section.clone(), section], ..Report::new(HOSTILE) }.html()
    }

    #[test]
    fn no_text_becomes_markup() {
        let page = page();
        assert!(!page.contains("<img") && page.matches("</script>").count() == 1);
        assert!(!page.contains("onerror=\""), "quotes are escaped in attributes");
    }

    #[test]
    fn the_policy_names_what_the_page_has() {
        let page = page();
        let inside = |tag: &str| {
            let (_, rest) = page.split_once(&format!("<{tag}>")).unwrap();
            rest.split_once(&format!("</{tag}>")).unwrap().0.to_owned()
        };
        for tag in ["style", "script"] {
            let hash = hash(&inside(tag));
            assert!(page.contains(&format!("{tag}-src '{hash}'")), "{tag}");
        }
        let admits_all = page.contains(concat!("un", "safe"));
        assert!(!page.contains("style=\"") && !admits_all, "none are inline");
    }

    #[test]
    fn numbers_are_shown_and_sorted_by() {
        let page = page();
        let cell = "<td class=\"number best\" data-v=\"12345.67\">12\u{202f}345.7 \
                    <span class=\"error\">± 1.0</span></td>";
        assert!(page.contains(cell), "{page}");
        let shown =
            [(-0.04, 1, "0.0"), (-2.0, 0, "−2"), (f64::INFINITY, 1, "∞"), (999.0, 0, "999")];
        for (value, decimals, text) in shown {
            assert_eq!(number(value, decimals), text);
        }
    }
}
