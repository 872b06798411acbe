//! Threads that wait for work: the one that owns the team, and its members.
//!
//! Nothing here starts a thread, as that is done in one way natively and in another in a browser, where
//! each is a worker. Whoever starts one has it [serve](Member::serve). Handing out work allocates
//! nothing.

use std::cell::UnsafeCell;
use std::mem;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use super::crew::Crew;
use super::signal::Signal;

/// Seconds for which a share is waited for. A panic is heard of at once; but a trap in a browser ends
/// a thread without a word.
const PATIENCE: u32 = 30;
/// A member waits for work as long as there may be any.
const FOR_EVER: u32 = u32::MAX;

/// What is done, with a thread's number.
type Work<'a> = dyn Fn(usize) + Sync + 'a;

/// Some threads, of which its owner is one. The others go when it does.
#[derive(Debug)]
pub struct Team {
    shared: Arc<Shared>,
    members: u32,
}

/// A thread of a team, but for its owner's.
#[derive(Debug)]
pub struct Member {
    shared: Arc<Shared>,
    /// From 1 on; the owner has 0.
    number: usize,
}

#[derive(Debug, Default)]
struct Shared {
    /// None when the team is gone.
    work: UnsafeCell<Option<*const Work<'static>>>,
    /// How often work was begun.
    begun: Signal,
    /// Members that are at it.
    busy: Signal,
    has_panicked: AtomicBool,
}

// SAFETY: all but `work` is. That is written by the owner alone, while no member is busy, and read by a
// member only from when it sees that work was begun until it says that it is done; both go through a
// signal, which orders them. What it points to is `Sync`.
unsafe impl Sync for Shared {}
// SAFETY: a pointer may go to another thread; what is done with it there, see above.
unsafe impl Send for Shared {}

impl Team {
    /// A team of the thread that hands out work and so many members.
    pub fn new(members: usize) -> (Self, Vec<Member>) {
        let shared = Arc::new(Shared::default());
        let member = |number| Member { shared: shared.clone(), number };
        let all = (1..=members).map(member).collect();
        let members = u32::try_from(members).expect("threads are few");
        (Self { shared, members }, all)
    }
}

impl Crew for Team {
    fn count(&self) -> usize {
        self.members as usize + 1
    }

    fn each(&mut self, work: &Work<'_>) {
        let shared = &*self.shared;
        assert!(!shared.has_panicked.load(SeqCst), "a team's thread panicked");
        // SAFETY: only the lifetime changes. Nobody calls it after this function, which does not end,
        // not even by a panic, before `Finish` has waited for all members.
        let longer = unsafe { mem::transmute::<*const Work<'_>, *const Work<'static>>(work) };
        // SAFETY: no member is busy, so none reads this.
        unsafe { *shared.work.get() = Some(longer) };
        shared.busy.set(self.members);
        shared.begun.raise();
        let finish = Finish(shared);
        work(0);
        drop(finish);
        assert!(!shared.has_panicked.load(SeqCst), "a team's thread panicked");
    }
}

/// The members go home.
impl Drop for Team {
    fn drop(&mut self) {
        // SAFETY: no member is busy, so none reads this.
        unsafe { *self.shared.work.get() = None };
        self.shared.begun.raise();
    }
}

/// Waits, when it goes, until no member is at work.
struct Finish<'a>(&'a Shared);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        if self.0.busy.wait(|busy| busy == 0, PATIENCE).is_none() {
            // Its share may still be written to, so nothing may go on.
            process::abort();
        }
    }
}

impl Member {
    /// Does its share of the team's work until the team is gone.
    pub fn serve(self) {
        let Self { shared, number } = self;
        let mut seen = 0;
        loop {
            // A number can only be missed by someone who is busy, and then it does not change.
            seen = shared.begun.wait(|begun| begun != seen, FOR_EVER).expect("for ever");
            // SAFETY: this member is busy from here on, or the team is gone; either way nobody writes.
            let Some(work) = (unsafe { *shared.work.get() }) else { return };
            let done = Done(&shared);
            // SAFETY: the owner waits for `done` before what this points to can go.
            unsafe { (*work)(number) };
            drop(done);
        }
    }
}

/// Says, when it goes, that a member is done with its share.
struct Done<'a>(&'a Shared);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.has_panicked.store(true, SeqCst);
        }
        self.0.busy.lower();
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::AtomicUsize;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn every_thread_does_its_share_of_everything() {
        for members in 0..4 {
            let (mut team, all) = Team::new(members);
            thread::scope(|scope| {
                for member in all {
                    scope.spawn(|| member.serve());
                }
                for round in 0..1000 {
                    if round % 250 == 0 {
                        // Long enough for all to fall asleep.
                        thread::sleep(Duration::from_millis(5));
                    }
                    let calls: [AtomicUsize; 4] = Default::default();
                    team.each(&|number| {
                        calls[number].fetch_add(1, SeqCst);
                    });
                    let calls = calls.map(AtomicUsize::into_inner);
                    assert_eq!(calls, std::array::from_fn(|n| usize::from(n <= members)));
                }
                // Or the scope would not end.
                drop(team);
            });
        }
    }

    #[test]
    fn members_may_come_late() {
        let (mut team, all) = Team::new(2);
        let sum = AtomicUsize::new(0);
        thread::scope(|scope| {
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(20));
                thread::scope(|scope| {
                    for member in all {
                        scope.spawn(|| member.serve());
                    }
                });
            });
            team.each(&|number| {
                sum.fetch_add(number, SeqCst);
            });
            drop(team);
        });
        assert_eq!(sum.into_inner(), 3);
    }

    #[test]
    fn a_panic_of_any_thread_is_the_owners() {
        for panics in 0..2 {
            let (mut team, all) = Team::new(1);
            let done = AtomicUsize::new(0);
            thread::scope(|scope| {
                for member in all {
                    scope.spawn(|| catch_unwind(AssertUnwindSafe(|| member.serve())));
                }
                let outcome = catch_unwind(AssertUnwindSafe(|| {
                    team.each(&|number| {
                        assert_ne!(number, panics, "on purpose");
                        done.fetch_add(1, SeqCst);
                    });
                }));
                assert!(outcome.is_err());
                assert_eq!(done.load(SeqCst), 1, "the other one's share was done");
                drop(team);
            });
        }
    }
}
