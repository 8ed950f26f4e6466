//! The three tables that the core, the header, the bindings and the docs are made from.

pub mod code;
pub mod field;
pub mod setting;
