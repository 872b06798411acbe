//! Photos that look alike: looked for when the user asks, among those that are shown.

use super::App;
use super::compared::{Compared, GROUPS};
use crate::alike::Alike;
use crate::dialogs::{AlikeAct, Lookalikes, Twin};

impl App {
    /// Looks for photos that look alike. Every photo is compared with few others, so it takes a moment for
    /// the largest library, and nothing is kept of it.
    pub(super) fn compare(&mut self) {
        let order = self.page.order();
        let photos = order.iter().filter_map(|&key| Some((key, self.page.photo(key)?.clone())));
        let found = Alike::among(&photos.collect::<Vec<_>>());
        self.compared = Some(Compared { found, shown: GROUPS });
    }

    pub(super) fn alike_act(&mut self, act: AlikeAct) {
        let Some(compared) = &mut self.compared else { return };
        match act {
            AlikeAct::Toggle(key) => self.page.selection.toggle(key),
            AlikeAct::Others(kept) => {
                let group = compared.found.groups.iter().find(|group| group.contains(&kept));
                let group = group.into_iter().flatten().copied();
                let others: Vec<u32> = group.filter(|&key| key != kept).collect();
                self.page.selection.choose_all(&others);
                if self.page.selection.has(kept) {
                    self.page.selection.toggle(kept);
                }
            }
            AlikeAct::More => compared.shown += GROUPS,
            AlikeAct::Close => self.compared = None,
        }
    }

    /// Photos may have gone since they were compared, by another tab's doing.
    pub(super) fn lookalikes(&self, compared: &Compared) -> Lookalikes {
        let mut found = compared.found.clone();
        found.retain(|key| self.page.photo(key).is_some());
        let groups = found.groups.iter().take(compared.shown);
        let groups = groups.map(|group| group.iter().filter_map(|&key| self.twin(key)).collect());
        Lookalikes {
            groups: groups.collect(),
            more: found.groups.len().saturating_sub(compared.shown) as u32,
            unknown: found.unknown as u32,
            chosen: self.page.selection.len() as u32,
        }
    }

    fn twin(&self, key: u32) -> Option<Twin> {
        let photo = self.page.photo(key)?;
        Some(Twin {
            key,
            name: photo.name.clone(),
            url: self.address(photo).map(|url| url.to_string()),
            width: photo.width,
            height: photo.height,
            bytes: photo.bytes,
            is_chosen: self.page.selection.has(key),
        })
    }
}
