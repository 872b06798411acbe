//! The artifact's reader against files that are damaged, or made to do harm.

use serde_json::{Value, json};
use tagsight_core::artifact::WeightBits;
use tagsight_core::tags::Calibration;
use tagsight_core::task::{Quantity, Task};
use tagsight_core::{Architecture, Artifact, ArtifactError, Thresholds};

/// A valid model file taken apart, so that a test can put it together wrongly.
#[derive(Clone)]
pub(crate) struct File {
    /// The container's header.
    pub(crate) header: Value,
    /// The tensors' bytes.
    pub(crate) data: Vec<u8>,
}

impl File {
    /// A small random ResNet-18.
    pub(crate) fn valid() -> Self {
        Self::of(&Artifact::synthetic(Architecture::ResNet18, 32, 5))
    }

    fn of(artifact: &Artifact) -> Self {
        let bytes = artifact.write().unwrap();
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let header = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
        Self { header, data: bytes[8 + length..].to_vec() }
    }

    /// The same with packed weights in all but the first layer and the classifier.
    pub(crate) fn four_bits() -> Self {
        let small = Artifact::synthetic_of(WeightBits::Four, Architecture::ResNet18, 32, 5);
        Self::of(&small)
    }

    /// The file's bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let header = serde_json::to_vec(&self.header).unwrap();
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], &header, &self.data].concat()
    }

    fn read(&self) -> Result<Artifact, ArtifactError> {
        Artifact::read(&self.bytes())
    }

    /// The same as versions before the fourth had it: with the architecture's name instead of layers, and
    /// the one task's fields.
    fn of_version(self, version: u32) -> Self {
        self.edit_metadata(|metadata| {
            let fields = metadata.as_object_mut().unwrap();
            fields.remove("graph").unwrap();
            let task = fields.remove("task").unwrap();
            for field in ["thresholds", "calibration"] {
                metadata[field] = task[field].clone();
            }
            metadata["format_version"] = json!(version);
        })
    }

    /// Changes the `tagsight` entry of the metadata.
    fn edit_metadata(mut self, edit: impl FnOnce(&mut Value)) -> Self {
        let entry = &mut self.header["__metadata__"]["tagsight"];
        let mut metadata = serde_json::from_str(entry.as_str().unwrap()).unwrap();
        edit(&mut metadata);
        *entry = metadata.to_string().into();
        self
    }

    fn edit_tensor(mut self, name: &str, edit: impl FnOnce(&mut Value)) -> Self {
        edit(self.header.get_mut(name).unwrap());
        self
    }

    /// Overwrites a tensor's first bytes.
    fn overwrite(mut self, name: &str, bytes: &[u8]) -> Self {
        let start = self.header[name]["data_offsets"][0].as_u64().unwrap() as usize;
        self.data[start..start + bytes.len()].copy_from_slice(bytes);
        self
    }
}

fn fields(metadata: &mut Value) -> &mut serde_json::Map<String, Value> {
    metadata.as_object_mut().unwrap()
}

/// Refused with a message that mentions `expected`.
fn assert_refused(what: &str, file: &File, expected: &str) {
    match file.read() {
        Ok(_) => panic!("{what}: was read"),
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains(expected), "{what}: {message:?} lacks {expected:?}");
        }
    }
}

#[test]
fn a_valid_file_survives_the_round_trip() {
    for bits in [WeightBits::Eight, WeightBits::Four] {
        for architecture in Architecture::ALL {
            let artifact = Artifact::synthetic_of(bits, architecture, 32, 5);
            let bytes = artifact.write().unwrap();
            let read = Artifact::read(&bytes).unwrap();
            assert_eq!(read, artifact);
            assert_eq!(read.write().unwrap(), bytes);
        }
    }
    assert!(File::valid().read().is_ok(), "the files below differ from this one by one thing");
}

#[test]
fn files_of_earlier_versions_are_read_and_become_todays() {
    let mut expected = File::valid().read().unwrap();
    let list: Vec<f32> = (0..80).map(|label| label as f32 / 80.0).collect();
    let Task::MultiLabel { thresholds, .. } = &mut expected.metadata.task else { unreachable!() };
    *thresholds = Thresholds::all(list.clone());
    for version in [1, 2, 3] {
        let earlier = File::valid().of_version(version).edit_metadata(|metadata| {
            let steps = json!({ "sure": list, "balanced": list, "more": list });
            metadata["thresholds"] = if version < 3 { json!(list) } else { steps };
        });
        let read = earlier.read().unwrap();
        assert_eq!(read, expected, "version {version}");
        assert_eq!(read.write().unwrap(), expected.write().unwrap(), "version {version}");
    }
    // Version 1 had no packed weights.
    let packed = File::four_bits().of_version(1);
    assert_refused("packed weights in version 1", &packed, "layer1.0.conv1.weight");
    expected.metadata.format_version = 2;
    assert!(expected.write().is_err(), "an earlier version is not written");
}

#[test]
fn thresholds_of_each_step_survive_the_round_trip() {
    let mut artifact = Artifact::synthetic(Architecture::ResNet18, 32, 5);
    artifact.metadata.task = Task::MultiLabel {
        thresholds: Thresholds {
            sure: vec![0.9; 80],
            balanced: vec![0.6; 80],
            more: vec![0.3; 80],
        },
        calibration: Calibration { slope: vec![0.5; 80], offset: vec![-1.0; 80] },
    };
    assert_eq!(Artifact::read(&artifact.write().unwrap()).unwrap(), artifact);
}

#[test]
fn other_tasks_survive_the_round_trip() {
    let quantity = Quantity { unit: "°C".into(), scale: -0.5, offset: 36.6 };
    for task in [
        Task::SingleLabel { temperature: 1.25 },
        Task::Regression { quantities: vec![quantity; 80] },
    ] {
        let mut artifact = Artifact::synthetic(Architecture::ResNet18, 32, 5);
        artifact.metadata.task = task;
        assert_eq!(Artifact::read(&artifact.write().unwrap()).unwrap(), artifact);
    }
    let mut artifact = Artifact::synthetic(Architecture::ResNet18, 32, 5);
    artifact.metadata.task = Task::Regression { quantities: vec![] };
    assert!(artifact.write().is_err(), "what cannot be read is not written");
}

#[test]
fn a_task_has_what_is_its_own_and_nothing_else() {
    type Edit = fn(&mut Value);
    let single = |temperature: f32| json!({ "kind": "single-label", "temperature": temperature });
    let valid = File::valid().edit_metadata(|m| m["task"] = single(1.0));
    assert!(valid.read().is_ok(), "the cases below differ from this one by one thing");
    let cases: [(&str, Edit, &str); 10] = [
        ("no task", |m| drop(m.as_object_mut().unwrap().remove("task")), "task is missing"),
        ("no kind", |m| m["task"] = json!({ "temperature": 1.0 }), "kind"),
        ("another kind", |m| m["task"]["kind"] = json!("ranking"), "ranking"),
        ("another's kind", |m| m["task"]["kind"] = json!("multi-label"), "thresholds"),
        ("no temperature", |m| m["task"] = json!({ "kind": "single-label" }), "temperature"),
        ("temperature 0", |m| m["task"]["temperature"] = json!(0.0), "temperature"),
        ("another's field", |m| m["task"]["quantities"] = json!([]), "quantities"),
        ("an unknown field", |m| m["task"]["surprise"] = json!(1), "surprise"),
        ("the field of before", |m| m["thresholds"] = json!(vec![0.5; 80]), "thresholds"),
        ("too early", |m| m["format_version"] = json!(3), "thresholds"),
    ];
    for (what, edit, expected) in cases {
        let file = File::valid().edit_metadata(|m| {
            m["task"] = single(1.0);
            edit(m);
        });
        assert_refused(what, &file, expected);
    }
    let early = File::valid().of_version(3).edit_metadata(|m| m["task"] = single(1.0));
    assert_refused("a task before there were any", &early, "task is there twice");
}

#[test]
fn four_bit_weights_take_half_the_bytes() {
    let artifact = Artifact::synthetic_of(WeightBits::Four, Architecture::ResNet18, 224, 5);
    let bytes = artifact.write().unwrap().len();
    assert!(bytes < 6_000_000, "{bytes} bytes");
    let read = Artifact::read(&artifact.write().unwrap()).unwrap();
    assert_eq!(
        (read.conv("conv1").unwrap().bits, read.head.bits),
        (WeightBits::Eight, WeightBits::Eight)
    );
    assert_eq!(read.conv("layer4.1.conv2").unwrap().bits, WeightBits::Four);
}

#[test]
fn packed_weights_that_break_their_format_are_refused() {
    const NAME: &str = "layer1.0.conv1.weight4";
    assert!(File::four_bits().read().is_ok(), "the files below differ from this one by one thing");
    for byte in [0x08, 0x80, 0x88] {
        assert_refused("a code of −8", &File::four_bits().overwrite(NAME, &[byte]), "-8");
    }
    let shape = |shape: Value| File::four_bits().edit_tensor(NAME, |t| t["shape"] = shape);
    assert_refused("transposed", &shape(json!([288, 64])), NAME);
    assert_refused("flat", &shape(json!([64 * 288])), NAME);
    let signed = File::four_bits().edit_tensor(NAME, |tensor| tensor["dtype"] = json!("I8"));
    assert_refused("signed bytes", &signed, NAME);
    let mut neither = File::four_bits();
    let tensors = neither.header.as_object_mut().unwrap();
    let tensor = tensors.remove(NAME).unwrap();
    tensors.insert("layer1.0.conv1.weight5".into(), tensor);
    assert_refused("neither form", &neither, "layer1.0.conv1.weight");
    let mut both = File::four_bits();
    let (start, len) = (both.data.len(), 64 * 9 * 64);
    both.data.resize(start + len, 1);
    both.header["layer1.0.conv1.weight"] =
        json!({ "dtype": "I8", "shape": [64, 3, 3, 64], "data_offsets": [start, start + len] });
    assert_refused("both forms", &both, "do not belong");
}

#[test]
fn a_row_of_an_odd_number_of_packed_weights_ends_in_zero() {
    let network = Artifact::synthetic_of(WeightBits::Four, Architecture::MobileNetV2, 32, 5);
    let file = File::of(&network);
    assert!(file.read().is_ok());
    // Nine taps a channel: the fifth byte's upper half is none.
    let name = "features.1.conv.0.0.weight4";
    let start = file.header[name]["data_offsets"][0].as_u64().unwrap() as usize;
    let first: [u8; 5] = file.data[start..start + 5].try_into().unwrap();
    let uneven = [first[0], first[1], first[2], first[3], first[4] | 0x10];
    assert_refused("a tenth weight", &file.overwrite(name, &uneven), "half");
}

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    let bytes = File::valid().bytes();
    let header = bytes.len() - File::valid().data.len();
    let lengths = (0..16)
        .chain((16..header).step_by(97))
        .chain(header - 2..header + 3)
        .chain((header..bytes.len()).step_by(bytes.len() / 50))
        .chain(bytes.len() - 5..bytes.len());
    for length in lengths {
        assert!(Artifact::read(&bytes[..length]).is_err(), "{length} of {} bytes", bytes.len());
    }
    let longer = [&bytes[..], b"more"].concat();
    assert!(Artifact::read(&longer).is_err(), "bytes after the last tensor");
}

#[test]
fn header_lengths_that_overflow_are_refused() {
    let bytes = File::valid().bytes();
    for length in [u64::MAX, u64::MAX - 7, 1 << 63, 1 << 32, bytes.len() as u64, 0, 1] {
        let mut bytes = bytes.clone();
        bytes[..8].copy_from_slice(&length.to_le_bytes());
        assert!(Artifact::read(&bytes).is_err(), "header length {length}");
    }
}

#[test]
fn other_versions_are_refused_by_number() {
    for version in [0, 5, u32::MAX] {
        let file =
            File::valid().edit_metadata(|metadata| metadata["format_version"] = json!(version));
        assert_refused("version", &file, &format!("version {version}"));
    }
    let later = File::valid().edit_metadata(|metadata| {
        *metadata = json!({ "format_version": 5, "layers": "described in another way" });
    });
    assert_refused("a later version's metadata", &later, "version 5");
}

#[test]
fn metadata_that_contradicts_itself_is_refused() {
    type Edit = fn(&mut Value);
    let cases: [(&str, Edit, &str); 22] = [
        ("a name that does not show", |m| m["architecture"] = json!("a\u{7}"), "name"),
        ("version 4 without layers", |m| drop(fields(m).remove("graph")), "graph is missing"),
        ("no labels", |m| m["labels"] = json!([]), "labels"),
        ("more labels", |m| m["labels"] = json!(vec!["x"; 81]), ""),
        ("a million labels", |m| m["labels"] = json!(vec!["x"; 1_000_000]), "labels"),
        ("a label twice", |m| m["labels"][7] = json!("person"), "\"person\" is there twice"),
        ("a label without a letter", |m| m["labels"][7] = json!(" "), "empty"),
        ("side 0", |m| m["preprocessing"]["side"] = json!(0), "side"),
        ("side 2⁶³", |m| m["preprocessing"]["side"] = json!(1u64 << 63), ""),
        ("negative side", |m| m["preprocessing"]["side"] = json!(-1), ""),
        ("mean", |m| m["preprocessing"]["mean"] = json!([2.0, 0.5, 0.5]), "mean"),
        ("deviation 0", |m| m["preprocessing"]["std"] = json!([0.0, 0.2, 0.2]), "deviation"),
        ("thresholds", |m| m["task"]["thresholds"] = json!([0.5, 0.5]), "threshold"),
        ("threshold 2", |m| m["task"]["thresholds"] = json!(vec![2.0; 80]), "threshold"),
        ("no step's thresholds", |m| m["task"]["thresholds"] = json!({}), "sure"),
        ("a fourth step", |m| m["task"]["thresholds"]["all"] = json!(vec![0.0; 80]), "all"),
        ("two labels' sure", |m| m["task"]["thresholds"]["sure"] = json!([0.5, 0.5]), "threshold"),
        ("a negative more", |m| m["task"]["thresholds"]["more"][79] = json!(-0.1), "threshold"),
        ("a more that is less", |m| m["task"]["thresholds"]["more"][0] = json!(0.6), "rise"),
        ("calibration", |m| m["task"]["calibration"]["slope"] = json!([1.0]), "calibration"),
        ("infinite slope", |m| m["task"]["calibration"]["slope"][0] = json!(1e300), ""),
        ("unknown field", |m| m["surprise"] = json!(1), "surprise"),
    ];
    for (what, edit, expected) in cases {
        assert_refused(what, &File::valid().edit_metadata(edit), expected);
    }
    let layers = json!({ "nodes": [], "head": { "name": "fc", "input": 1 } });
    let early = File::valid().of_version(3).edit_metadata(|m| m["graph"] = layers);
    assert_refused("layers in version 3", &early, "graph");
    let unknown = File::valid().of_version(3).edit_metadata(|m| m["architecture"] = json!("vgg16"));
    assert_refused("an architecture that nobody knows", &unknown, "vgg16");
    let mut foreign = File::valid();
    foreign.header["__metadata__"] = json!({ "format": "pt" });
    assert_refused("another program's file", &foreign, "not a Tagsight model");
}

#[test]
fn layers_that_are_no_network_are_refused() {
    type Edit = fn(&mut Value);
    let cases: [(&str, Edit, &str); 14] = [
        ("no layers", |g| g["nodes"] = json!([]), "0 layers"),
        (
            "a million layers",
            |g| g["nodes"] = vec![g["nodes"][1].clone(); 1_000_000].into(),
            "layers",
        ),
        ("a later layer's", |g| g["nodes"][0]["conv"]["input"] = json!(2), "no layer before it"),
        ("beyond the end", |g| g["head"]["input"] = json!(u32::MAX), "no layer before it"),
        ("a residual of no one", |g| g["nodes"][3]["conv"]["residual"] = json!(77), "before it"),
        ("another shape", |g| g["nodes"][3]["conv"]["residual"] = json!(1), "another shape"),
        ("no kernel", |g| g["nodes"][0]["conv"]["kernel"] = json!(0), "window"),
        ("a huge kernel", |g| g["nodes"][0]["conv"]["kernel"] = json!(u32::MAX), "window"),
        ("no step", |g| g["nodes"][0]["conv"]["stride"] = json!(0), "window"),
        ("all padding", |g| g["nodes"][0]["conv"]["padding"] = json!([7, 7]), "window"),
        ("huge padding", |g| g["nodes"][1]["max_pool"]["padding"] = json!([u32::MAX, 0]), "window"),
        ("no channels", |g| g["nodes"][2]["conv"]["channels"] = json!(0), "channels"),
        ("a sign", |g| g["nodes"][0]["conv"]["activation"] = json!("linear"), "only a residual"),
        ("padded", |g| g["nodes"][2]["conv"]["activation"] = json!("asymmetric"), "zero point"),
    ];
    for (what, edit, expected) in cases {
        let file = File::valid().edit_metadata(|metadata| edit(&mut metadata["graph"]));
        assert_refused(what, &file, expected);
    }
}

#[test]
fn tensors_out_of_place_are_refused() {
    type Edit = fn(&mut Value);
    let cases: [(&str, Edit); 8] = [
        ("beyond the end", |t| t["data_offsets"] = json!([0, 1u64 << 40])),
        ("overflowing", |t| t["data_offsets"] = json!([u64::MAX - 3, u64::MAX])),
        ("backwards", |t| t["data_offsets"] = json!([9408, 0])),
        ("overlapping", |t| t["data_offsets"] = json!([0, 9408])),
        ("another type", |t| t["dtype"] = json!("F32")),
        ("unknown type", |t| t["dtype"] = json!("I7")),
        ("another shape", |t| t["shape"] = json!([64, 3, 7, 7])),
        ("a shape that overflows", |t| t["shape"] = json!([1u64 << 32, 1u64 << 32, 7, 3])),
    ];
    for (what, edit) in cases {
        assert!(File::valid().edit_tensor("conv1.weight", edit).read().is_err(), "{what}");
    }
}

#[test]
fn absent_and_surplus_tensors_are_refused() {
    let mut renamed = File::valid();
    let tensors = renamed.header.as_object_mut().unwrap();
    let tensor = tensors.remove("layer1.0.conv1.bias").unwrap();
    tensors.insert("layer9.0.conv1.bias".into(), tensor);
    assert_refused("absent", &renamed, "layer1.0.conv1.bias");
    let mut surplus = File::valid();
    let end = surplus.data.len();
    surplus.data.push(0);
    surplus.header["extra"] =
        json!({ "dtype": "I8", "shape": [1], "data_offsets": [end, end + 1] });
    assert_refused("surplus", &surplus, "do not belong");
}

#[test]
fn scales_that_are_not_positive_and_finite_are_refused() {
    const SUBNORMAL: f32 = 1e-40;
    let scales = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, -1.0, SUBNORMAL];
    let names = ["conv1.weight_scale", "layer2.0.downsample.0.output_scale", "fc.weight_scale"];
    for name in names {
        for scale in scales {
            let file = File::valid().overwrite(name, &scale.to_le_bytes());
            assert_refused(&format!("{name} = {scale:e}"), &file, "not a positive finite number");
        }
    }
}

#[test]
fn scales_whose_ratio_is_no_number_are_refused() {
    for scale in [f32::MIN_POSITIVE, f32::MAX] {
        let file = File::valid().overwrite("conv1.output_scale", &scale.to_le_bytes());
        assert!(file.read().is_err(), "conv1.output_scale = {scale:e}");
    }
}

/// 0 · ∞ would be a logit that is no number.
#[test]
fn scales_whose_product_is_no_number_are_refused() {
    const CONV: &str = "layer4.1.conv2";
    for [features, classes] in [[1e20f32, 1e20], [1.0, 1e35]] {
        // The last convolution's own sums stay in range.
        let weights = (features * 1e-3).to_le_bytes().repeat(512);
        let file = File::valid()
            .overwrite(&format!("{CONV}.weight_scale"), &weights)
            .overwrite(&format!("{CONV}.output_scale"), &features.to_le_bytes())
            .overwrite("fc.weight_scale", &classes.to_le_bytes());
        assert_refused(&format!("{features:e} · {classes:e}"), &file, "product");
    }
}

#[test]
fn weights_and_biases_that_break_the_arithmetic_are_refused() {
    let minus_128 = File::valid().overwrite("layer1.0.conv1.weight", &[0x80]);
    assert_refused("a weight of −128", &minus_128, "-128");
    for bias in [i32::MAX, i32::MIN] {
        for name in ["conv1.bias", "layer4.1.conv2.bias", "fc.bias"] {
            let file = File::valid().overwrite(name, &bias.to_le_bytes());
            assert_refused("a bias that overflows the sum", &file, "overflow");
        }
    }
    // One residual code would be worth more units of the sum than fit.
    let residual = File::valid().overwrite("layer1.0.conv2.weight_scale", &1e-12f32.to_le_bytes());
    assert!(residual.read().is_err(), "a residual multiplier out of range");
}

#[test]
fn what_cannot_be_read_is_not_written() {
    let mut artifact = Artifact::synthetic(Architecture::ResNet18, 32, 5);
    artifact.head.weight_scale[0] = f32::NAN;
    assert!(artifact.write().is_err());
}
