//! Where the graphics processor stands, from being asked for to tagging photos or being refused: events
//! in, effects out, and nothing of the browser.
//!
//! An effect is something to do. Whoever does it says what came of it with the next event, and what is
//! heard of a device that has been given up meanwhile leads to nothing. [`verdict`] has the rules.

use tagsight_protocol::{Backend, GpuUse, Merit, Obstacle, Race, Runs};

use crate::verdict::{self, Maker};

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// There is a model, and the graphics processor may run it.
    Wanted(GpuUse),
    /// A device is there.
    Opened(Maker),
    /// Its network computes what the processor's does.
    Verified,
    /// Both computed the same image.
    Raced(Race),
    /// It is known what there is to measure.
    Planned(Kernels),
    /// A kernel was measured.
    Measured(Rest),
    /// The network has the kernels that were measured, or the former ones if those are faster.
    Adopted,
    /// What was begun last did not come to its end.
    Failed(Obstacle),
    /// So did a photo, on the device of this number.
    PhotoFailed(u32, Obstacle),
}

/// What is known of the kernels that suit a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kernels {
    /// Some are guessed, and can be measured.
    Guessed,
    /// As much as can be.
    Known,
}

/// What is left to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Some, and there is time for it.
    More,
    /// Nothing that there is time for.
    Nothing,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// Ask for a device; leads to [`Event::Opened`].
    Open,
    /// Build the network on it and have it compute a known image; leads to [`Event::Verified`].
    Verify,
    /// Have both compute the known image by the clock; leads to [`Event::Raced`].
    Race,
    /// Find out what there is to measure; leads to [`Event::Planned`].
    Plan,
    /// Measure kernel by kernel while photos are tagged; each leads to [`Event::Measured`].
    Tune,
    /// Build the network anew from what was measured; leads to [`Event::Adopted`].
    Adopt,
    /// Tell the page.
    Tell(Runs),
    /// Give the device back, with all that is on it.
    Close,
    /// No other device will be asked for.
    Forget,
}

/// Who tags photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tagging {
    Processor,
    Graphics,
}

/// What was decided before it is known what there is to measure.
#[derive(Debug, PartialEq)]
enum Decision {
    /// The graphics processor tags; whether it does so again.
    Accepted(Merit, bool),
    /// It may with other kernels.
    Behind(Obstacle),
}

#[derive(Debug, PartialEq)]
enum State {
    /// Nobody wants it.
    Absent,
    /// A device is asked for.
    Opening,
    /// Its network is built and compared.
    Verifying,
    /// Its network races the processor's; who tagged until then.
    Racing(Tagging),
    /// It is found out what there is to measure.
    Planning(Decision),
    /// Kernels are measured; who tags meanwhile.
    Tuning(Tagging),
    /// What was measured is put to use.
    Adopting(Tagging),
    /// It tags, and nothing more is tried.
    Ready,
    /// It does not, for good.
    Refused,
}

/// The graphics processor, over all devices that there were.
#[derive(Debug)]
pub(crate) struct Graphics {
    /// What tags beside it.
    processor: Backend,
    wish: GpuUse,
    state: State,
    /// How many devices were given up, and how many of them because they went away.
    number: u32,
    losses: u32,
    /// Whether any of them ever tagged.
    has_tagged: bool,
    /// Whether kernels were, or are, measured; that happens once.
    is_measured: bool,
}

impl Graphics {
    /// Not wanted yet; `processor` tags.
    pub(crate) fn new(processor: Backend) -> Self {
        Self {
            processor,
            wish: GpuUse::Never,
            state: State::Absent,
            number: 0,
            losses: 0,
            has_tagged: false,
            is_measured: false,
        }
    }

    /// The number of the device that photos go to, if they do.
    pub(crate) fn device(&self) -> Option<u32> {
        let tagging = match &self.state {
            State::Ready | State::Planning(Decision::Accepted(..)) => Tagging::Graphics,
            State::Racing(tagging) | State::Tuning(tagging) | State::Adopting(tagging) => *tagging,
            State::Planning(Decision::Behind(_))
            | State::Absent
            | State::Opening
            | State::Verifying
            | State::Refused => Tagging::Processor,
        };
        (tagging == Tagging::Graphics).then_some(self.number)
    }

    /// Whether kernels are being measured.
    pub(crate) fn is_tuning(&self) -> bool {
        matches!(self.state, State::Tuning(_))
    }

    /// Whether the worker is not ready: the graphics processor was asked for, and it is open whether the
    /// first device will tag.
    pub(crate) fn holds_up(&self) -> bool {
        let is_open = matches!(
            self.state,
            State::Opening | State::Verifying | State::Racing(_) | State::Planning(_)
        );
        self.wish == GpuUse::Always && self.number == 0 && is_open
    }

    /// What is to be done next.
    pub(crate) fn on(&mut self, event: Event) -> Vec<Effect> {
        if let Event::PhotoFailed(device, obstacle) = event {
            let is_its = self.device() == Some(device);
            return if is_its { self.give_up(obstacle) } else { Vec::new() };
        }
        match (std::mem::replace(&mut self.state, State::Absent), event) {
            (State::Absent, Event::Wanted(wish @ (GpuUse::IfFaster | GpuUse::Always))) => {
                self.wish = wish;
                self.enter(State::Opening, Effect::Open)
            }
            (State::Opening, Event::Opened(maker)) => match verdict::admit(self.wish, maker) {
                Ok(()) => self.enter(State::Verifying, Effect::Verify),
                Err(obstacle) => self.give_up(obstacle),
            },
            (State::Verifying, Event::Verified) => self.judge(Tagging::Processor),
            (State::Racing(before), Event::Raced(race)) => self.decide(before, verdict::race(race)),
            (State::Racing(before), Event::Failed(obstacle)) => self.decide(before, Err(obstacle)),
            (State::Planning(decision), Event::Planned(kernels)) => self.planned(decision, kernels),
            // A device that cannot be measured shows at the next photo why.
            (State::Planning(decision), Event::Failed(_)) => self.planned(decision, Kernels::Known),
            (State::Tuning(tagging), Event::Measured(Rest::Nothing)) => {
                self.enter(State::Adopting(tagging), Effect::Adopt)
            }
            (State::Adopting(before), Event::Adopted) => self.judge(before),
            // Kernels that cannot be used are not; the guessed ones were seen to compute right.
            (State::Adopting(before), Event::Failed(obstacle)) if !is_loss(&obstacle) => {
                self.judge(before)
            }
            (
                State::Opening | State::Verifying | State::Tuning(_) | State::Adopting(_),
                Event::Failed(obstacle),
            ) => self.give_up(obstacle),
            (state, _) => {
                self.state = state;
                Vec::new()
            }
        }
    }

    fn enter(&mut self, state: State, effect: Effect) -> Vec<Effect> {
        self.state = state;
        vec![effect]
    }

    /// Has the graphics processor race, unless it need not.
    fn judge(&mut self, before: Tagging) -> Vec<Effect> {
        let has_won = self.is_back(before) && self.has_tagged;
        if self.wish == GpuUse::IfFaster && !has_won {
            return self.enter(State::Racing(before), Effect::Race);
        }
        self.decide(before, Ok(Merit::Checked))
    }

    /// Whether it comes back after it had gone, by who tagged before.
    fn is_back(&self, before: Tagging) -> bool {
        self.losses > 0 && before == Tagging::Processor
    }

    fn decide(&mut self, before: Tagging, merit: Result<Merit, Obstacle>) -> Vec<Effect> {
        self.has_tagged |= merit.is_ok();
        let decision = match merit {
            Ok(merit) => Decision::Accepted(merit, self.is_back(before)),
            Err(obstacle) if verdict::may_end_with_tuning(&obstacle) => Decision::Behind(obstacle),
            Err(obstacle) => return self.give_up(obstacle),
        };
        if std::mem::replace(&mut self.is_measured, true) {
            return self.planned(decision, Kernels::Known);
        }
        // The processor tags until it is known which kernels suit the device.
        self.enter(State::Planning(decision), Effect::Plan)
    }

    fn planned(&mut self, decision: Decision, kernels: Kernels) -> Vec<Effect> {
        let is_settled = kernels == Kernels::Known;
        match decision {
            Decision::Accepted(merit, is_back) => {
                let runs = Effect::Tell(verdict::accepted(merit, is_back, is_settled));
                match kernels {
                    Kernels::Known => self.enter(State::Ready, runs),
                    Kernels::Guessed => {
                        self.state = State::Tuning(Tagging::Graphics);
                        vec![runs, Effect::Tune]
                    }
                }
            }
            Decision::Behind(obstacle) => match kernels {
                Kernels::Known => self.give_up(obstacle),
                Kernels::Guessed => self.enter(State::Tuning(Tagging::Processor), Effect::Tune),
            },
        }
    }

    /// Goes on with the processor; if the device was lost, with a new one later.
    fn give_up(&mut self, obstacle: Obstacle) -> Vec<Effect> {
        self.number += 1;
        self.losses += u32::from(is_loss(&obstacle));
        let retries = verdict::is_worth_another_try(&obstacle, self.losses);
        let runs = verdict::refused(self.processor, obstacle, self.wish, retries);
        let (state, next) = match retries {
            true => (State::Opening, Effect::Open),
            false => (State::Refused, Effect::Forget),
        };
        self.state = state;
        vec![Effect::Close, Effect::Tell(runs), next]
    }
}

fn is_loss(obstacle: &Obstacle) -> bool {
    matches!(obstacle, Obstacle::Lost(_))
}

#[cfg(test)]
mod tests {
    use tagsight_protocol::Why;

    use super::*;

    const FASTER: Race = Race { gpu: 4.0, processor: 10.0 };
    const BEHIND: Race = Race { gpu: 15.0, processor: 10.0 };
    const FAR_BEHIND: Race = Race { gpu: 99.0, processor: 10.0 };

    fn lost() -> Obstacle {
        Obstacle::Lost("reset".into())
    }

    fn fault() -> Obstacle {
        Obstacle::Fault("wrong".into())
    }

    /// What is left after these events, each of which led to something, and what the last one led to.
    fn after(events: &[Event]) -> (Graphics, Vec<Effect>) {
        let mut graphics = Graphics::new(Backend::WasmSimd);
        let mut effects = Vec::new();
        for event in events {
            effects = graphics.on(event.clone());
            assert!(!effects.is_empty(), "{event:?} of {events:?} led to nothing");
        }
        (graphics, effects)
    }

    /// The way to the first race.
    fn verified(wish: GpuUse) -> Vec<Event> {
        vec![Event::Wanted(wish), Event::Opened(Maker::Hardware), Event::Verified]
    }

    /// The same and on, for who only wants it if it is faster.
    fn on_to(rest: &[Event]) -> Vec<Event> {
        [verified(GpuUse::IfFaster), rest.to_vec()].concat()
    }

    fn accepted(merit: Merit, is_settled: bool) -> Effect {
        Effect::Tell(verdict::accepted(merit, false, is_settled))
    }

    /// What is told in the end, if the device is given up for good.
    fn refusal(effects: &[Effect]) -> &Obstacle {
        match effects {
            [
                Effect::Close,
                Effect::Tell(Runs { why: Why::Refused(obstacle), .. }),
                Effect::Forget,
            ] => obstacle,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_step_leads_to_the_next_until_it_tags() {
        let merit = Merit::Faster(FASTER);
        let steps = [
            (Event::Wanted(GpuUse::IfFaster), vec![Effect::Open], None),
            (Event::Opened(Maker::Hardware), vec![Effect::Verify], None),
            (Event::Verified, vec![Effect::Race], None),
            (Event::Raced(FASTER), vec![Effect::Plan], Some(0)),
            (Event::Planned(Kernels::Guessed), vec![accepted(merit, false), Effect::Tune], Some(0)),
            (Event::Measured(Rest::More), vec![], Some(0)),
            (Event::Measured(Rest::Nothing), vec![Effect::Adopt], Some(0)),
            (Event::Adopted, vec![Effect::Race], Some(0)),
            (Event::Raced(FASTER), vec![accepted(merit, true)], Some(0)),
        ];
        let mut graphics = Graphics::new(Backend::WasmSimd);
        for (event, effects, device) in steps {
            assert_eq!(graphics.on(event.clone()), effects, "{event:?}");
            assert_eq!(graphics.device(), device, "{event:?}");
            assert!(!graphics.holds_up(), "{event:?}");
        }
        assert_eq!(graphics.state, State::Ready);
    }

    #[test]
    fn whom_nobody_wants_is_not_asked_for() {
        let mut graphics = Graphics::new(Backend::WasmSimd);
        assert_eq!(graphics.on(Event::Wanted(GpuUse::Never)), []);
        assert_eq!((graphics.device(), graphics.holds_up()), (None, false));
    }

    #[test]
    fn who_is_chosen_by_hand_need_not_race_and_is_waited_for() {
        let mut graphics = Graphics::new(Backend::WasmSimd);
        for event in verified(GpuUse::Always) {
            graphics.on(event);
            assert!(graphics.holds_up());
        }
        let told = graphics.on(Event::Planned(Kernels::Known));
        assert_eq!(told, [accepted(Merit::Checked, true)]);
        assert_eq!((graphics.device(), graphics.holds_up()), (Some(0), false));
        // Another device is not waited for.
        graphics.on(Event::PhotoFailed(0, lost()));
        assert_eq!((&graphics.state, graphics.holds_up()), (&State::Opening, false));
        let (refused, _) = after(&[Event::Wanted(GpuUse::Always), Event::Failed(fault())]);
        assert!(!refused.holds_up());
    }

    #[test]
    fn whatever_fails_on_the_way_is_told_and_ends_it() {
        let wanted = Event::Wanted(GpuUse::IfFaster);
        let opened = Event::Opened(Maker::Hardware);
        let cases = [
            (vec![wanted.clone(), Event::Failed(Obstacle::Absent)], Obstacle::Absent),
            (vec![wanted.clone(), Event::Opened(Maker::Software)], Obstacle::Software),
            (vec![wanted, opened, Event::Failed(fault())], fault()),
            (on_to(&[Event::Failed(fault())]), fault()),
            (on_to(&[Event::Raced(FAR_BEHIND)]), Obstacle::Slower(FAR_BEHIND)),
            (on_to(&[Event::Raced(FASTER), Event::PhotoFailed(0, fault())]), fault()),
        ];
        for (events, obstacle) in cases {
            let (mut graphics, effects) = after(&events);
            assert_eq!(refusal(&effects), &obstacle);
            assert_eq!((graphics.device(), &graphics.state), (None, &State::Refused));
            for event in on_to(&[Event::Failed(lost())]) {
                assert_eq!(graphics.on(event), [], "it is over");
            }
        }
    }

    #[test]
    fn who_is_narrowly_behind_races_again_with_measured_kernels() {
        let tuned = [
            Event::Raced(BEHIND),
            Event::Planned(Kernels::Guessed),
            Event::Measured(Rest::Nothing),
            Event::Adopted,
        ];
        let (graphics, effects) = after(&on_to(&tuned[..2]));
        assert_eq!((effects, graphics.device()), (vec![Effect::Tune], None));
        assert!(graphics.is_tuning());
        let again = |race| after(&[on_to(&tuned), vec![Event::Raced(race)]].concat());
        let (graphics, effects) = again(FASTER);
        assert_eq!(effects, [accepted(Merit::Faster(FASTER), true)]);
        assert_eq!(graphics.device(), Some(0));
        assert_eq!(refusal(&again(BEHIND).1), &Obstacle::Slower(BEHIND));
        // Where there is nothing to measure, that was it.
        let (_, effects) = after(&on_to(&[Event::Raced(BEHIND), Event::Planned(Kernels::Known)]));
        assert_eq!(refusal(&effects), &Obstacle::Slower(BEHIND));
    }

    #[test]
    fn kernels_that_cannot_be_measured_or_used_stay_as_they_are() {
        let (graphics, effects) = after(&on_to(&[Event::Raced(FASTER), Event::Failed(fault())]));
        assert_eq!(effects, [accepted(Merit::Faster(FASTER), true)]);
        assert_eq!(graphics.state, State::Ready);
        let adopting = on_to(&[
            Event::Raced(FASTER),
            Event::Planned(Kernels::Guessed),
            Event::Measured(Rest::Nothing),
        ]);
        let (mut graphics, _) = after(&adopting);
        assert_eq!(graphics.on(Event::Failed(fault())), [Effect::Race]);
        let (mut graphics, _) = after(&adopting);
        assert_eq!(graphics.on(Event::Failed(lost()))[2], Effect::Open);
    }

    #[test]
    fn a_device_that_goes_away_is_replaced_once_and_need_not_win_again() {
        let tagging = on_to(&[Event::Raced(FASTER), Event::Planned(Kernels::Guessed)]);
        let (mut graphics, effects) =
            after(&[tagging, vec![Event::PhotoFailed(0, lost())]].concat());
        let [Effect::Close, Effect::Tell(runs), Effect::Open] = &effects[..] else {
            panic!("{effects:?}");
        };
        assert_eq!((&runs.why, runs.is_settled), (&Why::Restarting(lost()), false));
        assert_eq!(graphics.device(), None);
        assert!(!graphics.is_tuning());
        // The photo that was with it as well.
        assert_eq!(graphics.on(Event::PhotoFailed(0, lost())), []);
        graphics.on(Event::Opened(Maker::Hardware));
        let returned = Effect::Tell(verdict::accepted(Merit::Checked, true, true));
        assert_eq!(graphics.on(Event::Verified), [returned]);
        assert_eq!(graphics.device(), Some(1));
        assert_eq!(graphics.on(Event::PhotoFailed(0, lost())), [], "of the device before");
        assert_eq!(refusal(&graphics.on(Event::PhotoFailed(1, lost()))), &lost());
    }

    #[test]
    fn a_device_that_went_before_it_tagged_has_to_win() {
        let (mut graphics, _) = after(&[Event::Wanted(GpuUse::IfFaster), Event::Failed(lost())]);
        graphics.on(Event::Opened(Maker::Hardware));
        assert_eq!(graphics.on(Event::Verified), [Effect::Race]);
        assert_eq!(graphics.on(Event::Raced(FASTER)), [Effect::Plan]);
        let returned = Effect::Tell(verdict::accepted(Merit::Faster(FASTER), true, true));
        assert_eq!(graphics.on(Event::Planned(Kernels::Known)), [returned]);
    }
}
