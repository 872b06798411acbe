//! Files that are written and read again, and bytes that nobody wrote.

mod hostile;
mod round_trip;
