//! The picture of the README: a bar for each contender, as long as a lead takes.

use svg::Document;
use svg::node::element::{Group, Line, Rectangle, Text};

use crate::c_programs::root;
use crate::measured::Measured;

const ROW: f64 = 26.0;
const TOP: f64 = 78.0;
/// Where the bars begin, and how long the longest is.
const LEFT: f64 = 330.0;
const LENGTH: f64 = 460.0;
const WIDTH: f64 = LEFT + LENGTH + 80.0;

/// The axis is logarithmic, from ten microseconds on.
const FIRST: f64 = 10.0;

const OURS: [&str; 2] = ["#e8590c", "#ffc078"];
const OTHERS: [&str; 2] = ["#495057", "#ced4da"];

pub fn write(rows: &[(&str, Measured)]) {
    let height = TOP + ROW * rows.len() as f64 + 14.0;
    let longest = (rows.iter())
        .map(|(_, measured)| measured.near.median / 1e3)
        .fold(FIRST * 10.0, f64::max);
    let at =
        |microseconds: f64| LENGTH * (microseconds / FIRST).log10() / (longest / FIRST).log10();
    let mut document = Document::new()
        .set("viewBox", (0.0, 0.0, WIDTH, height))
        .set("width", WIDTH)
        .set("height", height)
        .set("font-family", "sans-serif")
        .set("font-size", 13)
        .add(
            Rectangle::new()
                .set("width", WIDTH)
                .set("height", height)
                .set("fill", "#fff"),
        )
        .add(
            words(12.0, 24.0, "A lead over TLS on loopback, in microseconds")
                .set("font-weight", "bold"),
        )
        .add(words(
            12.0,
            44.0,
            "pale: wall time (median); dark: CPU time of the client; the axis is logarithmic",
        ));
    for power in 1..=longest.log10() as i32 {
        document = document.add(mark(10_f64.powi(power), &at, height));
    }
    for (index, (name, measured)) in rows.iter().enumerate() {
        document = document.add(bar(name, measured, &at).set(
            "transform",
            format!("translate(0 {})", TOP + ROW * index as f64),
        ));
    }
    svg::save(root().join("benches/add_lead.svg"), &document).expect("the picture");
}

fn words(x: f64, y: f64, words: &str) -> Text {
    Text::new(words).set("x", x).set("y", y)
}

fn mark(microseconds: f64, at: &dyn Fn(f64) -> f64, height: f64) -> Group {
    let x = LEFT + at(microseconds);
    let line = Line::new()
        .set("x1", x)
        .set("x2", x)
        .set("y1", TOP - 4.0)
        .set("y2", height - 8.0)
        .set("stroke", "#e9ecef");
    let number = words(x, TOP - 8.0, &microseconds.to_string())
        .set("text-anchor", "middle")
        .set("fill", "#868e96");
    Group::new().add(line).add(number)
}

/// The library's own names are bold in the table, and orange here.
fn bar(name: &str, measured: &Measured, at: &dyn Fn(f64) -> f64) -> Group {
    let [dark, pale] = if name.starts_with("**") { OURS } else { OTHERS };
    let (wall, cpu) = (measured.near.median / 1e3, measured.near.cpu / 1e3);
    let stripe = |length: f64, colour, y, height| {
        Rectangle::new()
            .set("x", LEFT)
            .set("y", y)
            .set("width", length.max(0.0))
            .set("height", height)
            .set("fill", colour)
    };
    Group::new()
        .add(words(LEFT - 10.0, 16.0, &name.replace("**", "")).set("text-anchor", "end"))
        .add(stripe(at(wall), pale, 3, 18))
        .add(stripe(at(cpu), dark, 8, 8))
        .add(words(
            LEFT + at(wall.max(cpu)) + 6.0,
            16.0,
            &format!("{wall:.0}"),
        ))
}
