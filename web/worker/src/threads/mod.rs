//! The threads that compute a photo: others than the worker's own only where there is shared memory, as
//! the scripts that start them belong to that build alone.

#[cfg(not(target_feature = "atomics"))]
mod alone;
#[cfg(target_feature = "atomics")]
mod workers;

#[cfg(not(target_feature = "atomics"))]
pub(crate) use alone::Starting;
#[cfg(target_feature = "atomics")]
pub(crate) use workers::Starting;

/// Whether this build can have others.
pub(crate) const ARE_SHARED: bool = cfg!(target_feature = "atomics");
