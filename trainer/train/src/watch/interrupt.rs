//! Ctrl-C: the first one asks the run to save its place and stop, the second one ends it at once.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

/// What shells give a program that SIGINT ended: 128 + 2.
pub const EXIT_CODE: u8 = 130;

/// Nothing can be saved: what was done so far is to be done again.
const IDLE: u8 = 0;
/// Steps are fitted, which can be stopped between two of them.
const STOPPABLE: u8 = 1;
/// Stopping was asked for.
const ASKED: u8 = 2;

/// Whether a run is to stop; clones share it.
#[derive(Debug, Clone)]
pub struct Interrupt {
    state: Arc<AtomicU8>,
    /// It asks by itself after so many more steps.
    steps_left: Arc<AtomicUsize>,
}

impl Default for Interrupt {
    /// One that never comes.
    fn default() -> Self {
        Self { state: Arc::new(IDLE.into()), steps_left: Arc::new(usize::MAX.into()) }
    }
}

impl Interrupt {
    /// An interrupt that SIGINT asks for. Where a run cannot stop (before its first step), or if it
    /// was asked already, SIGINT ends the process.
    ///
    /// # Errors
    /// If the signal is handled by somebody else.
    pub fn on_ctrl_c() -> Result<Self, ctrlc::Error> {
        let interrupt = Self::default();
        let handled = interrupt.clone();
        ctrlc::set_handler(move || {
            if handled.ask() {
                eprintln!("stopping after this step; Ctrl-C again ends at once");
            } else {
                process::exit(i32::from(EXIT_CODE));
            }
        })?;
        Ok(interrupt)
    }

    /// An interrupt that comes after `steps` steps.
    pub fn after_steps(steps: usize) -> Self {
        Self { steps_left: Arc::new(steps.into()), ..Self::default() }
    }

    /// From now on the run looks at [`Self::is_asked`] between its steps.
    pub(crate) fn allow(&self) {
        self.state.store(STOPPABLE, Ordering::SeqCst);
    }

    /// Whether to stop; to be called once before each step.
    pub(crate) fn is_asked(&self) -> bool {
        let one_less = |left: usize| left.checked_sub(1);
        let (order, state) = (Ordering::SeqCst, self.state.load(Ordering::SeqCst));
        self.steps_left.fetch_update(order, order, one_less).is_err() || state == ASKED
    }

    /// Asks the run to stop; false if it cannot, or was asked before.
    fn ask(&self) -> bool {
        let (order, from) = (Ordering::SeqCst, STOPPABLE);
        self.state.compare_exchange(from, ASKED, order, order).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_question_during_the_steps_stops_the_run() {
        let interrupt = Interrupt::default();
        assert!(!interrupt.ask() && !interrupt.is_asked(), "nothing runs yet");
        interrupt.allow();
        assert!(!interrupt.is_asked());
        assert!(interrupt.clone().ask(), "the handler's clone asks");
        assert!(interrupt.is_asked());
        assert!(!interrupt.ask(), "the second one ends the process");
    }

    #[test]
    fn an_interrupt_can_come_by_itself() {
        let interrupt = Interrupt::after_steps(2);
        assert_eq!([(); 4].map(|()| interrupt.is_asked()), [false, false, true, true]);
    }
}
