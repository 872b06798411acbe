//! A number that threads wait for: they look at it for a moment, and then sleep.
//!
//! Between two layers of a photo pass microseconds, for which putting a thread to sleep and waking it
//! would take too long; between two photos may pass hours.

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often a thread looks before it sleeps: some 20 µs. WebAssembly has no instruction that makes
/// looking slow.
const LOOKS: u32 = if cfg!(target_family = "wasm") { 20_000 } else { 1_000 };
/// A thread sleeps at most so long before it looks again. A device that was put to sleep itself uses
/// up no more than one of these, however long that was.
const SLEEP: Duration = Duration::from_secs(1);

/// A number, and those who wait for it. Who sees a change sees what was written before it.
#[derive(Debug, Default)]
pub(super) struct Signal {
    value: AtomicU32,
    sleepers: AtomicU32,
    lock: Mutex<()>,
    changed: Condvar,
}

impl Signal {
    /// Puts another number there.
    pub(super) fn set(&self, value: u32) {
        self.value.store(value, SeqCst);
        self.wake();
    }

    /// Adds one.
    pub(super) fn raise(&self) {
        self.value.fetch_add(1, SeqCst);
        self.wake();
    }

    /// Takes one away.
    pub(super) fn lower(&self) {
        self.value.fetch_sub(1, SeqCst);
        self.wake();
    }

    /// Wakes who sleeps, after a change.
    fn wake(&self) {
        // In the one order of these operations either the sleeper counted itself before, or it sees
        // the change. Taking the lock waits for one that is between looking and sleeping.
        if self.sleepers.load(SeqCst) > 0 {
            drop(self.locked());
            self.changed.notify_all();
        }
    }

    /// Waits until the number is as `is_wanted` says, and gives it; nothing if it is not after
    /// `sleeps` seconds.
    pub(super) fn wait(&self, is_wanted: impl Fn(u32) -> bool, sleeps: u32) -> Option<u32> {
        let look = || Some(self.value.load(SeqCst)).filter(|&value| is_wanted(value));
        for _ in 0..LOOKS {
            if let Some(value) = look() {
                return Some(value);
            }
            hint::spin_loop();
        }
        self.sleepers.fetch_add(1, SeqCst);
        let value = self.sleep(look, sleeps);
        self.sleepers.fetch_sub(1, SeqCst);
        value
    }

    fn sleep(&self, look: impl Fn() -> Option<u32>, sleeps: u32) -> Option<u32> {
        let mut locked = self.locked();
        let mut left = sleeps;
        loop {
            if let Some(value) = look() {
                return Some(value);
            }
            if left == 0 {
                return None;
            }
            let woken = self.changed.wait_timeout(locked, SLEEP);
            let (again, woken) = woken.unwrap_or_else(PoisonError::into_inner);
            locked = again;
            // Who may wait for ever counts nothing.
            if woken.timed_out() && left < u32::MAX {
                left -= 1;
            }
        }
    }

    /// The lock guards no value, so a panic leaves nothing half done.
    fn locked(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn who_looks_and_who_sleeps_see_the_change() {
        for pause in [0, 50] {
            let signal = Signal::default();
            thread::scope(|scope| {
                let waiting = scope.spawn(|| signal.wait(|value| value == 7, 60));
                thread::sleep(Duration::from_millis(pause));
                signal.set(7);
                assert_eq!(waiting.join().unwrap(), Some(7));
            });
            assert_eq!(signal.sleepers.load(SeqCst), 0);
        }
    }

    #[test]
    fn patience_ends() {
        assert_eq!(Signal::default().wait(|value| value == 1, 0), None);
    }
}
