//! The words of `justclick manual` and `completions`, which packages are made with.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// A shell.
#[derive(Args)]
pub struct Completions {
    pub shell: Shell,
}

/// Where the manual goes.
#[derive(Args)]
pub struct Manual {
    pub folder: PathBuf,
}
