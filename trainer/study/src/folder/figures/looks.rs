//! Where networks look.

use tagsight_report::{Block, Heat, Picture, Section};

use super::super::explored::by_id;
use super::super::measured::Looked;
use super::told::{LONGEST, Told, name};
use crate::error::StudyError;
use crate::features::class;
use crate::thumbnail::of_file;

pub(super) fn section(told: &Told<'_>) -> Result<Section, StudyError> {
    let pairs = told.compared.looked.iter().map(|looked| pictures(told, looked));
    let pictures: Vec<Picture> = pairs.collect::<Result<Vec<_>, _>>()?.concat();
    let said = "Each photo twice: with what spoke for its own class before anything but a linear classifier was \
                fitted, and with what does in the trained integers. As the head is linear and comes after a mean, \
                these class activation maps are what Grad-CAM gives (Selvaraju et al. 2017, arXiv 1610.02391, \
                section 3.1), and they are exact: a map and the bias make the logit. Photos that are taken for \
                another class come first.";
    let blocks = vec![Block::Paragraph(said.into()), Block::Pictures(pictures)];
    Ok(Section { title: "Where networks look".into(), blocks })
}

fn pictures(told: &Told<'_>, looked: &Looked) -> Result<[Picture; 2], StudyError> {
    let photo = by_id(told.dataset)[&looked.id];
    let label = |class: usize| &told.labels()[class];
    let truth = label(class(photo));
    let shown = of_file(&photo.path, LONGEST, String::new())?.picture;
    let of = |when: &str, cells: &[f32]| Picture {
        description: format!("{} with what speaks for {truth} {when}", name(photo)),
        caption: format!("{}, {when}", name(photo)),
        heat: Some(Heat { columns: looked.columns, cells: cells.to_vec() }),
        ..shown.clone()
    };
    let [before, after] = &looked.maps;
    let mut after = of("after it was fitted", after);
    after.verdict = Some((label(looked.said).clone(), truth.clone()));
    Ok([of("before", before), after])
}
