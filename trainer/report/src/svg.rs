//! Plots as SVG, whose colours are the page's.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::escape::escape;
use super::pareto::pareto_front;
use super::plot::{Axis, Bar, Drawing, Matrix, Plot, Point, Scale, Series};

/// Colours as plotters is given them, and as the page calls them.
const INK: RGBColor = RGBColor(1, 1, 1);
const LINE: RGBColor = RGBColor(2, 2, 2);
const SERIES: [RGBColor; 6] = [
    RGBColor(3, 0, 3),
    RGBColor(3, 1, 3),
    RGBColor(3, 2, 3),
    RGBColor(3, 3, 3),
    RGBColor(3, 4, 3),
    RGBColor(3, 5, 3),
];
/// What stands for the markers of series in legends, one after the other.
const MARKERS: [&str; 3] = ["●", "▲", "✖"];
/// Pixels of a plot with two axes.
const SIZE: (u32, u32) = (500, 350);
const FONT: (&str, u32) = ("sans-serif", 14);
/// Pixels of a marker.
const MARKER: i32 = 4;
/// Pixels of a letter, about.
const LETTER: i32 = 8;

type Root<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Nothing can fail where a string is drawn to.
const DRAWN: &str = "strings take all that is drawn";

/// The number of the colour and the marker of a series in its legend.
pub(super) fn marker(series: usize) -> (usize, &'static str) {
    (series % SERIES.len(), MARKERS[series % MARKERS.len()])
}

/// The plot as an element of the page.
pub(super) fn svg(plot: &Plot) -> String {
    let text = match &plot.drawing {
        Drawing::Pareto { x, y, series } => {
            draw(SIZE, |root| points(root, (x, y), series, Joined::Front))
        }
        Drawing::Scatter { x, y, series } => {
            draw(SIZE, |root| points(root, (x, y), series, Joined::None))
        }
        Drawing::Lines { x, y, series } => {
            draw(SIZE, |root| points(root, (x, y), series, Joined::All))
        }
        Drawing::Bars { y, bars } => {
            let height = 48 + 26 * bars.len() as u32;
            draw((SIZE.0, height), |root| horizontal_bars(root, y, bars))
        }
        Drawing::Histogram { x, from, to, counts } => {
            draw(SIZE, |root| histogram(root, x, (*from, *to), counts))
        }
        Drawing::Matrix(values) => {
            let (left, top, cell) = matrix_sizes(values);
            let width = left + cell * values.columns.len() as i32 + 8;
            let height = top + cell * values.rows.len() as i32 + 8;
            draw((width.max(200) as u32, height as u32), |root| matrix(root, values))
        }
    };
    let label = escape(&format!("{}. {}", plot.title, plot.description));
    let (_, inner) = text.split_once('>').expect("an element begins");
    let (_, size) = text.split_once("viewBox").expect("plotters says the size");
    let size = size.split('"').nth(1).expect("it is quoted");
    let opening =
        format!("<svg class=\"plot\" viewBox=\"{size}\" role=\"img\" aria-label=\"{label}\">");
    coloured(&format!("{opening}{inner}"))
}

/// Draws into a string.
fn draw(size: (u32, u32), what: impl FnOnce(&Root<'_>)) -> String {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
        what(&root);
        root.present().expect(DRAWN);
    }
    text
}

/// The page's variables in place of the colours that stand for them.
fn coloured(svg: &str) -> String {
    let hex = |RGBColor(red, green, blue): RGBColor| format!("#{red:02X}{green:02X}{blue:02X}");
    let named = [(INK, "var(--ink)".to_owned()), (LINE, "var(--line)".to_owned())];
    let series = SERIES.iter().enumerate();
    let series = series.map(|(number, colour)| (*colour, format!("var(--c{number})")));
    named
        .into_iter()
        .chain(series)
        .fold(svg.to_owned(), |svg, (colour, name)| svg.replace(&hex(colour), &name))
}

/// Which points are joined by lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joined {
    /// None.
    None,
    /// All of a series, in order.
    All,
    /// Those on the Pareto front of all series, which are named as well.
    Front,
}

fn points(root: &Root<'_>, (x, y): (&Axis, &Axis), series: &[Series], joined: Joined) {
    let place = |point: &Point| Some((x.place(point.x)?, y.place(point.y)?));
    let all: Vec<&Point> = series.iter().flat_map(|series| &series.points).collect();
    let shown: Vec<((f64, f64), &Point)> =
        all.into_iter().filter_map(|point| Some((place(point)?, point))).collect();
    let spread = |of: fn(&(f64, f64)) -> f64| spread(shown.iter().map(|(place, _)| of(place)));
    let (across, up) = (spread(|place| place.0), spread(|place| place.1));
    let mut chart = axes(root, (x, y), across, up);
    if joined == Joined::Front {
        let places: Vec<(f64, f64)> = shown.iter().map(|(place, _)| *place).collect();
        let front = pareto_front(&places);
        let line = front.iter().map(|&index| places[index]).collect::<Vec<_>>();
        chart.draw_series([PathElement::new(line, LINE.stroke_width(2))]).expect(DRAWN);
        let middle = across.0 + 0.6 * (across.1 - across.0);
        let names = front.iter().map(|&index| {
            let (place, point) = shown[index];
            let is_left = place.0 < middle;
            let (side, shift) =
                if is_left { (HPos::Left, MARKER + 4) } else { (HPos::Right, -MARKER - 4) };
            let up = if is_left { 10 } else { -10 };
            let style = FONT.into_font().color(&INK).pos(Pos::new(side, VPos::Center));
            EmptyElement::at(place) + Text::new(point.name.clone(), (shift, up), style)
        });
        chart.draw_series(names).expect(DRAWN);
    }
    for (number, one) in series.iter().enumerate() {
        let colour = SERIES[number % SERIES.len()];
        let places: Vec<(f64, f64)> = one.points.iter().filter_map(place).collect();
        if joined == Joined::All {
            let line = PathElement::new(places.clone(), colour.stroke_width(2));
            chart.draw_series([line]).expect(DRAWN);
        }
        let drawn = match number % MARKERS.len() {
            0 => {
                chart.draw_series(places.iter().map(|at| Circle::new(*at, MARKER, colour.filled())))
            }
            1 => chart.draw_series(
                places.iter().map(|at| TriangleMarker::new(*at, MARKER + 1, colour.filled())),
            ),
            _ => chart.draw_series(
                places.iter().map(|at| Cross::new(*at, MARKER, colour.stroke_width(2))),
            ),
        };
        drawn.expect(DRAWN);
    }
}

fn histogram(root: &Root<'_>, x: &Axis, (from, to): (f64, f64), counts: &[u64]) {
    let most = counts.iter().copied().max().unwrap_or_default().max(1) as f64;
    let mut chart = axes(root, (x, &Axis::linear("count")), (from, to), (0.0, 1.05 * most));
    let width = (to - from) / counts.len().max(1) as f64;
    let bars = counts.iter().enumerate().map(|(bin, &count)| {
        let left = from + bin as f64 * width;
        Rectangle::new([(left, 0.0), (left + 0.9 * width, count as f64)], SERIES[0].filled())
    });
    chart.draw_series(bars).expect(DRAWN);
}

/// Two axes with their grid, labels and names.
fn axes<'a, 'b>(
    root: &'a Root<'b>,
    (x, y): (&Axis, &Axis),
    across: (f64, f64),
    up: (f64, f64),
) -> Chart<'a, 'b> {
    let mut chart = ChartBuilder::on(root)
        .margin(8)
        .margin_right(16)
        .x_label_area_size(44)
        .y_label_area_size(60)
        .build_cartesian_2d(across.0..across.1, up.0..up.1)
        .expect(DRAWN);
    let text = FONT.into_font().color(&INK);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(LINE)
        .axis_style(INK)
        .label_style(text.clone())
        .axis_desc_style(text)
        .x_labels(6)
        .y_labels(6)
        .x_desc(&x.name)
        .y_desc(&y.name)
        .x_label_formatter(&|value| x.label(*value))
        .y_label_formatter(&|value| y.label(*value))
        .draw()
        .expect(DRAWN);
    chart
}

impl Axis {
    /// Where a value lies along it; nowhere if it cannot be drawn.
    fn place(&self, value: f64) -> Option<f64> {
        let place = match self.scale {
            Scale::Linear => value,
            Scale::Log => value.log10(),
        };
        place.is_finite().then_some(place)
    }

    fn label(&self, place: f64) -> String {
        match self.scale {
            Scale::Linear => short(place),
            // Marks at equal distances are at odd numbers, of which two digits are enough.
            Scale::Log => short(two_digits(10f64.powf(place))),
        }
    }
}

/// A positive number to two digits.
fn two_digits(value: f64) -> f64 {
    let unit = 10f64.powf(value.log10().floor() - 1.0);
    (value / unit).round() * unit
}

/// Three digits, or as many as there are before the point.
fn short(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { 2 - value.abs().log10().floor() as i32 };
    let text = format!("{value:.*}", digits.clamp(0, 6) as usize);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// From the least to the greatest value, with a little space on both sides.
fn spread(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    if least > most {
        return (0.0, 1.0);
    }
    let space = if least < most { 0.06 * (most - least) } else { 0.5 };
    (least - space, most + space)
}

/// Bars to the right, each below its predecessor, with its name before and its value after it.
fn horizontal_bars(root: &Root<'_>, y: &Axis, bars: &[Bar]) {
    let longest = bars.iter().map(|bar| bar.name.chars().count()).max().unwrap_or_default();
    let left = (LETTER * longest as i32 + 12).min(SIZE.0 as i32 / 2);
    let width = SIZE.0 as i32 - left - 70;
    let most = bars.iter().map(|bar| bar.value).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let text = |side| FONT.into_font().color(&INK).pos(Pos::new(side, VPos::Center));
    for (row, bar) in bars.iter().enumerate() {
        let top = 8 + 26 * row as i32;
        let part = if most > 0.0 { bar.value.clamp(0.0, most) / most } else { 0.0 };
        let end = left + (part * f64::from(width)) as i32;
        let shape = Rectangle::new([(left, top), (end, top + 20)], SERIES[0].filled());
        root.draw(&shape).expect(DRAWN);
        let name = Text::new(bar.name.clone(), (left - 6, top + 10), text(HPos::Right));
        root.draw(&name).expect(DRAWN);
        root.draw(&Text::new(short(bar.value), (end + 6, top + 10), text(HPos::Left)))
            .expect(DRAWN);
    }
    let below = 8 + 26 * bars.len() as i32 + 14;
    root.draw(&Text::new(y.name.clone(), (left, below), text(HPos::Left))).expect(DRAWN);
}

/// Pixels left of a matrix's cells, above them, and of a cell.
fn matrix_sizes(values: &Matrix) -> (i32, i32, i32) {
    let longest = |names: &[String]| {
        LETTER * names.iter().map(|name| name.chars().count()).max().unwrap_or_default() as i32
    };
    let cell = (360 / values.columns.len().max(1) as i32).clamp(20, 44);
    (longest(&values.rows) + 40, longest(&values.columns) + 40, cell)
}

/// Cells, the darker the larger their share of their row's largest, with their numbers.
fn matrix(root: &Root<'_>, values: &Matrix) {
    let (left, top, cell) = matrix_sizes(values);
    let style = |pos| FONT.into_font().color(&INK).pos(pos);
    let upright = FONT.into_font().transform(FontTransform::Rotate270);
    let upright = upright.color(&INK).pos(Pos::new(HPos::Left, VPos::Center));
    let title = Text::new(
        format!("{} → {}", values.row_name, values.column_name),
        (8, 14),
        style(Pos::new(HPos::Left, VPos::Center)),
    );
    root.draw(&title).expect(DRAWN);
    for (column, name) in values.columns.iter().enumerate() {
        let at = (left + cell * column as i32 + cell / 2, top - 6);
        root.draw(&Text::new(name.clone(), at, upright.clone())).expect(DRAWN);
    }
    for (row, (name, numbers)) in values.rows.iter().zip(&values.values).enumerate() {
        let y = top + cell * row as i32;
        let at = (left - 6, y + cell / 2);
        let before = style(Pos::new(HPos::Right, VPos::Center));
        root.draw(&Text::new(name.clone(), at, before)).expect(DRAWN);
        let most = numbers.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        for (column, &number) in numbers.iter().enumerate() {
            let x = left + cell * column as i32;
            // Numbers stay readable on the darkest cell.
            let share = if most > 0.0 { 0.5 * number.clamp(0.0, most) / most } else { 0.0 };
            let fill = SERIES[0].mix(share).filled();
            let corners = [(x + 1, y + 1), (x + cell - 1, y + cell - 1)];
            root.draw(&Rectangle::new(corners, fill)).expect(DRAWN);
            let inside = style(Pos::new(HPos::Center, VPos::Center));
            let at = (x + cell / 2, y + cell / 2);
            root.draw(&Text::new(short(number), at, inside)).expect(DRAWN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;

    fn plot(drawing: Drawing) -> String {
        let title = "A <plot>".to_owned();
        let description = "With \"quotes\".".to_owned();
        svg(&Plot { title, description, kind: Kind::Figure, drawing })
    }

    fn series(points: &[(f64, f64)]) -> Vec<Series> {
        let point = |&(x, y): &(f64, f64)| Point { x, y, name: format!("<{x}>") };
        vec![Series { name: "s".into(), points: points.iter().map(point).collect() }]
    }

    #[test]
    fn plots_have_the_pages_colours_and_a_text_alternative() {
        let (x, y) = (Axis::log("KB"), Axis::linear("dB"));
        let series = series(&[(1.0, 2.0), (10.0, 3.0), (0.0, 9.0), (5.0, f64::INFINITY)]);
        let text = plot(Drawing::Pareto { x, y, series });
        assert!(
            text.contains("role=\"img\" aria-label=\"A &lt;plot&gt;. With &quot;quotes&quot;.\"")
        );
        assert!(text.contains("var(--c0)") && text.contains("var(--ink)"));
        assert!(!text.contains("fill=\"#0") && !text.contains("style="), "{text}");
        assert_eq!(
            text.matches("<circle").count(),
            2,
            "what is not positive or infinite is left out"
        );
        assert!(text.contains("&lt;1&gt;") && !text.contains("<1>"), "names are escaped: {text}");
    }

    #[test]
    fn every_drawing_can_be_empty() {
        let matrix = Matrix {
            row_name: "truth".into(),
            column_name: "prediction".into(),
            rows: vec![],
            columns: vec![],
            values: vec![],
        };
        let axis = || Axis::linear("x");
        for drawing in [
            Drawing::Scatter { x: axis(), y: axis(), series: vec![] },
            Drawing::Lines { x: axis(), y: axis(), series: vec![] },
            Drawing::Bars { y: axis(), bars: vec![] },
            Drawing::Histogram { x: axis(), from: 0.0, to: 1.0, counts: vec![] },
            Drawing::Matrix(matrix),
        ] {
            assert!(plot(drawing).ends_with("</svg>\n"));
        }
    }

    #[test]
    fn numbers_are_short() {
        let cases = [(0.0, "0"), (12.5, "12.5"), (1234.0, "1234"), (0.25, "0.25"), (-3.0, "-3")];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
        let axis = Axis::log("KB");
        assert_eq!([3.2, 1.0, -0.5].map(|place| axis.label(place)), ["1600", "10", "0.32"]);
    }
}
