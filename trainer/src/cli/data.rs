//! Where photos and what is true of them come from: arguments that commands have in common.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use clap::Args;
use tagsight_data::{
    self as data, Answer, Columns, Dataset, Fractions, Medium, Part, Partition, ValueColumn,
};

/// Photos and COCO's annotations of them.
#[derive(Args)]
pub(super) struct CocoArgs {
    /// Folder of the photos [default: that of COCO in $TAGSIGHT_DATA]
    #[arg(long)]
    pub(super) images: Option<PathBuf>,
    /// COCO's instances_*.json [default: that of COCO in $TAGSIGHT_DATA]
    #[arg(long)]
    pub(super) annotations: Option<PathBuf>,
}

/// Photos and what is true of them.
#[derive(Args)]
pub(super) struct DataArgs {
    #[command(flatten)]
    coco: CocoArgs,
    /// Folder with a folder of photos a class, instead of annotations
    #[arg(long, conflicts_with_all = ["images", "annotations", "table"])]
    folder: Option<PathBuf>,
    /// Table (CSV) with a file a row, instead of annotations; files are looked for in --images, or beside it
    #[arg(long, conflicts_with = "annotations", requires = "answer")]
    table: Option<PathBuf>,
    /// The table's column of files
    #[arg(long, default_value = "FileName", value_name = "COLUMN")]
    file_column: String,
    /// The table's column of labels, of which a file has one
    #[arg(long, group = "answer", requires = "table", value_name = "COLUMN")]
    label_column: Option<String>,
    /// A column of values, and their unit; may be given several times
    #[arg(
        long = "value-column",
        group = "answer",
        requires = "table",
        value_name = "COLUMN[=UNIT]"
    )]
    value_columns: Vec<ValueColumn>,
    /// The table's column of parts: train, val or test. Where it has none, parts are drawn
    #[arg(long, default_value = "Split", value_name = "COLUMN")]
    part_column: String,
    /// File that says which part photos of a folder or table are in; it is drawn where there is none yet, and
    /// for new photos [default: split.csv in the folder, or beside the table]
    #[arg(long, value_name = "FILE")]
    split: Option<PathBuf>,
    /// Shares of the parts that are drawn
    #[arg(long, default_value = "70:15:15", value_name = "TRAIN:VAL:TEST")]
    split_shares: Fractions,
    /// The table's files are videos, or folders of frames, of which so many frames are looked at, evenly
    /// spaced; what the network says of them is averaged
    #[arg(long, requires = "table", value_name = "N")]
    frames: Option<NonZero<usize>>,
    /// What the drawing follows from
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    split_seed: u64,
}

/// Photos to measure on.
#[derive(Args)]
pub(super) struct MeasuredArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Which part of a folder or table to measure on [default: test]
    #[arg(long)]
    part: Option<Part>,
}

/// What a dataset is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// Weights, and all that is chosen.
    Fit,
    /// To see how good what was fitted is.
    Measure,
}

impl Purpose {
    /// What the data folder calls that of COCO.
    fn coco(self) -> &'static str {
        match self {
            Self::Fit => "train",
            Self::Measure => "val",
        }
    }
}

impl CocoArgs {
    /// The dataset, by default that of the data folder; says what of it is left out.
    pub(super) fn dataset(&self, purpose: Purpose) -> Result<Dataset> {
        let (images, annotations) =
            self.paths(purpose, &format!("instances_{}.json", purpose.coco()));
        let dataset = Dataset::read(&annotations, &images)?;
        tell(&annotations, &dataset);
        Ok(dataset)
    }

    /// Where the photos and the annotations are; by default those of the data folder, and its file of that
    /// name.
    pub(super) fn paths(&self, purpose: Purpose, annotations: &str) -> (PathBuf, PathBuf) {
        let coco = data::data_dir().join("coco");
        let given = self.annotations.clone();
        let annotations = given.unwrap_or_else(|| coco.join("annotations").join(annotations));
        (self.images.clone().unwrap_or_else(|| coco.join(purpose.coco())), annotations)
    }
}

impl DataArgs {
    /// The photos that weights are fitted to, and those for all that is chosen; says what is left out.
    pub(super) fn fitted(&self) -> Result<Dataset> {
        match self.of_parts()? {
            Some((_, dataset)) => Ok(dataset),
            None => self.coco.dataset(Purpose::Fit),
        }
    }

    /// A folder's or a table's photos, and where they are from, if one is given.
    pub(super) fn of_parts(&self) -> Result<Option<(&Path, Dataset)>> {
        let Self { split_shares: fractions, split_seed: seed, .. } = *self;
        let partition = Partition { file: self.split.clone(), fractions, seed };
        let (from, dataset) = if let Some(folder) = &self.folder {
            (folder, Dataset::read_folder(folder, &partition)?)
        } else if let Some(table) = &self.table {
            let beside = table.parent().unwrap_or(Path::new(""));
            let images = self.coco.images.as_deref().unwrap_or(beside);
            let mut dataset = Dataset::read_table(table, images, &self.columns(), &partition)?;
            if let Some(frames) = self.frames {
                dataset.subject.medium = Medium::Videos { frames };
            }
            (table, dataset)
        } else {
            return Ok(None);
        };
        tell(from, &dataset);
        Ok(Some((from, dataset)))
    }

    fn columns(&self) -> Columns {
        let values = || Answer::Values(self.value_columns.clone());
        Columns {
            file: self.file_column.clone(),
            answer: self.label_column.clone().map_or_else(values, Answer::Label),
            part: Some(self.part_column.clone()),
        }
    }
}

impl MeasuredArgs {
    /// The photos; says what is left out.
    pub(super) fn dataset(&self) -> Result<Dataset> {
        let Some((from, dataset)) = self.data.of_parts()? else {
            if self.part.is_some() {
                bail!("annotations have no parts: leave --part out, or give --folder or --table");
            }
            return self.data.coco.dataset(Purpose::Measure);
        };
        let part = self.part.unwrap_or(Part::Test);
        let measured = dataset.filter(|photo| photo.part == Some(part));
        let has = |part: &Part| dataset.photos.iter().any(|photo| photo.part == Some(*part));
        let others: Vec<&str> = Part::ALL.into_iter().filter(has).map(Part::name).collect();
        ensure!(
            !measured.photos.is_empty(),
            "{} has no photos of the part {part}; give --part {}",
            from.display(),
            others.join(" or ")
        );
        Ok(measured)
    }
}

/// Says what of a dataset is left out.
fn tell(from: &Path, dataset: &Dataset) {
    for remark in &dataset.remarks {
        eprintln!("{}: {remark}", from.display());
    }
}
