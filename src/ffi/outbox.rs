//! Outboxes.

use libc::{c_char, size_t};

use super::argument;
use super::client::jc_client;
use super::ending::Ending;
use super::handle::{self, Kind, Opaque};
use super::interrupt::asking;
use super::lead::jc_lead;
use super::result::{jc_result, with_result};
use super::status::{guard_status, jc_status};
use crate::outbox::{Engine, Limits, Which, rows_to_json, statements, statements_to_json};
use crate::{Error, Outbox};

/// Keeps leads on this host, or in a database, until the service has them: a lead is kept in a moment,
/// and delivered later, by any process that opens the same location.
///
/// Once jc_outbox_add returned JC_OK, the lead survives the end of the process by any means and, with
/// the default durability, the loss of power of the host. It is sent at least once. It ends as
/// delivered (added, activation sent, or already registered), or as dead with the reason and the
/// service's answer, kept until somebody decides. It never ends in silence.
///
/// Any number of threads and processes may use one location at once, and an outbox made before fork()
/// works in the child. A location in memory (":memory:") is the process's own. Do not open the file
/// with another SQLite library in the same process, such as PHP's pdo_sqlite or Python's sqlite3:
/// such a file is refused, since the two would damage it. Free an outbox with jc_free.
pub struct jc_outbox {
    _private: [u8; 0],
}

impl Opaque for jc_outbox {
    type Value = Outbox;
    const KIND: Kind = handle::OUTBOX;
}

/// Opens the outbox at a location: a path, "sqlite:PATH", or ":memory:" for one that ends with the
/// handle. The file is made where there is none, readable by its owner alone. The caller frees *out,
/// which is NULL where the call fails.
///
/// A library that is built with it takes a database of PostgreSQL or of MySQL and MariaDB, which
/// any number of hosts share: "postgres://USER:PASSWORD@HOST:PORT/DATABASE" and
/// "mysql://USER:PASSWORD@HOST:PORT/DATABASE". REFERENCE.md has the parameters and the rights that
/// are needed. It is connected to at the first use, since it may be away, and the tables are made
/// then: jc_outbox_status tells whether it can be used.
///
/// "sqlite:PATH?tables=site" is a file of the site's own, which must be there, and gets our tables beside
/// the site's, for jc_outbox_statement. The file is open during a call alone, and a call is JC_NOT_STORED
/// where another SQLite library of this process has it open: another process delivers.
///
/// JC_NOT_STORED: the file cannot be opened, is another program's, is damaged, or lies on a file
/// system that cannot be trusted with it. JC_INVALID_ARGUMENT: no location, a URL that cannot be,
/// or an engine that this library does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_open(
    location: *const c_char,
    location_len: size_t,
    out: *mut *mut jc_outbox,
) -> jc_status {
    guard_status(|| {
        let out = argument::cleared("out", out)?;
        let location = argument::bytes("location", location, location_len)?;
        *out = handle::new(Outbox::open(location)?);
        Ok(())
    })
}

/// Sets one of the JC_OUTBOX_SETTING_… by its name, before the outbox is shared with other threads.
/// NULL with the length 0 puts its default back.
///
/// JC_UNKNOWN_NAME: no such setting. JC_INVALID_ARGUMENT: a value that cannot be. The outbox is then
/// as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_set(
    outbox: *mut jc_outbox,
    setting: *const c_char,
    value: *const c_char,
    value_len: size_t,
) -> jc_status {
    guard_status(|| {
        let outbox = handle::get_mut("outbox", outbox)?;
        let setting = argument::name("setting", setting)?;
        match argument::optional_bytes("value", value, value_len)? {
            Some(value) => outbox.set(&setting, value)?,
            None => outbox.unset(&setting)?,
        };
        Ok(())
    })
}

/// Keeps a lead for the client's account: it is kept when this returns JC_OK. Nothing is asked of the
/// network but a database that the outbox is in. *id is the lead's number; id may be NULL. Where the
/// database takes no lead, and JC_OUTBOX_SETTING_SPOOL is set, the lead is kept in the spool, and
/// *id is 0: it has no number before it is moved.
///
/// key tells the lead from the account's others while it waits, such as an order's number, 1 to 256
/// bytes. NULL with the length 0 takes one that is made of the lead itself. Where the key waits
/// already, nothing is added and *id is that of the lead that is there.
///
/// JC_INVALID_ARGUMENT: the lead or the key breaks a rule. JC_TLS: base_url is http:// to another
/// machine, and allow_http is not set. JC_NOT_STORED: it is not kept, since the disk or the outbox is
/// full, or the store cannot be used; jc_last_error says what to do. It comes within
/// JC_OUTBOX_SETTING_BUSY_TIMEOUT_MS, and where there is a spool within twice that time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_add(
    outbox: *const jc_outbox,
    client: *const jc_client,
    lead: *const jc_lead,
    key: *const c_char,
    key_len: size_t,
    id: *mut i64,
) -> jc_status {
    guard_status(|| {
        let id = argument::number_place("id", id)?;
        let outbox = handle::get("outbox", outbox)?;
        let client = handle::get("client", client)?;
        let lead = handle::get("lead", lead)?;
        let key = argument::optional_bytes("key", key, key_len)?;
        let kept = outbox.add(&client.core, lead, key)?;
        if let Some(id) = id {
            *id = kept.id;
        }
        Ok(())
    })
}

/// Delivers what is due for the client's account; blocks until then. Each lead is sent once, and waits
/// for a later run where that failed. The run ends where nothing more is due, a limit is reached, or
/// the account has to wait. Leads of all accounts that are in the spool are moved into the database
/// first, so each host that has a spool delivers.
///
/// limits is a JSON object, NULL with the length 0 for none: {"seconds": 5, "leads": 100, "in_flight":
/// limits is a JSON object, NULL with the length 0 for none: {"seconds": 5, "leads": 100, "in_flight":
/// 8, "per_second": 20, "id": 17, "alone": true}. After "seconds" no further lead is begun; "leads" is
/// how many are sent at the most; "in_flight" how many are sent side by side, 1 to 256, each by a thread
/// that ends with the call and has all signals blocked; "per_second" how many are begun in a second,
/// 0.001 to 1000000; "id" sends that lead alone, and 0 is no limit. With "alone" nothing is begun where
/// another process or thread has a lead of the account on its way: that one goes on with what is due;
/// and where the database was away a moment ago.
///
/// JC_OK whatever became of the leads: jc_result_json is the report, jc_result_message the same for
/// people. {"delivered": 12, "known": 2, "repeated": 0, "dead": 1, "later": 2, "overtaken": 0, "held":
/// null, "held_by": null, "next_due_s": 7.5, "moved": 3, "unmoved": null}: "known" of the delivered ones
/// were in all of their groups before; "repeated" ones may have been sent twice; "dead" ones are refused
/// for good, and kept; "later" ones are tried again; "overtaken" ones took longer than their lease, so
/// that another process tells of them; "held" says why the account has to wait, and "held_by" what to
/// do: "later" to wait, "hold" to mend the account, its credentials or TLS; a further run has something
/// to do after "next_due_s". "moved" ones came out of the spool, and "unmoved" says why some stay there.
///
/// JC_NOT_STORED: the store cannot be used. A client of jc_client_interrupt can end the run. *out is
/// as with jc_add_lead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_deliver(
    outbox: *const jc_outbox,
    client: *const jc_client,
    limits: *const c_char,
    limits_len: size_t,
    out: *mut *mut jc_result,
) -> jc_status {
    with_result(out, || {
        let outbox = handle::get("outbox", outbox)?;
        let client = handle::get("client", client)?;
        let limits = argument::optional_bytes("limits", limits, limits_len)?;
        let limits = limits.map_or_else(|| Ok(Limits::default()), Limits::from_json)?;
        asking(client.check, || {
            Ending::of_outbox(outbox.deliver(&client.core, &limits), |report| {
                (report.to_json(), report.to_string())
            })
        })
    })
}

/// How much there is, and what became of the rest. It costs the same however many leads wait.
///
/// jc_result_json is {"waiting": 3, "leased": 0, "dead": 1, "delivered": 120, "dropped": 0,
/// "spooled": 0, "oldest_waiting_s": 42, "next_due_s": 7, "accounts": [{"account": "…",
/// "held_until": 1790000000, "held_for_s": 30, "reason": "…"}]}. Each lead that was ever added is in
/// one of the first six; "spooled" are those in the spool. "accounts" has those that have to wait,
/// with the moment in seconds since 1970.
///
/// JC_NOT_STORED: the store cannot be used. *out is as with jc_add_lead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_status(
    outbox: *const jc_outbox,
    out: *mut *mut jc_result,
) -> jc_status {
    with_result(out, || {
        let outbox = handle::get("outbox", outbox)?;
        Ending::of_outbox(outbox.status(), |status| {
            (status.to_json(), status.to_string())
        })
    })
}

/// The leads of a selection by their numbers, without those in the spool.
///
/// which is a JSON object, NULL with the length 0 for all: {"state": "dead", "account": "…", "ids":
/// [1, 2], "after": 0, "limit": 100, "with_leads": true}. "state" is waiting, leased or dead; "after"
/// leaves out numbers up to this one; "limit" is 100 where it is not given.
///
/// jc_result_json is a list of {"id": 1, "account": "…", "key": "…", "state": "dead", "attempts": 3,
/// "age_s": 60, "due_in_s": 0, "reason": "…", "error_code": 103, "error_text": "…"}. Where "with_leads"
/// asks for it, "lead" has the fields: somebody's personal data.
///
/// JC_INVALID_ARGUMENT: which breaks a rule. JC_NOT_STORED: the store cannot be used. *out is as with
/// jc_add_lead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_list(
    outbox: *const jc_outbox,
    which: *const c_char,
    which_len: size_t,
    out: *mut *mut jc_result,
) -> jc_status {
    of_selection(outbox, which, which_len, out, |outbox, which| {
        Ending::of_outbox(outbox.list(&which.selection), |rows| {
            let message = format!("{} listed", rows.len());
            (rows_to_json(rows, which.with_leads), message)
        })
    })
}

/// Lets the dead leads of a selection wait again, with no attempts made, and ends the waits of their
/// accounts. which is that of jc_outbox_list; "state" and "with_leads" change nothing.
///
/// jc_result_json is {"retried": 2}. Statuses and *out are those of jc_outbox_list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_retry(
    outbox: *const jc_outbox,
    which: *const c_char,
    which_len: size_t,
    out: *mut *mut jc_result,
) -> jc_status {
    of_selection(outbox, which, which_len, out, |outbox, which| {
        Ending::of_outbox(outbox.retry(&which.selection), |count| {
            counted("retried", *count)
        })
    })
}

/// Drops the leads of a selection for good, but those that are on their way. which is that of
/// jc_outbox_list, and needs "ids" or "state".
///
/// jc_result_json is {"dropped": 2}. Statuses and *out are those of jc_outbox_list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_drop(
    outbox: *const jc_outbox,
    which: *const c_char,
    which_len: size_t,
    out: *mut *mut jc_result,
) -> jc_status {
    of_selection(outbox, which, which_len, out, |outbox, which| {
        Ending::of_outbox(outbox.drop(&which.selection), |count| {
            counted("dropped", *count)
        })
    })
}

/// Keeps what can be read of a damaged SQLite file, which is not changed: leads that waited or were dead
/// wait in outbox. Some may have been delivered before; the service then says that it knows them. Nobody
/// may use the damaged file meanwhile. It may be done again. A whole file is read as well, such as one
/// whose leads move into a database.
///
/// jc_result_json is {"leads": 120, "lost": 1}: "lost" rows were there, but could not be read as a
/// whole. JC_NOT_STORED: the file cannot be read, or leads cannot be kept. *out is as with jc_add_lead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_salvage(
    outbox: *const jc_outbox,
    damaged: *const c_char,
    damaged_len: size_t,
    out: *mut *mut jc_result,
) -> jc_status {
    with_result(out, || {
        let outbox = handle::get("outbox", outbox)?;
        let damaged = argument::bytes("damaged", damaged, damaged_len)?;
        Ending::of_outbox(outbox.salvage(damaged), |salvaged| {
            (salvaged.to_json(), salvaged.to_string())
        })
    })
}

/// The statements that keep a lead as jc_outbox_add does, but on a connection of the caller's own, within
/// its transaction: an order and its lead are committed together, or neither is. Nothing is kept and no
/// database is asked here.
///
/// engine is "sqlite", "postgres" or "mysql" (MariaDB too), whether or not this library was built with
/// it. key is that of jc_outbox_add.
///
/// jc_result_json is {"statements": [{"sql": "…", "parameters": ["…", "…"]}]}, which holds the lead's
/// data. Execute them one after the other, with the texts in place of each "?"; none has a result. The
/// SQL has no "%" and no ":", and "?" for parameters alone, so that a driver with other placeholders
/// needs no more than their exchange. The connection's database must have the outbox's tables, which
/// jc_outbox_open makes: with "sqlite:PATH?tables=site" in an SQLite file of the site's own.
///
/// A key that waits already is left as it is. What the lead survives is what the caller's commit
/// survives, and "max_leads" is not looked at. In MySQL the last insert id is another one afterwards.
///
/// Begin the transaction again, the order too, where a key that came after its first look makes the
/// database refuse the statement: PostgreSQL with SQLSTATE 40001, from "repeatable read" on; MariaDB with
/// error 1020, where innodb_snapshot_isolation is on, as it is by default from 11.6.2 on.
///
/// JC_INVALID_ARGUMENT: no such engine, or the lead or the key breaks a rule. JC_TLS is as with
/// jc_outbox_add, and *out as with jc_add_lead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_outbox_statement(
    engine: *const c_char,
    engine_len: size_t,
    client: *const jc_client,
    lead: *const jc_lead,
    key: *const c_char,
    key_len: size_t,
    out: *mut *mut jc_result,
) -> jc_status {
    with_result(out, || {
        let engine = Engine::named(argument::bytes("engine", engine, engine_len)?)?;
        let client = handle::get("client", client)?;
        let lead = handle::get("lead", lead)?;
        let key = argument::optional_bytes("key", key, key_len)?;
        let made = statements(engine, &client.core, lead, key);
        Ending::of_outbox(made, |statements| {
            let message = format!("{} statements to execute", statements.len());
            (statements_to_json(statements), message)
        })
    })
}

fn of_selection(
    outbox: *const jc_outbox,
    which: *const c_char,
    which_len: size_t,
    out: *mut *mut jc_result,
    work: impl FnOnce(&Outbox, &Which) -> Result<Ending, Error>,
) -> jc_status {
    with_result(out, || {
        let outbox = handle::get("outbox", outbox)?;
        let which = argument::optional_bytes("which", which, which_len)?;
        let which = which.map_or_else(|| Ok(Which::default()), Which::from_json)?;
        work(outbox, &which)
    })
}

fn counted(name: &str, count: u64) -> (String, String) {
    (
        format!(r#"{{"{name}":{count}}}"#),
        format!("{count} {name}"),
    )
}
