//! What a run tells of itself, step by step and epoch by epoch.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use tagsight_core::Goal;
use tagsight_data::Photo;
use tagsight_data::progress::Progress;
use tagsight_metrics::{self as metrics, Answers, Confusion, Metric, Score};

use super::events::{EventFile, Moment};
use super::log::{Log, Row};
use super::samples::{self, Sample};
use super::status::{POINTS_AN_EPOCH, State, Status};

/// Seconds since the Unix epoch.
pub(crate) type Clock = fn() -> f64;

/// The time of day. Nothing else of a run reads it.
pub(crate) fn system_clock() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// What is going to be fitted.
pub(crate) struct Course<'a> {
    /// The run's folder.
    pub(crate) folder: &'a Path,
    /// Passes over the photos.
    pub(crate) epochs: usize,
    /// Steps of an epoch.
    pub(crate) steps: usize,
    /// Photos of an epoch.
    pub(crate) photos: usize,
    /// Steps that are behind the run.
    pub(crate) steps_done: usize,
    /// Photos of those.
    pub(crate) photos_done: usize,
    /// One label an output.
    pub(crate) labels: &'a [String],
    /// What is asked of the network.
    pub(crate) goal: &'a Goal,
    /// The photos that are measured on, in the order of their scores.
    pub(crate) validation: &'a [Photo],
}

/// An epoch's outcome.
pub(crate) struct Measured<'a> {
    /// Epochs that were fitted, this one included.
    pub(crate) epoch: usize,
    /// Mean over the epoch's steps.
    pub(crate) loss: f64,
    /// How good the answers are, by the task's metric.
    pub(crate) score: Score,
    /// Of the validation photos.
    pub(crate) answers: &'a Answers,
    /// Anything else, by its tag.
    pub(crate) scalars: Vec<(String, f64)>,
}

/// Photos since a moment.
struct Pace {
    since: f64,
    photos: usize,
}

impl Pace {
    fn from(since: f64) -> Self {
        Self { since, photos: 0 }
    }

    /// Photos a second; none without a measurable time.
    fn rate(&self, now: f64) -> Option<f64> {
        let seconds = now - self.since;
        (seconds > 0.0).then(|| self.photos as f64 / seconds)
    }
}

/// See the module.
pub(crate) struct Watcher {
    clock: Clock,
    progress: Progress,
    events: EventFile,
    log: Log,
    labels: Vec<String>,
    samples: Vec<Sample>,
    are_samples_shown: bool,
    epochs: usize,
    steps: usize,
    /// Steps that were fitted.
    done: usize,
    learning_rate: f64,
    /// Losses since the last point of the curve.
    losses: Vec<f64>,
    folder: PathBuf,
    /// Where the run stood when it was begun or resumed, and when that was.
    began: Moment,
    window: Pace,
    epoch: Pace,
    epoch_rate: f64,
}

impl Watcher {
    /// Watches a run from where it stands.
    ///
    /// # Errors
    /// If the run's folder cannot be written to.
    pub(crate) fn new(course: &Course<'_>, clock: Clock) -> io::Result<Self> {
        let now = clock();
        let done = course.steps_done;
        let began = Moment { step: done, seconds: now };
        let watcher = Self {
            clock,
            progress: Progress::resumed(
                course.photos_done,
                course.photos * course.epochs,
                "fitting",
            ),
            events: EventFile::create(course.folder, began)?,
            log: Log::open(course.folder, done / course.steps, Metric::of(course.goal))?,
            labels: course.labels.to_vec(),
            samples: samples::choose(course.validation),
            are_samples_shown: false,
            epochs: course.epochs,
            steps: course.steps,
            done,
            learning_rate: 0.0,
            losses: Vec::new(),
            folder: course.folder.to_owned(),
            began,
            window: Pace::from(now),
            epoch: Pace::from(now),
            epoch_rate: 0.0,
        };
        watcher.tell(began)?;
        Ok(watcher)
    }

    /// A step over `photos` photos was fitted.
    ///
    /// # Errors
    /// If the event file cannot be written.
    pub(crate) fn step(&mut self, loss: f64, learning_rate: f64, photos: usize) -> io::Result<()> {
        self.done += 1;
        self.learning_rate = learning_rate;
        self.losses.push(loss);
        self.window.photos += photos;
        self.epoch.photos += photos;
        self.progress.inc(photos as u64);
        let is_last = self.done.is_multiple_of(self.steps);
        if is_last {
            self.epoch_rate = self.epoch.rate((self.clock)()).unwrap_or_default();
        }
        if is_last || self.done.is_multiple_of(self.steps.div_ceil(POINTS_AN_EPOCH)) {
            self.point()?;
        }
        Ok(())
    }

    /// Adds a point to the curves.
    fn point(&mut self) -> io::Result<()> {
        let at = self.now();
        let loss = self.losses.iter().sum::<f64>() / self.losses.len() as f64;
        let mut scalars =
            vec![("loss/step".to_owned(), loss), ("learning_rate".to_owned(), self.learning_rate)];
        scalars.extend(self.window.rate(at.seconds).map(|rate| ("photos_per_second".into(), rate)));
        self.losses.clear();
        self.window = Pace::from(at.seconds);
        let epoch = (self.done - 1) / self.steps + 1;
        self.progress.set_message(format!("epoch {epoch}/{}, loss {loss:.4}:", self.epochs));
        self.events.scalars(at, &scalars)?;
        self.tell(at)
    }

    /// Says in the run's folder where it stands.
    fn tell(&self, at: Moment) -> io::Result<()> {
        let steps = self.done.saturating_sub(self.began.step);
        let status = Status {
            state: State::Fitting,
            epochs: self.epochs,
            steps_an_epoch: self.steps,
            steps_done: self.done,
            seconds_a_step: (at.seconds - self.began.seconds) / steps.max(1) as f64,
            told_at: at.seconds,
        };
        status.write(&self.folder)
    }

    /// An epoch was fitted and measured.
    ///
    /// # Errors
    /// If the event file or the log cannot be written.
    pub(crate) fn epoch(&mut self, measured: Measured<'_>) -> io::Result<()> {
        let at = self.now();
        let Measured { epoch, loss, score, answers, scalars: others } = measured;
        let Score { metric, value: validation_score, .. } = score;
        let photos_per_second = self.epoch_rate;
        self.progress.line(&format!(
            "epoch {epoch:>3}  loss {loss:.4}  validation {} {validation_score:.4}  {photos_per_second:.0} photos/s",
            words(metric)
        ));
        let validation = (format!("validation/{}", metric.name()), validation_score);
        let mut scalars = vec![("loss/epoch".to_owned(), loss), validation];
        scalars.extend(self.by_output(answers));
        scalars.extend(others);
        self.events.scalars(at, &scalars)?;
        self.show_samples(at, answers)?;
        self.tell(at)?;
        self.log.append(&Row {
            epoch,
            loss,
            validation_score,
            learning_rate: self.learning_rate,
            photos_per_second,
            seconds: at.seconds - self.epoch.since,
        })?;
        // What the next epoch takes includes saving this one.
        self.window = Pace::from(at.seconds);
        self.epoch = Pace::from(at.seconds);
        Ok(())
    }

    /// How good the answers are, output by output.
    fn by_output(&self, answers: &Answers) -> Vec<(String, f64)> {
        let outputs = self.labels.iter().enumerate();
        match answers {
            Answers::Labels(scored) => outputs
                .filter_map(|(class, label)| {
                    let precision = metrics::average_precision(&scored.class(class))?;
                    Some((format!("ap/{label}"), precision))
                })
                .collect(),
            Answers::Classes(classified) => {
                let confusion = Confusion::of(classified);
                let is_there = |&(class, _): &(usize, &String)| confusion.photos(class) > 0;
                let f1 = |(class, label)| (format!("f1/{label}"), confusion.f1(class));
                outputs.filter(is_there).map(f1).collect()
            }
            Answers::Values(measured) => {
                let error = |(quantity, label)| {
                    (format!("mae/{label}"), measured.mean_absolute_error(quantity))
                };
                outputs.map(error).collect()
            }
        }
    }

    /// Each photo once a session, what the network says of it every time.
    fn show_samples(&mut self, at: Moment, answers: &Answers) -> io::Result<()> {
        for (number, sample) in (1..).zip(&self.samples) {
            let tag = format!("photo/{number}");
            if !self.are_samples_shown {
                self.events.image(at, &tag, &sample.picture)?;
            }
            let text = samples::describe(answers, sample.row, &self.labels);
            self.events.text(at, &tag, &text)?;
        }
        self.are_samples_shown = true;
        Ok(())
    }

    fn now(&self) -> Moment {
        Moment { step: self.done, seconds: (self.clock)() }
    }
}

/// A metric for people.
fn words(metric: Metric) -> &'static str {
    match metric {
        Metric::Map => "mAP",
        Metric::Accuracy => "accuracy",
        Metric::R2 => "R²",
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.progress.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tagsight_metrics::Scored;

    use super::*;
    use crate::watch::LOG;
    use crate::watch::events::tests::read_scalars;

    /// A second passes whenever somebody looks.
    fn ticking_clock() -> f64 {
        static SECONDS: AtomicU32 = AtomicU32::new(1_700_000_000);
        f64::from(SECONDS.fetch_add(1, Ordering::Relaxed))
    }

    #[test]
    fn curves_have_a_point_a_step_and_figures_one_an_epoch() {
        let folder = tempfile::tempdir().unwrap();
        let course = Course {
            folder: folder.path(),
            epochs: 2,
            steps: 2,
            photos: 16,
            steps_done: 3,
            photos_done: 24,
            labels: &["person".to_owned(), "dog".to_owned()],
            goal: &Goal::MultiLabel,
            validation: &[],
        };
        // The run goes on in the middle of its second epoch.
        let mut watcher = Watcher::new(&course, ticking_clock).unwrap();
        watcher.step(0.5, 0.25, 8).unwrap();
        let answers = Answers::Labels(Scored::new(2, vec![1.0, 0.0, 0.0, 0.0], &[vec![0], vec![]]));
        let scalars = vec![("step_size/stem".to_owned(), 0.125)];
        let score = answers.score();
        let outcome = Measured { epoch: 2, loss: 0.75, score, answers: &answers, scalars };
        watcher.epoch(outcome).unwrap();

        let file = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let file = file.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "0"));
        let expected = [
            ("loss/step", 0.5),
            ("learning_rate", 0.25),
            // Eight photos, and the second look since the beginning.
            ("photos_per_second", 4.0),
            ("loss/epoch", 0.75),
            ("validation/map", 0.5),
            ("ap/person", 1.0), // A dog is on no photo.
            ("step_size/stem", 0.125),
        ];
        let expected: Vec<(i64, String, f32)> =
            expected.iter().map(|&(tag, value)| (4, tag.to_owned(), value)).collect();
        assert_eq!(read_scalars(&file.unwrap()), expected);
        let log = std::fs::read_to_string(folder.path().join(LOG)).unwrap();
        assert_eq!(log.lines().nth(1), Some("2,0.750000,0.500000,2.5e-1,8.00,3.0"));
    }

    #[test]
    fn long_epochs_are_thinned() {
        let folder = tempfile::tempdir().unwrap();
        let course = Course {
            folder: folder.path(),
            epochs: 1,
            steps: 250,
            photos: 250,
            steps_done: 0,
            photos_done: 0,
            labels: &[],
            goal: &Goal::MultiLabel,
            validation: &[],
        };
        let mut watcher = Watcher::new(&course, system_clock).unwrap();
        for step in 1..=250 {
            watcher.step(f64::from(step), 0.1, 1).unwrap();
        }
        let file = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let file = file.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "0"));
        let scalars = read_scalars(&file.unwrap());
        let losses = scalars.iter().filter(|(_, tag, _)| tag == "loss/step");
        let losses: Vec<(i64, f32)> = losses.map(|&(step, _, loss)| (step, loss)).collect();
        assert_eq!((losses[0], losses[1]), ((3, 2.0), (6, 5.0)));
        assert_eq!((losses.len(), losses[83]), (84, (250, 250.0)));
    }
}
