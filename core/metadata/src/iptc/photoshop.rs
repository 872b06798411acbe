//! Photoshop's image resources, in which a JPEG keeps its IPTC records, and a digest that tells whether
//! somebody changed them behind XMP's back (Adobe Photoshop file formats, image resources).

use md5::{Digest, Md5};

/// IPTC-IIM.
const IPTC: u16 = 0x0404;
/// MD5 of the same, as it was when XMP was last brought in line with it.
const DIGEST: u16 = 0x0425;

/// A resource.
#[derive(Debug, Clone, Copy)]
struct Resource<'a> {
    id: u16,
    /// Signature, number and name.
    head: &'a [u8],
    data: &'a [u8],
    /// All of it, padding included.
    bytes: &'a [u8],
}

/// A file's resources, of which all but IPTC's are kept as they are.
pub(crate) struct Resources<'a> {
    resources: Vec<Resource<'a>>,
}

impl<'a> Resources<'a> {
    /// Reads them; nothing if they are not what they should be.
    pub(crate) fn parse(mut rest: &'a [u8]) -> Option<Self> {
        let mut resources = Vec::new();
        // Some programs leave zeros behind the last one.
        while !rest.iter().all(|&byte| byte == 0) {
            let id = u16::from_be_bytes(*rest.get(4..)?.first_chunk()?);
            if !matches!(rest.get(..4)?, b"8BIM" | b"MeSa" | b"PHUT" | b"AgHg" | b"DCSR") {
                return None;
            }
            let name = usize::from(*rest.get(6)?);
            let head = 6 + (name + 1).next_multiple_of(2);
            let length = u32::from_be_bytes(*rest.get(head..)?.first_chunk()?);
            let length = usize::try_from(length).ok()?;
            let start = head + 4;
            let data = rest.get(start..)?.get(..length)?;
            // The last one's padding may be missing.
            let end = (start + length.next_multiple_of(2)).min(rest.len());
            resources.push(Resource { id, head: &rest[..head], data, bytes: &rest[..end] });
            rest = &rest[end..];
        }
        Some(Self { resources })
    }

    /// The IPTC records, if there is one block of them.
    pub(crate) fn iptc(&self) -> Option<&'a [u8]> {
        let mut blocks = self.resources.iter().filter(|resource| resource.id == IPTC);
        let block = blocks.next()?.data;
        (blocks.next().is_none() && !block.is_empty()).then_some(block)
    }

    /// All resources with other IPTC records. The digest follows where it said that they are XMP's, and
    /// is begun where there is none.
    pub(crate) fn with_iptc(&self, block: &[u8]) -> Vec<u8> {
        let digest = self.resources.iter().find(|resource| resource.id == DIGEST);
        let is_right = |digest: &Resource| {
            self.iptc().is_some_and(|old| Md5::digest(old).as_slice() == digest.data)
        };
        let new = Md5::digest(block);
        let mut bytes = Vec::new();
        for resource in &self.resources {
            match resource.id {
                IPTC => {
                    push(&mut bytes, resource.head, block);
                    if digest.is_none() {
                        push(&mut bytes, b"8BIM\x04\x25\0\0", &new);
                    }
                }
                DIGEST if is_right(resource) => push(&mut bytes, resource.head, &new),
                _ => {
                    bytes.extend(resource.bytes);
                    if !resource.bytes.len().is_multiple_of(2) {
                        bytes.push(0);
                    }
                }
            }
        }
        bytes
    }
}

fn push(bytes: &mut Vec<u8>, head: &[u8], data: &[u8]) {
    bytes.extend(head);
    bytes.extend((data.len() as u32).to_be_bytes());
    bytes.extend(data);
    if !data.len().is_multiple_of(2) {
        bytes.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(id: u16, name: &[u8], data: &[u8]) -> Vec<u8> {
        let mut head = [b"8BIM", &id.to_be_bytes()[..], &[name.len() as u8], name].concat();
        if head.len() % 2 == 1 {
            head.push(0);
        }
        let mut bytes = Vec::new();
        push(&mut bytes, &head, data);
        bytes
    }

    fn with(digest: Option<&[u8]>) -> Vec<u8> {
        let digest = digest.map(|digest| resource(DIGEST, b"", digest)).unwrap_or_default();
        [
            resource(0x03ED, b"odd", b"abc"),
            resource(IPTC, b"", b"old"),
            digest,
            resource(0x040F, b"", b"icc!"),
        ]
        .concat()
    }

    #[test]
    fn the_digest_follows_where_it_was_right() {
        let (old, new) = (Md5::digest(b"old"), Md5::digest(b"newer"));
        for (before, after) in
            [(None, &new[..]), (Some(&old[..]), &new[..]), (Some(&[9; 16]), &[9; 16])]
        {
            let bytes = with(before);
            let changed = Resources::parse(&bytes).unwrap().with_iptc(b"newer");
            let changed = Resources::parse(&changed).unwrap();
            assert_eq!(changed.iptc(), Some(&b"newer"[..]));
            let digest = changed.resources.iter().find(|resource| resource.id == DIGEST).unwrap();
            assert_eq!(digest.data, after);
            assert_eq!(changed.resources[0].bytes, resource(0x03ED, b"odd", b"abc"));
            assert_eq!(changed.resources.last().unwrap().data, b"icc!");
        }
    }

    #[test]
    fn resources_that_are_cut_or_odd_are_none() {
        let bytes = with(None);
        let parsed =
            (1..bytes.len()).filter(|&length| Resources::parse(&bytes[..length]).is_some());
        // Behind one resource and behind two.
        assert_eq!(parsed.collect::<Vec<_>>(), [17, 18, 33, 34]);
        let twice = [resource(IPTC, b"", b"one"), resource(IPTC, b"", b"two")].concat();
        assert_eq!(Resources::parse(&twice).unwrap().iptc(), None);
    }
}
