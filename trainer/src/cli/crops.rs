//! `trainer crops`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use tagsight_data::NamedBoxes;
use tagsight_data::crops::{CropPlan, Cut, cut};

/// Cut boxes out of photos, into a folder of classes for --folder
///
/// Each crop is a PNG that is called by its photo and the number of its box there, so that all crops of a photo
/// come into the same part of a split. crops.csv says where each is from. Crops of photos that are for
/// validation or testing go into folders of their own: --out DIR/train, --out DIR/val, and --folder DIR.
#[derive(Args)]
pub(super) struct CropsArgs {
    /// Folder of the photos
    #[arg(long)]
    images: PathBuf,
    /// COCO's instances_*.json with boxes; or a folder of such files, one a photo or one a box, which name their
    /// photos or are called as they are
    #[arg(long)]
    annotations: PathBuf,
    /// Folder for the crops; it is empty or not there yet
    #[arg(long)]
    out: PathBuf,
    /// Categories to cut out, e.g. apple,orange [default: all]
    #[arg(long, value_delimiter = ',')]
    labels: Vec<String>,
    /// What is cut out around a box on each side, as a part of its width or height
    #[arg(long, default_value_t = 0.1, value_parser = margin)]
    margin: f64,
    /// Leave out categories of fewer boxes
    #[arg(long, default_value_t = 1)]
    least: usize,
    /// Leave out boxes of which a side has fewer pixels
    #[arg(long, default_value_t = 16)]
    side: u32,
}

impl CropsArgs {
    pub(super) fn run(&self) -> Result<ExitCode> {
        let (photos, remarks) = NamedBoxes::read(&self.annotations, &self.images)?;
        for remark in remarks {
            eprintln!("{}: {remark}", self.annotations.display());
        }
        let plan = CropPlan {
            labels: self.labels.clone(),
            margin: self.margin,
            least_side: self.side.into(),
            least_boxes: self.least,
        };
        let Cut { classes, remarks, skipped } = cut(&photos, &self.images, &plan, &self.out)?;
        super::args::report_skipped(&skipped);
        for remark in remarks {
            eprintln!("{}: {remark}", self.annotations.display());
        }
        if classes.is_empty() {
            bail!(
                "no photo with such a box can be read; give --images the folder that they are in"
            );
        }
        for (class, count) in &classes {
            println!("{count:>7} {class}");
        }
        println!("{:>7} crops in {}", classes.values().sum::<usize>(), self.out.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// Parses a margin.
fn margin(text: &str) -> Result<f64, String> {
    let margin = text.parse().ok().filter(|margin| (0.0..=10.0).contains(margin));
    margin.ok_or_else(|| "give a number from 0 to 10".into())
}
