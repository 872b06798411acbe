//! How long a large library takes, as a printed figure: `cargo test --release -p tagsight-library speed
//! -- --nocapture`.

use std::hint::black_box;
use std::time::Instant;

use fastrand::Rng;
use tagsight_library::alike::groups;
use tagsight_library::{ALIKE, Library, Query, Step, Stored, labels};

use super::*;

const PHOTOS: usize = 5_000;

fn large() -> Stored {
    let mut random = Rng::with_seed(1);
    let names: Vec<&str> = labels().iter().map(|label| label.en).collect();
    let mut stored = Stored::default();
    stored.settings.models.push(facts(MODEL, &names));
    for number in 0..PHOTOS {
        // Four labels of eighty, of which some reach the threshold.
        let mut values: Vec<f32> = names.iter().map(|_| 0.2 * random.f32()).collect();
        for _ in 0..4 {
            values[random.usize(..80)] = random.f32();
        }
        let mut photo = Photo {
            id: format!("{:064x}", random.u128(..)).as_str().into(),
            name: format!("IMG_{number:05}.JPG"),
            taken: format!("20{:02}-11-26T09:13:18", number % 26),
            place: number as u32,
            result: Some(scores(MODEL, &values)),
            ..Photo::default()
        };
        if number % 10 == 0 {
            photo.keywords =
                (0..5).map(|word| format!("keyword {}", word * number % 200)).collect();
        }
        stored.photos.push(photo);
    }
    stored
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = black_box(work());
    println!("{PHOTOS} photos, {what}: {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    result
}

#[test]
fn speed() {
    let stored = large();
    let mut library = timed("opened", || Library::open(stored)).unwrap();
    for typed in ["", "d", "dog", "ㄱㅇㅇ", "공", "-person (dog or 고양이)", "img_012", "2013-11"]
    {
        let found =
            timed(&format!("found by “{typed}”"), || library.find(&Query::parse(typed)));
        let counts = timed(&format!("their {} counted", found.len()), || library.counts(&found));
        assert_eq!(found.is_empty(), counts.is_empty());
    }
    timed("suggested", || library.suggest("ca", tagsight_library::Language::Ko, 8));
    timed("refiltered", || library.set_step(Step::More));
    let ids: Vec<PhotoId> = library.photos().map(|photo| photo.id.clone()).collect();
    timed("given a tag", || library.add_tag(&ids, "trip"));
    timed("undone", || library.undo());
    timed("without the network's tags", || library.remove_auto(&ids));
    timed("undone", || library.undo());
    timed("deleted", || library.delete(&ids));
    timed("undone", || library.undo());
    assert_eq!(library.photos().len(), PHOTOS);
}

/// Ten times as many photos that are alike in what skies are: in a third of all rows it gets neither lighter
/// nor darker.
#[test]
fn speed_of_looks() {
    let mut random = Rng::with_seed(2);
    let row = |random: &mut Rng| if random.u8(..3) == 0 { 0 } else { random.u8(..) };
    let mut look = || Some(u64::from_be_bytes(std::array::from_fn(|_| row(&mut random))));
    let mut looks: Vec<Option<u64>> = (0..10 * PHOTOS).map(|_| look()).collect();
    // Some are there twice, and some once more with a bit that differs.
    looks.copy_within(0..100, 10_000);
    looks.copy_within(0..100, 20_000);
    looks[20_000..20_100].iter_mut().flatten().for_each(|look| *look ^= 1);
    let found = timed("ten times as many, those alike", || groups(&looks, ALIKE, []));
    assert!(found.len() >= 95, "{}", found.len());
}
