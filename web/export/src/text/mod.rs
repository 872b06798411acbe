//! Everything that the dialog says, in each language. A text that is missing does not compile.

mod en;
mod ko;

use tagsight_metadata::Refusal;
use tagsight_template::{Counted, Template};

/// Declares the texts, and for the tests a walk through them.
macro_rules! texts {
    ($($(#[$says:meta])* $field:ident: $kind:ty,)*) => {
        /// What the dialog says in one language.
        pub struct Texts {
            $($(#[$says])* pub $field: $kind,)*
        }

        #[cfg(test)]
        impl Texts {
            fn walk(&self, visit: &mut dyn FnMut(&'static str, &'static str)) {
                $(tests::Walk::walk(&self.$field, stringify!($field), visit);)*
            }
        }
    };
}

texts! {
    /// The dialog's name.
    title: &'static str,
    /// The button that closes it.
    close: &'static str,
    /// The question for the photos, and its answers with their number.
    what: &'static str,
    /// How many.
    chosen: Template<1>,
    /// How many.
    shown: Template<1>,
    /// How many.
    all: Template<1>,
    /// The question for the way out, and its answers.
    to: &'static str,
    /// Beside the photos.
    folder: &'static str,
    /// An archive.
    zip: &'static str,
    /// The system's share sheet.
    share: &'static str,
    /// A table.
    csv: &'static str,
    /// Data.
    json: &'static str,
    /// What is to be known of each way.
    folder_hint: &'static str,
    /// As above.
    zip_hint: &'static str,
    /// As above.
    share_hint: &'static str,
    /// As above.
    csv_hint: &'static str,
    /// As above.
    json_hint: &'static str,
    /// The question for what holds the words, and its answers.
    into: &'static str,
    /// In a folder.
    sidecar: &'static str,
    /// In a folder.
    embed: &'static str,
    /// In an archive.
    zip_sidecar: &'static str,
    /// In an archive.
    zip_embed: &'static str,
    /// In an archive.
    zip_only: &'static str,
    /// Which programs need what.
    sidecar_hint: &'static str,
    /// As above.
    embed_hint: &'static str,
    /// The question for the sidecars' names.
    name: &'static str,
    /// `IMG.jpg.xmp`, and who reads it.
    full: &'static str,
    /// `IMG.xmp`, and who reads it.
    stem: &'static str,
    /// The question for the language of words.
    words: &'static str,
    /// English.
    en: &'static str,
    /// Korean.
    ko: &'static str,
    /// Both.
    both: &'static str,
    /// The question for paths.
    path: &'static str,
    /// Without.
    leaf: &'static str,
    /// With.
    category: &'static str,
    /// The button that asks for the folder.
    choose_folder: &'static str,
    /// The same for another one.
    other_folder: &'static str,
    /// The button that looks at the photos.
    look: &'static str,
    /// Over the list of changes.
    preview: &'static str,
    /// Before anything was looked at.
    nothing_yet: &'static str,
    /// In the summary.
    changed: Counted,
    /// In the summary.
    unchanged: Counted,
    /// In the summary.
    refused: Counted,
    /// In the summary.
    absent: Counted,
    /// In the summary of tables: photos.
    rows: Counted,
    /// At a photo: what becomes of it.
    is_changed: &'static str,
    /// As above.
    is_unchanged: &'static str,
    /// As above.
    is_refused: &'static str,
    /// As above.
    is_absent: &'static str,
    /// Of a photo that is away, in an archive.
    sidecar_of_record: &'static str,
    /// An empty list.
    empty: &'static str,
    /// A sidecar, or what was written, goes.
    sidecar_goes: &'static str,
    /// The button for the rest of the list; how many there are.
    show_all: Template<1>,
    /// The buttons that begin.
    write: Counted,
    /// As above.
    save_zip: &'static str,
    /// As above.
    start_share: &'static str,
    /// As above.
    save_table: &'static str,
    /// As above.
    remove: Counted,
    /// The button that ends it early.
    cancel: &'static str,
    /// The button that looks for what can be taken back.
    undo: &'static str,
    /// What it does.
    undo_hint: &'static str,
    /// While the folder is listed.
    listing: &'static str,
    /// While photos are looked at: done, all.
    looking: Template<2>,
    /// While something is written: done, all.
    writing: Template<2>,
    /// What was done.
    written: Counted,
    /// As above.
    removed: Counted,
    /// As above; the archive's name.
    saved: Template<1>,
    /// As above.
    shared: Counted,
    /// After it; names follow.
    failed: Counted,
    /// The rest of the names.
    and_more: Counted,
    /// It was ended early, and what there was of it stays.
    cancelled: &'static str,
    /// It was ended early, and nothing of it is there.
    discarded: &'static str,
    /// It ended by itself: the browser's words in brackets, or nothing.
    stopped: Template<1>,
    /// The browser cannot share these.
    cannot_share: &'static str,
    /// Why a file is not at hand.
    no_file: &'static str,
    /// As above.
    not_allowed: &'static str,
    /// As above.
    gone: &'static str,
    /// As above.
    not_in_folder: &'static str,
    /// As above.
    other_picture: &'static str,
    /// Why nothing is written into a photo.
    kind: &'static str,
    /// As above; a detail in brackets.
    damaged: &'static str,
    /// As above.
    credentials: &'static str,
    /// As above.
    too_large: &'static str,
    /// As above.
    two_packets: &'static str,
    /// As above.
    in_extension: &'static str,
    /// Why nothing is added to what XMP there is.
    xmp: &'static str,
}

impl Texts {
    /// Those of a language, by its code; English where it is not spoken here.
    pub fn of(code: &str) -> &'static Self {
        if code == "ko" { &ko::TEXTS } else { &en::TEXTS }
    }

    /// Why nothing is written where it was meant to be.
    pub fn of_refusal(&self, refusal: &Refusal) -> String {
        let plain = match refusal {
            Refusal::Damaged(_) => self.damaged,
            Refusal::Xmp(_) => self.xmp,
            Refusal::Kind => self.kind,
            Refusal::ContentCredentials => self.credentials,
            Refusal::TooLarge(_) => self.too_large,
            Refusal::TwoPackets => self.two_packets,
            Refusal::InExtension => self.in_extension,
        };
        plain.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tagsight_metadata::{Damage, Fault};

    use super::*;

    /// Shows every text.
    pub(super) trait Walk {
        fn walk(&self, name: &'static str, visit: &mut dyn FnMut(&'static str, &'static str));
    }

    impl Walk for &'static str {
        fn walk(&self, name: &'static str, visit: &mut dyn FnMut(&'static str, &'static str)) {
            visit(name, self);
        }
    }

    impl<const N: usize> Walk for Template<N> {
        fn walk(&self, name: &'static str, visit: &mut dyn FnMut(&'static str, &'static str)) {
            visit(name, self.text());
        }
    }

    impl Walk for Counted {
        fn walk(&self, name: &'static str, visit: &mut dyn FnMut(&'static str, &'static str)) {
            self.one.walk(name, visit);
            self.other.walk(name, visit);
        }
    }

    fn all(code: &str) -> Vec<(&'static str, &'static str)> {
        let mut all = Vec::new();
        Texts::of(code).walk(&mut |name, text| all.push((name, text)));
        all
    }

    fn is_hangul(letter: char) -> bool {
        matches!(letter, '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7A3}')
    }

    #[test]
    fn no_text_is_empty_and_each_language_has_its_own_letters() {
        let (en, ko) = (all("en"), all("ko"));
        assert!(en.len() > 80 && en.len() == ko.len());
        for ((name, en), (_, ko)) in en.into_iter().zip(ko) {
            for text in [en, ko] {
                assert!(!text.is_empty() && text.trim() == text, "{name}: {text}");
                assert!(!text.contains("  "), "{name}: {text}");
            }
            // A language is called in itself.
            assert!(name == "ko" || !en.contains(is_hangul), "{name}: {en}");
            assert!(name == "en" || ko.contains(is_hangul), "{name}: {ko}");
        }
    }

    /// The form of these follows from the word before them, which is not known here.
    #[test]
    fn no_korean_particle_follows_a_value() {
        for (name, text) in all("ko") {
            for rest in text.split('}').skip(1) {
                let particle: String =
                    rest.chars().take_while(|&letter| is_hangul(letter)).collect();
                let particles = ["을", "를", "이", "가", "은", "는", "과", "와", "로", "으로"];
                assert!(!particles.contains(&&*particle), "{name}: {text}");
            }
        }
    }

    #[test]
    fn every_refusal_has_its_words() {
        for code in ["en", "ko"] {
            let texts = Texts::of(code);
            let refusals = [
                Refusal::Kind,
                Refusal::Damaged(Damage::Chunks),
                Refusal::ContentCredentials,
                Refusal::TooLarge(70_000),
                Refusal::TwoPackets,
                Refusal::InExtension,
                Refusal::Xmp(Fault::Markup),
            ];
            let words: BTreeSet<String> =
                refusals.iter().map(|refusal| texts.of_refusal(refusal)).collect();
            assert_eq!(words.len(), refusals.len());
            assert_eq!(texts.of_refusal(&Refusal::ContentCredentials), texts.credentials);
        }
    }
}
