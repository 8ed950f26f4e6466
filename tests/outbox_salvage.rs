//! What is saved of a damaged file.
#![cfg(feature = "outbox")]

use std::fs;
use std::path::{Path, PathBuf};

use justclick::outbox::row::Selection;
use justclick::outbox::{Which, rows_to_json};
use justclick::{Client, ErrorKind, Lead, Outbox};
use rusqlite::Connection;
use tempfile::TempDir;

const PAGE: usize = 4096;

fn client() -> Client {
    Client::new("username", "secret").expect("a client")
}

fn lead(number: u64) -> Lead {
    let mut lead = Lead::new();
    let name = "Имя ".repeat(if number.is_multiple_of(10) { 500 } else { 1 });
    (lead.group("super"))
        .and_then(|lead| lead.email(format!("{number}@b.ru")))
        .and_then(|lead| lead.name(&name))
        .expect("a lead");
    lead
}

/// A file with so many leads, of which every tenth is longer than a page, and no log.
fn file(leads: u64) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let outbox = open(&path);
    for number in 0..leads {
        outbox.add(&client(), &lead(number), None).expect("kept");
    }
    drop(outbox);
    (folder, path)
}

fn open(path: &Path) -> Outbox {
    let mut outbox = Outbox::open(path.to_str().expect("UTF-8")).expect("an outbox");
    outbox.set("durability", "crash").expect("a setting");
    outbox
}

fn change(path: &Path, sql: &str) {
    Connection::open(path)
        .and_then(|connection| {
            connection.pragma_update(None, "secure_delete", true)?;
            connection.execute_batch(sql)
        })
        .expect("is changed");
}

/// Brings the log into the file.
fn settle(path: &Path) {
    change(path, "pragma wal_checkpoint(truncate)");
}

fn salvage(path: &Path) -> (Outbox, u64, u64) {
    let outbox = Outbox::open(":memory:").expect("an outbox");
    let salvaged = outbox
        .salvage(path.to_str().expect("UTF-8"))
        .expect("is salvaged");
    let status = outbox.status().expect("a status");
    let accepted = status.delivered + status.waiting + status.leased + status.dead + status.dropped;
    assert_eq!(accepted, status.waiting);
    (outbox, salvaged.leads, salvaged.lost)
}

/// The leads as they are, without their numbers and times.
fn leads(outbox: &Outbox) -> Vec<String> {
    let selection = Selection {
        limit: Some(10_000),
        ..Selection::default()
    };
    let rows = outbox.list(&selection).expect("rows");
    let mut leads: Vec<String> = (rows.iter())
        .map(|row| format!("{} {} {}", row.account, row.key, row.query))
        .collect();
    leads.sort();
    leads
}

#[test]
fn all_of_a_whole_file_is_saved_from_the_file_and_from_its_log() {
    let (_folder, path) = file(300);
    let before = leads(&open(&path));
    for _ in 0..2 {
        let bytes = fs::read(&path).expect("reads");
        let (outbox, found, lost) = salvage(&path);
        assert_eq!((found, lost), (300, 0));
        assert_eq!(leads(&outbox), before);
        assert_eq!(
            outbox
                .salvage(path.to_str().expect("UTF-8"))
                .expect("again")
                .leads,
            300
        );
        assert_eq!(leads(&outbox), before, "a second time adds none");
        assert!(fs::read(&path).expect("reads") == bytes, "it was changed");
        settle(&path);
    }
}

#[test]
fn what_stands_in_a_damaged_page_is_lost_and_the_rest_is_saved() {
    let (_folder, path) = file(100);
    let before = leads(&open(&path));
    settle(&path);
    let whole = fs::read(&path).expect("reads");
    let pages = whole.len() / PAGE;
    let mut most_lost = 0;
    for page in 0..pages {
        let mut damaged = whole.clone();
        damaged[page * PAGE..(page + 1) * PAGE].fill(0xA5);
        fs::write(&path, &damaged).expect("writes");
        let (outbox, found, _) = salvage(&path);
        let after = leads(&outbox);
        assert!(
            after.iter().all(|lead| before.contains(lead)),
            "page {page}"
        );
        assert_eq!(after.len() as u64, found);
        most_lost = most_lost.max(before.len() - after.len());
    }
    assert!(
        (1..30).contains(&most_lost),
        "{most_lost} of a page's leads"
    );
}

#[test]
fn a_lead_of_which_a_part_is_gone_is_counted() {
    let (_folder, path) = file(20);
    settle(&path);
    let mut bytes = fs::read(&path).expect("reads");
    // The e-mail address of one lead is no text any more.
    let place = (bytes.windows(8))
        .position(|part| part == b"7%40b.ru")
        .expect("is there");
    bytes[place] = 0xFF;
    fs::write(&path, &bytes).expect("writes");
    let (_, found, lost) = salvage(&path);
    assert_eq!((found, lost), (19, 1));
}

#[test]
fn dead_leads_are_saved_and_delivered_ones_are_not_found_again() {
    let (_folder, path) = file(30);
    change(
        &path,
        "insert into justclick_dead select id, account, key, function, fence, 1, 0, kept_at, 1, 'no', 103, '', query
             from justclick_outbox where id <= 5;
         delete from justclick_outbox where id <= 20",
    );
    let (outbox, found, lost) = salvage(&path);
    assert_eq!((found, lost), (15, 0));
    let json = rows_to_json(
        &outbox.list(&Which::default().selection).expect("rows"),
        true,
    );
    assert!(
        json.contains("\"4@b.ru\"") && !json.contains("\"15@b.ru\""),
        "{json}"
    );
}

#[test]
fn a_dead_lead_and_a_waiting_one_with_its_key_are_both_saved() {
    let (_folder, path) = file(2);
    change(
        &path,
        "update justclick_outbox set key = 'order 17' where id = 1;
         insert into justclick_dead select 2, account, 'order 17', function, fence, 1, 0, kept_at, 1, 'no', 103, '', query
             from justclick_outbox where id = 2;
         delete from justclick_outbox where id = 2",
    );
    let (outbox, found, _) = salvage(&path);
    assert_eq!((found, leads(&outbox).len()), (2, 2));
}

#[test]
fn what_is_no_file_or_is_in_use_is_refused() {
    let (folder, path) = file(1);
    let outbox = open(&path);
    outbox.status().expect("is open");
    let other = Outbox::open(":memory:").expect("an outbox");
    for (damaged, why) in [
        (path.clone(), "has it open"),
        (folder.path().to_owned(), "no ordinary file"),
        (folder.path().join("none"), "os error 2"),
    ] {
        let error = other
            .salvage(damaged.to_str().expect("UTF-8"))
            .expect_err("is refused");
        assert_eq!(error.kind(), ErrorKind::NotStored);
        assert!(error.message().contains(why), "{error}");
    }
    drop(outbox);
    assert_eq!(salvage(&path).1, 1);
}
