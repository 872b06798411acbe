//! JPEGs at every scale: decoded within the memory that is allowed, or refused with a message.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsight_jpeg::{Header, Options, Scale};

/// A header of a few bytes may rightly promise many pixels; those only cost the fuzzer time.
const MAX_BYTES: u64 = 1 << 23;

fuzz_target!(|bytes: &[u8]| {
    let header = match Header::read(bytes) {
        Ok(header) => header,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let _ = (header.exif(), header.profile());
    for scale in Scale::ALL {
        match header.decode(&Options { scale, max_bytes: MAX_BYTES }) {
            Ok(picture) => {
                let size = (scale.of(header.width()), scale.of(header.height()));
                assert_eq!((picture.width, picture.height), size);
                let pixels = picture.width as usize * picture.height as usize;
                assert_eq!(picture.bytes.len(), pixels * picture.channels);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
