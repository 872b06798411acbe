//! AVI with Motion JPEG: a RIFF file whose frames are photos (Microsoft, "AVI RIFF File Reference"; OpenDML for
//! what comes after the first gigabyte).
//!
//! A chunk is four letters, a length in 32 bits, little-endian, and as many bytes, padded to an even number.
//! `RIFF` and `LIST` chunks have four more letters and then chunks again. A stream's header is the list `strl`
//! of `hdrl`; its frames are chunks of `movi`, perhaps in lists `rec ` there, that are called by its number.

/// Why there are no frames.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum AviError {
    /// The video is coded otherwise.
    #[error("it is no Motion JPEG")]
    OtherCodec,
    /// It is cut off, or no video.
    #[error("the AVI has no video")]
    NoVideo,
}

/// Whether a file's first bytes are those of an AVI.
pub(super) fn is_avi(start: &[u8]) -> bool {
    matches!(start, [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..])
}

/// The JPEGs of the first video stream. A frame without bytes is the one before it, shown on.
///
/// # Errors
/// If there is no video, or one of another codec.
pub(super) fn jpegs(bytes: &[u8]) -> Result<Vec<&[u8]>, AviError> {
    let mut stream = None;
    let mut frames = Vec::new();
    for segment in Chunks(bytes).filter(|chunk| chunk.is_list(b"RIFF")) {
        for list in segment.chunks().filter(|chunk| chunk.is_list(b"LIST")) {
            match list.form() {
                b"hdrl" if stream.is_none() => stream = Some(video_stream(&list)?),
                b"movi" => {
                    let number = stream.ok_or(AviError::NoVideo)?;
                    collect(&list, number, &mut frames);
                }
                _ => {}
            }
        }
    }
    if frames.is_empty() { Err(AviError::NoVideo) } else { Ok(frames) }
}

/// The two digits of the first video stream, if that is Motion JPEG.
fn video_stream(headers: &Chunk) -> Result<[u8; 2], AviError> {
    let streams =
        headers.chunks().filter(|chunk| chunk.is_list(b"LIST") && chunk.form() == b"strl");
    for (number, stream) in (0..100u8).zip(streams) {
        let of =
            |id: &[u8; 4]| stream.chunks().find(|chunk| chunk.id == *id).map(|chunk| chunk.data);
        let header = of(b"strh").unwrap_or_default();
        if !header.starts_with(b"vids") {
            continue;
        }
        // The header's handler, or the format's compression: some leave the first one out.
        let codecs = [header.get(4..8), of(b"strf").and_then(|format| format.get(16..20))];
        let is_jpeg = codecs.into_iter().flatten().any(|codec| codec.eq_ignore_ascii_case(b"mjpg"));
        return if is_jpeg {
            Ok([b'0' + number / 10, b'0' + number % 10])
        } else {
            Err(AviError::OtherCodec)
        };
    }
    Err(AviError::NoVideo)
}

/// The frames of a list and of those right in it.
fn collect<'a>(list: &Chunk<'a>, stream: [u8; 2], frames: &mut Vec<&'a [u8]>) {
    for chunk in list.chunks() {
        if chunk.is_list(b"LIST") && chunk.form() == b"rec " {
            chunk.chunks().for_each(|chunk| frames.extend(frame(&chunk, stream, frames.last())));
        } else {
            frames.extend(frame(&chunk, stream, frames.last()));
        }
    }
}

fn frame<'a>(chunk: &Chunk<'a>, stream: [u8; 2], before: Option<&&'a [u8]>) -> Option<&'a [u8]> {
    let [first, second, kind @ ..] = chunk.id;
    let is_frame = [first, second] == stream && matches!(&kind, b"dc" | b"db");
    let shown = if chunk.data.is_empty() { before.copied() } else { Some(chunk.data) };
    shown.filter(|_| is_frame)
}

/// A chunk, as far as the file goes.
#[derive(Debug, Clone, Copy)]
struct Chunk<'a> {
    id: [u8; 4],
    data: &'a [u8],
}

impl<'a> Chunk<'a> {
    fn is_list(&self, id: &[u8; 4]) -> bool {
        self.id == *id && self.data.len() >= 4
    }

    /// What kind of list it is.
    fn form(&self) -> &'a [u8] {
        &self.data[..4]
    }

    /// What is in the list.
    fn chunks(&self) -> Chunks<'a> {
        Chunks(self.data.get(4..).unwrap_or_default())
    }
}

/// Chunks one after the other.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (id, rest) = self.0.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = (u32::from_le_bytes(*length) as usize).min(rest.len());
        let data = &rest[..length];
        self.0 = rest.get(length + length % 2..).unwrap_or_default();
        Some(Chunk { id: *id, data })
    }
}
