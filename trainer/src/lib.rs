//! What the commands have of their own: artifacts on processors and graphics devices, and what is
//! said of models.

pub mod card;
pub mod inference;
pub mod predict;
pub mod progress;
pub mod report;
