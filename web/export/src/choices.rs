//! What the user chooses, and how it is remembered.

/// Declares a choice among names, which are its hooks' values and what is remembered.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$says])* $variant,)*
        }

        impl $name {
            /// In the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in the page's hooks.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The one of that name.
            pub fn named(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.code() == code)
            }
        }
    };
}

choice! {
    /// Which photos.
    What {
        /// Those that are chosen in the grid.
        Chosen = "chosen",
        /// Those that a search shows.
        Shown = "shown",
        /// Every one.
        All = "all",
    }
}

choice! {
    /// Where to.
    To {
        /// Into the user's own folder, where the photos are.
        Folder = "folder",
        /// Into one file, which is streamed to the disk.
        Zip = "zip",
        /// To another program of the device.
        Share = "share",
        /// A table.
        Csv = "csv",
        /// For programs.
        Json = "json",
    }
}

choice! {
    /// What holds the words.
    Into {
        /// A file beside each photo.
        Sidecar = "sidecar",
        /// The photos themselves.
        Embed = "embed",
        /// Sidecars, without the photos.
        Only = "only",
    }
}

choice! {
    /// What a sidecar is called.
    Naming {
        /// `IMG.jpg.xmp`
        Full = "full",
        /// `IMG.xmp`
        Stem = "stem",
    }
}

choice! {
    /// In which language.
    Words {
        /// English.
        En = "en",
        /// Korean.
        Ko = "ko",
        /// One after the other.
        Both = "both",
    }
}

choice! {
    /// Whether words say what they belong to.
    Path {
        /// `dog`
        Leaf = "leaf",
        /// `animal|dog`
        Category = "category",
    }
}

/// All that is chosen but for the photos, which are others every time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    /// Where to.
    pub to: To,
    /// What holds the words.
    pub into: Into,
    /// What a sidecar is called.
    pub naming: Naming,
    /// In which language.
    pub words: Words,
    /// Whether with categories.
    pub path: Path,
}

impl Choices {
    /// What is chosen at first: nothing that touches a photo.
    pub const fn first(words: Words) -> Self {
        Self { to: To::Folder, into: Into::Sidecar, naming: Naming::Full, words, path: Path::Leaf }
    }

    /// What [`Self::to_text`] said, as far as it is understood; the rest is as it is here.
    pub fn recall(mut self, text: &str) -> Self {
        let mut parts = text.split(' ');
        let mut next = || parts.next().unwrap_or_default();
        self.to = To::named(next()).unwrap_or(self.to);
        self.into = Into::named(next()).unwrap_or(self.into);
        self.naming = Naming::named(next()).unwrap_or(self.naming);
        self.words = Words::named(next()).unwrap_or(self.words);
        self.path = Path::named(next()).unwrap_or(self.path);
        self
    }

    /// To be remembered.
    pub fn to_text(self) -> String {
        let Self { to, into, naming, words, path } = self;
        [to.code(), into.code(), naming.code(), words.code(), path.code()].join(" ")
    }

    /// What holds the words, where they go: in a folder the photos are there anyway, and programs
    /// take photos, not sidecars, from each other.
    pub fn holder(self) -> Into {
        match (self.to, self.into) {
            (To::Share, _) => Into::Embed,
            (To::Folder, Into::Only) => Into::Sidecar,
            (_, into) => into,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_remembered() {
        let first = Choices::first(Words::Ko);
        let chosen = Choices {
            to: To::Zip,
            into: Into::Only,
            naming: Naming::Stem,
            words: Words::Both,
            path: Path::Category,
        };
        assert_eq!(first.recall(&chosen.to_text()), chosen);
        assert_eq!(first.recall(""), first);
        assert_eq!(first.recall("zip nonsense"), Choices { to: To::Zip, ..first });
    }

    #[test]
    fn photos_are_touched_only_by_choice_or_where_nothing_else_goes() {
        let first = Choices::first(Words::En);
        assert_eq!(first.holder(), Into::Sidecar);
        assert_eq!(Choices { into: Into::Only, ..first }.holder(), Into::Sidecar);
        assert_eq!(Choices { to: To::Share, ..first }.holder(), Into::Embed);
        assert_eq!(Choices { to: To::Zip, into: Into::Only, ..first }.holder(), Into::Only);
    }
}
