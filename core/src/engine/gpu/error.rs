//! What can go wrong with a graphics device.

/// Why a graphics device cannot be used, or no more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// There is none that this program may use.
    #[error("no graphics device can be used here ({0})")]
    NoAdapter(String),
    /// It was there and is gone: driver reset, unplugged, put to sleep.
    #[error("the graphics device was lost ({0})")]
    Lost(String),
    /// It has too little memory.
    #[error("the graphics device has too little memory ({0})")]
    OutOfMemory(String),
    /// It did not take what it was asked to do.
    #[error("the graphics device refused the network ({0})")]
    Refused(String),
    /// It did not answer in time.
    #[error("the graphics device did not answer within {0} seconds")]
    Timeout(u64),
    /// It computes something else than the processor does.
    #[error("the graphics device computes wrongly: {0}")]
    Wrong(String),
}

impl From<wgpu::Error> for GpuError {
    fn from(error: wgpu::Error) -> Self {
        match error {
            wgpu::Error::OutOfMemory { source } => Self::OutOfMemory(source.to_string()),
            other => Self::Refused(other.to_string()),
        }
    }
}
