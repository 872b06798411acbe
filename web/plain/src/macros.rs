//! How structs and enums say what they are made of.

/// A struct that is stored: fields by their names. One that is missing is as in the default, and one
/// that is not known is left out, so what another build wrote is read.
#[macro_export]
macro_rules! record {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::Plain for $type {
            fn put(&self, to: &mut $crate::Writer) {
                to.record([$(stringify!($field)),*].len());
                $(
                    to.key(stringify!($field));
                    $crate::Plain::put(&self.$field, to);
                )*
            }

            fn take(from: &mut $crate::Reader) -> Option<Self> {
                let mut record = Self::default();
                from.keyed(&mut |key, value| {
                    match key {
                        $(stringify!($field) => record.$field = $crate::Plain::take(value)?,)*
                        _ => value.skip()?,
                    }
                    Some(())
                })?;
                Some(record)
            }
        }
    };
}

/// An enum of names, which is stored as one of them.
#[macro_export]
macro_rules! name {
    ($type:ident { $($variant:ident = $name:literal),* $(,)? }) => {
        impl $crate::Plain for $type {
            fn put(&self, to: &mut $crate::Writer) {
                to.text(match self {
                    $(Self::$variant => $name,)*
                });
            }

            fn take(from: &mut $crate::Reader) -> Option<Self> {
                match from.item()? {
                    $($crate::Item::Text($name) => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

/// A struct or an enum that goes from one module of a build to another: its fields in their order,
/// behind the place of its variant.
#[macro_export]
macro_rules! message {
    (struct $type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::Plain for $type {
            fn put(&self, to: &mut $crate::Writer) {
                $($crate::Plain::put(&self.$field, to);)*
            }

            fn take(from: &mut $crate::Reader) -> Option<Self> {
                Some(Self { $($field: $crate::Plain::take(from)?),* })
            }
        }
    };
    (enum $type:ident {
        $($variant:ident $(($one:ident))? $({ $($field:ident),* $(,)? })?),* $(,)?
    }) => {
        const _: () = {
            #[repr(u8)]
            enum Place { $($variant),* }

            impl $crate::Plain for $type {
                fn put(&self, to: &mut $crate::Writer) {
                    match self {
                        $(Self::$variant $(($one))? $({ $($field),* })? => {
                            $crate::Plain::put(&(Place::$variant as u8), to);
                            $($crate::Plain::put($one, to);)?
                            $($($crate::Plain::put($field, to);)*)?
                        })*
                    }
                }

                fn take(from: &mut $crate::Reader) -> Option<Self> {
                    let place = <u8 as $crate::Plain>::take(from)?;
                    $(
                        if place == Place::$variant as u8 {
                            $(let $one = $crate::Plain::take(from)?;)?
                            return Some(Self::$variant $(($one))? $({
                                $($field: $crate::Plain::take(from)?),*
                            })?);
                        }
                    )*
                    None
                }
            }
        };
    };
}
