//! What tags photos: which of the three workers runs, with how many threads, and whether it may use the
//! graphics processor.

use tagsight_plain::message;
use tagsight_protocol::{Backend, GpuUse};

use crate::build::Build;
use crate::reason::{Notice, Problem};

/// The name for people of any language.
pub(crate) fn title(backend: Backend) -> &'static str {
    match backend {
        Backend::WasmSimd => "WebAssembly SIMD",
        Backend::WasmRelaxed => "WebAssembly relaxed SIMD",
        Backend::WasmThreads => "WebAssembly threads",
        Backend::WebGpu => "WebGPU",
    }
}

/// What the user can choose between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Choice {
    /// Whichever is faster.
    #[default]
    Automatic,
    /// The graphics processor wherever it works.
    Graphics,
    /// The processor.
    Processor,
}

message!(
    enum Choice {
        Automatic,
        Graphics,
        Processor,
    }
);

impl Choice {
    /// In the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::Automatic, Self::Graphics, Self::Processor];

    /// The name in the page's hooks and in what is remembered.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Graphics => "graphics",
            Self::Processor => "processor",
        }
    }

    /// The choice of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

/// How many threads compute a photo on a device with so many logical processors. Half of them are a
/// core's second thread as a rule, or a phone's slow cores, for which the others would wait; and more
/// than four find too little in a photo.
pub(crate) fn threads(processors: u32) -> u32 {
    (processors / 2).clamp(2, 4)
}

/// All that bears on the selection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// The backend that the address asks for, by name.
    pub(crate) address: Option<String>,
    /// What the user chose on this page; it goes before the address.
    pub(crate) chosen: Option<Choice>,
    /// What the user chose on an earlier visit.
    pub(crate) remembered: Option<Choice>,
    /// An earlier visit ended while the graphics processor was tried for the first time.
    pub(crate) is_quarantined: bool,
}

/// What will run, and what to tell who asked for something else.
#[derive(Debug, PartialEq)]
pub(crate) struct Selection {
    /// The build of the worker.
    pub(crate) build: Build,
    /// Whether it may use the graphics processor.
    pub(crate) gpu: GpuUse,
    /// The choice that this amounts to.
    pub(crate) choice: Choice,
    /// Why it is not what was asked for.
    pub(crate) notice: Option<Notice>,
}

/// What is asked for, as far as it `runs` here.
///
/// # Errors
/// If nothing does.
pub(crate) fn select(wishes: &Wishes, runs: impl Fn(Build) -> bool) -> Result<Selection, Problem> {
    let fastest = Build::ALL.into_iter().find(|&build| runs(build));
    let fastest = fastest.ok_or(Problem::OldBrowser)?;
    let select = |choice, gpu, notice| Selection { build: fastest, gpu, choice, notice };
    let processor = |notice| select(Choice::Processor, GpuUse::Never, notice);
    let address = wishes.address.as_deref().filter(|_| wishes.chosen.is_none());
    let explicit = match address {
        None => wishes.chosen,
        Some(asked) => match Backend::named(asked) {
            Some(Backend::WebGpu) => Some(Choice::Graphics),
            named => {
                let known = Build::ALL.into_iter().find(|build| Some(build.backend()) == named);
                return Ok(match known.filter(|&build| runs(build)) {
                    Some(build) => Selection { build, ..processor(None) },
                    None => processor(Some(absent(asked, known, fastest))),
                });
            }
        },
    };
    Ok(match explicit.or(wishes.remembered).unwrap_or_default() {
        Choice::Processor => processor(None),
        // What was chosen before the page ended was not chosen knowing that.
        _ if wishes.is_quarantined && explicit != Some(Choice::Graphics) => {
            select(Choice::Automatic, GpuUse::Never, Some(Notice::Quarantined))
        }
        Choice::Automatic => select(Choice::Automatic, GpuUse::IfFaster, None),
        Choice::Graphics => select(Choice::Graphics, GpuUse::Always, None),
    })
}

fn absent(asked: &str, known: Option<Build>, runs: Build) -> Notice {
    match known {
        Some(asked) => Notice::NotHere { asked, runs },
        None => Notice::UnknownBackend { asked: asked.to_owned(), runs },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(build: Build) -> bool {
        build == Build::Simd
    }

    fn address(name: &str) -> Wishes {
        Wishes { address: Some(name.to_owned()), ..Wishes::default() }
    }

    fn selected(wishes: &Wishes) -> Selection {
        select(wishes, |_| true).unwrap()
    }

    #[test]
    fn the_fastest_that_runs_is_the_default() {
        let selected = |runs: fn(Build) -> bool| select(&Wishes::default(), runs).unwrap();
        assert_eq!(selected(|_| true).build, Build::Threads);
        assert_eq!(selected(|build| !build.shares_memory()).build, Build::Relaxed);
        assert_eq!(selected(old).build, Build::Simd);
        assert_eq!(selected(old).gpu, GpuUse::IfFaster);
    }

    #[test]
    fn the_address_decides_between_the_processors() {
        let simd = selected(&address("wasm-simd"));
        assert_eq!((simd.build, simd.gpu), (Build::Simd, GpuUse::Never));
        assert_eq!((simd.choice, simd.notice), (Choice::Processor, None));
        let webgpu = selected(&address("webgpu"));
        assert_eq!((webgpu.build, webgpu.gpu), (Build::Threads, GpuUse::Always));
    }

    #[test]
    fn a_choice_goes_before_the_address_and_that_before_last_time() {
        let remembered = Some(Choice::Processor);
        let last_time = Wishes { remembered, ..Wishes::default() };
        assert_eq!(selected(&last_time).gpu, GpuUse::Never);
        let now = Wishes { remembered, ..address("webgpu") };
        assert_eq!(selected(&now).gpu, GpuUse::Always);
        let chosen = Wishes { chosen: Some(Choice::Automatic), ..address("wasm-simd") };
        let selection = selected(&chosen);
        assert_eq!((selection.build, selection.gpu), (Build::Threads, GpuUse::IfFaster));
    }

    #[test]
    fn every_fallback_says_so() {
        let notice = |asked, runs: fn(Build) -> bool| select(&address(asked), runs).unwrap().notice;
        let not_here = Notice::NotHere { asked: Build::Relaxed, runs: Build::Simd };
        assert_eq!(notice("wasm-relaxed", old), Some(not_here));
        let unknown = |runs| Some(Notice::UnknownBackend { asked: "abacus".into(), runs });
        assert_eq!(notice("abacus", old), unknown(Build::Simd));
        assert_eq!(notice("abacus", |_| true), unknown(Build::Threads));
    }

    #[test]
    fn a_quarantined_graphics_processor_is_tried_only_when_asked_for() {
        let quarantined = |wishes: Wishes| selected(&Wishes { is_quarantined: true, ..wishes });
        for remembered in [None, Some(Choice::Automatic), Some(Choice::Graphics)] {
            let left_alone = quarantined(Wishes { remembered, ..Wishes::default() });
            assert_eq!(left_alone.gpu, GpuUse::Never);
            assert_eq!(left_alone.notice, Some(Notice::Quarantined));
            // So that choosing the graphics processor is a change.
            assert_eq!(left_alone.choice, Choice::Automatic);
        }
        let chosen = |choice| Wishes { chosen: Some(choice), ..Wishes::default() };
        assert_eq!(quarantined(chosen(Choice::Graphics)).gpu, GpuUse::Always);
        assert_eq!(quarantined(chosen(Choice::Automatic)).gpu, GpuUse::Never);
        assert_eq!(quarantined(address("webgpu")).gpu, GpuUse::Always);
        assert_eq!(quarantined(chosen(Choice::Processor)).notice, None);
    }

    #[test]
    fn half_of_the_processors_compute_a_photo() {
        let expected = [(1, 2), (2, 2), (4, 2), (6, 3), (8, 4), (32, 4)];
        for (processors, several) in expected {
            assert_eq!(threads(processors), several, "{processors} processors");
        }
    }

    #[test]
    fn choices_are_found_by_name() {
        for choice in Choice::ALL {
            assert_eq!(Choice::named(choice.name()), Some(choice));
        }
        assert_eq!(Choice::named("abacus"), None);
    }

    #[test]
    fn without_simd_there_is_nothing_to_run() {
        assert_eq!(select(&Wishes::default(), |_| false), Err(Problem::OldBrowser));
    }
}
