//! The metadata that files are given.

use std::collections::BTreeSet;

use tagsight_metadata::{List, Refusal};

use super::files::{EXTENSION_DIGEST, Kind, Metadata, Packing, build};

/// Metadata in a kind of file.
#[derive(Debug, Clone)]
pub(super) struct Case {
    what: &'static str,
    pub(super) kind: Kind,
    metadata: Metadata,
    /// What its lists hold before.
    own: Own,
    /// Why nothing is written into it, if so.
    pub(super) refusal: Option<Refusal>,
}

/// The words that lists hold before.
#[derive(Debug, Clone, Default)]
pub(super) struct Own {
    subject: &'static [&'static str],
    hierarchical: &'static [&'static str],
    tags_list: &'static [&'static str],
    last_keyword: &'static [&'static str],
    iptc: &'static [&'static str],
    xp: &'static [&'static str],
    /// Whether IPTC records are there, and can be written.
    has_iptc: bool,
}

impl Case {
    pub(super) fn name(&self) -> String {
        let kind = match self.kind {
            Kind::Jpeg => "jpeg",
            Kind::Png => "png",
            Kind::WebPLossy => "webp-lossy",
            Kind::WebPLossless => "webp-lossless",
            Kind::WebPAnimated => "webp-animated",
        };
        format!("{}-{kind}", self.what.replace(' ', "-"))
    }

    pub(super) fn file(&self) -> Vec<u8> {
        build(self.kind, &self.metadata)
    }

    /// What is behind the picture.
    pub(super) fn trailer(&self) -> &[u8] {
        &self.metadata.trailer
    }

    /// Whether the file had no header of WebP's extended format, which then tells its size anew.
    pub(super) fn is_extended_by_writing(&self) -> bool {
        let is_simple = matches!(self.kind, Kind::WebPLossy | Kind::WebPLossless);
        is_simple && self.metadata.exif.is_none() && self.metadata.xmp.is_none()
    }

    pub(super) fn has_second_picture(&self) -> bool {
        self.metadata.second.is_some()
    }

    /// What a list of a new sidecar is to hold: the same, wherever the photo said it.
    pub(super) fn expected_in_sidecar(&self, list: List) -> BTreeSet<String> {
        match self.refusal {
            // It has words where they cannot be written.
            Some(Refusal::InExtension) => {
                let own = Own { subject: &["hidden"], ..Own::default() };
                Self { own, refusal: None, ..self.clone() }.expected(list)
            }
            _ => self.expected(list),
        }
    }

    /// What a list is to hold once `wanted` is written: the union.
    pub(super) fn expected(&self, list: List) -> BTreeSet<String> {
        let own = &self.own;
        let set = |words: &[&str]| -> BTreeSet<String> {
            words.iter().map(ToString::to_string).collect()
        };
        let leaf = |path: &&str| path.rsplit(['|', '/']).next().unwrap_or_default().to_owned();
        let leaves = || {
            let lists =
                [own.subject, own.hierarchical, own.tags_list, own.last_keyword, own.iptc, own.xp];
            lists.into_iter().flatten().map(leaf).collect::<BTreeSet<_>>()
        };
        let ours = set(&["Dog", "개", "surfboard", "봄 축제 & <음악>"]);
        let paths = |separator: &str| {
            let lists =
                [own.subject, own.hierarchical, own.tags_list, own.last_keyword, own.iptc, own.xp];
            let all: BTreeSet<String> = lists
                .into_iter()
                .flatten()
                .map(|path| path.replace(['|', '/'], separator))
                .collect();
            let parts: BTreeSet<&str> = all
                .iter()
                .filter(|path| path.contains(separator))
                .flat_map(|path| path.split(separator))
                .collect();
            let stays = |path: &&String| path.contains(separator) || !parts.contains(path.as_str());
            let mut all: BTreeSet<String> = all.iter().filter(stays).cloned().collect();
            all.extend(ours.iter().filter(|word| *word != "Dog").cloned());
            all.insert(format!("Animal{separator}Dog"));
            all
        };
        match list {
            List::Subject => leaves().union(&ours).cloned().collect(),
            List::Hierarchical => paths("|"),
            List::TagsList => paths("/"),
            List::LastKeyword if own.last_keyword.is_empty() => BTreeSet::new(),
            List::LastKeyword => paths("/"),
            List::Iptc if own.has_iptc => leaves().union(&ours).cloned().collect(),
            List::Iptc => set(own.iptc),
            List::Xp => set(own.xp),
        }
    }
}

const PACKET_HEAD: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n";

/// A packet with this in its RDF, and so much padding.
fn packet(rdf: &str, padding: usize) -> Vec<u8> {
    let padding = " ".repeat(padding);
    format!(
        "{PACKET_HEAD}<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"Somebody 1.0\">\n \
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n{rdf}\n \
         </rdf:RDF>\n</x:xmpmeta>\n{padding}<?xpacket end=\"w\"?>"
    )
    .into_bytes()
}

const NAMESPACES: &str = "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:lr=\"http://ns.adobe.com/lightroom/1.0/\" \
    xmlns:digiKam=\"http://www.digikam.org/ns/1.0/\" \
    xmlns:MicrosoftPhoto=\"http://ns.microsoft.com/photo/1.0/\" \
    xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\" \
    xmlns:stEvt=\"http://ns.adobe.com/xap/1.0/sType/ResourceEvent#\" \
    xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\"";

fn description(attributes: &str, elements: &str) -> String {
    format!(
        "  <rdf:Description rdf:about=\"\" {NAMESPACES} {attributes}>\n{elements}\n  </rdf:Description>"
    )
}

fn list(name: &str, kind: &str, words: &[&str]) -> String {
    let items: String =
        words.iter().map(|word| format!("     <rdf:li>{word}</rdf:li>\n")).collect();
    format!("   <{name}>\n    <rdf:{kind}>\n{items}    </rdf:{kind}>\n   </{name}>")
}

/// An Exif block: make, orientation, date, and Windows' keywords if there are any.
fn exif(orientation: u16, words: Option<&str>) -> Vec<u8> {
    let words: Vec<u8> = words
        .map(|words| words.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect())
        .unwrap_or_default();
    let number = if words.is_empty() { 7_u16 } else { 8 };
    let directory = 8 + 2 + usize::from(number) * 12 + 4;
    let mut heap: Vec<u8> = Vec::new();
    let mut entries: Vec<u8> = Vec::new();
    let mut entry = |tag: u16, kind: u16, count: u32, value: &[u8], heap: &mut Vec<u8>| {
        entries.extend(tag.to_le_bytes());
        entries.extend(kind.to_le_bytes());
        entries.extend(count.to_le_bytes());
        if value.len() <= 4 {
            let mut inline = value.to_vec();
            inline.resize(4, 0);
            entries.extend(inline);
        } else {
            entries.extend(((directory + heap.len()) as u32).to_le_bytes());
            heap.extend(value);
            heap.extend(vec![0; value.len() % 2]);
        }
    };
    entry(0x010F, 2, 7, b"Camera\0", &mut heap);
    entry(0x0112, 3, 1, &orientation.to_le_bytes(), &mut heap);
    entry(0x011A, 5, 1, b"\x48\0\0\0\x01\0\0\0", &mut heap);
    entry(0x011B, 5, 1, b"\x48\0\0\0\x01\0\0\0", &mut heap);
    entry(0x0128, 3, 1, &2_u16.to_le_bytes(), &mut heap);
    entry(0x0132, 2, 20, b"2026:11:26 09:13:18\0", &mut heap);
    entry(0x0213, 3, 1, &1_u16.to_le_bytes(), &mut heap);
    if !words.is_empty() {
        entry(0x9C9E, 1, words.len() as u32, &words, &mut heap);
    }
    [b"II\x2a\0\x08\0\0\0", &number.to_le_bytes()[..], &entries, &[0; 4], &heap].concat()
}

fn record(number: u8, value: &[u8]) -> Vec<u8> {
    [&[0x1C, 2, number], &(value.len() as u16).to_be_bytes()[..], value].concat()
}

/// MD5 of the IPTC records below, as `md5sum` gives it.
fn digest(records: &[u8]) -> [u8; 16] {
    use md5::{Digest, Md5};
    Md5::digest(records).into()
}

/// Every metadata in every kind that can have it.
pub(super) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    let plain = || Metadata { exif: Some(exif(1, None)), ..Metadata::default() };
    let with_xmp = |xmp: Vec<u8>| Metadata { xmp: Some(xmp), ..plain() };
    let mut add = |what, kinds: &[Kind], metadata: Metadata, own: Own| {
        for &kind in kinds {
            let (metadata, own) = (metadata.clone(), own.clone());
            cases.push(Case { what, kind, metadata, own, refusal: None });
        }
    };
    let every = &Kind::ALL[..];
    let jpeg = &[Kind::Jpeg][..];

    add("no metadata", every, Metadata::default(), Own::default());
    add("exif alone", every, plain(), Own::default());
    add(
        "orientation 6",
        every,
        Metadata { exif: Some(exif(6, None)), ..Metadata::default() },
        Own::default(),
    );
    let history = "   <xmpMM:History>\n    <rdf:Seq>\n     <rdf:li stEvt:action=\"created\" \
                   stEvt:when=\"2026-11-01T10:00:00Z\"/>\n    </rdf:Seq>\n   </xmpMM:History>";
    let by_attributes = description(
        "xmp:CreateDate=\"2026-11-01T10:00:00Z\" xmp:MetadataDate='2026-11-01T10:00:00Z' \
         xmp:CreatorTool=\"A &amp; B &lt;C&gt;\" dc:source=\"scan\"",
        history,
    );
    add("xmp by attributes", every, with_xmp(packet(&by_attributes, 400)), Own::default());
    let subject: &[&str] = &["beach", "강아지", "Straße"];
    let by_elements = [
        description(
            "",
            &format!(
                "   <xmp:MetadataDate>2026-11-01T10:00:00Z</xmp:MetadataDate>\n{}",
                list("dc:subject", "Bag", subject)
            ),
        ),
        description(
            "",
            &[
                list("lr:hierarchicalSubject", "Bag", &["Places|beach", "강아지"]),
                list("digiKam:TagsList", "Seq", &["Places/beach"]),
                list("MicrosoftPhoto:LastKeywordXMP", "Bag", &["Places/beach"]),
            ]
            .join("\n"),
        ),
    ];
    let own = Own {
        subject: &["beach", "강아지", "Straße"],
        hierarchical: &["Places|beach", "강아지"],
        tags_list: &["Places/beach"],
        last_keyword: &["Places/beach"],
        ..Own::default()
    };
    let elements = packet(&by_elements.join("\n"), 3000);
    add("xmp by elements", every, with_xmp(elements.clone()), own.clone());
    add(
        "xmp without exif",
        every,
        Metadata { xmp: Some(elements.clone()), ..Metadata::default() },
        own.clone(),
    );
    let packings = [
        ("xmp compressed", Packing::Compressed),
        ("xmp spelt", Packing::Spelt),
        ("xmp behind the picture", Packing::Behind),
    ];
    for (what, packing) in packings {
        add(what, &[Kind::Png], Metadata { packing, ..with_xmp(elements.clone()) }, own.clone());
    }
    let text = String::from_utf8(elements).unwrap();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    add("xmp in utf16", every, with_xmp(wide), own);
    let only = |name, kind, words| with_xmp(packet(&description("", &list(name, kind, words)), 0));
    let words = Own { subject: &["beach", "나무"], ..Own::default() };
    add("words in dc alone", every, only("dc:subject", "Bag", &["beach", "나무"]), words);
    let words = Own { hierarchical: &["Places|beach", "나무"], ..Own::default() };
    add(
        "words in lr alone",
        every,
        only("lr:hierarchicalSubject", "Bag", &["Places|beach", "나무"]),
        words,
    );
    let words = Own { tags_list: &["Places/beach", "나무"], ..Own::default() };
    add(
        "words in digikam alone",
        every,
        only("digiKam:TagsList", "Seq", &["Places/beach", "나무"]),
        words,
    );
    let words = Own { xp: &["beach", "나무"], ..Own::default() };
    let metadata = Metadata { exif: Some(exif(1, Some("beach;나무"))), ..Metadata::default() };
    add("words in xp alone", every, metadata, words);

    let records =
        [record(0, b"\0\x04"), record(25, b"beach"), record(25, b"tree"), record(80, b"Anna")]
            .concat();
    let own = Own { iptc: &["beach", "tree"], has_iptc: true, ..Own::default() };
    let iptc = |digest| Metadata { iptc: Some((records.clone(), digest)), ..plain() };
    add("iptc without digest", jpeg, iptc(None), own.clone());
    add("iptc with right digest", jpeg, iptc(Some(digest(&records))), own.clone());
    add("iptc with wrong digest", jpeg, iptc(Some([9; 16])), own.clone());
    add("iptc in text", &[Kind::Png], iptc(None), Own { has_iptc: false, ..own });
    let latin = [record(0, b"\0\x04"), record(25, b"Stra\xdfe"), record(120, b"caf\xe9")].concat();
    let metadata = Metadata { iptc: Some((latin, None)), ..plain() };
    add(
        "iptc in latin",
        jpeg,
        metadata,
        Own { iptc: &["Straße"], has_iptc: true, ..Own::default() },
    );

    let room = 65_400 - packet(&by_attributes, 0).len();
    add("packet of 65400 bytes", every, with_xmp(packet(&by_attributes, room)), Own::default());
    let extended = description(&format!("xmpNote:HasExtendedXMP=\"{EXTENSION_DIGEST}\""), "");
    let inside = description("xmp:Label=\"in the extension\"", "");
    let extension = packet(&inside, 0);
    let metadata = Metadata { extension: Some(extension), ..with_xmp(packet(&extended, 500)) };
    add("extended xmp", jpeg, metadata, Own::default());
    for (what, is_before) in
        [("two pictures index before xmp", true), ("two pictures index behind xmp", false)]
    {
        let metadata = Metadata { second: Some(is_before), ..with_xmp(packet(&by_attributes, 0)) };
        add(what, jpeg, metadata, Own::default());
    }
    add(
        "two pictures without xmp",
        jpeg,
        Metadata { second: Some(true), ..plain() },
        Own::default(),
    );
    let film = [&b"\0\0\0\x18ftypmp42\0\0\0\0isommp42"[..], &[7; 5000], b"SEFT"].concat();
    let motion = "xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" GCamera:MotionPhoto=\"1\" \
                  GCamera:MicroVideoOffset=\"5028\"";
    let metadata = Metadata { trailer: film, ..with_xmp(packet(&description(motion, ""), 0)) };
    add("motion photo", jpeg, metadata, Own::default());

    let mut refused = |what, kind, metadata, refusal| {
        cases.push(Case { what, kind, metadata, own: Own::default(), refusal: Some(refusal) });
    };
    for kind in [Kind::Jpeg, Kind::Png, Kind::WebPLossy] {
        let metadata = Metadata { has_credentials: true, ..plain() };
        refused("content credentials", kind, metadata, Refusal::ContentCredentials);
    }
    let inside = packet(&description("", &list("dc:subject", "Bag", &["hidden"])), 0);
    let metadata = Metadata { extension: Some(inside), ..with_xmp(packet(&extended, 500)) };
    refused("words in the extension", Kind::Jpeg, metadata, Refusal::InExtension);
    cases
}
