//! The dialogs, which are a module of their own: nobody opens one before the first photo is there.
//!
//! The page says in plain values what is to be seen ([`Shown`]) and hears what was done ([`Deed`]), so it has
//! neither their markup nor most of their words.

mod alike;
mod detail;
mod frame;
mod message;
mod root;
mod settings;
mod why;

pub(crate) use message::{
    AlikeAct, Answer, Deed, Detail, DetailAct, Facts, Known, Lookalikes, Settings, SettingsAct,
    Shown, ShownTag, Tagging, Twin, Why,
};
pub use root::show;
