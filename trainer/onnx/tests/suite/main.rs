//! Files that are written and read again, or run by onnxruntime, and bytes that nobody wrote.

mod hostile;
mod onnxruntime;
mod round_trip;
