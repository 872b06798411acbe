//! The container: safetensors, of which an artifact uses little: four types of numbers, and tensors that
//! lie one behind the other.
//!
//! The crate of that name writes it. Its reader knows all types, hashes names and sorts places, for which
//! the page's worker was 10 KB larger; the tests compare this one with it.

use super::json::{self, Json, Read, keep, need, unknown};

/// What the header says of itself, by a name that no tensor has.
const METADATA: &str = "__metadata__";

/// More tensors than any network has.
const MAX_TENSORS: usize = 10_000;

/// What an artifact's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dtype {
    I8,
    U8,
    I32,
    F32,
}

impl Dtype {
    fn read(json: &mut Json) -> Read<Self> {
        match json.string()?.as_str() {
            "I8" => Ok(Self::I8),
            "U8" => Ok(Self::U8),
            "I32" => Ok(Self::I32),
            "F32" => Ok(Self::F32),
            other => Err(format!("a model has no numbers of type {other}")),
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I32 | Self::F32 => 4,
        }
    }
}

/// A tensor in the file.
pub(super) struct Tensor<'a> {
    pub(super) dtype: Dtype,
    pub(super) shape: &'a [usize],
    /// As many bytes as its type and shape say.
    pub(super) data: &'a [u8],
}

/// A file, taken apart.
pub(super) struct Container<'data> {
    header: Header,
    data: &'data [u8],
}

/// What the header says, by name. Names are few: a map would be code for when they are not.
#[derive(Default)]
struct Header {
    metadata: Vec<(String, String)>,
    tensors: Vec<(String, Entry)>,
}

/// What the header says of a tensor.
struct Entry {
    dtype: Dtype,
    shape: Vec<usize>,
    /// Where it begins and ends, behind the header.
    data_offsets: (usize, usize),
}

impl<'data> Container<'data> {
    /// Takes a file apart, or says why that cannot be done.
    pub(super) fn read(file: &'data [u8]) -> Read<Self> {
        let (length, rest) = file.split_first_chunk().ok_or("it has no header")?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (header, data) = rest.split_at_checked(length).ok_or("its header is cut")?;
        let header = str::from_utf8(header).map_err(|error| error.to_string())?;
        let header = json::read(header, Header::read)?;
        header.check(data.len())?;
        Ok(Self { header, data })
    }

    /// What the header says of itself under `name`.
    pub(super) fn metadata(&self, name: &str) -> Option<&str> {
        find(&self.header.metadata, name).map(String::as_str)
    }

    /// How many tensors there are.
    pub(super) fn len(&self) -> usize {
        self.header.tensors.len()
    }

    /// The tensor of this name.
    pub(super) fn tensor(&self, name: &str) -> Option<Tensor<'_>> {
        let Entry { dtype, shape, data_offsets: (start, end) } = find(&self.header.tensors, name)?;
        Some(Tensor { dtype: *dtype, shape, data: self.data.get(*start..*end)? })
    }
}

fn find<'a, T>(entries: &'a [(String, T)], name: &str) -> Option<&'a T> {
    entries.iter().find(|(found, _)| found == name).map(|(_, entry)| entry)
}

impl Header {
    fn read(json: &mut Json) -> Read<Self> {
        let mut header = Self::default();
        json.object(&mut |name, json| match name {
            METADATA => json.object(&mut |name, json| {
                header.metadata.push((name.to_owned(), json.string()?));
                Ok(())
            }),
            _ => {
                header.tensors.push((name.to_owned(), Entry::read(json)?));
                Ok(())
            }
        })?;
        Ok(header)
    }

    /// Refuses tensors that are not as long as they should be, or do not fill the data.
    fn check(&self, data: usize) -> Read<()> {
        if self.tensors.len() > MAX_TENSORS {
            return Err(format!("{} tensors", self.tensors.len()));
        }
        // Put in their places one by one: so few are not worth the code that sorts.
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(self.tensors.len());
        for (name, entry) in &self.tensors {
            if !entry.has_its_length() {
                return Err(format!("the tensor {name} has another length than its shape"));
            }
            let place = entry.data_offsets;
            places.insert(places.partition_point(|other| *other < place), place);
        }
        let mut filled = 0;
        for (start, end) in places {
            if start != filled {
                return Err("tensors do not lie one behind the other".into());
            }
            filled = end;
        }
        if filled == data { Ok(()) } else { Err(format!("{data} bytes of tensors, not {filled}")) }
    }
}

impl Entry {
    fn read(json: &mut Json) -> Read<Self> {
        let (mut dtype, mut shape, mut offsets) = (None, None, None);
        json.object(&mut |name, json| match name {
            "dtype" => keep(&mut dtype, name, Dtype::read(json)?),
            "shape" => keep(&mut shape, name, json.array(Json::integer)?),
            "data_offsets" => keep(&mut offsets, name, json.array_of(Json::integer)?),
            _ => unknown(name),
        })?;
        let data_offsets = <[usize; 2]>::into(need(offsets, "data_offsets")?);
        Ok(Self { dtype: need(dtype, "dtype")?, shape: need(shape, "shape")?, data_offsets })
    }

    fn has_its_length(&self) -> bool {
        let (start, end) = self.data_offsets;
        let mut sides = self.shape.iter();
        let length = sides.try_fold(self.dtype.bytes(), |bytes, &side| bytes.checked_mul(side));
        length.is_some() && end.checked_sub(start) == length
    }
}

#[cfg(test)]
mod tests {
    use safetensors::SafeTensors;

    use super::*;
    use crate::{Architecture, Artifact};

    #[test]
    fn a_file_is_what_the_crate_says_that_it_is() {
        let file = Artifact::synthetic(Architecture::MobileNetV2, 32, 2).write().unwrap();
        let ours = Container::read(&file).unwrap();
        let theirs = SafeTensors::deserialize(&file).unwrap();
        assert_eq!(ours.len(), theirs.len());
        for (name, tensor) in theirs.iter() {
            let found = ours.tensor(name).unwrap();
            assert_eq!(format!("{:?}", found.dtype), format!("{:?}", tensor.dtype()), "{name}");
            assert_eq!((found.shape, found.data), (tensor.shape(), tensor.data()), "{name}");
        }
        let (_, header) = SafeTensors::read_metadata(&file).unwrap();
        let metadata = header.metadata().as_ref().unwrap();
        assert_eq!(ours.metadata("tagsight"), metadata.get("tagsight").map(String::as_str));
    }

    /// Files with this header and so many bytes behind it, as both see them.
    fn is_read(header: &str, data: usize) -> bool {
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend(header.bytes());
        file.resize(file.len() + data, 0);
        let ours = Container::read(&file).is_ok();
        assert_eq!(ours, SafeTensors::deserialize(&file).is_ok(), "{header}, {data} bytes");
        ours
    }

    #[test]
    fn what_the_crate_refuses_is_refused() {
        let one = r#"{"a":{"dtype":"I32","shape":[2,1],"data_offsets":[0,8]}}"#;
        assert!(is_read(one, 8) && !is_read(one, 7) && !is_read(one, 9));
        assert!(is_read("{}", 0) && !is_read("{}", 1) && !is_read("{", 0) && !is_read("", 0));
        let two = |a: &str, b: &str| {
            let entry = |place| format!(r#"{{"dtype":"U8","shape":[4],"data_offsets":{place}}}"#);
            is_read(&format!(r#"{{"a":{},"b":{}}}"#, entry(a), entry(b)), 8)
        };
        assert!(two("[0,4]", "[4,8]") && two("[4,8]", "[0,4]"), "in either order");
        for (a, b) in
            [("[0,4]", "[3,7]"), ("[0,4]", "[5,9]"), ("[0,4]", "[0,4]"), ("[4,0]", "[4,8]")]
        {
            assert!(!two(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn lengths_that_cannot_be_are_refused() {
        for length in [9, 1 << 40, u64::MAX] {
            let mut file = length.to_le_bytes().to_vec();
            file.extend(b"{}");
            assert!(Container::read(&file).is_err(), "a header of {length} bytes");
        }
        assert!(Container::read(b"short").is_err());
    }
}
