//! Photos as the worker goes on with them, wherever they were decoded.
//!
//! The decoders of PNG and WebP are a module of their own (`module/`), which the worker needs for photos
//! of these kinds alone. It resizes too, so the picture itself never goes from one memory to the other:
//! what goes over is a [`Picture`], or why there is none, as bytes ([`wire`]).

mod picture;
pub mod wire;

pub use picture::Picture;
