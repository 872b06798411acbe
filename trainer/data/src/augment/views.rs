//! The numbered views of a dataset's photos.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sha2::{Digest, Sha256};

use super::{AugmentConfig, Augmented, Crop, Jitter, Operation, Scene, View};
use crate::counts::of_minority;
use crate::fnv1a;
use crate::{Dataset, Medium, Target};

/// The views of each of a dataset's photos. Mosaics take their other photos from the same dataset,
/// so what is held back stays out of what is fitted.
#[derive(Debug, Clone)]
pub struct Views {
    dataset: Dataset,
    config: AugmentConfig,
    seed: u64,
    /// Whether each photo has other views than the whole one.
    augmented: Vec<bool>,
}

impl Views {
    /// The views that `config` describes, drawn by `seed`.
    pub fn new(dataset: Dataset, config: AugmentConfig, seed: u64) -> Self {
        let augmented = match config.photos {
            Augmented::All => vec![true; dataset.photos.len()],
            Augmented::Minority => {
                let targets: Vec<&Target> = dataset.photos.iter().map(|p| &p.target).collect();
                of_minority(&targets, dataset.subject.labels.len())
            }
        };
        Self { dataset, config, seed, augmented }
    }

    /// The photos, each whole and nothing else.
    pub fn whole(dataset: Dataset) -> Self {
        Self::new(dataset, AugmentConfig { views: 1, ..AugmentConfig::default() }, 0)
    }

    /// The photos.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Views of each photo.
    pub fn count(&self) -> usize {
        self.config.views
    }

    /// View `number` of photo `photo`.
    pub fn view(&self, photo: usize, number: usize) -> View {
        if number == 0 || !self.augmented[photo] {
            return View::whole(photo);
        }
        let id = self.dataset.photos[photo].id;
        let words = [self.seed, id, number as u64];
        let mut rng =
            ChaCha12Rng::seed_from_u64(fnv1a(words.into_iter().flat_map(u64::to_le_bytes)));
        let jitter = self.jitter(&mut rng);
        let scene = if rng.random_bool(self.config.mosaic) {
            Scene::Mosaic([0, 1, 2, 3].map(|tile| {
                let others = self.dataset.photos.len();
                let photo = if tile == 0 { photo } else { rng.random_range(0..others) };
                let mirrored = self.config.flip && rng.random();
                self.crop(photo, mirrored, &mut rng)
            }))
        } else {
            let mirrored = self.config.flip && !number.is_multiple_of(2);
            Scene::Single(self.crop(photo, mirrored, &mut rng))
        };
        View { scene, jitter, operations: self.operations(&mut rng) }
    }

    /// What a network should give of view `number` of photo `photo` ([`Subject::outputs`]): what is true
    /// of all photos that it shows, whether or not a crop has kept that.
    ///
    /// [`Subject::outputs`]: crate::Subject::outputs
    pub fn outputs(&self, photo: usize, number: usize) -> Vec<f32> {
        let view = self.view(photo, number);
        let target = |crop: &Crop| &self.dataset.photos[crop.photo].target;
        self.dataset.subject.outputs(view.crops().iter().map(target))
    }

    /// What is true of each whole photo.
    pub fn targets(&self) -> Vec<Target> {
        self.dataset.photos.iter().map(|photo| photo.target.clone()).collect()
    }

    /// A digest of all that views `number` of the photos depend on.
    pub fn digest(&self, number: usize) -> [u8; 32] {
        let mut hash = Sha256::new();
        for photo in &self.dataset.photos {
            hash.update(photo.id.to_le_bytes());
            hash.update(photo.path.file_name().unwrap_or_default().as_encoded_bytes());
            // Two folders' photos may have one name, and so one id.
            if let Some(content) = photo.content {
                hash.update(content.to_le_bytes());
            }
        }
        if let Medium::Videos { frames } = self.dataset.subject.medium {
            hash.update(format!("frames {frames}"));
        }
        if number > 0 {
            // Setting by setting, so that one that is added later need not change what is kept; a
            // view does not depend on how many there are.
            let AugmentConfig {
                views: _,
                photos,
                flip,
                crop_area,
                crop_aspect,
                brightness,
                contrast,
                saturation,
                mosaic,
                rand_augment,
                rand_augment_strength,
                cutout,
                cutout_side,
            } = &self.config;
            let shape = format!("{flip} {crop_area:?} {crop_aspect:?} {mosaic:?}");
            let colours = format!("{brightness:?} {contrast:?} {saturation:?}");
            hash.update(format!("{} {number} {shape} {colours}", self.seed));
            if *photos == Augmented::Minority {
                hash.update(self.augmented.iter().map(|&is| u8::from(is)).collect::<Vec<_>>());
            }
            if *rand_augment > 0 {
                hash.update(format!("rand_augment {rand_augment} {rand_augment_strength:?}"));
            }
            if *cutout > 0.0 {
                hash.update(format!("cutout {cutout:?} {cutout_side:?}"));
            }
        }
        hash.finalize().into()
    }

    fn crop(&self, photo: usize, mirrored: bool, rng: &mut ChaCha12Rng) -> Crop {
        let [narrowest, widest] = self.config.crop_aspect.map(f64::ln);
        let [smallest, largest] = self.config.crop_area;
        let area = rng.random_range(smallest..=largest);
        let aspect = rng.random_range(narrowest..=widest).exp();
        let (width, height) = ((area * aspect).sqrt().min(1.0), (area / aspect).sqrt().min(1.0));
        let left = (1.0 - width) * rng.random::<f64>();
        let top = (1.0 - height) * rng.random::<f64>();
        Crop { photo, left, top, width, height, mirrored }
    }

    fn operations(&self, rng: &mut ChaCha12Rng) -> Vec<Operation> {
        let AugmentConfig { rand_augment, rand_augment_strength, cutout, cutout_side, .. } =
            self.config;
        let draw = |_| Operation::draw(rand_augment_strength, rng);
        let mut operations: Vec<Operation> = (0..rand_augment).map(draw).collect();
        if rng.random_bool(cutout) {
            operations.push(Operation::draw_cutout(cutout_side, rng));
        }
        operations
    }

    fn jitter(&self, rng: &mut ChaCha12Rng) -> Option<Jitter> {
        let AugmentConfig { brightness, contrast, saturation, .. } = self.config;
        let mut factor = |strength: f64| 1.0 + strength * rng.random_range(-1.0..=1.0);
        let jitter = Jitter {
            brightness: factor(brightness),
            contrast: factor(contrast),
            saturation: factor(saturation),
        };
        [brightness, contrast, saturation].iter().any(|&strength| strength > 0.0).then_some(jitter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Photo;

    fn views(config: AugmentConfig) -> Views {
        let photo = |id| Photo::new(id, format!("{id}.jpg"), Target::Labels(vec![]));
        let photos = (0..9).map(photo).collect();
        Views::new(Dataset { photos, ..Dataset::default() }, config, 1)
    }

    /// Teachers' scores and features that were kept stay those of their views.
    #[test]
    fn operations_leave_the_rest_of_a_view_as_it_was() {
        let config = AugmentConfig {
            crop_area: [0.4, 1.0],
            brightness: 0.2,
            mosaic: 0.5,
            ..AugmentConfig::default()
        };
        let plain = views(config.clone());
        let changed = views(AugmentConfig { rand_augment: 2, cutout: 0.5, ..config });
        let mut cut = 0;
        for photo in 0..9 {
            let (before, after) = (plain.view(photo, 3), changed.view(photo, 3));
            assert_eq!(after, changed.view(photo, 3));
            assert_eq!((&before.scene, before.jitter), (&after.scene, after.jitter));
            assert!(before.operations.is_empty());
            cut += after.operations.len() - 2;
        }
        assert!((1..9).contains(&cut), "half of the views are cut: {cut}");
        assert_ne!(plain.digest(3), changed.digest(3));
        assert_eq!(plain.digest(0), changed.digest(0));
        assert!(changed.view(0, 0).operations.is_empty());
    }

    #[test]
    fn minorities_may_have_views_alone() {
        let photo = |id| Photo::new(id, "x", Target::Class(usize::from(id % 4 == 0)));
        let labels = ["usual", "rare"].map(String::from).into();
        let subject = crate::Subject { labels, ..Default::default() };
        let dataset = Dataset { subject, photos: (0..12).map(photo).collect(), remarks: vec![] };
        let all = AugmentConfig { crop_area: [0.4, 0.9], views: 4, ..AugmentConfig::default() };
        let minority = AugmentConfig { photos: Augmented::Minority, ..all.clone() };
        let [all, minority] = [all, minority].map(|config| Views::new(dataset.clone(), config, 1));
        for photo in 0..12 {
            let expected = if photo % 4 == 0 { all.view(photo, 3) } else { View::whole(photo) };
            assert_eq!(minority.view(photo, 3), expected);
        }
        assert_ne!(all.digest(3), minority.digest(3));
        assert_eq!(all.digest(0), minority.digest(0));
    }
}
