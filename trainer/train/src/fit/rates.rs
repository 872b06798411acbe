//! Which layers the settings' rates mean.

use tagsight_core::graph::IMAGE;
use tagsight_network::Segment;
use tagsight_network::weights::norm_name;

use crate::optim::{LayerRate, Rate};

/// The rates with `"stem"` and `"head"` replaced by what the segment calls them, if it has them.
pub(super) fn resolve(rates: &[Rate], segment: &Segment) -> Vec<LayerRate> {
    let one = |rate: &Rate| LayerRate {
        layers: layers(&rate.layer, segment),
        factor: rate.factor,
        decay: rate.decay,
    };
    rates.iter().map(one).collect()
}

fn layers(layer: &str, segment: &Segment) -> Vec<String> {
    let found = match (layer, segment.convs().next(), segment.head()) {
        ("stem", Some(conv), _) if conv.input == IMAGE => {
            vec![conv.name.clone(), norm_name(&conv.name)]
        }
        ("head", _, Some(head)) => vec![head.name.clone()],
        _ => vec![],
    };
    if found.is_empty() { vec![layer.to_owned()] } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsight_core::Architecture;

    #[test]
    fn stem_and_head_are_called_as_the_network_calls_them() {
        let graph = Architecture::ResNet18.graph(64, 80);
        let whole = Segment::whole(&graph);
        assert_eq!(layers("stem", &whole), ["conv1", "bn1"]);
        assert_eq!(layers("head", &whole), ["fc"]);
        assert_eq!(layers("layer3.1", &whole), ["layer3.1"]);
        let (_, tail) = Segment::split(&graph, "layer4").unwrap();
        assert_eq!(layers("stem", &tail), ["stem"], "the stem is frozen");
    }
}
