//! What the user asks of a photo's tag, on its way to the worker and back.

use std::rc::Rc;

use tagsight_protocol::{Explanation, PhotoProblem};

use super::{ModelState, Session};
use crate::question::{Question, Stage};

impl Session {
    /// A tag of the photo of this key is asked about, whose file is at hand or not.
    pub(crate) fn question(&mut self, photo: u32, label: Rc<str>, has_file: bool) {
        let stage = if has_file { Stage::Wanted } else { Stage::NoFile };
        self.question = Some(Question { id: self.fresh_id(), photo, label, stage });
    }

    /// The file of the photo of this key came to hand.
    pub(crate) fn file_came(&mut self, photo: u32) {
        if self.question.as_ref().is_some_and(|question| question.photo == photo) {
            self.set_stage(Stage::NoFile, Stage::Wanted);
        }
    }

    /// What is asked has come so far, if it was so far before.
    pub(super) fn set_stage(&mut self, from: Stage, to: Stage) {
        if let Some(question) = self.question.as_mut().filter(|question| question.stage == from) {
            question.stage = to;
        }
    }

    /// The numbers of a question that waits and of its label.
    pub(super) fn question_waits(&self) -> Option<(u32, u32)> {
        let question = self.question.as_ref().filter(|asked| asked.stage == Stage::Wanted)?;
        Some((question.id, self.number(&question.label)?))
    }

    /// The number of a label that the model knows.
    pub(crate) fn number(&self, label: &str) -> Option<u32> {
        let ModelState::Ready(model) = &self.model else { return None };
        let at = model.labels.iter().position(|known| known == label)?;
        u32::try_from(at).ok()
    }

    pub(super) fn answered(&mut self, id: u32, outcome: Result<Explanation, PhotoProblem>) {
        if let Some(question) = self.question.as_mut().filter(|question| question.id == id) {
            question.stage = outcome.map_or_else(Stage::Failed, Stage::Answered);
        }
    }
}

#[cfg(test)]
mod tests {
    use tagsight_protocol::{Reply, Request};

    use super::super::Command;
    use super::super::tests::{list, load, new, start};
    use super::*;

    fn explain(command: Option<Command>) -> u32 {
        let Some(Command::Send(Request::Explain { id, label: 0 })) = command else {
            panic!("the worker is not asked: {command:?}");
        };
        id
    }

    fn explained(id: u32) -> Reply {
        let explanation = Explanation { columns: 1, shares: vec![7], ..Explanation::default() };
        Reply::Explained { id, outcome: Ok(explanation), wasm_bytes: 1 << 20 }
    }

    fn stage(session: &Session) -> Option<&Stage> {
        session.question.as_ref().map(|question| &question.stage)
    }

    #[test]
    fn a_question_goes_before_photos_that_wait_and_only_the_last_is_answered() {
        let mut session = new();
        list(&mut session);
        start(&mut session);
        session.add("a.jpg".into(), 1);
        session.question(1, "dog".into(), true);
        let first = explain(session.next_command());
        assert!(matches!(session.next_command(), Some(Command::Send(Request::Tag { .. }))));
        session.question(1, "dog".into(), true);
        let second = explain(session.next_command());
        session.reply(explained(first));
        assert_eq!(stage(&session), Some(&Stage::Asked));
        session.reply(explained(second));
        assert!(matches!(stage(&session), Some(Stage::Answered(_))));
    }

    #[test]
    fn a_question_waits_for_the_file_and_the_model() {
        let mut session = new();
        list(&mut session);
        session.question(1, "dog".into(), false);
        start(&mut session);
        // Its file has to come, and not another one's.
        session.file_came(2);
        assert_eq!((session.next_command(), stage(&session)), (None, Some(&Stage::NoFile)));
        session.file_came(1);
        explain(session.next_command());
        // Another worker does not know of it.
        session.switch_model("resnet50".into());
        load(&mut session, "resnet50");
        explain(session.next_command());
        session.crashed(String::new());
        assert_eq!(stage(&session), Some(&Stage::Failed(PhotoProblem::Crashed)));
    }

    #[test]
    fn a_question_about_a_label_of_another_model_is_dropped() {
        let mut session = new();
        list(&mut session);
        session.question(1, "unicorn".into(), true);
        start(&mut session);
        assert_eq!((session.next_command(), stage(&session)), (None, None));
    }
}
