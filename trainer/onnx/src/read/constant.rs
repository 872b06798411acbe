//! Constants of a file, which are floats, integers, or codes with their scales.

use half::f16;

use crate::proto::{DOUBLE, EXTERNAL, FLOAT, FLOAT16, INT8, INT32, INT64, Tensor, UINT8};

/// A tensor whose elements are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Constant {
    /// Its name in the file; empty where it is computed or an attribute.
    pub(super) name: String,
    /// Outermost first; none of a scalar.
    pub(super) sizes: Vec<usize>,
    pub(super) values: Values,
}

/// Row-major elements.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    Floats(Vec<f32>),
    /// Those of 64 bits saturate.
    Integers(Integer, Vec<i32>),
    /// Codes less their zero point, and the values of one code along an axis, or one for all.
    Codes {
        codes: Vec<i32>,
        scales: Vec<f32>,
        axis: usize,
    },
}

/// A type of integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Integer {
    UInt8,
    Int8,
    /// Of 32 or 64 bits.
    Wide,
}

impl Integer {
    /// Smallest and largest code; none where no activations are of that type.
    pub(super) fn range(self) -> Option<(i32, i32)> {
        match self {
            Self::UInt8 => Some((0, 255)),
            Self::Int8 => Some((-128, 127)),
            Self::Wide => None,
        }
    }
}

impl Constant {
    /// A tensor of the file.
    pub(super) fn read(tensor: &Tensor) -> Result<Self, String> {
        if tensor.data_location == EXTERNAL {
            return Err("its data are in another file; save the model with them inside \
                        (onnx.save_model with save_as_external_data=False)"
                .to_owned());
        }
        let sizes: Result<Vec<usize>, _> =
            tensor.dims.iter().map(|&size| usize::try_from(size)).collect();
        let sizes = sizes.map_err(|_| "it has a negative size".to_owned())?;
        let count = sizes.iter().try_fold(1usize, |count, &size| count.checked_mul(size));
        let values = Values::read(tensor)?;
        if count != Some(values.len()) {
            return Err(format!("it has {} elements, and its sizes are {sizes:?}", values.len()));
        }
        Ok(Self { name: tensor.name.clone(), sizes, values })
    }

    /// Integers alone, of an attribute.
    pub(super) fn of_integers(values: &[i64]) -> Self {
        let sizes = vec![values.len()];
        Self { name: String::new(), sizes, values: Values::wide(values.iter().copied()) }
    }

    /// The elements as real values.
    pub(super) fn reals(&self) -> Vec<f32> {
        match &self.values {
            Values::Floats(values) => values.clone(),
            Values::Integers(_, values) => values.iter().map(|&value| value as f32).collect(),
            Values::Codes { codes, scales, axis } => {
                let (values, inner) = (codes.iter().enumerate(), self.inner(*axis));
                let scale = |index: usize| scales[index / inner % scales.len()];
                values.map(|(index, &code)| code as f32 * scale(index)).collect()
            }
        }
    }

    /// The one element that there is, as a real value.
    pub(super) fn scalar(&self) -> Option<f32> {
        match self.reals()[..] {
            [value] => Some(value),
            _ => None,
        }
    }

    /// The elements, if they are integers.
    pub(super) fn integers(&self) -> Option<&[i32]> {
        match &self.values {
            Values::Integers(_, values) => Some(values),
            _ => None,
        }
    }

    /// The type of the elements, if they are integers.
    pub(super) fn integer(&self) -> Option<Integer> {
        match self.values {
            Values::Integers(kind, _) => Some(kind),
            _ => None,
        }
    }

    /// These integers as codes of `scales`, less their zero points.
    pub(super) fn dequantised(
        &self,
        scales: &Self,
        zeros: Option<&Self>,
        axis: i64,
    ) -> Result<Self, String> {
        let integers = self.integers().ok_or("it dequantises what are no integers")?;
        let (scales, axis) = (scales.reals(), self.axis(axis)?);
        let zeros = match zeros.map(|zeros| zeros.integers().ok_or("its zero points are none")) {
            Some(zeros) => zeros?.to_vec(),
            None => vec![0; scales.len()],
        };
        self.check_along(axis, &scales, &zeros)?;
        let inner = self.inner(axis);
        let zero = |index: usize| zeros[index / inner % zeros.len()];
        let codes = integers.iter().enumerate();
        let codes = codes.map(|(index, &code)| code.saturating_sub(zero(index))).collect();
        let values = Values::Codes { codes, scales, axis };
        Ok(Self { name: self.name.clone(), sizes: self.sizes.clone(), values })
    }

    /// Real values as integers of the type of `zeros`.
    pub(super) fn quantised(&self, scales: &Self, zeros: &Self, axis: i64) -> Result<Self, String> {
        let (kind, zeros) = match &zeros.values {
            Values::Integers(kind, zeros) => (*kind, zeros),
            _ => return Err("its zero points are no integers".to_owned()),
        };
        let (least, most) = kind.range().ok_or("it quantises to what are no codes")?;
        let (scales, axis) = (scales.reals(), self.axis(axis)?);
        self.check_along(axis, &scales, zeros)?;
        let inner = self.inner(axis);
        let code = |(index, value): (usize, f32)| {
            let place = index / inner % scales.len();
            let code = (value / scales[place]).round_ties_even() as i32;
            code.saturating_add(zeros[place]).clamp(least, most)
        };
        let values = self.reals().into_iter().enumerate().map(code).collect();
        let (name, sizes) = (self.name.clone(), self.sizes.clone());
        Ok(Self { name, sizes, values: Values::Integers(kind, values) })
    }

    /// Elements from one place along `axis` to the next.
    fn inner(&self, axis: usize) -> usize {
        self.sizes.iter().skip(axis + 1).product::<usize>().max(1)
    }

    /// Checks that there are a scale and a zero point for all, or one for each place along `axis`.
    fn check_along(&self, axis: usize, scales: &[f32], zeros: &[i32]) -> Result<(), String> {
        let along = self.sizes.get(axis).copied().unwrap_or(1);
        if (scales.len() == 1 || scales.len() == along) && zeros.len() == scales.len() && along > 0
        {
            return Ok(());
        }
        Err("it has not one scale and zero point, or one a channel".to_owned())
    }

    /// Which of the sizes that is, counted from the end where it is negative.
    fn axis(&self, axis: i64) -> Result<usize, String> {
        let count = self.sizes.len() as i64;
        let place = if axis < 0 { axis.saturating_add(count) } else { axis };
        // One scale for all may have any axis.
        usize::try_from(place).map_err(|_| "it has an axis that is not there".to_owned())
    }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Floats(values) => values.len(),
            Self::Integers(_, values) => values.len(),
            Self::Codes { codes, .. } => codes.len(),
        }
    }

    fn wide(values: impl Iterator<Item = i64>) -> Self {
        let saturated = |value: i64| value.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        Self::Integers(Integer::Wide, values.map(saturated).collect())
    }

    fn read(tensor: &Tensor) -> Result<Self, String> {
        let Tensor { raw_data: raw, floats, int32s, int64s, doubles, .. } = tensor;
        let is_raw = !raw.is_empty();
        let narrow = |kind, of_byte: fn(u8) -> i32| {
            let bytes = raw.iter().map(|&byte| of_byte(byte));
            Self::Integers(kind, if is_raw { bytes.collect() } else { int32s.clone() })
        };
        Ok(match tensor.data_type {
            FLOAT if is_raw => Self::Floats(words(raw, f32::from_le_bytes)?),
            FLOAT => Self::Floats(floats.clone()),
            FLOAT16 if is_raw => {
                Self::Floats(words(raw, |word| f16::from_le_bytes(word).to_f32())?)
            }
            FLOAT16 => {
                let value = |&bits: &i32| f16::from_bits(bits as u16).to_f32();
                Self::Floats(int32s.iter().map(value).collect())
            }
            DOUBLE if is_raw => Self::Floats(words(raw, |word| f64::from_le_bytes(word) as f32)?),
            DOUBLE => Self::Floats(doubles.iter().map(|&value| value as f32).collect()),
            UINT8 => narrow(Integer::UInt8, i32::from),
            INT8 => narrow(Integer::Int8, |byte| i32::from(byte as i8)),
            INT32 if is_raw => Self::Integers(Integer::Wide, words(raw, i32::from_le_bytes)?),
            INT32 => Self::Integers(Integer::Wide, int32s.clone()),
            INT64 if is_raw => Self::wide(words(raw, i64::from_le_bytes)?.into_iter()),
            INT64 => Self::wide(int64s.iter().copied()),
            other => return Err(format!("its elements are of ONNX's type {other}")),
        })
    }
}

/// Little-endian elements.
fn words<T, const N: usize>(bytes: &[u8], read: impl Fn([u8; N]) -> T) -> Result<Vec<T>, String> {
    let (words, []) = bytes.as_chunks::<N>() else {
        return Err("its last element is cut off".to_owned());
    };
    Ok(words.iter().map(|&word| read(word)).collect())
}
