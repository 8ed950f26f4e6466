//! The outbox in MariaDB in children made by `fork`. A program of its own, since no other thread may
//! run at a fork.
#![cfg(all(feature = "mysql", target_os = "linux"))]

mod forked;
mod mysql_server;
mod server_process;

use std::time::Duration;

use forked::{account_for, add, ends_well, fork, work_on_in_children};
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::store::Store;
use mysql_server::{Server, USER};

fn open(url: &str) -> MysqlStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(20),
        ..EngineSettings::default()
    };
    MysqlStore::open(url, settings).expect("a store")
}

fn connections(server: &Server) -> Vec<String> {
    let all = server.sql(&format!(
        "select id from information_schema.processlist where user = '{USER}' order by id"
    ));
    all.lines().map(str::to_owned).collect()
}

/// The parent's connection is the same after children used, changed and dropped what they inherited.
fn a_child_leaves_its_parent_s_connection_alone(server: &Server) {
    let url = server.database("alone");
    let mut store = Some(open(&url));
    add(store.as_ref().expect("a store"), "parent");
    let before = connections(server);
    assert_eq!(before.len(), 1);
    let drops = fork(|| drop(store.take()));
    assert!(ends_well(drops));
    let configures = fork(|| {
        let mut store = store.take().expect("a store");
        store.configure(EngineSettings::default());
        add(&store, "configured");
    });
    assert!(ends_well(configures));
    let uses = fork(|| {
        let store = store.take().expect("a store");
        add(&store, "child");
        let of_both = connections(server);
        assert_eq!(of_both.len(), 2, "it has none of its own");
        assert_eq!(of_both[0], before[0]);
        // It goes by itself, and says so to the server.
        drop(store);
    });
    assert!(ends_well(uses));
    let store = store.expect("a store");
    add(&store, "after");
    while connections(server).len() > 1 {
        std::thread::yield_now();
    }
    assert_eq!(connections(server), before, "it was ended");
    account_for(&store, 4);
}

/// The same over TCP, where bytes of two would be mixed up.
fn many_work_on(server: &Server) {
    server.database("many");
    let url = server.url_of("127.0.0.1", "many");
    let store = open(&url);
    add(&store, "parent");
    let added = work_on_in_children(&store, &store);
    account_for(&store, 1 + added);
}

#[test]
fn children() {
    let server = Server::start(&[]);
    a_child_leaves_its_parent_s_connection_alone(&server);
    many_work_on(&server);
}
