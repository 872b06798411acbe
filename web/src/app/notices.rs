//! What the page has to tell its user beside the photos, and what can be done about it.

use tagsight_library::{Entry, Kind};
use yew::html::Scope;
use yew::prelude::*;

use super::note::Note;
use super::{App, Msg};
use crate::platform::StoreProblem;
use crate::reason::FileProblem;
use crate::view;

/// Names of files that are told.
const NAMES: usize = 3;

impl App {
    /// What is to be told now, most pressing first.
    pub(super) fn notices(&self, link: &Scope<Self>) -> Vec<Html> {
        let texts = self.texts;
        let of_backend = self.backend.as_ref().ok().and_then(|selection| selection.notice.as_ref());
        let backend = self.page.session.notice.as_ref().or(of_backend);
        let plain = |words: String| view::notice(words, Html::default());
        let mut notices = Vec::new();
        notices.extend(backend.map(|notice| plain(texts.of_notice(notice))));
        notices.extend(self.keeper.problem.as_ref().map(|problem| plain(self.of_store(problem))));
        if self.keeper.sealed > 0 {
            notices.push(plain(texts.storage.newer.to_owned()));
        }
        if !self.left.is_empty() {
            notices.push(self.left_over(link));
        }
        notices.extend(self.note.as_ref().map(|note| self.of_note(note, link)));
        notices
    }

    fn of_store(&self, problem: &StoreProblem) -> String {
        let words = &self.texts.storage;
        match problem {
            StoreProblem::Unavailable => words.private_window.to_owned(),
            StoreProblem::Quota => words.full.to_owned(),
            StoreProblem::NewerVersion => words.newer.to_owned(),
            StoreProblem::Lost => words.lost.to_owned(),
            StoreProblem::Other(detail) => format!("{} ({detail})", words.lost),
        }
    }

    /// Files of an earlier visit that were not tagged, by name. Only the user can choose them again.
    fn left_over(&self, link: &Scope<Self>) -> Html {
        let words = &self.texts.batch;
        let mut said = words.not_tagged.of(self.left.len());
        let names: Vec<&str> =
            self.left.iter().take(NAMES).map(|left| left.file.name.as_str()).collect();
        said.push_str(": ");
        said.push_str(&names.join(", "));
        if self.left.len() > NAMES {
            said.push(' ');
            said.push_str(&words.and_more.of(self.left.len() - NAMES));
        }
        said.push('.');
        let problems: Vec<FileProblem> = self.left.iter().filter_map(|left| left.problem).collect();
        said.push_str(&self.texts.of_missing(&problems));
        let can_resume = self.left.iter().any(|left| left.file.has_handle);
        let buttons = html! {
            <div class="buttons" data-testid="left-over">
                if can_resume {
                    { view::button("left-over-resume", words.resume, link.callback(|_| Msg::ResumeLeft)) }
                }
                { view::chooser(view::From::LeftOver, "", html! { words.choose_again },
                    words.choose_again, link.callback(Msg::Add)) }
                { view::button("left-over-forget", words.forget, link.callback(|_| Msg::ForgetLeft)) }
            </div>
        };
        view::notice(said, buttons)
    }

    fn of_note(&self, note: &Note, link: &Scope<Self>) -> Html {
        let texts = self.texts;
        let words = match note {
            Note::NoPhotos => texts.add.no_photos.to_owned(),
            Note::NotAtHand(problems) => {
                texts.batch.not_at_hand.of(problems.len()) + &texts.of_missing(problems)
            }
            Note::Restored(count) => texts.storage.restored.of(*count),
            Note::NotRestored => texts.storage.restore_refused.to_owned(),
            Note::Persistent => texts.storage.persistent.to_owned(),
            Note::BackupDue => texts.storage.backup_due.to_owned(),
            Note::Erased => texts.storage.deleted_all.to_owned(),
            Note::NotLoaded => texts.page.not_loaded.to_owned(),
        };
        let action = match note {
            Note::BackupDue => {
                let on_click = link.callback(|_| Msg::BackUp);
                view::button("backup-now", texts.storage.backup, on_click)
            }
            _ => Html::default(),
        };
        let dismiss =
            view::button("note-dismiss", texts.page.dismiss, link.callback(|_| Msg::DismissNote));
        view::notice(words, html! { <div class="buttons">{ action }{ dismiss }</div> })
    }

    /// A decision in words, for screen readers.
    pub(super) fn words_of(&self, entry: &Entry) -> String {
        let texts = self.texts;
        let photos = entry.photos();
        let counted = texts.card.photos.of(photos);
        let word = self.word(&entry.word);
        match entry.kind {
            Kind::Add => texts.selection.added.fill([&word, &counted]),
            Kind::Remove => texts.selection.removed.fill([&word, &counted]),
            Kind::Confirm => texts.selection.confirmed.of(photos),
            Kind::Delete => texts.selection.deleted.of(photos),
            Kind::RemoveAuto => texts.batch.remove_auto.to_owned(),
            Kind::Rename | Kind::Word => texts.settings.rename.to_owned(),
            Kind::Hide => texts.settings.never_show.to_owned(),
            Kind::Show => texts.settings.show_again.fill([&word]),
        }
    }
}
