//! Workers that run the same module on the same memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

use js_sys::Promise;
use tagsight_core::Threads;
use tagsight_core::threads::{Member, Team};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Places in the team that no thread has taken yet.
static PLACES: Mutex<Vec<Member>> = Mutex::new(Vec::new());

#[wasm_bindgen(raw_module = "./threads.js")]
extern "C" {
    #[wasm_bindgen(js_name = startThreads)]
    fn start_threads(count: u32, module: &JsValue, memory: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = serveThreads)]
    fn serve_threads();
}

/// Threads that are being started.
pub(crate) struct Starting(Option<JsFuture>);

impl Starting {
    /// Starts as many as make `threads` with the one that asks.
    pub(crate) fn begin(threads: u32) -> Self {
        let others = threads.saturating_sub(1);
        Self((others > 0).then(|| {
            start_threads(others, &wasm_bindgen::module(), &wasm_bindgen::memory()).into()
        }))
    }

    /// Those that could be started, with the one that asks.
    pub(crate) async fn team(self) -> Threads {
        let Some(started) = self.0 else { return Threads::One };
        let started = started.await.ok().and_then(|count| count.as_f64());
        let (team, members) = Team::new(started.unwrap_or_default() as usize);
        places().extend(members);
        serve_threads();
        team.into()
    }
}

/// Takes a place in the team, until there is no team; called in each of the other threads.
#[expect(unreachable_pub, reason = "what is exported has to be public")]
#[wasm_bindgen]
pub fn serve() {
    let place = places().pop();
    if let Some(member) = place {
        member.serve();
    }
}

fn places() -> MutexGuard<'static, Vec<Member>> {
    PLACES.lock().unwrap_or_else(PoisonError::into_inner)
}
