//! The words of `justclick doctor`.

use clap::Args;

/// What else is looked at.
#[derive(Args)]
#[command(after_help = "\
It looks at the way to the service (name, proxy, connection, TLS, clock), at the account, at the disk \
and the outbox where one is named, at the shared library, and at PHP and Python. A line for each tells \
its state, what was found and what to do:

    ok       it works
    skipped  it could not be looked at, or is not there
    warning  it works, and somebody should know
    wrong    it does not work

The exit code is 0 unless something is wrong, also with warnings; 4 where the account, its credentials, \
the proxy's or TLS are, 3 where something was not reached, 1 for all else. Nothing is changed: the \
account is asked for its groups, and a file is written beside the outbox and taken away. An outbox \
that is not there is not made; the tables of a database are.

Examples:
    justclick doctor
    justclick doctor /var/lib/site/leads.db
    justclick doctor --json | grep -v '\"ok\"'")]
pub struct Doctor {
    /// The outbox: a path, postgres://… or mysql://…
    pub location: Option<String>,
}
