//! What must hold of every network: engines agree on it, it survives its file, and a file that was
//! changed into another network either runs or is refused.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use tagsight_core::Artifact;
use tagsight_tests::foreign::network_run;
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

/// The place of a number in a file's layers, and what is put there.
fn change() -> impl Strategy<Value = (u16, u64)> {
    let number = prop_oneof![4 => 0..4_u64, 1 => 0..200_u64, 1 => any::<u64>()];
    (any::<u16>(), number)
}

#[test]
fn changed_layers_run_or_are_refused() {
    let networks = prop::collection::vec(any::<u8>(), 0..60);
    let changes = prop::collection::vec(change(), 1..=2);
    let (run, refused) = (Cell::new(0), Cell::new(0));
    let outcome = TestRunner::new(config(600)).run(&(networks, changes), |(bytes, changes)| {
        let count =
            if network_run(&graphs::changed(&bytes, &changes)).is_ok() { &run } else { &refused };
        count.set(count.get() + 1);
        Ok(())
    });
    outcome.unwrap();
    let (run, refused) = (run.get(), refused.get());
    println!("{run} changed networks ran, {refused} were refused");
    assert!(run > 50 && refused > 50, "{run} ran, {refused} were refused");
}
