//! Faults of connections, of TLS, and of time.

use std::time::Duration;

use justclick::ErrorKind::*;

use super::certificate::Flaw;
use super::fault::Reaction::*;
use super::fault::Stage::*;
use super::fault::{Fault, answer, raw};
use super::row::*;

pub fn rows() -> Vec<Row> {
    [connections(), cuts(), reused(), delays(), handshakes()]
        .into_iter()
        .flatten()
        .collect()
}

fn connections() -> Vec<Row> {
    let unreachable = fails(Unreachable, false, 3);
    let late = fails(Unreachable, false, 1);
    vec![
        row("refused", Peer::Nobody, unreachable, unreachable).within(THREE_ATTEMPTS),
        row("a name that no host has", Peer::NoSuchName, late, late)
            .setting("max_attempts", 1)
            .deadline(5000),
        row("a swallowed SYN", Peer::Deaf, late, late).deadline(DEADLINE),
        row(
            "a swallowed SYN at each attempt",
            Peer::Deaf,
            unreachable,
            unreachable,
        )
        .setting("connect_timeout_ms", 200)
        .within(600 + THREE_ATTEMPTS),
    ]
}

fn cuts() -> Vec<Row> {
    let mut rows = Vec::new();
    for (reaction, how) in [(Close, "closed"), (Reset, "reset")] {
        for (stage, when) in [
            (Begun, "as the request begins"),
            (Received, "after the request"),
            (Applied, "after the contact was added"),
        ] {
            let fault = Fault::new(stage, reaction.clone());
            rows.push(again(&format!("{how} {when}"), fault, OutcomeUnknown, true));
        }
    }
    let half = Fault::new(Applied, Half);
    rows.push(again("half an answer", half, OutcomeUnknown, true));
    rows.push(again(
        "a body that ends too early",
        raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"error_code\":0"),
        OutcomeUnknown,
        true,
    ));
    // A second answer says that the contact is known: it was our own first attempt.
    rows[2].at_the_first = added(2);
    rows
}

fn reused() -> Vec<Row> {
    let mut rows = Vec::new();
    for (reaction, how) in [(Close, "closed"), (Reset, "reset")] {
        for (stage, when) in [(Begun, "as it is reused"), (Applied, "after the contact")] {
            let fault = Fault::new(stage, reaction.clone());
            let name = format!("a kept connection, {how} {when}");
            let mut row = again(&name, fault, OutcomeUnknown, true).reused();
            row.at_the_first = added(2);
            rows.push(row);
        }
    }
    rows.push(harmless(
        "closed with each answer",
        Fault::new(Applied, Last),
    ));
    rows.push(
        harmless(
            "closed with each answer, for the next lead",
            Fault::new(Applied, Last),
        )
        .reused()
        .perhaps_resent(),
    );
    rows.push(
        harmless(
            "closed the moment it is reused",
            Fault::new(Applied, ClosedAsReused),
        )
        .reused()
        .perhaps_resent(),
    );
    rows
}

fn delays() -> Vec<Row> {
    let second = Duration::from_secs(1);
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n".to_vec();
    let body = [head.as_slice(), b"\r\n"].concat();
    let silence = |stage| Fault::new(stage, Silence);
    let slow = |first: &[u8], rest: &[u8]| {
        let trickle = Trickle(first.to_vec(), rest.repeat(20), second);
        Fault::new(Received, trickle)
    };
    let all_three = fails(OutcomeUnknown, true, 3);
    vec![
        late("silence after the connection", silence(Connected), true).plain(),
        late("silence as the request begins", silence(Begun), true),
        late("silence after the request", silence(Received), true),
        late("silence after the contact", silence(Applied), true),
        late("a kept connection falls silent", silence(Received), true).reused(),
        late(
            "silence within the head",
            Fault::new(Applied, Stalled(head.clone())),
            true,
        ),
        late(
            "silence within the body",
            Fault::new(Applied, Stalled(body.clone())),
            true,
        ),
        late(
            "one byte a second from the start",
            slow(b"", b"HTTP/1.1 200 OK"),
            true,
        )
        .deadline(2500),
        late("one byte a second in the head", slow(&head, b"X"), true).deadline(2500),
        late("one byte a second in the body", slow(&body, b" "), true).deadline(2500),
        row(
            "silence at each attempt",
            Peer::Faulty(silence(Received)),
            all_three,
            added(2),
        )
        .setting("attempt_timeout_ms", 200)
        .within(600 + THREE_ATTEMPTS),
    ]
}

fn handshakes() -> Vec<Row> {
    let bytes = |bytes: &[u8]| Fault::new(Connected, Bytes(bytes.to_vec()));
    let refused = Fault::new(Begun, Close);
    let mut rows = Vec::new();
    for (name, flaw) in [
        ("an expired certificate", Flaw::Expired),
        ("a certificate of the future", Flaw::NotYetValid),
        ("a certificate for another name", Flaw::OtherName),
        (
            "a certificate of an unknown authority",
            Flaw::UnknownAuthority,
        ),
        ("a self-signed certificate", Flaw::SelfSigned),
    ] {
        rows.push(last(name, refused.clone(), Tls, false).encrypted(flaw));
    }
    // A ServerHello of TLS 1.1, and alerts: handshake_failure, protocol_version.
    let hello = [
        b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02".as_slice(),
        &[7; 32],
        b"\0\xc0\x13\0",
    ]
    .concat();
    for (name, fault, kind) in [
        ("TLS 1.1", bytes(&hello), Tls),
        (
            "no cipher in common",
            bytes(b"\x15\x03\x03\0\x02\x02\x28"),
            Tls,
        ),
        (
            "a server of an old version",
            bytes(b"\x15\x03\x01\0\x02\x02\x46"),
            Tls,
        ),
    ] {
        rows.push(last(name, fault, kind, false).encrypted(Flaw::None));
    }
    for (name, fault) in [
        ("no TLS at all", bytes(&answer("200 OK", "", "hello"))),
        ("closed before the handshake", Fault::new(Connected, Close)),
        ("reset before the handshake", Fault::new(Connected, Reset)),
        ("cut within the handshake", bytes(&hello[..9])),
    ] {
        rows.push(again(name, fault, Unreachable, false).encrypted(Flaw::None));
    }
    let slow = Trickle(hello[..5].to_vec(), vec![2; 42], Duration::from_secs(1));
    for (name, reaction) in [
        ("a handshake that stalls", Silence),
        ("one byte a second in the handshake", slow),
    ] {
        rows.push(late(name, Fault::new(Connected, reaction), false).encrypted(Flaw::None));
    }
    // Each byte is in time; all of them together are not.
    let steady = Trickle(hello[..5].to_vec(), vec![2; 42], Duration::from_millis(100));
    let ending = fails(Unreachable, false, 1);
    let steady = Peer::Encrypted(Flaw::None, Fault::new(Connected, steady));
    rows.push(
        row(
            "ten bytes a second in the handshake",
            steady,
            ending,
            ending,
        )
        .setting("connect_timeout_ms", 600)
        .setting("max_attempts", 1)
        .within(600),
    );
    rows
}
