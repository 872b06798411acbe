//! The types that everything is made of.

use std::rc::Rc;

use crate::{Item, Plain, Reader, Writer};

impl Plain for bool {
    fn put(&self, to: &mut Writer) {
        to.bool(*self);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        match from.item()? {
            Item::Bool(is) => Some(is),
            _ => None,
        }
    }
}

impl Plain for f64 {
    fn put(&self, to: &mut Writer) {
        to.number(*self);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        match from.item()? {
            Item::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// Whole numbers are numbers without a fraction.
macro_rules! whole {
    ($($type:ty),*) => {$(
        impl Plain for $type {
            fn put(&self, to: &mut Writer) {
                to.number(*self as f64);
            }

            fn take(from: &mut Reader) -> Option<Self> {
                let number = f64::take(from)?;
                let whole = number as Self;
                (whole as f64 == number).then_some(whole)
            }
        }
    )*};
}

whole!(u8, u32, u64, i32);

impl Plain for String {
    fn put(&self, to: &mut Writer) {
        to.text(self);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        match from.item()? {
            Item::Text(text) => Some(text.to_owned()),
            _ => None,
        }
    }
}

impl Plain for Rc<str> {
    fn put(&self, to: &mut Writer) {
        to.text(self);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        match from.item()? {
            Item::Text(text) => Some(text.into()),
            _ => None,
        }
    }
}

impl<T: Plain> Plain for Option<T> {
    fn put(&self, to: &mut Writer) {
        match self {
            Some(value) => value.put(to),
            None => to.nothing(),
        }
    }

    fn take(from: &mut Reader) -> Option<Self> {
        let mut ahead = *from;
        if ahead.item()? == Item::Nothing {
            *from = ahead;
            return Some(None);
        }
        T::take(from).map(Some)
    }
}

impl<T: Plain> Plain for Rc<T> {
    fn put(&self, to: &mut Writer) {
        (**self).put(to);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        T::take(from).map(Self::new)
    }
}

impl<T: Plain> Plain for Box<T> {
    fn put(&self, to: &mut Writer) {
        (**self).put(to);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        T::take(from).map(Self::new)
    }
}

impl<T: Plain> Plain for Vec<T> {
    fn put(&self, to: &mut Writer) {
        to.list(self.len());
        self.iter().for_each(|item| item.put(to));
    }

    fn take(from: &mut Reader) -> Option<Self> {
        let mut items = Self::new();
        from.list(&mut |item| {
            items.push(T::take(item)?);
            Some(())
        })?;
        Some(items)
    }
}

/// As little-endian bytes, which a browser keeps as one array: it is read many times as fast as one of
/// numbers.
impl Plain for Vec<f32> {
    fn put(&self, to: &mut Writer) {
        let bytes: Vec<u8> = self.iter().flat_map(|value| value.to_le_bytes()).collect();
        to.bytes(&bytes);
    }

    /// JSON has no bytes but as a list of numbers.
    fn take(from: &mut Reader) -> Option<Self> {
        let mut ahead = *from;
        let Item::Bytes(bytes) = ahead.item()? else {
            return floats(&Vec::<u8>::take(from)?);
        };
        *from = ahead;
        floats(bytes)
    }
}

fn floats(bytes: &[u8]) -> Option<Vec<f32>> {
    let (values, rest) = bytes.as_chunks();
    rest.is_empty().then(|| values.iter().map(|&value| f32::from_le_bytes(value)).collect())
}

impl<A: Plain, B: Plain> Plain for (A, B) {
    fn put(&self, to: &mut Writer) {
        to.list(2);
        self.0.put(to);
        self.1.put(to);
    }

    fn take(from: &mut Reader) -> Option<Self> {
        if from.item()? != Item::List(2) {
            return None;
        }
        Some((A::take(from)?, B::take(from)?))
    }
}

impl<T: Plain, E: Plain> Plain for Result<T, E> {
    fn put(&self, to: &mut Writer) {
        to.bool(self.is_ok());
        match self {
            Ok(value) => value.put(to),
            Err(error) => error.put(to),
        }
    }

    fn take(from: &mut Reader) -> Option<Self> {
        Some(if bool::take(from)? { Ok(T::take(from)?) } else { Err(E::take(from)?) })
    }
}
