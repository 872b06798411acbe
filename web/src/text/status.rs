//! Models, and how far they and the photos are, in words.

use tagsight_protocol::{Latency, ManifestModel, Metric, Progress, Score};

use super::units::{hundredths, millions, whole};
use super::{Texts, count};

/// After so many photos it is known how long the others will take.
const SURE_OF_PACE: usize = 5;

impl Texts {
    /// "Downloading model 3.4 of 11.2 MB".
    pub(crate) fn of_download(&self, progress: Option<Progress>) -> String {
        match progress {
            None => self.model.loading.to_owned(),
            Some(Progress { received, total }) if received < total => {
                self.model.downloading.fill([&millions(received), &millions(total)])
            }
            Some(_) => self.model.preparing.to_owned(),
        }
    }

    /// "MobileNetV2 (fast, very good tags, 2.4 MB)".
    pub(crate) fn of_model(&self, model: &ManifestModel) -> String {
        let speed = match model.latency {
            Latency::Fast => self.model.fast,
            Latency::Medium => self.model.slower,
            Latency::Slow => self.model.slow,
        };
        let ManifestModel { title, bytes, score: Score { metric, value, .. }, .. } = model;
        let words = &self.model;
        let (described, score) = match metric {
            Metric::Map => (&words.described, self.quality(*value).to_owned()),
            Metric::Accuracy => (&words.described_by_accuracy, whole(value * 100.0)),
            Metric::R2 => (&words.described_by_r2, hundredths(*value)),
        };
        described.fill([title, speed, &score, &self.size(*bytes)])
    }

    /// A mean average precision in words: the thresholds are where the published models lie.
    fn quality(&self, map: f64) -> &'static str {
        match map {
            0.65.. => self.model.excellent,
            0.6.. => self.model.very_good,
            0.5.. => self.model.good,
            _ => self.model.fair,
        }
    }

    /// "37 of 120 · 41 ms each · 4 s left"; without a measured photo, the counts alone. How long it
    /// takes is said after some photos, as it would be a guess before.
    pub(crate) fn of_batch(&self, done: usize, total: usize, millis_each: Option<f64>) -> String {
        let mut parts = vec![self.batch.progress.fill([&count(done), &count(total)])];
        if let Some(each) = millis_each {
            parts.push(self.batch.each.fill([&self.duration(each)]));
            if done >= SURE_OF_PACE {
                let left = each * (total - done) as f64;
                parts.push(self.batch.left.fill([&self.wait(left)]));
            }
        }
        parts.join(" · ")
    }

    /// "119 photos tagged · 41 ms each · 1 failed".
    pub(crate) fn of_finished(
        &self,
        tagged: usize,
        failed: usize,
        millis_each: Option<f64>,
    ) -> String {
        let mut parts = vec![self.batch.tagged.of(tagged)];
        parts.extend(millis_each.map(|each| self.batch.each.fill([&self.duration(each)])));
        parts.extend((failed > 0).then(|| self.batch.failed.of(failed)));
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn both(say: impl Fn(&Texts) -> String) -> [String; 2] {
        Language::ALL.map(|language| say(language.texts()))
    }

    #[test]
    fn a_download_shows_its_bytes() {
        let at = |received| {
            both(|texts| texts.of_download(Some(Progress { received, total: 11_200_000 })))
        };
        assert_eq!(Language::En.texts().of_download(None), "Loading the model…");
        let said = ["Downloading model 3.4 of 11.2 MB", "모델 내려받는 중 3.4 / 11.2MB"];
        assert_eq!(at(3_400_000), said);
        assert_eq!(at(11_200_000), ["Preparing the model…", "모델을 준비하는 중…"]);
    }

    #[test]
    fn a_model_shows_size_speed_and_quality() {
        let example = (*crate::choice::example(&["resnet18"])[0]).clone();
        let measured = |metric, value, latency| {
            let score = Score { metric, over: 80, value };
            let model = ManifestModel { score, latency, ..example.clone() };
            both(|texts| texts.of_model(&model))
        };
        let says = |map, latency| measured(Metric::Map, map, latency)[0].clone();
        assert_eq!(says(0.5, Latency::Medium), "RESNET18 (slower, good tags, 11.0 MB)");
        assert_eq!(says(0.66, Latency::Slow), "RESNET18 (slow, excellent tags, 11.0 MB)");
        assert_eq!(says(0.62, Latency::Fast), "RESNET18 (fast, very good tags, 11.0 MB)");
        assert_eq!(says(f64::NAN, Latency::Fast), "RESNET18 (fast, fair tags, 11.0 MB)");
        let said = measured(Metric::Accuracy, 0.914, Latency::Fast);
        assert_eq!(said[0], "RESNET18 (fast, 91 % right, 11.0 MB)");
        assert_eq!(said[1], "RESNET18 (빠름, 정답률 91%, 11.0MB)");
        let said = measured(Metric::R2, 0.5, Latency::Fast);
        assert_eq!(said[0], "RESNET18 (fast, R² 0.50, 11.0 MB)");
        assert_eq!(said[1], "RESNET18 (빠름, 설명력 R² 0.50, 11.0MB)");
    }

    #[test]
    fn a_batch_shows_how_far_it_is() {
        let said = both(|texts| texts.of_batch(37, 120, Some(41.0)));
        assert_eq!(said[0], "37 of 120 · 41 ms each · 4 s left");
        assert_eq!(said[1], "120장 중 37장 · 장당 41ms · 4초 남음");
        let en = Language::En.texts();
        assert_eq!(en.of_batch(0, 120, None), "0 of 120");
        assert_eq!(en.of_batch(1, 2000, Some(1234.0)), "1 of 2,000 · 1.2 s each");
        assert_eq!(en.of_batch(5, 2000, Some(1234.0)), "5 of 2,000 · 1.2 s each · 42 min left");
    }

    #[test]
    fn what_is_over_is_summed_up() {
        let said = both(|texts| texts.of_finished(119, 1, Some(41.0)));
        assert_eq!(said[0], "119 photos tagged · 41 ms each · 1 failed");
        assert_eq!(said[1], "사진 119장에 태그를 붙였어요 · 장당 41ms · 1장 실패");
        assert_eq!(Language::En.texts().of_finished(1, 0, None), "1 photo tagged");
    }
}
