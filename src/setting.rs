//! The names, defaults and meanings of a client's settings.
//!
//! A plain table without dependencies: the client reads its defaults from it, and `build.rs`
//! writes a macro of the C header for each row.

/// One setting of a client. Values are strings in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The name that [`Client::set`](crate::Client::set) takes.
    pub name: &'static str,
    /// The value in force where nothing was set.
    pub default: &'static str,
    /// What it does, with its unit and its range.
    pub meaning: &'static str,
}

/// Every setting.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    Setting { name: "service", default: "justclick.ru", meaning: "The service's domain: justclick.ru, justclick.io or influencersoft.com. Requests go to https://<username>.<service>." },
    Setting { name: "base_url", default: "", meaning: "The account's own domain or a sandbox, in place of <username>.<service>: https://shop.example." },
    Setting { name: "allow_http", default: "0", meaning: "\"1\" lets base_url be http:// on other hosts than this machine. Leads then travel unencrypted." },
    Setting { name: "connect_timeout_ms", default: "3000", meaning: "The longest a connection may take, TLS included, in milliseconds, 1 to 600000." },
    Setting { name: "attempt_timeout_ms", default: "5000", meaning: "The longest one attempt may take, in milliseconds, 1 to 600000." },
    Setting { name: "timeout_ms", default: "10000", meaning: "The deadline of the whole call, all attempts and waits included, in milliseconds, 1 to 600000." },
    Setting { name: "max_attempts", default: "3", meaning: "How many times a lead is sent at the most, 1 to 10." },
    Setting { name: "proxy", default: "", meaning: "A proxy's URL (http://host:port), or \"none\" for no proxy. Where it is not set, HTTPS_PROXY, ALL_PROXY and NO_PROXY of the environment count, but never HTTP_PROXY." },
    Setting { name: "ca_file", default: "", meaning: "A PEM file of certificate authorities to trust instead of the system's." },
    Setting { name: "share_connections", default: "0", meaning: "\"1\" lets all clients of the process that set it share connections, which then outlive a client: for programs that make one for each lead, as PHP does in each request." },
    Setting { name: "user_agent", default: concat!("justclick/", env!("CARGO_PKG_VERSION")), meaning: "The User-Agent header." },
];
