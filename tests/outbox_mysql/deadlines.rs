//! A server that hangs, or that others keep busy: each call ends in time, and nothing is lost.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::row::{Selection, Settlement};
use justclick::outbox::store::Store;
use justclick::{Error, ErrorKind};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};

use super::mysql_server::Server;
use super::settings;
use super::suite::{ACCOUNT, account_for, add, claim, new_row};

/// How long the calls may take, and how long a busy machine makes of it.
const SHORT: Duration = Duration::from_millis(400);
const GENEROUS: Duration = Duration::from_secs(15);

fn impatient() -> EngineSettings {
    EngineSettings {
        busy_timeout: SHORT,
        ..settings()
    }
}

/// A store with a connection. A busy machine may need more than one try.
fn impatient_store(url: &str) -> MysqlStore {
    let tries = (0..100).map(|_| MysqlStore::open(url, impatient()));
    tries.flatten().next().expect("a store")
}

fn fails_in_time<T>(what: &str, action: impl FnOnce() -> Result<T, Error>) -> Error {
    let began = Instant::now();
    let Err(error) = action() else {
        panic!("{what}: it is done");
    };
    assert!(began.elapsed() < GENEROUS, "{what}: {:?}", began.elapsed());
    assert_eq!(error.kind(), ErrorKind::NotStored, "{what}: {error}");
    error
}

#[test]
fn nothing_hangs_with_the_server() {
    let server = Server::start(&["--back-log=2"]);
    let url = server.database("leads");
    let patient = MysqlStore::open(&url, settings()).expect("a store");
    add(&patient, "leased");
    let waiting = add(&patient, "waiting");
    let claimed = claim(&patient);
    let store = || impatient_store(&url);
    let (adding, asking, settling, dropped) = (store(), store(), store(), store());
    server.freeze();
    let add_late = || adding.add(&new_row(ACCOUNT, "late"), 100);
    let error = fails_in_time("add", add_late);
    assert!(
        error.message().contains("no answer within 400 ms"),
        "{error}"
    );
    fails_in_time("add on a new connection", add_late);
    fails_in_time("status", || asking.status());
    fails_in_time("list", || asking.list(&Selection::default()));
    fails_in_time("drop", || Store::drop(&asking, &Selection::default()));
    fails_in_time("settle", || {
        settling.settle(ACCOUNT, "secret", &claimed, &Settlement::Delivered)
    });
    let by_tcp = server.url_of("127.0.0.1", "leads");
    fails_in_time("open by TCP", || MysqlStore::open(&by_tcp, impatient()));
    fails_in_time("open by the socket", || MysqlStore::open(&url, impatient()));
    let _queue = filled(&server.socket());
    fails_in_time("open by a full socket", || {
        MysqlStore::open(&url, impatient())
    });
    let began = Instant::now();
    std::mem::drop(dropped);
    assert!(began.elapsed() < GENEROUS, "{:?}", began.elapsed());
    server.thaw();
    // What nobody was told may be done: doing it again makes it one.
    let late = patient
        .add(&new_row(ACCOUNT, "late"), 100)
        .expect("is kept");
    patient
        .settle(ACCOUNT, "secret", &claimed, &Settlement::Delivered)
        .expect("settles");
    let rows = patient.list(&Selection::default()).expect("lists");
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, [waiting, late.id]);
    account_for(&patient, 3);
}

/// Takes all places of the queue in which connections wait for the server.
fn filled(path: &Path) -> Vec<std::os::fd::OwnedFd> {
    let address = SocketAddrUnix::new(path).expect("an address");
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let mut taken = Vec::new();
    loop {
        let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None);
        let socket = socket.expect("a socket");
        match connect(&socket, &address) {
            Ok(()) => taken.push(socket),
            Err(Errno::AGAIN) => return taken,
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn what_others_lock_is_waited_for_in_time() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = impatient_store(&url);
    add(
        &MysqlStore::open(&url, settings()).expect("a store"),
        "first",
    );
    let row = new_row(ACCOUNT, "locked");
    std::thread::scope(|scope| {
        let locker = scope.spawn(|| {
            server.sql(&format!(
                "use leads; begin; insert into justclick_outbox
                 values (99, '{ACCOUNT}', 'locked', '', 0, 0, 0, 0, 0, 0, 0, 0, '', '');
                 select sleep(600)"
            ))
        });
        let sleeper =
            "select id from information_schema.processlist where info like 'select sleep%'";
        while server.sql(sleeper).is_empty() {
            assert!(!locker.is_finished());
            std::thread::yield_now();
        }
        fails_in_time("add of a locked key", || store.add(&row, 100));
        // Other rows are not locked.
        let other = MysqlStore::open(&url, settings()).expect("a store");
        add(&other, "second");
        claim(&other);
        server.sql(&format!("kill {}", server.sql(sleeper)));
        assert!(locker.join().is_err(), "it was not killed");
    });
    let patient = MysqlStore::open(&url, settings()).expect("a store");
    assert!(!patient.add(&row, 100).expect("is kept").was_there);
    account_for(&patient, 3);
}

#[test]
fn a_server_that_is_away_is_told_at_once() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    add(&store, "first");
    let mut server = server;
    server.crash();
    let error = fails_in_time("add", || store.add(&new_row(ACCOUNT, "second"), 100));
    assert!(error.message().contains("is the server there?"), "{error}");
    let by_tcp = server.url_of("127.0.0.1", "leads");
    let error = fails_in_time("open", || MysqlStore::open(&by_tcp, settings()));
    assert!(error.message().contains("leads at 127.0.0.1:"), "{error}");
    server.restart();
    add(&store, "second");
    account_for(&store, 2);
}

/// What answers there is no MySQL, says nothing, or never stops.
#[test]
fn strangers_are_told_in_time() {
    let cases: [(&str, &[u8], &str); 5] = [
        (
            "HTTP",
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            "does not speak as MySQL",
        ),
        ("an empty packet", b"\0\0\0\0", "does not speak as MySQL"),
        (
            "a half greeting",
            b"\x05\0\0\0\x0a8.0\0",
            "does not speak as MySQL",
        ),
        ("silence", b"", "no answer within 400 ms"),
        (
            "a full server",
            b"\x17\0\0\0\xff\x10\x04Too many connections",
            "max_connections",
        ),
    ];
    for (what, greeting, why) in cases {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = url_of(&listener);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // A connection that is lost is made once more.
                for stream in listener.incoming().take(1) {
                    let mut stream = stream.expect("a connection");
                    stream.write_all(greeting).expect("writes");
                    let _ = stream.read(&mut [0; 1024]);
                }
            });
            let error = fails_in_time(what, || MysqlStore::open(&url, impatient()));
            assert!(error.message().contains(why), "{what}: {error}");
        });
    }
}

#[test]
fn a_stranger_who_never_stops_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = url_of(&listener);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (mut stream, _) = listener.accept().expect("a connection");
            stream.write_all(b"\0\xf0\0\0\x0a").expect("writes");
            while stream.write_all(b"8").is_ok() {
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let error = fails_in_time("open", || MysqlStore::open(&url, impatient()));
        assert!(
            error.message().contains("no answer within 400 ms"),
            "{error}"
        );
    });
}

fn url_of(listener: &TcpListener) -> String {
    let port = listener.local_addr().expect("an address").port();
    format!("mysql://me:tiger@127.0.0.1:{port}/leads")
}
