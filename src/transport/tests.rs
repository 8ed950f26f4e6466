mod call;
mod deadline;
mod exchange;
mod proxy;
mod resolver;
mod retry_after;
mod server;
mod session;
mod tls;

use std::time::Duration;

use super::{Transport, TransportSettings};

const TIMEOUT: Duration = Duration::from_secs(5);

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
