//! TensorBoard's event files: scalars, pictures and texts over the steps of a run.

mod proto;
mod record;

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use prost::Message;
use proto::{
    Content, Event, Image, Metadata, Plugin, RGB, SESSION_START, STRING, SessionLog, Shape,
    Summary, Tensor, Value, What,
};

/// An event file that is being written. Each call appends whole records, so that TensorBoard can
/// read along and a run that is killed leaves a sound file.
pub(super) struct EventFile {
    file: File,
}

/// When something was so: steps that were fitted, and seconds since the Unix epoch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) step: usize,
    pub(super) seconds: f64,
}

/// A JPEG and its size in pixels.
#[derive(Debug, Clone)]
pub(super) struct Jpeg {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes: Vec<u8>,
}

impl EventFile {
    /// Begins a file in `folder` for the steps after `start`. Where an earlier session got further
    /// (it was killed, say, after its last checkpoint), TensorBoard forgets what lies beyond.
    pub(super) fn create(folder: &Path, start: Moment) -> io::Result<Self> {
        let mut events = Self { file: create_new(folder, start.seconds)? };
        // The version from which on session logs have their meaning.
        let first = Moment { step: 0, ..start };
        events.write(first, What::FileVersion("brain.Event:2".to_owned()))?;
        let next = Moment { step: start.step + 1, ..start };
        events.write(next, What::SessionLog(SessionLog { status: SESSION_START }))?;
        Ok(events)
    }

    /// Writes values by their tags.
    pub(super) fn scalars(&mut self, at: Moment, values: &[(String, f64)]) -> io::Result<()> {
        let value = |(tag, value): &(String, f64)| Value {
            tag: tag.clone(),
            content: Some(Content::Scalar(*value as f32)),
            metadata: None,
        };
        self.summary(at, values.iter().map(value).collect())
    }

    /// Writes a picture.
    pub(super) fn image(&mut self, at: Moment, tag: &str, jpeg: &Jpeg) -> io::Result<()> {
        let image = Image {
            height: jpeg.height as i32,
            width: jpeg.width as i32,
            colorspace: RGB,
            encoded: jpeg.bytes.clone(),
        };
        let content = Some(Content::Image(image));
        self.summary(at, vec![Value { tag: tag.to_owned(), content, metadata: None }])
    }

    /// Writes a text (Markdown).
    pub(super) fn text(&mut self, at: Moment, tag: &str, text: &str) -> io::Result<()> {
        let strings = vec![text.as_bytes().to_vec()];
        let tensor = Tensor { dtype: STRING, shape: Some(Shape {}), strings };
        let metadata = Metadata { plugin: Some(Plugin { name: "text".to_owned() }) };
        let content = Some(Content::Tensor(tensor));
        self.summary(at, vec![Value { tag: tag.to_owned(), content, metadata: Some(metadata) }])
    }

    fn summary(&mut self, at: Moment, values: Vec<Value>) -> io::Result<()> {
        self.write(at, What::Summary(Summary { values }))
    }

    fn write(&mut self, at: Moment, what: What) -> io::Result<()> {
        let event = Event { wall_time: at.seconds, step: at.step as i64, what: Some(what) };
        self.file.write_all(&record::frame(&event.encode_to_vec()))
    }
}

/// A new file whose name TensorBoard takes for an event file and that sorts after older ones.
fn create_new(folder: &Path, seconds: f64) -> io::Result<File> {
    let mut number = 0;
    loop {
        let name = format!("events.out.tfevents.{:010}.tagsight.{number}", seconds as u64);
        match OpenOptions::new().append(true).create_new(true).open(folder.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            result => return result,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn read(path: &Path) -> Vec<Event> {
        let payloads = record::tests::payloads(&std::fs::read(path).unwrap());
        payloads.iter().map(|bytes| Event::decode(&bytes[..]).unwrap()).collect()
    }

    /// Step, tag and value of all scalars of a file.
    pub(in crate::watch) fn read_scalars(path: &Path) -> Vec<(i64, String, f32)> {
        let mut scalars = Vec::new();
        for event in read(path) {
            let Some(What::Summary(summary)) = event.what else { continue };
            for value in summary.values {
                if let Some(Content::Scalar(scalar)) = value.content {
                    scalars.push((event.step, value.tag, scalar));
                }
            }
        }
        scalars
    }

    #[test]
    fn events_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let at = |step| Moment { step, seconds: 1.7e9 + step as f64 };
        let mut events = EventFile::create(folder.path(), at(4)).unwrap();
        events.scalars(at(5), &[("loss".into(), 0.0), ("rate".into(), 0.5)]).unwrap();
        events.text(at(6), "photo", "person 0.9").unwrap();
        let events = read(&folder.path().join("events.out.tfevents.1700000004.tagsight.0"));
        assert_eq!(events[0].what, Some(What::FileVersion("brain.Event:2".into())));
        assert_eq!((events[1].step, events[2].step, events[2].wall_time), (5, 5, 1.7e9 + 5.0));
        let Some(What::Summary(summary)) = &events[2].what else { panic!("{:?}", events[2]) };
        // A zero is a value too: it must not be left out as a default.
        assert_eq!(summary.values[0].content, Some(Content::Scalar(0.0)));
        assert_eq!(summary.values[1].tag, "rate");
        let Some(What::Summary(summary)) = &events[3].what else { panic!("{:?}", events[3]) };
        assert!(matches!(&summary.values[0].content, Some(Content::Tensor(tensor))
            if tensor.strings == [b"person 0.9".to_vec()]));
    }

    #[test]
    fn files_of_one_second_sort_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = Moment { step: 0, seconds: 1.7e9 };
        for count in 1..=3 {
            EventFile::create(folder.path(), at).unwrap();
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), count);
        }
    }
}
