//! What must hold of every network: engines agree on it, it survives its file, and a file that was
//! changed into another network either runs or is refused.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;
use tagsight_core::{Artifact, Engine, Isa};
use tagsight_tests::parity::assert_engines_agree;
use tagsight_tests::{graphs, random};

/// The same networks in every run; what fails is shrunk and shown, not kept.
fn config(cases: u32) -> Config {
    let rng_seed = RngSeed::Fixed(1);
    Config { cases, rng_seed, failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn engines_agree_on_any_network(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let artifact = graphs::artifact(&bytes);
        let file = artifact.write().unwrap();
        let read = Artifact::read(&file).unwrap();
        prop_assert_eq!(&read, &artifact);
        prop_assert_eq!(read.write().unwrap(), file);
        let image = random::image(artifact.metadata.preprocessing.side, 3);
        assert_engines_agree(&read, &image);
    }
}

/// A number in a file's layers, and what is put there.
#[derive(Debug, Clone, Copy)]
struct Change {
    place: prop::sample::Index,
    number: u64,
}

fn change() -> impl Strategy<Value = Change> {
    let number = prop_oneof![4 => 0..4_u64, 1 => 0..200_u64, 1 => any::<u64>()];
    (any::<prop::sample::Index>(), number).prop_map(|(place, number)| Change { place, number })
}

#[test]
fn changed_layers_run_or_are_refused() {
    let networks = prop::collection::vec(any::<u8>(), 0..60);
    let changes = prop::collection::vec(change(), 1..=2);
    let (run, refused) = (Cell::new(0), Cell::new(0));
    let outcome = TestRunner::new(config(600)).run(&(networks, changes), |(bytes, changes)| {
        let file = changed(&graphs::artifact(&bytes).write().unwrap(), &changes);
        match Artifact::read(&file) {
            Ok(artifact) => {
                let image = vec![64; artifact.metadata.preprocessing.side.pow(2) * 3];
                let mut engine = Engine::new(&artifact, Isa::best()).unwrap();
                prop_assert!(engine.logits(&image).iter().all(|logit| logit.is_finite()));
                run.set(run.get() + 1);
            }
            Err(_) => refused.set(refused.get() + 1),
        }
        Ok(())
    });
    outcome.unwrap();
    let (run, refused) = (run.get(), refused.get());
    println!("{run} changed networks ran, {refused} were refused");
    assert!(run > 50 && refused > 50, "{run} ran, {refused} were refused");
}

/// A model file with other numbers in its layers.
fn changed(file: &[u8], changes: &[Change]) -> Vec<u8> {
    let (length, rest) = file.split_first_chunk::<8>().unwrap();
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let mut header: Value = serde_json::from_slice(header).unwrap();
    let entry = &mut header["__metadata__"]["tagsight"];
    let mut metadata: Value = serde_json::from_str(entry.as_str().unwrap()).unwrap();
    for change in changes {
        let mut numbers = Vec::new();
        find_numbers(&mut metadata["graph"], &mut numbers);
        let place = change.place.index(numbers.len());
        *numbers[place] = change.number.into();
    }
    *entry = metadata.to_string().into();
    let header = serde_json::to_vec(&header).unwrap();
    [&(header.len() as u64).to_le_bytes(), &header[..], data].concat()
}

fn find_numbers<'a>(value: &'a mut Value, numbers: &mut Vec<&'a mut Value>) {
    match value {
        Value::Number(_) => numbers.push(value),
        Value::Array(items) => items.iter_mut().for_each(|item| find_numbers(item, numbers)),
        Value::Object(fields) => {
            fields.iter_mut().for_each(|(_, field)| find_numbers(field, numbers));
        }
        _ => {}
    }
}
