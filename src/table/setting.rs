//! The names, defaults and meanings of the settings of clients and outboxes.
//!
//! A plain table without dependencies: the client reads its defaults from it, and `build.rs`
//! writes a macro of the C header for each row.

/// One setting of a client or an outbox. Values are strings in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The name that [`Client::set`](crate::Client::set) takes.
    pub name: &'static str,
    /// The value in force where nothing was set.
    pub default: &'static str,
    /// What it does, with its unit and its range.
    pub meaning: &'static str,
}

macro_rules! settings {
    ($(#[doc = $doc:literal])* $table:ident: $($constant:ident $name:literal = $default:expr, $meaning:literal;)*) => {
        $(#[doc = concat!("The name `", $name, "`.")] pub const $constant: &str = $name;)*
        $(#[doc = $doc])*
        pub const $table: &[Setting] = &[$(Setting {
            name: $name,
            default: $default,
            meaning: $meaning,
        }),*];
    };
}

settings! {
    /// Every setting of a client.
    SETTINGS:
    SERVICE "service" = "justclick.ru", "The service's domain: justclick.ru, justclick.io or influencersoft.com. Requests go to https://<username>.<service>.";
    BASE_URL "base_url" = "", "The account's own domain or a sandbox, in place of <username>.<service>: https://shop.example.";
    ALLOW_HTTP "allow_http" = "0", "\"1\" lets base_url be http:// on other hosts than this machine. Leads then travel unencrypted.";
    CONNECT_TIMEOUT_MS "connect_timeout_ms" = "3000", "The longest a connection may take, TLS included, in milliseconds, 1 to 600000.";
    ATTEMPT_TIMEOUT_MS "attempt_timeout_ms" = "5000", "The longest one attempt may take, in milliseconds, 1 to 600000.";
    TIMEOUT_MS "timeout_ms" = "10000", "The deadline of the whole call, all attempts and waits included, in milliseconds, 1 to 600000.";
    MAX_ATTEMPTS "max_attempts" = "3", "How many times a lead is sent at the most, 1 to 10.";
    PROXY "proxy" = "", "A proxy's URL (http://host:port), or \"none\" for no proxy. Where it is not set, HTTPS_PROXY, ALL_PROXY and NO_PROXY (names, addresses, networks such as 10.0.0.0/8) of the environment count, but never HTTP_PROXY. SOCKS is not supported.";
    CA_FILE "ca_file" = "", "A PEM file of certificate authorities to trust instead of the system's. Where it is not set, SSL_CERT_FILE and SSL_CERT_DIR of the environment count, as with OpenSSL.";
    SHARE_CONNECTIONS "share_connections" = "0", "\"1\" lets all clients of the process that set it share connections, which then outlive a client: for programs that make one for each lead, as PHP does in each request.";
    USER_AGENT "user_agent" = concat!("justclick/", env!("CARGO_PKG_VERSION")), "The User-Agent header.";
}

settings! {
    /// Every setting of an outbox.
    OUTBOX_SETTINGS:
    DURABILITY "durability" = "power", "What a kept lead survives: \"power\" is the loss of the host's power as well, at the cost of a write to the disk for each; \"crash\" the end of the process by any means.";
    MAX_LEADS "max_leads" = "1000000", "How many leads are kept at the most, 1 to 1000000000. A further one is refused, and none makes room for it.";
    KEEP_DEAD_DAYS "keep_dead_days" = "0", "After how many days a dead lead goes, 1 to 36500. \"0\" keeps it until somebody decides.";
    GIVE_UP_AFTER_DAYS "give_up_after_days" = "5", "After how many days a lead that cannot be delivered is dead, 1 to 36500.";
    SPOOL "spool" = "", "A local path, for an outbox in a database: a lead that the database does not take, since it is away, is kept in an SQLite file there, and the next delivery on this host moves it. A file for each database.";
    BUSY_TIMEOUT_MS "busy_timeout_ms" = "2000", "How long a call waits for another that uses the store, in milliseconds, 1 to 600000.";
}
