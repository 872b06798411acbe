//! What has to be done to the document itself once it is drawn.

use tagsight_library::PhotoId;
use web_sys::Element;
use yew::prelude::*;

use super::compared::Compared;
use super::{App, Msg};
use crate::platform;
use crate::text::tenths;

/// Addresses of small pictures that are kept beside those near the screen.
const SPARE_ADDRESSES: usize = 8;

impl App {
    pub(super) fn measure(&mut self) -> bool {
        let Some(grid) = self.refs.grid.cast::<Element>() else { return false };
        let count = self.page.order().len();
        let before = self.geometry.window(count);
        self.geometry = platform::measure(&grid, self.geometry);
        self.geometry.window(count) != before
    }

    /// After every drawing: the grid's heights, the focus, and the pictures that came into sight.
    pub(super) fn settle(&mut self, ctx: &Context<Self>) {
        if self.measure() {
            ctx.link().send_message(Msg::Measured);
        }
        let order = self.page.order();
        let window = self.geometry.window(order.len());
        if let Some(grid) = self.refs.grid.cast::<Element>() {
            if self.held.as_ref().is_none_or(|(held, _)| *held != grid) {
                let listener = platform::hold_still(&grid, self.sweeps.clone());
                self.held = Some((grid.clone(), listener));
            }
            platform::set_style(&grid, "--columns", &window.columns.to_string());
            let above = window.rows.start as f64 * self.geometry.row;
            let below = (window.of - window.rows.end) as f64 * self.geometry.row;
            for (spacer, height) in [(&self.refs.above, above), (&self.refs.below, below)] {
                if let Some(spacer) = spacer.cast::<Element>() {
                    platform::set_style(&spacer, "height", &(tenths(height) + "px"));
                }
            }
        }
        self.bring_focus(&order);
        self.want_thumbnails(&order);
    }

    /// The tile may have to be scrolled to, and drawn, before it can have the focus.
    fn bring_focus(&mut self, order: &[u32]) {
        let Some(key) = self.focus_wanted else { return };
        let Some(at) = order.iter().position(|&other| other == key) else {
            self.focus_wanted = None;
            return;
        };
        let row = at / self.geometry.columns();
        if let Some(pixels) = self.geometry.scroll_to(row, platform::covered()) {
            platform::scroll_by(pixels);
        }
        if platform::focus(&format!("[data-key=\"{key}\"]")) {
            self.focus_wanted = None;
        }
    }

    /// Pictures have addresses only while they are near the screen, since each is in memory then.
    fn want_thumbnails(&mut self, order: &[u32]) {
        let near = self.geometry.near(order.len()).photos(order.len());
        let mut thumbnails = self.thumbnails.borrow_mut();
        let compared = self.compared.iter().flat_map(Compared::keys);
        let wanted = order[near].iter().copied().chain(self.page.open).chain(compared);
        let wanted: Vec<u32> = wanted.collect();
        thumbnails.limit(wanted.len() + SPARE_ADDRESSES);
        let wanted = wanted.into_iter().filter_map(|key| self.page.photo(key));
        let wanted = wanted.map(|photo| &photo.id).filter(|id| {
            thumbnails.get(id.as_str()).is_none()
                && !self.asked.contains(*id)
                && !self.without_thumbnail.contains(*id)
        });
        let wanted: Vec<PhotoId> = wanted.cloned().collect();
        if !wanted.is_empty() {
            self.asked.extend(wanted.iter().cloned());
            self.keeper.read_thumbnails(wanted);
        }
    }
}
