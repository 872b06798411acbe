//! 32-bit floats as little-endian bytes: a browser keeps them as one array of bytes, which is read
//! many times as fast as an array of numbers.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(values: &[f32], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    serializer.serialize_bytes(&bytes)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f32>, D::Error> {
    from.deserialize_byte_buf(Bytes)
}

struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = Vec<f32>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("the bytes of 32-bit floats")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<f32>, E> {
        let values = bytes.as_chunks();
        if !values.1.is_empty() {
            return Err(E::invalid_length(bytes.len(), &self));
        }
        Ok(values.0.iter().map(|&value| f32::from_le_bytes(value)).collect())
    }

    /// Formats without bytes of their own, JSON among them, have sequences.
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<f32>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = sequence.next_element()? {
            bytes.push(byte);
        }
        self.visit_bytes(&bytes)
    }
}
