//! Graphics devices against the scalar engine. The same checks run natively (llvmpipe) and in
//! Chromium (SwiftShader), so they are functions of a device that give what differs.

pub mod layers;
pub mod networks;

#[cfg(test)]
mod tests;
