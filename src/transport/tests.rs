//! The sender, by itself.

// Some make sockets and files as Linux does.
mod addresses;
mod call;
#[cfg(target_os = "linux")]
mod deadline;
mod early_answer;
mod exchange;
mod leaning;
mod pool;
mod proxy;
#[cfg(target_os = "linux")]
mod race;
mod resolver;
mod retry_after;
#[cfg(target_os = "linux")]
mod roots;
mod server;
mod tls;

use std::time::Duration;

use super::{Failure, Reply, Sending, Target, Transport, TransportSettings};

const TIMEOUT: Duration = Duration::from_secs(5);
const BODY_LIMIT: usize = 64 * 1024;

/// A sending within this time and without anything else to mind.
fn within(timeout: Duration) -> Sending {
    Sending {
        timeout,
        body_limit: BODY_LIMIT,
        after_loss: None,
        interrupted: None,
    }
}

/// As a client sends, whose target is a URL that can be parsed.
trait PostUrl {
    fn post_url(&self, url: &str, body: &str, timeout: Duration) -> Result<Reply, Failure>;
}

impl PostUrl for Transport {
    fn post_url(&self, url: &str, body: &str, timeout: Duration) -> Result<Reply, Failure> {
        let target = Target::parse(url).unwrap();
        self.post(&target, body, &within(timeout))
    }
}

fn settings() -> TransportSettings {
    TransportSettings {
        connect_timeout: Duration::from_secs(3),
        proxy: Some(String::new()),
        ca_file: None,
        user_agent: "justclick-test/1".to_owned(),
        share_connections: false,
    }
}

fn transport() -> Transport {
    Transport::new(settings())
}
