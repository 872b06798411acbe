//! The stores that the database has.

/// What records are kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    /// By the photo's id.
    Photos,
    /// Bytes of small pictures, by the photo's id. Bytes, not blobs: a file each makes reading and
    /// writing slower in Chromium, and WebKit refuses blobs in private windows.
    Thumbnails,
    /// The browser's handles of files: of photos by their ids, of what waits by its number.
    Handles,
    /// One record.
    Settings,
    /// By number.
    History,
    /// What was chosen and is not tagged yet, by number.
    Pending,
}

impl Store {
    /// All of them.
    pub(super) const ALL: [Self; 6] = [
        Self::Photos,
        Self::Thumbnails,
        Self::Handles,
        Self::Settings,
        Self::History,
        Self::Pending,
    ];

    /// What the browser calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Thumbnails => "thumbnails",
            Self::Handles => "handles",
            Self::Settings => "settings",
            Self::History => "history",
            Self::Pending => "pending",
        }
    }
}

/// The key of the one record in [`Store::Settings`].
pub(super) const SETTINGS: u32 = 0;
