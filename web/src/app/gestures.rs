//! What pointers, fingers and keys mean in the grid.

use web_sys::{Element, FocusEvent, KeyboardEvent, MouseEvent, TouchEvent};
use yew::prelude::*;

use super::gesture::Gesture;
use super::{App, Msg};
use crate::grid::Move;
use crate::platform;
use crate::view::Act;

/// A finger that rests so long begins to choose, milliseconds.
const REST_MILLIS: i32 = 450;
/// So near to the screen's edge a sweeping finger scrolls, pixels.
const EDGE: f64 = 96.0;
/// By so many pixels a time.
const EDGE_SCROLL: f64 = 14.0;

impl App {
    /// A click opens a photo; on its check, with Ctrl, or while others are chosen by fingers, it
    /// chooses. With Shift it chooses all from the last one on.
    pub(super) fn click(&mut self, event: &MouseEvent) -> bool {
        if matches!(self.gesture, Gesture::Swept) {
            self.gesture = Gesture::None;
            return false;
        }
        let Some(target) = event.target_dyn_into::<Element>() else { return false };
        let Some(key) = platform::tile_of(&target) else { return false };
        let on_mark = target.closest("[data-mark]").is_ok_and(|mark| mark.is_some());
        let order = self.page.order();
        if event.shift_key() {
            self.page.selection.extend(&order, key);
        } else if on_mark || event.ctrl_key() || event.meta_key() {
            self.page.selection.toggle(key);
        } else {
            self.page.selection.visit(key);
            self.open(key);
        }
        true
    }

    /// A finger that rests chooses, and then whatever it is drawn over. One that moves scrolls.
    pub(super) fn touch(&mut self, link: &html::Scope<Self>, event: &TouchEvent) -> bool {
        match event.type_().as_str() {
            "touchstart" => {
                let target = event.target_dyn_into::<Element>();
                let key = target.and_then(|target| platform::tile_of(&target));
                self.gesture = match key.filter(|_| event.touches().length() == 1) {
                    Some(key) => Gesture::Resting(platform::after(
                        REST_MILLIS,
                        link.callback(move |()| Msg::Rested(key)),
                    )),
                    None => Gesture::None,
                };
                false
            }
            "touchmove" if matches!(self.gesture, Gesture::Sweeping) => self.sweep(event),
            "touchend" if matches!(self.gesture, Gesture::Sweeping) => {
                self.gesture = Gesture::Swept;
                self.sweeps.set(false);
                false
            }
            _ => {
                self.gesture = Gesture::None;
                self.sweeps.set(false);
                false
            }
        }
    }

    /// A finger has rested on a tile.
    pub(super) fn rested(&mut self, key: u32) -> bool {
        self.gesture = Gesture::Sweeping;
        self.sweeps.set(true);
        self.page.selection.toggle(key);
        platform::tick();
        true
    }

    fn sweep(&mut self, event: &TouchEvent) -> bool {
        let Some(finger) = event.touches().get(0) else { return false };
        let (x, y) = (finger.client_x() as f32, f64::from(finger.client_y()));
        if y < EDGE {
            platform::scroll_by(-EDGE_SCROLL);
        } else if y > self.geometry.screen - EDGE {
            platform::scroll_by(EDGE_SCROLL);
        }
        let Some(key) = platform::tile_at(x, y as f32) else { return false };
        let order = self.page.order();
        self.page.selection.extend(&order, key);
        true
    }

    /// The keyboard came to a tile by itself: by Tab, or by a click.
    pub(super) fn focused(&mut self, event: &FocusEvent) -> bool {
        let target = event.target_dyn_into::<Element>();
        let Some(key) = target.and_then(|target| platform::tile_of(&target)) else { return false };
        let order = self.page.order();
        let is_news = self.page.selection.focus(&order) != Some(key);
        if is_news {
            self.page.selection.visit(key);
        }
        is_news
    }

    /// Keys in the grid, as WAI-ARIA's grid pattern and lists of files have them.
    pub(super) fn grid_key(&mut self, event: &KeyboardEvent) -> bool {
        let with_control = event.ctrl_key() || event.meta_key();
        let order = self.page.order();
        let Some(focus) = self.page.selection.focus(&order) else { return false };
        if let Some(to) = moved(&event.key(), with_control) {
            event.prevent_default();
            let shape = (self.geometry.columns(), self.geometry.page());
            self.page.selection.go(&order, shape, to, event.shift_key());
            self.focus_wanted = self.page.selection.focus(&order);
            return true;
        }
        match event.key().as_str() {
            " " => {
                self.page.selection.toggle(focus);
            }
            "Enter" => self.open(focus),
            "Delete" | "Backspace" => {
                if self.page.selection.is_empty() {
                    self.page.selection.toggle(focus);
                }
                self.act(Act::Delete);
            }
            "/" => {
                platform::focus("[data-testid=search-input]");
            }
            "Escape" if !self.page.selection.is_empty() => self.page.selection.clear(),
            "a" | "A" | "ㅁ" if with_control => self.page.selection.choose_all(&order),
            _ => return false,
        }
        event.prevent_default();
        true
    }

    /// Keys that mean the same everywhere but where text is typed.
    pub(super) fn key(&mut self, event: &KeyboardEvent) -> bool {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || platform::is_typing() {
            return false;
        }
        // By letter, since Z is elsewhere on German keyboards; Korean ones may send their own.
        match (event.key().as_str(), event.shift_key()) {
            ("z" | "Z" | "ㅋ", false) => self.undo(),
            ("z" | "Z" | "ㅋ", true) | ("y" | "Y" | "ㅛ", false) => self.redo(),
            _ => return false,
        }
        event.prevent_default();
        true
    }
}

fn moved(key: &str, with_control: bool) -> Option<Move> {
    Some(match key {
        "ArrowLeft" => Move::Back,
        "ArrowRight" => Move::On,
        "ArrowUp" => Move::Up,
        "ArrowDown" => Move::Down,
        "Home" if with_control => Move::First,
        "End" if with_control => Move::Last,
        "Home" => Move::RowStart,
        "End" => Move::RowEnd,
        "PageUp" => Move::PageUp,
        "PageDown" => Move::PageDown,
        _ => return None,
    })
}
