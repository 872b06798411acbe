//! Values of a pickle, which name each other by their places.

/// A value's place in its [`Pickle`](super::pickle::Pickle).
pub(super) type Id = usize;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    None,
    Int(i64),
    Text(String),
    Tuple(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// A function or class, `module.name`.
    Global(String),
    /// What a function or class gives for arguments; dictionaries of a class of their own have
    /// entries.
    Call {
        function: Id,
        arguments: Id,
        entries: Vec<(Id, Id)>,
    },
    /// Something that lies outside of the pickle; of `torch.save`, a storage.
    Persistent(Id),
    List(Vec<Id>),
    /// Truth values, floats, sets and bytes, in which no weights are kept.
    Other,
}
