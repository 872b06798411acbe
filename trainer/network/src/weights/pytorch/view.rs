//! Tensors as views of storages, whatever their order: transposed, channels last, a part.

use super::pickle::Pickle;
use super::storage::Storage;
use super::value::{Id, Value};

/// Elements that a tensor may have if it repeats those of a smaller storage, so that no few bytes
/// ask for all memory; no network here has a tensor as large.
const MAX_REPEATED: usize = 1 << 24;

/// A tensor: a view of a storage.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) storage: Storage,
    /// Sizes, outermost first.
    pub(super) shape: Vec<usize>,
    /// Elements from one step along each size to the next.
    strides: Vec<usize>,
    /// The element that it begins with.
    offset: usize,
}

impl View {
    /// The arguments of `_rebuild_tensor` and `_rebuild_tensor_v2`.
    pub(super) fn parse(pickle: &Pickle, arguments: &[Id]) -> Result<Self, String> {
        let parsed = || {
            let &[storage, offset, shape, strides] = arguments.first_chunk()?;
            let Value::Persistent(storage) = pickle.get(storage) else { return None };
            let storage = Storage::parse(pickle, *storage)?;
            let (shape, strides) = (pickle.sizes(shape)?, pickle.sizes(strides)?);
            let offset = pickle.size(offset)?;
            (shape.len() == strides.len())
                .then(|| storage.map(|storage| Self { storage, shape, strides, offset }))
        };
        let view = parsed().ok_or("a tensor without storage, offset, size and stride")??;
        view.check()?;
        Ok(view)
    }

    /// Every element must lie in the storage.
    fn check(&self) -> Result<(), String> {
        let reach = || {
            let steps = self.shape.iter().zip(&self.strides);
            let mut steps = steps.map(|(size, stride)| size.checked_sub(1)?.checked_mul(*stride));
            steps.try_fold(self.offset, |reach, step| reach.checked_add(step?))
        };
        let count = self.shape.iter().try_fold(1usize, |count, &size| count.checked_mul(size));
        let fits = count == Some(0) || reach().is_some_and(|last| last < self.storage.count);
        if fits && count.is_some_and(|count| count <= self.storage.count.max(MAX_REPEATED)) {
            return Ok(());
        }
        let Self { storage, shape, strides, offset } = self;
        Err(format!(
            "a tensor {shape:?} with strides {strides:?} from element {offset} of storage {}, which \
             has {}",
            storage.key, storage.count
        ))
    }

    /// The tensor's elements, row-major, from its storage's.
    pub(super) fn gather(&self, storage: &[f32]) -> Vec<f32> {
        let mut places = vec![self.offset];
        for (&size, &stride) in self.shape.iter().zip(&self.strides) {
            let along = |place: usize| (0..size).map(move |step| place + step * stride);
            places = places.into_iter().flat_map(along).collect();
        }
        places.into_iter().map(|place| storage[place]).collect()
    }
}

#[cfg(test)]
mod tests {
    use safetensors::tensor::Dtype;

    use super::*;

    #[test]
    fn views_lie_in_their_storage() {
        const HUGE: usize = usize::MAX / 2 + 1;
        let cases: [(&[usize], &[usize], usize, bool); 10] = [
            (&[2, 3], &[3, 1], 4, true),
            (&[2, 3], &[3, 1], 5, false),
            (&[2, 3], &[1, 2], 4, true),
            (&[2, 3], &[4, 1], 4, false),
            (&[], &[], 9, true),
            (&[], &[], 10, false),
            (&[0, 9], &[9, 1], 10, true),
            (&[4, 5], &[0, 0], 0, true),
            (&[2, HUGE], &[0, 0], 0, false),
            (&[3], &[HUGE], 0, false),
        ];
        let storage = Storage { key: "0".into(), dtype: Dtype::F32, count: 10 };
        for (shape, strides, offset, fits) in cases {
            let (shape, strides) = (shape.to_vec(), strides.to_vec());
            let view = View { storage: storage.clone(), shape, strides, offset };
            assert_eq!(view.check().is_ok(), fits, "{view:?}");
        }
    }
}
