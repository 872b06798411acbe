//! A packet that holds nothing yet.

use super::names::{META, RDF};

/// A packet to put properties into. Whoever wrote it first is its toolkit.
pub(super) fn empty(software: &str) -> String {
    let software = quick_xml::escape::escape(software);
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"{META}\" x:xmptk=\"{software}\">\n \
         <rdf:RDF xmlns:rdf=\"{RDF}\">\n \
         </rdf:RDF>\n\
         </x:xmpmeta>\n\
         <?xpacket end=\"w\"?>"
    )
}
