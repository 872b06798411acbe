//! Reasons in words.

use tagsight_protocol::{
    Excess, JpegProcess, Kind, LoadError, MAX_PHOTO_BYTES, Merit, Obstacle, PhotoProblem, Race, Why,
};

use super::{Texts, count};
use crate::backend::title;
use crate::reason::{FileProblem, Notice, Problem};

impl Texts {
    /// " The file was moved or deleted (2).", a sentence for each of the reasons. Where no file was given
    /// with a handle, as in most browsers, there is nothing more to say.
    pub(crate) fn of_missing(&self, problems: &[FileProblem]) -> String {
        let times = |problem| problems.iter().filter(|&&other| other == problem).count();
        let mut words = String::new();
        if times(FileProblem::NoHandle) < problems.len() {
            for problem in FileProblem::ALL {
                let times = times(problem);
                if times > 0 {
                    words.push_str(&format!(" {} ({}).", self.of_file(problem), count(times)));
                }
            }
        }
        words
    }

    /// Why a photo is shown small.
    pub(crate) fn of_small(&self, problem: FileProblem) -> String {
        self.file.small.fill([self.of_file(problem)])
    }

    fn of_file(&self, problem: FileProblem) -> &'static str {
        match problem {
            FileProblem::Refused => self.file.refused,
            FileProblem::Gone => self.file.gone,
            FileProblem::Changed => self.file.changed,
            FileProblem::NoHandle => self.file.no_handle,
        }
    }

    /// Why nothing can be tagged, and what to do.
    pub(crate) fn of_problem(&self, problem: &Problem) -> String {
        let texts = &self.problem;
        match problem {
            Problem::NoModels => texts.no_models.to_owned(),
            Problem::UnknownModel { asked, known } => {
                texts.unknown_model.fill([asked, &known.join(", ")])
            }
            Problem::NoList { detail } => texts.no_list.fill([&in_brackets(detail)]),
            Problem::OldBrowser => texts.old_browser.to_owned(),
            Problem::NotStarted { detail } => texts.not_started.fill([&in_brackets(detail)]),
            Problem::Load(error) => self.of_load(error),
            Problem::TwoBuilds => texts.two_builds.to_owned(),
        }
    }

    fn of_load(&self, error: &LoadError) -> String {
        let texts = &self.load;
        match error {
            LoadError::Missing(name) => texts.missing.fill([name]),
            LoadError::Network(detail) => texts.network.fill([&in_brackets(detail)]),
            LoadError::Altered(name) => texts.altered.fill([name]),
            LoadError::Memory(bytes) => texts.memory.fill([&self.size(*bytes)]),
            LoadError::Unusable(detail) => texts.unusable.fill([&in_brackets(detail)]),
            LoadError::NoTags(name) => texts.no_tags.fill([name]),
        }
    }

    /// Why a photo has no tags, and what its owner can do.
    pub(crate) fn of_photo(&self, problem: &PhotoProblem) -> String {
        let texts = &self.photo;
        match problem {
            PhotoProblem::Empty => texts.empty.to_owned(),
            PhotoProblem::NotAPhoto => texts.not_a_photo.to_owned(),
            PhotoProblem::Unsupported(kind) => self.of_kind(kind),
            PhotoProblem::TooLarge(Excess { width, height, needed, limit }) => texts
                .too_large
                .fill([&self.pixels(*width, *height), &self.size(*needed), &self.size(*limit)]),
            PhotoProblem::TooLong(Excess { width, height, limit, .. }) => {
                texts.too_long.fill([&self.pixels(*width, *height), &count(*limit as usize)])
            }
            PhotoProblem::Damaged { format, detail } => {
                texts.damaged.fill([format, &in_brackets(detail)])
            }
            PhotoProblem::NoDecoder(detail) => texts.no_decoder.fill([&in_brackets(detail)]),
            PhotoProblem::FileTooLarge(bytes) => {
                texts.file_too_large.fill([&self.size(*bytes), &self.size(MAX_PHOTO_BYTES)])
            }
            PhotoProblem::Unreadable => texts.unreadable.to_owned(),
            PhotoProblem::Crashed => texts.crashed.to_owned(),
            PhotoProblem::NoModel => texts.no_model.to_owned(),
            PhotoProblem::NoFile => texts.no_file.to_owned(),
            PhotoProblem::Graphics(obstacle) => self.of_obstacle(obstacle),
        }
    }

    fn of_kind(&self, kind: &Kind) -> String {
        let texts = &self.photo;
        match kind {
            Kind::Named(name) => texts.unsupported.fill([name]),
            Kind::Phone(name) => texts.phone.fill([name]),
            Kind::Raw(name) => texts.raw.fill([name]),
            Kind::Film => texts.film.to_owned(),
            Kind::Photoshop => texts.photoshop.to_owned(),
            Kind::AppPng => texts.app_png.to_owned(),
            Kind::Jpeg(process) => texts.jpeg.fill([match process {
                JpegProcess::Arithmetic => texts.jpeg_arithmetic,
                JpegProcess::Lossless => texts.jpeg_lossless,
                JpegProcess::Hierarchical => texts.jpeg_hierarchical,
                JpegProcess::Precision => texts.jpeg_precision,
                JpegProcess::Components => texts.jpeg_components,
            }]),
        }
    }

    /// Something that the user should know.
    pub(crate) fn of_notice(&self, notice: &Notice) -> String {
        let texts = &self.graphics;
        match notice {
            Notice::Runs(why) => self.of_why(why),
            Notice::GraphicsCrashed => texts.crashed.to_owned(),
            Notice::Quarantined => texts.quarantined.to_owned(),
            Notice::NotHere { asked, runs } => {
                texts.not_here.fill([asked, runs].map(|build| title(build.backend())))
            }
            Notice::UnknownBackend { asked, runs } => {
                texts.unknown.fill([asked, title(runs.backend())])
            }
        }
    }

    /// Why that tags which tags.
    pub(crate) fn of_why(&self, why: &Why) -> String {
        let texts = &self.graphics;
        match why {
            Why::Accepted(merit) => self.of_merit(merit),
            Why::Returned(merit) => format!("{} {}", texts.is_back, self.of_merit(merit)),
            Why::Refused(obstacle) => format!("{} {}", self.of_obstacle(obstacle), texts.instead),
            Why::Restarting(obstacle) => {
                format!("{} {}", self.of_obstacle(obstacle), texts.retries)
            }
        }
    }

    fn of_merit(&self, merit: &Merit) -> String {
        match merit {
            Merit::Checked => self.graphics.checked.to_owned(),
            Merit::Faster(Race { gpu, processor }) => {
                self.graphics.faster.fill([&self.precise(*gpu), &self.precise(*processor)])
            }
        }
    }

    fn of_obstacle(&self, obstacle: &Obstacle) -> String {
        let texts = &self.graphics;
        match obstacle {
            Obstacle::Absent => texts.absent.to_owned(),
            Obstacle::Software => texts.software.to_owned(),
            Obstacle::Slower(Race { gpu, processor }) => {
                texts.slower.fill([&self.millis(*gpu), &self.millis(*processor)])
            }
            Obstacle::Lost(detail) => texts.lost.fill([&in_brackets(detail)]),
            Obstacle::Late(seconds) => texts.late.fill([&seconds.to_string()]),
            Obstacle::Implausible => texts.implausible.to_owned(),
            Obstacle::Fault(detail) => texts.fault.fill([&in_brackets(detail)]),
        }
    }
}

/// " (words)", or nothing where there are none.
pub(crate) fn in_brackets(words: &str) -> String {
    match words.trim_end_matches('.') {
        "" => String::new(),
        words => format!(" ({words})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Build;
    use crate::text::Language;

    fn en() -> &'static Texts {
        Language::En.texts()
    }

    #[test]
    fn sentences_end_once() {
        let lost = |words: &str| Obstacle::Lost(words.into());
        assert_eq!(
            en().of_why(&Why::Restarting(lost("Device was destroyed."))),
            "The graphics processor went away (Device was destroyed). It is started again; the \
             processor tags meanwhile."
        );
        assert_eq!(
            en().of_why(&Why::Refused(lost(""))),
            "The graphics processor went away. The processor tags instead."
        );
    }

    #[test]
    fn what_is_faster_is_said_with_both_times() {
        let race = |gpu| Race { gpu, processor: 16.0 };
        assert_eq!(
            en().of_why(&Why::Returned(Merit::Faster(race(4.04)))),
            "The graphics processor went away and is back. It takes 4.0 ms for a photo, the \
             processor 16.0 ms."
        );
        assert_eq!(
            Language::Ko.texts().of_why(&Why::Refused(Obstacle::Slower(race(1600.4)))),
            "사진 한 장에 GPU는 1600ms, CPU는 16ms 걸려요. 대신 CPU로 실행해요."
        );
    }

    #[test]
    fn a_photos_problem_is_said_with_its_numbers() {
        let needed = 1_200_000_000;
        let excess = Excess { width: 20_000, height: 20_000, needed, limit: 700_000_000 };
        assert_eq!(
            en().of_photo(&PhotoProblem::TooLarge(excess)),
            "The photo is too large (20,000 × 20,000 pixels need 1.2 GB of memory, and there are \
             700 MB). Scale it down and try again."
        );
        let raw = PhotoProblem::Unsupported(Kind::Raw("Canon CR3".into()));
        assert!(en().of_photo(&raw).starts_with("Raw photos (Canon CR3) cannot be read here."));
        let damaged = PhotoProblem::Damaged { format: "PNG".into(), detail: "no pixels".into() };
        assert!(en().of_photo(&damaged).ends_with("Copy or export it again. (no pixels)"));
    }

    #[test]
    fn files_that_are_not_to_be_had_are_counted_by_reason() {
        use FileProblem::{Changed, Gone, NoHandle};
        assert_eq!(en().of_missing(&[]), "");
        assert_eq!(en().of_missing(&[NoHandle, NoHandle]), "");
        assert_eq!(
            en().of_missing(&[Gone, NoHandle, Changed, Gone]),
            " The file was moved or deleted (2). The file has changed since it was tagged (1). The \
             browser has no way back to the file (1)."
        );
        assert_eq!(
            Language::Ko.texts().of_small(Gone),
            "작게 저장해 둔 사본이에요. 파일이 옮겨졌거나 삭제됐어요."
        );
    }

    #[test]
    fn what_was_asked_for_and_what_there_is_are_named() {
        let problem =
            Problem::UnknownModel { asked: "vgg".into(), known: vec!["a".into(), "b".into()] };
        assert!(en().of_problem(&problem).contains("“vgg”. It has: a, b."));
        let problem = Problem::Load(LoadError::NoTags("ages".into()));
        assert!(en().of_problem(&problem).starts_with("The model “ages” measures values"));
        let notice = Notice::NotHere { asked: Build::Relaxed, runs: Build::Simd };
        assert_eq!(
            en().of_notice(&notice),
            "This browser does not run WebAssembly relaxed SIMD; WebAssembly SIMD runs instead."
        );
    }
}
