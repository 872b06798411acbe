//! The room that a packet has, and the padding that fills it (XMP specification part 1, 7.3.2).

use crate::refusal::Refusal;

/// What padding a new packet gets, so that the next program need not move anything.
const PADDING: usize = 2048;
/// Columns of padding.
const LINE: usize = 100;

/// What a packet is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// A place in a photo that has so many bytes at most.
    Limited(usize),
    /// A place in a photo of any size.
    Open,
    /// A file of its own, which needs no padding.
    File,
}

/// Gives a packet, whose document ends at byte `end`, the size of the one before it if it fits, else new
/// padding.
pub(super) fn fill(
    text: &str,
    end: usize,
    old: Option<usize>,
    room: Room,
) -> Result<String, Refusal> {
    let behind = &text[end..];
    let tail = behind.find("<?xpacket end=").filter(|at| behind[..*at].trim().is_empty());
    let (Some(tail), false) = (tail, room == Room::File) else {
        return within(text.to_owned(), room);
    };
    let (head, tail) = (&text[..end], &text[end + tail..]);
    let least = head.len() + tail.len() + 1;
    let size = match (old, room) {
        (Some(old), _) if least <= old => old,
        (_, Room::Limited(most)) => (least + PADDING).min(most.max(least)),
        _ => least + PADDING,
    };
    within(format!("{head}{}{tail}", padding(size - head.len() - tail.len())), room)
}

fn within(text: String, room: Room) -> Result<String, Refusal> {
    match room {
        Room::Limited(most) if text.len() > most => Err(Refusal::TooLarge(text.len())),
        _ => Ok(text),
    }
}

/// So many bytes of white space, in lines.
fn padding(bytes: usize) -> String {
    let byte = |at: usize| if at.is_multiple_of(LINE) || at + 1 == bytes { '\n' } else { ' ' };
    (0..bytes).map(byte).collect()
}
