//! The files that an input has or an event brings.

use web_sys::{ClipboardEvent, File, FileList, HtmlInputElement};

/// The files chosen in `input`, which is emptied so that the same ones can be chosen again.
pub(crate) fn files_of_input(input: &HtmlInputElement) -> Vec<File> {
    let files = files_of(input.files());
    input.set_value("");
    files
}

/// The files that were pasted.
pub(super) fn files_of_clipboard(event: &ClipboardEvent) -> Vec<File> {
    files_of(event.clipboard_data().and_then(|data| data.files()))
}

fn files_of(list: Option<FileList>) -> Vec<File> {
    list.map(|list| (0..list.length()).filter_map(|index| list.get(index)).collect())
        .unwrap_or_default()
}
