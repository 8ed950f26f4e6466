//! `tests/judge.php` in PHP's own server, on a free port.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub struct Judge {
    server: Child,
    url: String,
}

impl Judge {
    pub fn start() -> Judge {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judge.php");
        let mut server = Command::new("php")
            .args(["-S", "127.0.0.1:0", script])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("php is needed: {error}"));
        let mut said = BufReader::new(server.stderr.take().expect("its messages")).lines();
        let url = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                Some(
                    line.split_once('(')?
                        .1
                        .split_once(") started")?
                        .0
                        .to_owned(),
                )
            })
            .expect("an address");
        // It would block on a pipe that nobody reads.
        std::thread::spawn(move || said.for_each(drop));
        Judge { server, url }
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
