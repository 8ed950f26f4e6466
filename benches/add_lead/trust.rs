//! Two files of certificate authorities: the sandbox's alone, and behind all that the system trusts.

use std::fs;
use std::path::{Path, PathBuf};

/// Debian's, and that of most others.
const SYSTEM: &str = "/etc/ssl/certs/ca-certificates.crt";

pub struct CaFiles {
    pub one: PathBuf,
    pub bundle: PathBuf,
    /// How many the bundle has.
    pub certificates: usize,
}

impl CaFiles {
    pub fn write(folder: &Path, ca_pem: &str) -> CaFiles {
        let system = fs::read_to_string(SYSTEM).expect("the package ca-certificates is needed");
        let all = format!("{system}\n{ca_pem}");
        let (one, bundle) = (folder.join("ca.pem"), folder.join("bundle.pem"));
        fs::write(&one, ca_pem).expect("a file");
        fs::write(&bundle, &all).expect("a file");
        CaFiles {
            one,
            bundle,
            certificates: all.matches("BEGIN CERTIFICATE").count(),
        }
    }
}
