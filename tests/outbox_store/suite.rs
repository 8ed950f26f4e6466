//! What every engine must do, whatever keeps the rows. Each case ends with the account of all leads.

use std::collections::HashSet;
use std::time::Duration;

use justclick::Query;
use justclick::outbox::row::{
    Claim, Claimed, Death, Kept, Listed, NewRow, Selection, Settlement, State,
};
use justclick::outbox::store::Store;

pub const ACCOUNT: &str = "username https://example.com/api/";
pub const LEASE: Duration = Duration::from_secs(120);
const SECOND: Duration = Duration::from_secs(1);
const LIMIT: u64 = 1_000_000;

/// An empty store and its time.
pub struct Bench<'a> {
    pub store: &'a dyn Store,
    /// Lets time pass.
    pub pass: &'a dyn Fn(Duration),
}

/// A case's name, and what it does with a store.
type Case = (&'static str, fn(&Bench));

/// Runs all cases, each with an empty store that the engine makes.
pub fn run(engine: &str, with_store: impl Fn(&dyn Fn(&Bench))) {
    for (name, case) in CASES {
        println!("{engine}: {name}");
        with_store(case);
    }
}

const CASES: &[Case] = &[
    ("a lead is kept and delivered", is_delivered),
    ("a key waits once", waits_once),
    ("leads are claimed in the order they are due", keeps_order),
    ("a lead is claimed by its number", is_claimed_by_number),
    ("a leased lead is nobody else's", is_leased_once),
    ("a fence stops a worker that slept", is_fenced),
    ("a fence holds after a retry", is_fenced_after_retry),
    ("what failed comes later", comes_later),
    ("a hold leaves leads untouched", holds),
    ("a changed secret passes a hold", passes_hold),
    ("one worker probes after a hold", probes_after_hold),
    ("one worker probes the circuit", probes),
    ("a dead lead is kept, retried, dropped", dies),
    ("a key that waits again stays dead", stays_dead),
    ("accounts are apart", accounts_are_apart),
    ("selections choose", selects),
    ("a full store refuses", is_full),
    ("old dead leads go", forgets),
    ("many rows change in parts", changes_in_parts),
    ("words are kept as they are", keeps_words),
];

pub fn new_row(account: &str, key: &str) -> NewRow {
    NewRow {
        account: account.into(),
        key: key.into(),
        function: "AddLeadToGroup".into(),
        query: Query::from_json(format!(r#"{{"lead_email": "{key}@email.com"}}"#))
            .expect("a query"),
    }
}

pub fn add(store: &dyn Store, key: &str) -> i64 {
    let kept = store.add(&new_row(ACCOUNT, key), LIMIT).expect("is kept");
    assert!(!kept.was_there);
    kept.id
}

pub fn claim(store: &dyn Store) -> Claimed {
    claim_as(store, "secret")
}

fn claim_as(store: &dyn Store, credentials: &str) -> Claimed {
    match store
        .claim(ACCOUNT, credentials, LEASE, None)
        .expect("claims")
    {
        Claim::Row(claimed) => *claimed,
        other => panic!("no lead: {other:?}"),
    }
}

fn paused(store: &dyn Store, credentials: &str) -> (Duration, String) {
    match store
        .claim(ACCOUNT, credentials, LEASE, None)
        .expect("claims")
    {
        Claim::Held(held) => (held.pause, held.reason),
        other => panic!("not held: {other:?}"),
    }
}

pub fn settle(store: &dyn Store, claimed: &Claimed, settlement: &Settlement) -> bool {
    (store.settle(ACCOUNT, "secret", claimed, settlement)).expect("settles")
}

pub fn dead() -> Settlement {
    Settlement::Dead(Death {
        reason: "the e-mail address is refused".into(),
        code: 100,
        text: "Bad e-mail".into(),
    })
}

fn later(wait: Duration, circuit: Option<Duration>) -> Settlement {
    Settlement::Later {
        wait,
        may_have_arrived: false,
        reason: "no answer".into(),
        circuit,
    }
}

fn hold(pause: Duration) -> Settlement {
    Settlement::Hold {
        pause,
        reason: "the secret is wrong".into(),
    }
}

/// The rows that are there, counted one by one, and the status say the same, and no lead is missing.
pub fn account_for(store: &dyn Store, accepted: u64) {
    let rows = store.list(&Selection::default()).expect("lists");
    let count = |state| rows.iter().filter(|row| row.state == state).count() as u64;
    let status = store.status().expect("has a status");
    assert_eq!(status.waiting, count(State::Waiting), "waiting");
    assert_eq!(status.leased, count(State::Leased), "leased");
    assert_eq!(status.dead, count(State::Dead), "dead");
    let ids: HashSet<i64> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), rows.len(), "a row stands twice");
    assert_eq!(
        accepted,
        rows.len() as u64 + status.delivered + status.dropped,
        "a lead is lost, or one too many: {status:?}"
    );
}

fn one(store: &dyn Store, id: i64) -> Listed {
    let selection = Selection {
        ids: Some(vec![id]),
        ..Selection::default()
    };
    store.list(&selection).expect("lists").remove(0)
}

fn of_ids(ids: &[i64]) -> Selection {
    Selection {
        ids: Some(ids.to_vec()),
        ..Selection::default()
    }
}

fn is_delivered(bench: &Bench) {
    let id = add(bench.store, "a");
    (bench.pass)(SECOND);
    let claimed = claim(bench.store);
    assert_eq!((claimed.id, claimed.attempts), (id, 0));
    assert_eq!(claimed.function, "AddLeadToGroup");
    assert_eq!(claimed.query, "lead_email=a%40email.com");
    assert!(!claimed.may_have_arrived);
    assert_eq!(claimed.age, SECOND);
    account_for(bench.store, 1);
    assert!(settle(bench.store, &claimed, &Settlement::Delivered));
    assert!(
        !settle(bench.store, &claimed, &Settlement::Delivered),
        "twice"
    );
    assert_eq!(bench.store.status().expect("a status").delivered, 1);
    assert!(add(bench.store, "b") > id, "a number is used again");
    account_for(bench.store, 2);
}

fn waits_once(bench: &Bench) {
    let id = add(bench.store, "a");
    let again = bench
        .store
        .add(&new_row(ACCOUNT, "a"), LIMIT)
        .expect("is kept");
    assert_eq!(
        again,
        Kept {
            id,
            was_there: true
        }
    );
    assert_eq!(add(bench.store, "b"), id + 1, "a number was used up");
    let claimed = claim(bench.store);
    settle(bench.store, &claimed, &Settlement::Delivered);
    assert!(add(bench.store, "a") > id + 1, "a number is used again");
    account_for(bench.store, 3);
}

fn keeps_order(bench: &Bench) {
    let first = add(bench.store, "z");
    (bench.pass)(SECOND);
    let second = add(bench.store, "a");
    let third = add(bench.store, "b");
    let claimed = claim(bench.store);
    assert_eq!(claimed.id, first);
    settle(bench.store, &claimed, &later(SECOND, None));
    assert_eq!(claim(bench.store).id, second);
    assert_eq!(claim(bench.store).id, third);
    account_for(bench.store, 3);
}

fn is_claimed_by_number(bench: &Bench) {
    add(bench.store, "a");
    let id = add(bench.store, "b");
    let by_number =
        |account: &str| (bench.store.claim(account, "secret", LEASE, Some(id))).expect("claims");
    assert!(matches!(by_number("another"), Claim::Nothing(None)));
    assert!(matches!(by_number(ACCOUNT), Claim::Row(claimed) if claimed.id == id));
    assert!(matches!(by_number(ACCOUNT), Claim::Nothing(Some(_))));
    account_for(bench.store, 2);
}

fn is_leased_once(bench: &Bench) {
    let id = add(bench.store, "a");
    let is_delivering = |account| bench.store.is_delivering(account).expect("reads");
    assert!(!is_delivering(ACCOUNT));
    let claimed = claim(bench.store);
    assert!(is_delivering(ACCOUNT) && !is_delivering("another"));
    match bench
        .store
        .claim(ACCOUNT, "secret", LEASE, None)
        .expect("claims")
    {
        Claim::Nothing(Some(next)) => assert_eq!(next, LEASE),
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.store.drop(&of_ids(&[id])).expect("drops"), 0);
    (bench.pass)(LEASE);
    assert!(!is_delivering(ACCOUNT), "the lease ran out");
    let taken_over = claim(bench.store);
    assert_eq!(taken_over.id, id);
    assert!(taken_over.fence > claimed.fence);
    assert!(
        taken_over.may_have_arrived,
        "the first worker may have sent it"
    );
    assert_eq!(taken_over.attempts, 0, "the lead does not answer for it");
    account_for(bench.store, 1);
}

fn is_fenced(bench: &Bench) {
    add(bench.store, "a");
    let slept = claim(bench.store);
    (bench.pass)(LEASE);
    let worker = claim(bench.store);
    for settlement in [
        Settlement::Delivered,
        dead(),
        later(SECOND, Some(SECOND)),
        hold(SECOND),
    ] {
        assert!(!settle(bench.store, &slept, &settlement), "{settlement:?}");
        account_for(bench.store, 1);
    }
    assert_eq!(bench.store.failures(ACCOUNT).expect("failures"), (0, 0));
    assert!(settle(bench.store, &worker, &Settlement::Delivered));
    account_for(bench.store, 1);
}

fn is_fenced_after_retry(bench: &Bench) {
    let id = add(bench.store, "a");
    let slept = claim(bench.store);
    (bench.pass)(LEASE);
    let second = claim(bench.store);
    assert!(settle(bench.store, &second, &dead()));
    assert_eq!(bench.store.retry(&of_ids(&[id])).expect("retries"), 1);
    let third = claim(bench.store);
    assert!(!settle(bench.store, &slept, &Settlement::Delivered));
    assert!(settle(bench.store, &third, &Settlement::Delivered));
    account_for(bench.store, 1);
}

fn comes_later(bench: &Bench) {
    let id = add(bench.store, "a");
    let claimed = claim(bench.store);
    let settlement = Settlement::Later {
        wait: 30 * SECOND,
        may_have_arrived: true,
        reason: "no answer".into(),
        circuit: None,
    };
    assert!(settle(bench.store, &claimed, &settlement));
    match bench
        .store
        .claim(ACCOUNT, "secret", LEASE, None)
        .expect("claims")
    {
        Claim::Nothing(Some(next)) => assert_eq!(next, 30 * SECOND),
        other => panic!("{other:?}"),
    }
    let row = one(bench.store, id);
    assert_eq!((row.attempts, row.due_in), (1, 30 * SECOND));
    assert_eq!((row.reason.as_str(), row.code), ("no answer", -1));
    let status = bench.store.status().expect("a status");
    assert_eq!(status.next_due, Some(30 * SECOND));
    assert_eq!(status.oldest_waiting, Some(Duration::ZERO));
    (bench.pass)(30 * SECOND);
    let claimed = claim(bench.store);
    assert_eq!((claimed.attempts, claimed.may_have_arrived), (1, true));
    account_for(bench.store, 1);
}

fn holds(bench: &Bench) {
    let first = add(bench.store, "a");
    (bench.pass)(SECOND);
    add(bench.store, "b");
    let claimed = claim(bench.store);
    assert!(settle(bench.store, &claimed, &hold(60 * SECOND)));
    assert_eq!(
        paused(bench.store, "secret"),
        (60 * SECOND, "the secret is wrong".into())
    );
    assert_eq!(bench.store.failures(ACCOUNT).expect("failures"), (0, 1));
    let status = bench.store.status().expect("a status");
    assert_eq!(status.accounts.len(), 1);
    assert_eq!(status.accounts[0].held_for, 60 * SECOND);
    (bench.pass)(60 * SECOND);
    let claimed = claim(bench.store);
    assert_eq!(
        (claimed.id, claimed.attempts),
        (first, 0),
        "it lost its place"
    );
    assert!(settle(bench.store, &claimed, &hold(120 * SECOND)));
    assert_eq!(bench.store.failures(ACCOUNT).expect("failures"), (0, 2));
    (bench.pass)(120 * SECOND);
    assert!(settle(
        bench.store,
        &claim(bench.store),
        &Settlement::Delivered
    ));
    assert_eq!(bench.store.failures(ACCOUNT).expect("failures"), (0, 0));
    account_for(bench.store, 2);
}

fn passes_hold(bench: &Bench) {
    add(bench.store, "a");
    assert!(settle(bench.store, &claim(bench.store), &hold(60 * SECOND)));
    paused(bench.store, "secret");
    claim_as(bench.store, "corrected");
    account_for(bench.store, 1);
}

fn probes_after_hold(bench: &Bench) {
    add(bench.store, "a");
    add(bench.store, "b");
    assert!(settle(bench.store, &claim(bench.store), &hold(60 * SECOND)));
    (bench.pass)(60 * SECOND);
    let probe = claim(bench.store);
    paused(bench.store, "secret");
    assert!(settle(bench.store, &probe, &Settlement::Delivered));
    claim(bench.store);
    account_for(bench.store, 2);
}

fn probes(bench: &Bench) {
    for key in ["a", "b", "c"] {
        add(bench.store, key);
    }
    let claimed = claim(bench.store);
    assert!(settle(
        bench.store,
        &claimed,
        &later(SECOND, Some(5 * SECOND))
    ));
    assert_eq!(
        paused(bench.store, "secret"),
        (5 * SECOND, "no answer".into())
    );
    assert_eq!(paused(bench.store, "corrected").0, 5 * SECOND);
    assert_eq!(bench.store.failures(ACCOUNT).expect("failures"), (1, 0));
    (bench.pass)(5 * SECOND);
    let probe = claim(bench.store);
    paused(bench.store, "secret");
    assert!(settle(
        bench.store,
        &probe,
        &later(SECOND, Some(10 * SECOND))
    ));
    assert_eq!(bench.store.failures(ACCOUNT).expect("failures"), (2, 0));
    (bench.pass)(10 * SECOND);
    claim(bench.store);
    (bench.pass)(LEASE);
    let probe = claim(bench.store);
    assert!(settle(bench.store, &probe, &dead()), "the service answered");
    claim(bench.store);
    claim(bench.store);
    account_for(bench.store, 3);
}

fn dies(bench: &Bench) {
    let id = add(bench.store, "a");
    assert!(settle(bench.store, &claim(bench.store), &dead()));
    let row = one(bench.store, id);
    assert_eq!((row.state, row.attempts, row.code), (State::Dead, 1, 100));
    assert_eq!((row.key.as_str(), row.text.as_str()), ("a", "Bad e-mail"));
    assert_eq!(row.query, "lead_email=a%40email.com");
    assert!(matches!(
        bench.store.claim(ACCOUNT, "secret", LEASE, None),
        Ok(Claim::Nothing(None))
    ));
    account_for(bench.store, 1);
    (bench.pass)(SECOND);
    assert_eq!(
        bench.store.retry(&Selection::default()).expect("retries"),
        1
    );
    let claimed = claim(bench.store);
    assert_eq!((claimed.id, claimed.attempts), (id, 0));
    assert_eq!(claimed.age, Duration::ZERO, "it would expire at once");
    assert!(settle(bench.store, &claimed, &dead()));
    assert_eq!(bench.store.drop(&of_ids(&[id])).expect("drops"), 1);
    let status = bench.store.status().expect("a status");
    assert_eq!((status.dead, status.dropped), (0, 1));
    let waiting = add(bench.store, "b");
    assert!(waiting > id, "a number is used again");
    assert_eq!(bench.store.drop(&of_ids(&[waiting])).expect("drops"), 1);
    assert!(add(bench.store, "c") > waiting, "a number is used again");
    account_for(bench.store, 3);
}

fn stays_dead(bench: &Bench) {
    let id = add(bench.store, "a");
    assert!(settle(bench.store, &claim(bench.store), &dead()));
    let again = add(bench.store, "a");
    assert_eq!(bench.store.retry(&of_ids(&[id])).expect("retries"), 0);
    assert_eq!(one(bench.store, id).state, State::Dead);
    assert_eq!(one(bench.store, again).state, State::Waiting);
    account_for(bench.store, 2);
}

fn accounts_are_apart(bench: &Bench) {
    add(bench.store, "a");
    let other = bench
        .store
        .add(&new_row("other", "a"), LIMIT)
        .expect("is kept");
    assert!(!other.was_there);
    assert!(settle(bench.store, &claim(bench.store), &hold(60 * SECOND)));
    match bench
        .store
        .claim("other", "secret", LEASE, None)
        .expect("claims")
    {
        Claim::Row(claimed) => assert_eq!(claimed.id, other.id),
        held => panic!("{held:?}"),
    }
    account_for(bench.store, 2);
}

fn selects(bench: &Bench) {
    let ids: Vec<i64> = ["a", "b", "c", "d"]
        .iter()
        .map(|key| add(bench.store, key))
        .collect();
    bench
        .store
        .add(&new_row("other", "e"), LIMIT)
        .expect("is kept");
    assert!(settle(bench.store, &claim(bench.store), &dead()));
    claim(bench.store);
    let chosen = |selection: Selection| -> Vec<i64> {
        let rows = bench.store.list(&selection).expect("lists");
        rows.iter().map(|row| row.id).collect()
    };
    let of = |state| Selection {
        state: Some(state),
        ..Selection::default()
    };
    assert_eq!(chosen(of(State::Dead)), ids[..1]);
    assert_eq!(chosen(of(State::Leased)), ids[1..2]);
    assert_eq!(chosen(of(State::Waiting)), [ids[2], ids[3], ids[3] + 1]);
    let account = Some(ACCOUNT.to_owned());
    let second = Selection {
        account,
        after: ids[0],
        limit: Some(2),
        ..Selection::default()
    };
    assert_eq!(chosen(second.clone()), ids[1..3]);
    assert!(chosen(of_ids(&[])).is_empty());
    assert_eq!(bench.store.drop(&of_ids(&[])).expect("drops"), 0);
    assert_eq!(bench.store.retry(&of(State::Waiting)).expect("retries"), 0);
    assert_eq!(
        bench.store.drop(&second).expect("drops"),
        2,
        "the leased one is passed over"
    );
    account_for(bench.store, 5);
}

fn is_full(bench: &Bench) {
    for (key, limit) in [("a", 2), ("b", 2)] {
        bench
            .store
            .add(&new_row(ACCOUNT, key), limit)
            .expect("is kept");
    }
    let error = bench
        .store
        .add(&new_row(ACCOUNT, "c"), 2)
        .expect_err("it is full");
    assert_eq!(error.kind(), justclick::ErrorKind::NotStored);
    assert!(error.message().contains("max_leads"), "{error}");
    assert!(
        bench
            .store
            .add(&new_row(ACCOUNT, "b"), 2)
            .expect("is there")
            .was_there
    );
    assert!(settle(bench.store, &claim(bench.store), &dead()));
    assert!(
        bench.store.add(&new_row(ACCOUNT, "c"), 2).is_err(),
        "a dead lead is evicted"
    );
    assert!(settle(
        bench.store,
        &claim(bench.store),
        &Settlement::Delivered
    ));
    bench
        .store
        .add(&new_row(ACCOUNT, "c"), 2)
        .expect("there is room again");
    account_for(bench.store, 3);
}

fn forgets(bench: &Bench) {
    for key in ["a", "b", "c"] {
        add(bench.store, key);
    }
    assert!(settle(bench.store, &claim(bench.store), &dead()));
    (bench.pass)(60 * SECOND);
    assert!(settle(bench.store, &claim(bench.store), &dead()));
    bench.store.tidy(None).expect("tidies");
    assert_eq!(bench.store.status().expect("a status").dead, 2);
    bench.store.tidy(Some(30 * SECOND)).expect("tidies");
    let status = bench.store.status().expect("a status");
    assert_eq!((status.waiting, status.dead, status.dropped), (1, 1, 1));
    account_for(bench.store, 3);
}

fn changes_in_parts(bench: &Bench) {
    let count = 2500;
    for number in 0..count {
        add(bench.store, &number.to_string());
        assert!(settle(bench.store, &claim(bench.store), &dead()));
    }
    let some = Selection {
        limit: Some(1100),
        ..Selection::default()
    };
    assert_eq!(bench.store.retry(&some).expect("retries"), 1100);
    assert_eq!(
        bench.store.drop(&Selection::default()).expect("drops"),
        count
    );
    account_for(bench.store, count);
}

/// Whatever a service says, and in whichever language, it neither stops a settlement nor is changed.
fn keeps_words(bench: &Bench) {
    let key = "Ключ '\"\\%_ 😀";
    let row = NewRow {
        account: "имя@https://пример.рф/".into(),
        key: key.into(),
        function: "AddLeadToGroup".into(),
        query: Query::from_json(r#"{"lead_name": "Ёж 😀\\'"}"#).expect("a query"),
    };
    let id = bench.store.add(&row, LIMIT).expect("is kept").id;
    let claim = |store: &dyn Store| match store.claim(&row.account, "secret", LEASE, None) {
        Ok(Claim::Row(claimed)) => *claimed,
        other => panic!("no lead: {other:?}"),
    };
    let claimed = claim(bench.store);
    assert_eq!(claimed.query, row.query.as_str());
    let text = "Ошибка '\"\\ 😀 \0 <b>";
    let later = Settlement::Later {
        wait: Duration::ZERO,
        may_have_arrived: false,
        reason: text.into(),
        circuit: None,
    };
    let settle = |claimed: &Claimed, settlement: &Settlement| {
        (bench
            .store
            .settle(&row.account, "secret", claimed, settlement))
        .expect("settles")
    };
    assert!(settle(&claimed, &later));
    assert!(one(bench.store, id).reason.starts_with("Ошибка '\"\\ 😀 "));
    let death = Settlement::Dead(Death {
        reason: text.into(),
        code: -2_000_000_000,
        text: text.into(),
    });
    assert!(settle(&claim(bench.store), &death));
    let dead = one(bench.store, id);
    assert_eq!(
        (dead.key.as_str(), dead.account),
        (key, row.account.clone())
    );
    assert_eq!((dead.attempts, dead.code), (2, -2_000_000_000));
    assert!(dead.text.ends_with(" <b>"), "{}", dead.text);
    account_for(bench.store, 1);
}
