//! English.

use super::*;
use tagsight_template::{counted, t};

/// What the page says in English.
pub(super) static TEXTS: Texts = Texts {
    language: Language::En,
    units: Units {
        millis: t("{0} ms"),
        seconds: t("{0} s"),
        minutes: t("{0} min"),
        hours: t("{0} h"),
        kilobytes: t("{0} KB"),
        megabytes: t("{0} MB"),
        gigabytes: t("{0} GB"),
        pixels: t("{0} × {1}"),
        months: [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ],
        moment: t("{2} {1} {0}, {3}"),
    },
    page: Page {
        promise: "Photos never leave this device.",
        benchmark: "Benchmark",
        photos: "Photos",
        ready: "Ready",
        close: "Close",
        try_again: "Try again",
        reload: "Reload",
        dismiss: "Got it",
        take_along: "Take along…",
        not_loaded: "This part of the page could not be loaded. Check your connection and try again.",
    },
    empty: Empty {
        headline: "What is in your photos?",
        promise: "Photos never leave this device. They are tagged right here.",
        sample: "Try a sample photo",
        sample_alt: "A sample photo with its tags",
        formats: "JPEG, PNG, WebP, GIF, BMP and AVIF",
    },
    add: Add {
        choose: "Choose photos",
        more: "Add photos",
        folder: "Add a folder",
        camera: "Take a photo",
        hint: "or drop them anywhere on this page, or paste them",
        drop: "Drop to add",
        no_photos: "There are no photos in that.",
    },
    search: Search {
        label: "Search",
        placeholder: "Search tags",
        found: counted("{0} photo found", "{0} photos found"),
        nothing: "Nothing matches",
        nothing_hint: "Try another word, or fewer.",
        chips: "Tags",
        alike: "Find photos that look alike",
    },
    history: History { undo: "Undo", redo: "Redo", undone: "Undone", redone: "Redone" },
    thresholds: Thresholds {
        label: "How sure",
        sure: "Sure",
        sure_hint: "Few tags, nearly all of them right",
        balanced: "Balanced",
        balanced_hint: "More tags, most of them right",
        more: "More",
        more_hint: "Most of what is there, and more mistakes",
    },
    selection: Selection {
        label: "Selected photos",
        selected: counted("{0} selected", "{0} selected"),
        all: "Select all",
        clear: "Clear selection",
        add_tag: "Add tag",
        remove_tag: "Remove tag",
        confirm: "Confirm tags",
        confirm_hint: "Makes these tags yours, so that no model takes them away.",
        delete: "Delete from library",
        added: t("{0} added to {1}"),
        removed: t("{0} removed from {1}"),
        confirmed: counted("Tags of {0} photo confirmed", "Tags of {0} photos confirmed"),
        deleted: counted("{0} photo deleted", "{0} photos deleted"),
    },
    card: Card {
        photos: counted("{0} photo", "{0} photos"),
        waiting: "Waiting",
        working: "Looking…",
        none_sure: "Nothing found that the model is sure of",
    },
    source: Source { auto: "Found by the model", user: "Yours", file: "From the file" },
    batch: Batch {
        label: "Tagging",
        progress: t("{0} of {1}"),
        each: t("{0} each"),
        left: t("{0} left"),
        tagged: counted("{0} photo tagged", "{0} photos tagged"),
        failed: counted("{0} failed", "{0} failed"),
        pause: "Pause",
        resume: "Resume",
        cancel: "Cancel",
        paused_by_user: "Paused by you",
        paused_for_model: "Waiting for the model",
        retry_all: "Try all again",
        not_tagged: counted(
            "{0} photo was not tagged last time",
            "{0} photos were not tagged last time",
        ),
        choose_again: "Choose again",
        forget: "Forget",
        and_more: counted("and {0} more", "and {0} more"),
        not_at_hand: counted(
            "The file of {0} photo is not at hand. Add it again to have it tagged again.",
            "The files of {0} photos are not at hand. Add them again to have them tagged again.",
        ),
        remove_auto: "Remove all tags found by the model",
    },
    file: FileTexts {
        refused: "The browser needs your permission to open the file",
        gone: "The file was moved or deleted",
        changed: "The file has changed since it was tagged",
        no_handle: "The browser has no way back to the file",
        small: t("This is a small copy. {0}."),
    },
    model: ModelTexts {
        label: "Model",
        choose_one: "Choose one",
        loading: "Loading the model…",
        downloading: t("Downloading model {0} of {1} MB"),
        preparing: "Preparing the model…",
        missing: "No model",
        not_loaded: "The model is not loaded",
        described: t("{0} ({1}, {2} tags, {3})"),
        described_by_accuracy: t("{0} ({1}, {2} % right, {3})"),
        described_by_r2: t("{0} ({1}, R² {2}, {3})"),
        fast: "fast",
        slower: "slower",
        slow: "slow",
        excellent: "excellent",
        very_good: "very good",
        good: "good",
        fair: "fair",
    },
    graphics: Graphics {
        checked: "It was seen to compute what the processor computes.",
        faster: t("It takes {0} for a photo, the processor {1}."),
        is_back: "The graphics processor went away and is back.",
        absent: "This browser offers no graphics processor.",
        software: "What this browser offers as graphics processor is the processor itself.",
        slower: t("The graphics processor takes {0} for a photo, the processor {1}."),
        lost: t("The graphics processor went away{0}."),
        fault: t("The graphics processor cannot be used{0}."),
        late: t("The graphics processor cannot be used: it did not answer within {0} seconds."),
        implausible: "The graphics processor cannot be used: it gave no usable result.",
        retries: "It is started again; the processor tags meanwhile.",
        instead: "The processor tags instead.",
        crashed: "The tagger stopped while it used the graphics processor. The processor tags \
                  instead; choose “Graphics processor” to try it again.",
        quarantined: "Last time this page ended while it tried the graphics processor, so the \
                      processor tags now. Choose “Graphics processor” to try it again.",
        not_here: t("This browser does not run {0}; {1} runs instead."),
        unknown: t("There is no engine named “{0}”; {1} runs instead."),
    },
    photo: PhotoTexts {
        empty: "The file is empty. Copy or download it again.",
        not_a_photo: "This is not a JPEG, PNG or WebP photo. Convert it to one of these and try \
                      again.",
        unsupported: t("{0} pictures cannot be read here. Save it as JPEG and try again."),
        phone: t("{0} photos cannot be read here. Save it as JPEG; for new photos choose “Most \
             compatible” in the camera's settings."),
        raw: t(
            "Raw photos ({0}) cannot be read here. Take the JPEG beside it, or save it as JPEG \
             with the camera's own program.",
        ),
        film: "Films cannot be read here. Save a picture of it as JPEG.",
        photoshop: "Photoshop documents cannot be read here. Save it as JPEG and try again.",
        app_png: "PNG files of iPhone apps (CgBI) cannot be read here. Save it as JPEG and try \
                  again.",
        jpeg: t("{0} cannot be read here. Save it again as an ordinary JPEG and try again."),
        jpeg_arithmetic: "JPEGs with arithmetic coding",
        jpeg_lossless: "Lossless JPEGs",
        jpeg_hierarchical: "Hierarchical JPEGs",
        jpeg_precision: "JPEGs with more than 8 bits",
        jpeg_components: "JPEGs with two or more than four components",
        too_large: t(
            "The photo is too large ({0} pixels need {1} of memory, and there are {2}). Scale it \
             down and try again.",
        ),
        too_long: t(
            "The picture is too long ({0} pixels; no side may have more than {1}). Crop it or \
             scale it down and try again.",
        ),
        damaged: t("The {0} file is damaged or incomplete. Copy or export it again.{1}"),
        no_decoder: t(
            "What reads photos of this kind could not be downloaded{0}. Check your connection and \
             try again.",
        ),
        file_too_large: t(
            "The file is too large ({0}). Scale the photo down to less than {1} and try again.",
        ),
        unreadable: "The file cannot be read. If it is a folder, open it and choose the photos in \
                     it; otherwise copy it to this device and try again.",
        crashed: "The tagger ran out of memory or crashed on this photo. Scale the photo down or \
                  save it again as JPEG, then add it once more.",
        no_model: "The model is not loaded. Reload the page.",
        no_file: "No photo came with the request. Reload the page.",
    },
    load: Load {
        missing: t(
            "This site lists the model “{0}” and does not have its file. Choose another model; \
             the site has to be built again.",
        ),
        network: t("The model could not be downloaded{0}. Check your connection and try again."),
        altered: t(
            "The model “{0}” was refused: its bytes are not the ones this site announces. Try \
             again; if that does not help, the site has to be built again.",
        ),
        memory: t(
            "The model needs {0}, which this device does not give. Close other tabs and try again.",
        ),
        unusable: t("The model cannot be used{0}. The site has to be built with another one."),
        no_tags: t(
            "The model “{0}” measures values and gives no tags, so it cannot be used here. Choose \
             another one.",
        ),
    },
    problem: ProblemTexts {
        no_models: "This site has no model yet. Put one into its models folder (trainer export, \
                    trainer card, cargo xtask manifest) and build the site again.",
        unknown_model: t("This site has no model named “{0}”. It has: {1}. Choose one of these."),
        no_list: t(
            "The list of models could not be downloaded{0}. Check your connection and try again.",
        ),
        old_browser: "This browser is too old to run the tagger: it lacks WebAssembly SIMD. Use \
                      Chrome 91, Firefox 89, Safari 16.4 or newer.",
        not_started: t("The tagger could not be started{0}. Check your connection and try again."),
        two_builds: "Parts of this page are of two versions, so nothing can be tagged. Reload it; \
                     if that does not help, close all of its tabs and open it again.",
    },
    settings: Settings {
        open: "Settings",
        language: "Language",
        never_show: "Never show",
        show_again: t("Show {0} again"),
        named: t("It is called {0} now."),
        merged: t("Both are one tag now: {0}."),
        same_name: "It is called that already.",
        name_of_label: t("Not renamed: that is the name of {0}, another tag of the model's."),
        no_such_tag: "Not renamed: no photo has that tag any more.",
        rename: "Rename everywhere",
    },
    storage: Storage {
        persistent: "The library stays until you delete it.",
        private_window: "In a private window nothing is kept: the library is gone once it is closed.",
        full: "Storage is full, so nothing more is kept. Delete photos from the library, or make \
               room on this device.",
        lost: "The browser closed the library. Changes are kept once it is open again.",
        newer: "The library is of a newer version of this page. Reload the page.",
        backup: "Back up",
        backup_due: "Your corrections are in this browser only. Keep a backup.",
        restored: counted("{0} photo restored", "{0} photos restored"),
        restore_refused: "This is not a backup of Tagsight, or it is damaged. Nothing was changed.",
        deleted_all: "Everything is deleted.",
    },
    offline: Offline {
        unavailable: "Needs a network",
        preparing: "Preparing for offline",
        ready: "Ready offline",
        ready_hint: "The page and its model are on this device.",
    },
    update: Update {
        offered: "A new version is ready.",
        take: "Update",
        waits: "It waits until all photos are tagged.",
    },
};

/// What the dialogs say in English.
pub(super) static DIALOGS: DialogTexts = DialogTexts {
    detail: Detail {
        previous: "Previous photo",
        next: "Next photo",
        close: "Close photo",
        add_placeholder: "Add a tag",
        remove_tag: t("Remove tag {0}"),
        never_show: t("Never show {0}"),
        less_sure: "Less sure",
        add_less_sure: t("Add tag {0}"),
        none_sure: "Nothing found that the model is sure of",
        dimensions: "Dimensions",
        size: "Size",
        taken: "Taken",
        added: "Added",
        model: "Model",
        engine: "Ran on",
        decoder: "Decoded by",
        decoder_own: "Tagsight",
        decoder_browser: "The browser",
        time: "Time",
        open: "Open the file",
    },
    why: WhyTexts {
        ask: t("Why {0}?"),
        asked: "Looking…",
        no_file: "To see where, the page needs the photo itself, and its file is not at hand. Add \
                  the photo again.",
        found: t("Where the model sees {0}: {1}."),
        nowhere: t("Nothing in this photo speaks for {0}."),
        places: [
            "upper left",
            "upper middle",
            "upper right",
            "left",
            "centre",
            "right",
            "lower left",
            "lower middle",
            "lower right",
        ],
        opacity: "How much the map hides",
        hint: "Light places count most. They are what the model goes by, which need not be the \
               thing itself.",
        other_model: t("This is how {0} sees the photo; another model gave it its tags."),
    },
    alike: AlikeTexts {
        title: "Photos that look alike",
        hint: "Nothing is removed here. Select what you do not need, close this, and delete it there; \
               that can be undone. The same picture twice is one photo already.",
        none: "No photos look alike among those that are shown.",
        unknown: counted(
            "{0} photo was tagged by an earlier version of this page. Tag it again to compare it.",
            "{0} photos were tagged by an earlier version of this page. Tag them again to compare \
             them.",
        ),
        group: t("Group {0}: {1}"),
        others: "Select all but the first",
        largest: "Largest file",
        more: "More groups",
    },
    settings: SettingsTexts {
        title: "Settings",
        never_show_hint: "The model no longer gives these tags. Yours stay.",
        words: "Your words",
        words_hint: "What you call a tag, everywhere.",
        rename_label: "New name",
        again: "Tag again",
        again_hint: "Tagging again leaves what you added or removed as it is.",
    },
    storage: StorageTexts {
        title: "Storage",
        used: t("{0} used"),
        photos: counted("{0} photo in the library", "{0} photos in the library"),
        not_persistent: "The browser may delete the library.",
        not_persistent_why: "It does so where space runs out or the page was not opened for long. \
                             Install the page or keep a backup.",
        keep: "Ask the browser to keep it",
        backup_hint: "One file with all tags and corrections, without the photos.",
        since_backup: counted(
            "{0} correction is in no backup yet.",
            "{0} corrections are in no backup yet.",
        ),
        restore: "Restore",
        delete_all: "Delete everything",
        delete_all_question: "Delete the whole library with all corrections? This cannot be undone. \
                              The photos themselves stay where they are.",
    },
    engine: EngineTexts {
        label: "Runs on",
        automatic: "Automatic",
        graphics: "Graphics processor",
        processor: "Processor",
    },
    check: Check {
        title: "Check it yourself",
        intro: "No photo leaves this device. You need not believe it:",
        airplane: "Open the page, switch on airplane mode, and tag photos. It goes on working.",
        network: "Open your browser's developer tools (F12), choose “Network”, and add photos. No \
                  request carries one.",
        source: "Look at the page's source. Its content security policy has the browser refuse \
                 every request to anywhere but this site.",
    },
    keyboard: Keyboard {
        title: "Keyboard",
        keys: "Key",
        does: "What it does",
        rows: [
            ["Arrows", "Go from photo to photo"],
            ["Home, End", "First and last photo of the row"],
            ["Ctrl + Home, Ctrl + End", "First and last photo"],
            ["Page Up, Page Down", "A screen up or down"],
            ["Space", "Select or unselect"],
            ["Shift + arrows", "Select a range"],
            ["Ctrl + A", "Select all"],
            ["Enter", "Open the photo"],
            ["Delete", "Delete from library"],
            ["Escape", "Close, or clear the selection"],
            ["Ctrl + Z", "Undo"],
            ["Ctrl + Shift + Z", "Redo"],
            ["/", "Search"],
        ],
    },
};

/// What the benchmark says in English.
pub(super) static BENCHMARK: BenchmarkTexts = BenchmarkTexts {
    title: "Tagsight benchmark",
    back: "Back to the photos",
    engine: "Engine",
    runs: "Runs",
    photo: t("Photo (none: a drawn JPEG, {0} × {1})"),
    run: "Run",
    running: "Running…",
    wait: "Loading and timing. Keep this page open.",
    load: "Model ready after",
    first: "First inference",
    median: "Inference, median",
    best: "Inference, best",
    decode: "Decoding, median",
    squash: "Scaling to the network's input, median",
    photo_to_tags: "Photo to tags, median",
    caption: t("{0} on {1}, {2} runs"),
    no_photo: "This browser could not make a photo.",
    stopped: t("The worker stopped{0}. Run it again."),
};
