//! Carries out tasks that wait for one another, some at a time.
//!
//! Compiling keeps all cores busy but for its ends, and a test in a browser mostly one: side by side
//! they fill a machine. Two compilations at a time would only wait for each other, so there is one.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What has to be done.
pub(crate) struct Task<'a> {
    /// The numbers of the tasks that must have ended well before.
    pub(crate) after: Vec<usize>,
    /// What may run beside it.
    pub(crate) beside: Beside,
    /// Says whether it ended well.
    pub(crate) work: Box<dyn FnOnce() -> bool + Send + 'a>,
}

/// What may run beside a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Whatever there is.
    Anything,
    /// Whatever does not compile, as the task does itself.
    NoCompiler,
    /// Nothing, since it measures how long something takes.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Running,
    EndedWell,
    /// Or not begun, since something before it was not done.
    NotDone,
}

struct Board<'a> {
    tasks: Vec<Task<'a>>,
    states: Vec<State>,
}

/// Carries out `tasks`, at most `hands` at a time; where there is a choice, those that compile first
/// and then earlier ones. What waits for a task that did not end well is not begun.
pub(crate) fn carry_out(tasks: Vec<Task>, hands: usize) {
    let states = vec![State::Waiting; tasks.len()];
    let (board, changed) = (Mutex::new(Board { tasks, states }), Condvar::new());
    thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| hand(&board, &changed));
        }
    });
}

fn hand(board: &Mutex<Board>, changed: &Condvar) {
    let mut held = lock(board);
    loop {
        held.give_up_the_hopeless();
        if let Some((number, work)) = held.take() {
            drop(held);
            // A task that panics has failed; whoever waits for it must not wait forever.
            let ended_well = panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(false);
            held = lock(board);
            held.states[number] = if ended_well { State::EndedWell } else { State::NotDone };
            changed.notify_all();
        } else if held.states.contains(&State::Waiting) {
            held = changed.wait(held).unwrap_or_else(PoisonError::into_inner);
        } else {
            return;
        }
    }
}

fn lock<'m, 'a>(board: &'m Mutex<Board<'a>>) -> MutexGuard<'m, Board<'a>> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Board<'a> {
    /// The first task that may begin now, as running. Those that compile come first, since others
    /// wait for them.
    fn take(&mut self) -> Option<(usize, Box<dyn FnOnce() -> bool + Send + 'a>)> {
        let ready = (0..self.tasks.len()).filter(|&number| {
            let task = &self.tasks[number];
            self.states[number] == State::Waiting
                && task.after.iter().all(|&before| self.states[before] == State::EndedWell)
                && self.running().all(|running| may_run_together(task.beside, running))
        });
        let compiles = |number: usize| self.tasks[number].beside == Beside::NoCompiler;
        let number = ready.min_by_key(|&number| (!compiles(number), number))?;
        self.states[number] = State::Running;
        let work = std::mem::replace(&mut self.tasks[number].work, Box::new(|| true));
        Some((number, work))
    }

    /// Tasks come after those that they wait for, so one pass is enough.
    fn give_up_the_hopeless(&mut self) {
        for number in 0..self.tasks.len() {
            let hopeless = self.tasks[number]
                .after
                .iter()
                .any(|&before| self.states[before] == State::NotDone);
            if hopeless && self.states[number] == State::Waiting {
                self.states[number] = State::NotDone;
            }
        }
    }

    fn running(&self) -> impl Iterator<Item = Beside> {
        let tasks = self.tasks.iter().zip(&self.states);
        tasks.filter(|(_, state)| **state == State::Running).map(|(task, _)| task.beside)
    }
}

fn may_run_together(one: Beside, other: Beside) -> bool {
    let both = [one, other];
    !both.contains(&Beside::Nothing) && both != [Beside::NoCompiler; 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Carries out tasks that note when they begin; gives the notes.
    fn noted(plan: &[(&[usize], bool, bool)], hands: usize) -> Vec<usize> {
        let notes = Mutex::new(Vec::new());
        let task = |(number, &(after, compiles, ends_well)): (usize, &(&[usize], bool, bool))| {
            let notes = &notes;
            let work = Box::new(move || {
                notes.lock().unwrap().push(number);
                ends_well
            });
            let beside = if compiles { Beside::NoCompiler } else { Beside::Anything };
            Task { after: after.to_vec(), beside, work }
        };
        carry_out(plan.iter().enumerate().map(task).collect(), hands);
        notes.into_inner().unwrap()
    }

    #[test]
    fn one_hand_compiles_first_and_otherwise_keeps_the_order() {
        let plan: [(&[usize], bool, bool); 4] =
            [(&[], true, true), (&[0], false, true), (&[], true, true), (&[], false, true)];
        assert_eq!(noted(&plan, 1), [0, 2, 1, 3]);
    }

    #[test]
    fn what_waits_for_a_failure_is_not_begun() {
        let plan: [(&[usize], bool, bool); 4] =
            [(&[], true, false), (&[0], false, true), (&[1], false, true), (&[], false, true)];
        for hands in [1, 2, 3] {
            assert_eq!(noted(&plan, hands), [0, 3], "{hands} hands");
        }
    }

    #[test]
    fn a_panic_is_a_failure_and_no_reason_to_wait_forever() {
        let task = |after: &[usize], work: Box<dyn FnOnce() -> bool + Send>| Task {
            after: after.to_vec(),
            beside: Beside::Anything,
            work,
        };
        let panics = Box::new(|| panic!("made by the test"));
        let begun = Box::new(|| unreachable!("what it waits for has failed"));
        carry_out(vec![task(&[], panics), task(&[0], begun)], 2);
    }

    #[test]
    fn one_compiles_while_another_runs() {
        let (compiling, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        // The second task ends only when the first one sees it running.
        let meet = std::sync::Barrier::new(2);
        let compile = |meets: bool| {
            let (compiling, most, meet) = (&compiling, &most, &meet);
            let work = Box::new(move || {
                most.fetch_max(compiling.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                if meets {
                    meet.wait();
                }
                compiling.fetch_sub(1, Ordering::SeqCst);
                true
            });
            Task { after: Vec::new(), beside: Beside::NoCompiler, work }
        };
        let run = Box::new(|| {
            meet.wait();
            true
        });
        let run = Task { after: Vec::new(), beside: Beside::Anything, work: run };
        carry_out(vec![compile(true), compile(false), run, compile(false)], 3);
        assert_eq!(most.into_inner(), 1, "compilations at a time");
    }

    #[test]
    fn what_has_to_be_alone_is() {
        let (running, crowded) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let task = |alone: bool| {
            let (running, crowded) = (&running, &crowded);
            let work = Box::new(move || {
                running.fetch_add(1, Ordering::SeqCst);
                thread::sleep(std::time::Duration::from_millis(20));
                if alone {
                    crowded.fetch_max(running.load(Ordering::SeqCst), Ordering::SeqCst);
                }
                running.fetch_sub(1, Ordering::SeqCst);
                true
            });
            let beside = if alone { Beside::Nothing } else { Beside::Anything };
            Task { after: Vec::new(), beside, work }
        };
        carry_out(vec![task(false), task(true), task(false), task(true), task(false)], 3);
        assert_eq!(crowded.into_inner(), 1, "tasks at a time");
    }
}
