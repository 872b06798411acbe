//! Everything that the page says, in each of its languages.
//!
//! A language is one value of [`Texts`], so that a text that is missing, or lacks a place for a
//! value, does not compile. What only the dialogs or the benchmark say is apart, so that it comes with
//! their modules. Reasons are values everywhere else; [`reasons`] puts them into words.

mod en;
mod ko;
mod language;
mod reasons;
mod spoken;
mod status;
#[cfg(test)]
mod tests;
mod units;

pub(crate) use language::Language;
pub(crate) use reasons::in_brackets;
pub(crate) use tagsight_template::{Counted, Template, count};
#[allow(unused_imports, reason = "views that are being made say moments")]
pub(crate) use units::Moment;
pub(crate) use units::{percent, score, tenths};

/// Declares groups of texts, and for the tests a walk through all of them.
macro_rules! texts {
    ($($(#[$about:meta])* $group:ident {
        $($(#[$says:meta])* $field:ident: $kind:ty,)*
    })*) => {
        $(
            $(#[$about])*

            pub(crate) struct $group {
                $($(#[$says])* pub(crate) $field: $kind,)*
            }

            #[cfg(test)]
            impl tests::Walk for $group {
                fn walk(&self, name: &str, visit: &mut dyn FnMut(&str, &'static str)) {
                    $(self.$field.walk(&format!("{name}.{}", stringify!($field)), visit);)*
                }
            }
        )*
    };
}

texts! {
    /// All of it.
    Texts {
        language: Language,
        units: Units,
        page: Page,
        empty: Empty,
        add: Add,
        search: Search,
        history: History,
        thresholds: Thresholds,
        selection: Selection,
        card: Card,
        source: Source,
        batch: Batch,
        file: FileTexts,
        model: ModelTexts,
        graphics: Graphics,
        photo: PhotoTexts,
        load: Load,
        problem: ProblemTexts,
        settings: Settings,
        storage: Storage,
        offline: Offline,
        update: Update,
    }

    /// What the dialogs say beside that.
    DialogTexts {
        detail: Detail,
        why: WhyTexts,
        alike: AlikeTexts,
        settings: SettingsTexts,
        storage: StorageTexts,
        engine: EngineTexts,
        check: Check,
        keyboard: Keyboard,
    }

    /// Numbers with their units; [`Texts::duration`] and others choose among them.
    Units {
        millis: Template<1>,
        seconds: Template<1>,
        minutes: Template<1>,
        hours: Template<1>,
        kilobytes: Template<1>,
        megabytes: Template<1>,
        gigabytes: Template<1>,
        /// Columns, rows.
        pixels: Template<2>,
        /// January to December.
        months: [&'static str; 12],
        /// Year, month, day, time of day.
        moment: Template<4>,
    }

    /// What stands around everything, and on buttons in several places.
    Page {
        promise: &'static str,
        benchmark: &'static str,
        /// Names of the page's parts for screen readers.
        photos: &'static str,
        ready: &'static str,
        close: &'static str,
        try_again: &'static str,
        reload: &'static str,
        dismiss: &'static str,
        take_along: &'static str,
        /// A module that comes when it is first of use.
        not_loaded: &'static str,
    }

    /// The page before there are photos.
    Empty {
        headline: &'static str,
        promise: &'static str,
        /// A photo that comes with the page.
        sample: &'static str,
        sample_alt: &'static str,
        formats: &'static str,
    }

    /// Where photos come in.
    Add {
        choose: &'static str,
        more: &'static str,
        folder: &'static str,
        camera: &'static str,
        hint: &'static str,
        /// While files are dragged over the page.
        drop: &'static str,
        no_photos: &'static str,
    }

    /// Finding photos by their tags.
    Search {
        label: &'static str,
        placeholder: &'static str,
        found: Counted,
        nothing: &'static str,
        nothing_hint: &'static str,
        /// The row of tags with their counts.
        chips: &'static str,
        alike: &'static str,
    }

    /// Undo and redo.
    History {
        undo: &'static str,
        redo: &'static str,
        undone: &'static str,
        redone: &'static str,
    }

    /// Which scores become tags.
    Thresholds {
        label: &'static str,
        sure: &'static str,
        sure_hint: &'static str,
        balanced: &'static str,
        balanced_hint: &'static str,
        more: &'static str,
        more_hint: &'static str,
    }

    /// What is done to several photos at once.
    Selection {
        label: &'static str,
        selected: Counted,
        all: &'static str,
        clear: &'static str,
        add_tag: &'static str,
        remove_tag: &'static str,
        confirm: &'static str,
        confirm_hint: &'static str,
        delete: &'static str,
        /// Screen readers hear: tag, "12 photos".
        added: Template<2>,
        removed: Template<2>,
        confirmed: Counted,
        deleted: Counted,
    }

    /// A photo among others.
    Card {
        photos: Counted,
        waiting: &'static str,
        working: &'static str,
        none_sure: &'static str,
    }

    /// Where a tag comes from.
    Source {
        auto: &'static str,
        user: &'static str,
        file: &'static str,
    }

    /// One photo with everything.
    Detail {
        previous: &'static str,
        next: &'static str,
        close: &'static str,
        add_placeholder: &'static str,
        /// Which tag.
        remove_tag: Template<1>,
        never_show: Template<1>,
        less_sure: &'static str,
        /// Which tag.
        add_less_sure: Template<1>,
        none_sure: &'static str,
        dimensions: &'static str,
        size: &'static str,
        taken: &'static str,
        added: &'static str,
        model: &'static str,
        engine: &'static str,
        decoder: &'static str,
        decoder_own: &'static str,
        decoder_browser: &'static str,
        time: &'static str,
        open: &'static str,
    }

    /// Why a photo has a tag.
    WhyTexts {
        /// Which tag.
        ask: Template<1>,
        asked: &'static str,
        no_file: &'static str,
        /// Which tag, one of the places.
        found: Template<2>,
        /// Which tag.
        nowhere: Template<1>,
        /// Ninths of a photo, row by row.
        places: [&'static str; 9],
        opacity: &'static str,
        hint: &'static str,
        /// Which model.
        other_model: Template<1>,
    }

    /// Photos that look alike.
    AlikeTexts {
        title: &'static str,
        hint: &'static str,
        none: &'static str,
        unknown: Counted,
        /// Its number, "3 photos".
        group: Template<2>,
        others: &'static str,
        largest: &'static str,
        more: &'static str,
    }

    /// Tagging many photos.
    Batch {
        label: &'static str,
        /// Done, all.
        progress: Template<2>,
        each: Template<1>,
        left: Template<1>,
        tagged: Counted,
        failed: Counted,
        pause: &'static str,
        resume: &'static str,
        cancel: &'static str,
        paused_by_user: &'static str,
        paused_for_model: &'static str,
        retry_all: &'static str,
        not_tagged: Counted,
        choose_again: &'static str,
        forget: &'static str,
        /// After the names of some photos.
        and_more: Counted,
        not_at_hand: Counted,
        remove_auto: &'static str,
    }

    /// Files of earlier visits.
    FileTexts {
        /// Why one is not to be had; a count, or more words, may follow.
        refused: &'static str,
        gone: &'static str,
        changed: &'static str,
        no_handle: &'static str,
        /// Why the photo itself is not shown.
        small: Template<1>,
    }

    /// The model and how far it is.
    ModelTexts {
        label: &'static str,
        choose_one: &'static str,
        loading: &'static str,
        /// Received, all; both of [`units::millions`] of bytes.
        downloading: Template<2>,
        preparing: &'static str,
        missing: &'static str,
        not_loaded: &'static str,
        /// Name, speed, quality, size.
        described: Template<4>,
        /// The same with the percentage of photos whose label is right.
        described_by_accuracy: Template<4>,
        /// The same with the coefficient of determination.
        described_by_r2: Template<4>,
        fast: &'static str,
        slower: &'static str,
        slow: &'static str,
        excellent: &'static str,
        very_good: &'static str,
        good: &'static str,
        fair: &'static str,
    }

    /// What tags photos.
    EngineTexts {
        label: &'static str,
        automatic: &'static str,
        graphics: &'static str,
        processor: &'static str,
    }

    /// What there is to say about the graphics processor.
    Graphics {
        checked: &'static str,
        /// Its milliseconds, the processor's.
        faster: Template<2>,
        is_back: &'static str,
        absent: &'static str,
        software: &'static str,
        /// Its milliseconds, the processor's.
        slower: Template<2>,
        /// Each with a detail in brackets, or nothing.
        lost: Template<1>,
        fault: Template<1>,
        /// Seconds.
        late: Template<1>,
        implausible: &'static str,
        retries: &'static str,
        instead: &'static str,
        crashed: &'static str,
        quarantined: &'static str,
        /// What was asked for, what runs.
        not_here: Template<2>,
        unknown: Template<2>,
    }

    /// Why a photo has no tags, and what its owner can do.
    PhotoTexts {
        empty: &'static str,
        not_a_photo: &'static str,
        /// The name of its kind.
        unsupported: Template<1>,
        phone: Template<1>,
        raw: Template<1>,
        film: &'static str,
        photoshop: &'static str,
        app_png: &'static str,
        /// One of the following processes.
        jpeg: Template<1>,
        jpeg_arithmetic: &'static str,
        jpeg_lossless: &'static str,
        jpeg_hierarchical: &'static str,
        jpeg_precision: &'static str,
        jpeg_components: &'static str,
        /// Its pixels, the memory it takes, the memory there is.
        too_large: Template<3>,
        /// Its pixels, the longest side there may be.
        too_long: Template<2>,
        /// The name of its kind, a detail in brackets or nothing.
        damaged: Template<2>,
        /// A detail in brackets or nothing.
        no_decoder: Template<1>,
        /// Its size, the largest there may be.
        file_too_large: Template<2>,
        unreadable: &'static str,
        crashed: &'static str,
        no_model: &'static str,
        no_file: &'static str,
    }

    /// Why there is no model.
    Load {
        /// Its name.
        missing: Template<1>,
        /// A detail in brackets, or nothing.
        network: Template<1>,
        /// Its name.
        altered: Template<1>,
        /// What it takes.
        memory: Template<1>,
        /// A detail in brackets, or nothing.
        unusable: Template<1>,
        /// Its name.
        no_tags: Template<1>,
    }

    /// Why nothing can be tagged.
    ProblemTexts {
        no_models: &'static str,
        /// What was asked for, what there is.
        unknown_model: Template<2>,
        /// A detail in brackets, or nothing.
        no_list: Template<1>,
        old_browser: &'static str,
        /// A detail in brackets, or nothing.
        not_started: Template<1>,
        two_builds: &'static str,
    }

    /// The settings, as far as the page speaks of them.
    Settings {
        open: &'static str,
        language: &'static str,
        never_show: &'static str,
        /// Which tag.
        show_again: Template<1>,
        /// What became of a new name: the tag that it is, or whose it is.
        named: Template<1>,
        merged: Template<1>,
        same_name: &'static str,
        name_of_label: Template<1>,
        no_such_tag: &'static str,
        rename: &'static str,
    }

    /// The rest of them.
    SettingsTexts {
        title: &'static str,
        never_show_hint: &'static str,
        words: &'static str,
        words_hint: &'static str,
        rename_label: &'static str,
        again: &'static str,
        again_hint: &'static str,
    }

    /// The library as it is stored, as far as the page speaks of it.
    Storage {
        persistent: &'static str,
        private_window: &'static str,
        full: &'static str,
        lost: &'static str,
        newer: &'static str,
        backup: &'static str,
        backup_due: &'static str,
        restored: Counted,
        restore_refused: &'static str,
        deleted_all: &'static str,
    }

    /// The rest of that.
    StorageTexts {
        title: &'static str,
        /// How much.
        used: Template<1>,
        photos: Counted,
        not_persistent: &'static str,
        not_persistent_why: &'static str,
        keep: &'static str,
        backup_hint: &'static str,
        /// Decisions that are in no backup.
        since_backup: Counted,
        restore: &'static str,
        delete_all: &'static str,
        delete_all_question: &'static str,
    }

    /// Whether the page works without a network.
    Offline {
        unavailable: &'static str,
        preparing: &'static str,
        ready: &'static str,
        ready_hint: &'static str,
    }

    /// A new version of the page.
    Update {
        offered: &'static str,
        take: &'static str,
        waits: &'static str,
    }

    /// What a doubter can do.
    Check {
        title: &'static str,
        intro: &'static str,
        airplane: &'static str,
        network: &'static str,
        source: &'static str,
    }

    /// The keys.
    Keyboard {
        title: &'static str,
        keys: &'static str,
        does: &'static str,
        /// Keys and what they do.
        rows: [[&'static str; 2]; 13],
    }

    /// The benchmark.
    BenchmarkTexts {
        title: &'static str,
        back: &'static str,
        engine: &'static str,
        runs: &'static str,
        /// Columns, rows of the photo that is drawn.
        photo: Template<2>,
        run: &'static str,
        running: &'static str,
        wait: &'static str,
        load: &'static str,
        first: &'static str,
        median: &'static str,
        best: &'static str,
        decode: &'static str,
        squash: &'static str,
        photo_to_tags: &'static str,
        /// Model, engine, runs.
        caption: Template<3>,
        no_photo: &'static str,
        /// A detail in brackets, or nothing.
        stopped: Template<1>,
    }
}

/// By identity: there is one of each language.
impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}
