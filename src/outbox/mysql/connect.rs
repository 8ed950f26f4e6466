//! Makes a connection and sets it up, so that each statement on it ends in time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;

use super::address::{Address, Server};
use super::failure::Failed;
use super::link::Link;
use super::login;
use super::promise;
use super::schema;
use super::version::Version;
use super::wire::Wire;

/// After so long, MySQL takes a client for gone, and lets go what it has locked.
const IDLE: Duration = Duration::from_secs(30);

/// A connection to a server that keeps its word, with the tables there.
pub(super) fn connect(
    address: &Address,
    tls: Option<Arc<ClientConfig>>,
    until: Instant,
    patience: Duration,
) -> Result<Link, Failed> {
    let wire = match &address.server {
        Server::Tcp { host, port } => Wire::to_host(host, *port, until, patience)?,
        Server::Socket(path) => Wire::to_socket(path, until)?,
    };
    let (mut link, version) = login::login(wire, address, tls)?;
    set_up(&mut link, &version, patience)?;
    promise::check(&mut link)?;
    schema::settle(&mut link, until, patience)?;
    // From here on, statements are transactions' parts.
    link.plain("set session autocommit = 0")?;
    Ok(link)
}

/// Texts are UTF-8, nothing is shortened in silence, and rows alone are locked, never the gaps
/// between them. What a host that is gone has locked is free after a moment. Time-outs are the server's whole seconds, rounded up; the socket's is exact.
fn set_up(link: &mut Link, version: &Version, patience: Duration) -> Result<(), Failed> {
    let milliseconds = patience.as_millis();
    let seconds = milliseconds.div_ceil(1000).max(1);
    let limits = if version.is_mariadb {
        format!("max_statement_time = {seconds}, idle_transaction_timeout = {seconds}")
    } else {
        // It knows no other limit for a transaction that stands still. A connection that it ends between
        // two calls is made anew.
        let idle = seconds.max(IDLE.as_secs().into());
        format!(
            "max_execution_time = {}, wait_timeout = {idle}",
            milliseconds.max(1)
        )
    };
    link.plain("set names utf8mb4")?;
    link.plain("set session transaction isolation level read committed")?;
    link.plain(&format!(
        "set session autocommit = 1, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
         sql_safe_updates = 0, innodb_lock_wait_timeout = {seconds},
         lock_wait_timeout = {seconds}, {limits}"
    ))?;
    Ok(())
}
