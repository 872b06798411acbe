//! Videos of any kind, through an installed `ffmpeg`.
//!
//! It writes frames as PPM, one after the other, into a pipe. The file is decoded twice, since how many frames
//! there are is only known at the end.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use tagsight_core::photo::{MAX_BYTES, MAX_SIDE, Rgb8};

use super::error::Reason;
use super::spacing::{Kept, spaced};

/// `count` of the frames of a video.
pub(super) fn frames(path: &Path, count: usize) -> Result<Vec<Rgb8>, Reason> {
    frames_by(OsStr::new("ffmpeg"), path, count)
}

/// The same by a program of another name.
fn frames_by(program: &OsStr, path: &Path, count: usize) -> Result<Vec<Rgb8>, Reason> {
    let mut total = 0;
    each(program, path, |_| {
        total += 1;
        Ok(true)
    })?;
    let mut kept = Kept::new(spaced(total, count)?, MAX_BYTES);
    let mut number = 0;
    each(program, path, |frame| {
        if kept.wants(number) {
            kept.push(frame)?;
        }
        number += 1;
        Ok(!kept.is_full())
    })?;
    kept.finish()
}

/// Gives every frame to `take` until that wants no more.
fn each(
    program: &OsStr,
    path: &Path,
    mut take: impl FnMut(Rgb8) -> Result<bool, Reason>,
) -> Result<(), Reason> {
    // With the protocol named, a file's name is no address; and a list of addresses in a file leads nowhere.
    let mut input = OsString::from("file:");
    input.push(path);
    let mut ffmpeg = Command::new(program);
    ffmpeg.args(["-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-i"]).arg(input);
    ffmpeg.args(["-map", "0:v:0", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "-"]);
    ffmpeg.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = ffmpeg.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Reason::NoFfmpeg,
        _ => error.into(),
    })?;
    let errors = child.stderr.take().expect("it is piped");
    // Read beside the frames, as a full pipe would stop it.
    let errors = std::thread::spawn(move || last_line(errors));
    let mut pictures = BufReader::new(child.stdout.take().expect("it is piped"));
    let taken = loop {
        match picture(&mut pictures).and_then(|picture| picture.map(&mut take).transpose()) {
            Ok(Some(true)) => {}
            Ok(Some(false)) => break Ok(false),
            Ok(None) => break Ok(true),
            Err(error) => break Err(error),
        }
    };
    // Where it is not at its end it must not wait for somebody to read on.
    if !matches!(taken, Ok(true)) {
        let _ = child.kill();
    }
    drop(pictures);
    let status = child.wait()?;
    let said = errors.join().unwrap_or_default();
    if taken? && !status.success() { Err(Reason::Ffmpeg(said)) } else { Ok(()) }
}

/// The last line that it said, of the first few kilobytes.
fn last_line(errors: impl Read) -> String {
    let mut text = Vec::new();
    let mut errors = BufReader::new(errors);
    let _ = errors.by_ref().take(1 << 14).read_to_end(&mut text);
    let _ = std::io::copy(&mut errors, &mut std::io::sink());
    let text = String::from_utf8_lossy(&text);
    text.lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or("it says nothing")
        .trim()
        .to_owned()
}

/// The next picture (`P6`, width, height, 255, each behind one white space), none at the end.
fn picture(pictures: &mut BufReader<ChildStdout>) -> Result<Option<Rgb8>, Reason> {
    let mut words = Vec::new();
    while words.len() < 4 {
        let mut word = Vec::new();
        loop {
            let Some(byte) = pictures.fill_buf()?.first().copied() else {
                return Ok(None);
            };
            pictures.consume(1);
            if byte.is_ascii_whitespace() {
                break;
            }
            word.push(byte);
            if word.len() > 8 {
                return Err(Reason::Ffmpeg("it wrote no picture".into()));
            }
        }
        words.push(String::from_utf8_lossy(&word).into_owned());
    }
    let side = |word: &str| word.parse().ok().filter(|side| (1..=MAX_SIDE as usize).contains(side));
    let sides =
        side(&words[1]).zip(side(&words[2])).filter(|_| words[0] == "P6" && words[3] == "255");
    let (width, height) = sides.ok_or_else(|| Reason::Ffmpeg("it wrote no picture".into()))?;
    let length = width as u64 * height as u64 * 3;
    if length > MAX_BYTES {
        return Err(Reason::TooLarge { width, height });
    }
    let mut bytes = Vec::new();
    pictures.take(length).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 == length).then_some(Rgb8 { width, height, bytes }))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// What comes of a program that runs this script, which may ask for its input's name as `$input`.
    fn played(script: &str, count: usize) -> Result<Vec<Rgb8>, Reason> {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("player");
        let head = "#!/bin/sh\nwhile [ \"$1\" != -i ]; do shift; done; input=$2\n";
        std::fs::write(&program, format!("{head}{script}")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        frames_by(program.as_os_str(), Path::new("a.mp4"), count)
    }

    #[test]
    fn frames_come_through_the_pipe() {
        let script = "[ \"$input\" = file:a.mp4 ] || exit 1\n\
            for letter in a b c d e; do printf 'P6\\n2 1\\n255\\n%s12345' $letter; done";
        let frames = played(script, 3).unwrap();
        let firsts: Vec<u8> = frames.iter().map(|frame| frame.bytes[0]).collect();
        assert_eq!(firsts, b"ace");
        assert_eq!(frames[2], Rgb8 { width: 2, height: 1, bytes: b"e12345".to_vec() });
    }

    #[test]
    fn what_goes_wrong_is_told() {
        for (script, expected) in [
            ("echo first >&2; echo 'no such codec' >&2; exit 1", "no such codec"),
            ("exit 1", "it says nothing"),
            ("exit 0", "it has no frames"),
            ("printf 'P6\\n2 1\\n255\\n123'", "it has no frames"),
            ("yes nonsense", "it wrote no picture"),
            ("printf 'P6\\n60000 60000\\n255\\n'; yes", "too many for the memory"),
            ("printf 'P6\\n0 1\\n255\\n'", "it wrote no picture"),
        ] {
            let error = played(script, 3).unwrap_err().to_string();
            assert!(error.contains(expected), "{expected:?} is not in {error:?}");
        }
        let error = frames_by(OsStr::new("no-such-player"), Path::new("a.mp4"), 3).unwrap_err();
        assert!(matches!(error, Reason::NoFfmpeg));
    }
}
