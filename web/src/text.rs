//! Numbers and models in words.

use tagsight_protocol::{Latency, ManifestModel, Progress};

/// "Downloading model 3.4 of 11.2 MB".
pub(crate) fn download(progress: Option<Progress>) -> String {
    match progress {
        None => "Loading the model…".to_owned(),
        Some(Progress { received, total }) if received < total => {
            format!("Downloading model {} of {} MB", megabytes(received), megabytes(total))
        }
        Some(_) => "Preparing the model…".to_owned(),
    }
}

/// "MobileNetV2 (fast, very good tags, 2.4 MB)".
pub(crate) fn model(model: &ManifestModel) -> String {
    let speed = match model.latency {
        Latency::Fast => "fast",
        Latency::Medium => "slower",
        Latency::Slow => "slow",
    };
    let ManifestModel { title, bytes, map_80, .. } = model;
    format!("{title} ({speed}, {} tags, {} MB)", quality(*map_80), megabytes(*bytes))
}

/// A mean average precision in words: the thresholds are where the published models lie.
fn quality(map: f64) -> &'static str {
    match map {
        0.65.. => "excellent",
        0.6.. => "very good",
        0.5.. => "good",
        _ => "fair",
    }
}

/// "11.2", in millions of bytes as hosts and phones count them.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// "37 of 120 · 41 ms each · 4 s left"; without a measured photo, the counts alone.
pub(crate) fn batch(done: usize, total: usize, millis_each: Option<f64>) -> String {
    let counts = format!("{done} of {total}");
    match millis_each {
        None => counts,
        Some(each) => {
            let left = time_left(each * (total - done) as f64);
            format!("{counts} · {} each · {left}", duration(each))
        }
    }
}

/// "4 s left".
fn time_left(millis: f64) -> String {
    let seconds = (millis / 1000.0).ceil();
    if seconds < 90.0 {
        format!("{seconds:.0} s left")
    } else {
        format!("{:.0} min left", (seconds / 60.0).ceil())
    }
}

/// "41 ms" or "1.2 s".
pub(crate) fn duration(millis: f64) -> String {
    if millis < 999.5 { format!("{millis:.0} ms") } else { format!("{:.1} s", millis / 1000.0) }
}

/// "16.4 ms", for measurements.
pub(crate) fn precise(millis: f64) -> String {
    format!("{millis:.1} ms")
}

/// "93%"; a sure tag is not rounded up to certainty.
pub(crate) fn percent(score: f32) -> String {
    format!("{:.0}%", (score * 100.0).floor())
}

/// "[0.5,0.25]": every digit that it takes to read the same numbers back.
pub(crate) fn json_array(scores: &[f32]) -> String {
    let numbers: Vec<String> = scores.iter().map(f32::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// "1 photo", "2 photos".
pub(crate) fn photos(count: usize) -> String {
    if count == 1 { "1 photo".to_owned() } else { format!("{count} photos") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_shows_its_bytes() {
        let at = |received| download(Some(Progress { received, total: 11_200_000 }));
        assert_eq!(download(None), "Loading the model…");
        assert_eq!(at(3_400_000), "Downloading model 3.4 of 11.2 MB");
        assert_eq!(at(11_200_000), "Preparing the model…");
    }

    #[test]
    fn a_model_shows_size_speed_and_quality() {
        let example = (*crate::choice::example(&["resnet18"])[0]).clone();
        let says = |map_80, latency| model(&ManifestModel { map_80, latency, ..example.clone() });
        assert_eq!(says(0.5, Latency::Medium), "RESNET18 (slower, good tags, 11.0 MB)");
        assert_eq!(says(0.66, Latency::Slow), "RESNET18 (slow, excellent tags, 11.0 MB)");
        assert_eq!(says(0.62, Latency::Fast), "RESNET18 (fast, very good tags, 11.0 MB)");
        assert_eq!(says(f64::NAN, Latency::Fast), "RESNET18 (fast, fair tags, 11.0 MB)");
    }

    #[test]
    fn a_batch_shows_how_far_it_is() {
        assert_eq!(batch(0, 120, None), "0 of 120");
        assert_eq!(batch(37, 120, Some(41.0)), "37 of 120 · 41 ms each · 4 s left");
        assert_eq!(batch(1, 2000, Some(1234.0)), "1 of 2000 · 1.2 s each · 42 min left");
    }

    #[test]
    fn percentages_are_rounded_down() {
        assert_eq!(percent(0.934), "93%");
        assert_eq!(percent(0.9999), "99%");
        assert_eq!(percent(1.0), "100%");
    }

    #[test]
    fn scores_are_written_as_json_without_loss() {
        let scores = [0.5, 1.0, 0.1, f32::MIN_POSITIVE, 0.999_999_94];
        let read: Vec<f32> = serde_json::from_str(&json_array(&scores)).unwrap();
        assert_eq!(read, scores);
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!([photos(0), photos(1), photos(2)], ["0 photos", "1 photo", "2 photos"]);
    }
}
