//! A server at which everything can go wrong, and a table of what does.

mod bodies;
pub mod case;
pub mod certificate;
pub mod fault;
mod heads;
mod message;
mod on_the_way;
pub mod row;
pub mod server;

pub const USERNAME: &str = "username";
pub const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

/// The table. A redirect to another host names `stranger`, who must never hear of us.
pub fn rows(stranger: &str) -> Vec<row::Row> {
    let mut rows = on_the_way::rows();
    rows.extend(bodies::rows());
    rows.extend(heads::rows(stranger));
    rows
}
