//! A store in PostgreSQL in children made by `fork`. A program of its own with one test, since a child
//! has but one thread of its parent's.
#![cfg(all(feature = "postgres", target_os = "linux"))]

mod forked;
mod postgres_server;
mod server_process;

use std::time::{Duration, Instant};

use forked::{account_for, add, ends_well, fork, work_on_in_children};
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::postgres::PostgresStore;
use postgres_server::Server;

fn open(url: &str) -> PostgresStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(30),
        ..EngineSettings::default()
    };
    PostgresStore::open(url, settings).expect("a store")
}

/// The server's processes that serve a store.
fn sessions(server: &Server) -> Vec<String> {
    let sql = "select pid from pg_stat_activity where application_name = 'justclick' order by pid";
    let shown = server.sql("leads", sql);
    shown.lines().map(str::to_owned).collect()
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task")
        .expect("its threads")
        .count()
}

/// A child uses the store and drops it, and the parent's session neither ends nor is used.
fn a_child_leaves_its_parents_session_alone(server: &Server, url: &str) {
    let before = threads();
    let mut store = Some(open(url));
    add(store.as_ref().expect("a store"), "parent");
    assert_eq!(threads(), before, "a thread is left");
    let parents = sessions(server);
    assert_eq!(parents.len(), 1);
    let child = fork(|| {
        let store = store.take().expect("a store");
        add(&store, "child");
        let all = sessions(server);
        assert_eq!(all.len(), 2, "it has no session of its own");
        assert!(all.contains(&parents[0]));
        drop(store);
    });
    assert!(ends_well(child));
    let idle = fork(|| drop(store.take()));
    assert!(ends_well(idle));
    let store = store.expect("a store");
    add(&store, "parent again");
    while sessions(server).len() > 1 {
        std::thread::yield_now();
    }
    assert_eq!(sessions(server), parents, "the parent had to connect anew");
    drop(store);
    while !sessions(server).is_empty() {
        std::thread::yield_now();
    }
}

/// A child keeps a copy of the socket open, so the parent has to say that it ends.
fn a_session_ends_though_a_child_lives(server: &Server, url: &str) {
    let store = open(url);
    add(&store, "parent with a child");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let child = fork(|| {
        let sign = std::io::Read::read_exact(&mut &reader, &mut [0]);
        sign.expect("the parent's sign");
    });
    drop(store);
    let began = Instant::now();
    while !sessions(server).is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it stays connected"
        );
    }
    std::io::Write::write_all(&mut &writer, b"!").expect("a sign");
    assert!(ends_well(child));
}

/// Another thread waits for an answer at the fork, and the child does not wait for it.
fn a_child_of_a_busy_parent_works(server: &Server, url: &str) {
    let store = open(url);
    server.sql(
        "leads",
        "create function wait() returns trigger language plpgsql as
             $$ begin perform pg_sleep(1); return new; end $$;
         create trigger wait before insert on justclick_outbox for each row
             when (new.key = 'slow') execute function wait()",
    );
    std::thread::scope(|scope| {
        scope.spawn(|| add(&store, "slow"));
        let sleeps = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
        while server.sql("leads", sleeps) == "0" {
            std::thread::yield_now();
        }
        assert!(ends_well(fork(|| add(&store, "quick"))));
    });
}

#[test]
fn children() {
    let server = Server::start(&["max_connections=50"]);
    server.database("leads");
    // By an address, for which no name is looked up.
    let url = server.url_of("127.0.0.1", "leads");
    a_child_leaves_its_parents_session_alone(&server, &url);
    a_session_ends_though_a_child_lives(&server, &url);
    let added = work_on_in_children(&open(&url), &open(&url));
    a_child_of_a_busy_parent_works(&server, &url);
    account_for(&open(&url), 3 + 1 + added + 2);
}
