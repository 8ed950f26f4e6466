//! The login of MySQL 8, which MariaDB does not have: a server that plays its part as the manual
//! describes it, with the system's OpenSSL in place of the server's.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use justclick::outbox::mysql::MysqlStore;
use ring::digest::{SHA256, digest};

use super::refusals::{greeting, packet};
use super::settings;

pub const NONCE: &[u8; 20] = b"abcdefghijklmnopqrst";
const PASSWORD: &str = "Тигр & tiger";
const IN_URL: &str = "%D0%A2%D0%B8%D0%B3%D1%80%20%26%20tiger";
/// What the server of the tests answers once the user is in.
const REFUSAL: &[u8] = b"\xff\x69\x04#HY000of the test";

/// The number and the bytes of the next packet.
fn read(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let mut head = [0; 4];
    stream.read_exact(&mut head).expect("a packet");
    let length = u32::from_le_bytes([head[0], head[1], head[2], 0]);
    let mut body = vec![0; length as usize];
    stream.read_exact(&mut body).expect("its bytes");
    (head[3], body)
}

/// `XOR(SHA256(password), SHA256(SHA256(SHA256(password)) + nonce))`.
fn scramble() -> Vec<u8> {
    let once = digest(&SHA256, PASSWORD.as_bytes());
    let twice = digest(&SHA256, once.as_ref());
    let mask = digest(&SHA256, &[twice.as_ref(), NONCE].concat());
    let pairs = once.as_ref().iter().zip(mask.as_ref());
    pairs.map(|(left, right)| left ^ right).collect()
}

/// Greets, and returns what the client said of itself.
fn greet(stream: &mut TcpStream) -> Vec<u8> {
    stream.write_all(&greeting("8.4.3")).expect("writes");
    let (number, response) = read(stream);
    assert_eq!(number, 1);
    // Behind capabilities, sizes and 23 bytes stand user, proof, database, plugin.
    let rest = response[32..].strip_prefix(b"me\0").expect("the user");
    let (length, rest) = rest.split_first().expect("a proof");
    let (proof, rest) = rest.split_at((*length).into());
    assert_eq!(rest, b"leads\0caching_sha2_password\0");
    proof.to_vec()
}

/// Lets the user in, and refuses what it asks first.
fn admit(stream: &mut TcpStream, number: u8) {
    stream
        .write_all(&packet(number, b"\0\0\0\x02\0\0\0"))
        .expect("writes");
    let (number, asked) = read(stream);
    assert_eq!((number, asked[0]), (0, 3), "no statement follows");
    stream.write_all(&packet(1, REFUSAL)).expect("writes");
    let _ = stream.read(&mut [0; 16]);
}

/// Opens a store at a server that does as `serve`; returns why it fails.
fn with_server<T: Send>(serve: impl FnOnce(&mut TcpStream) -> T + Send) -> (T, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            let (mut stream, _) = listener.accept().expect("a connection");
            serve(&mut stream)
        });
        let url = format!("mysql://me:{IN_URL}@127.0.0.1:{port}/leads");
        let error = MysqlStore::open(&url, settings()).expect_err("there are no tables");
        let message = error.message().to_owned();
        assert!(!message.contains("tiger"), "{message}");
        (server.join().expect("the server's part"), message)
    })
}

#[test]
fn a_digest_that_the_server_remembers_is_enough() {
    let (proof, why) = with_server(|stream| {
        let proof = greet(stream);
        stream.write_all(&packet(2, b"\x01\x03")).expect("writes");
        admit(stream, 3);
        proof
    });
    assert_eq!(proof, scramble());
    assert!(
        why.contains("error 1129") || why.contains("error 1129"),
        "{why}"
    );
}

#[test]
fn a_password_is_encrypted_for_the_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key.pem");
    openssl(&["genrsa", "-out", &text(&key), "2048"], b"");
    let public = openssl(&["rsa", "-in", &text(&key), "-pubout"], b"");
    let (encrypted, _) = with_server(|stream| {
        greet(stream);
        stream.write_all(&packet(2, b"\x01\x04")).expect("writes");
        assert_eq!(read(stream), (3, vec![2]), "no key is asked for");
        stream
            .write_all(&packet(4, &[b"\x01", public.as_slice()].concat()))
            .expect("writes");
        let (number, encrypted) = read(stream);
        assert_eq!(number, 5);
        admit(stream, 6);
        encrypted
    });
    let oaep = ["-pkeyopt", "rsa_padding_mode:oaep"];
    let decrypt = [
        "pkeyutl",
        "-decrypt",
        "-inkey",
        &text(&key),
        oaep[0],
        oaep[1],
    ];
    let masked = openssl(&decrypt, &encrypted);
    let password: Vec<u8> = (masked.iter().zip(NONCE.iter().cycle()))
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    assert_eq!(password, [PASSWORD.as_bytes(), b"\0"].concat());
}

/// A key that is none, or of another length, is no reason to fall over or to send the password.
#[test]
fn a_damaged_key_gets_no_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key.pem");
    openssl(&["genrsa", "-out", &text(&key), "1024"], b"");
    let short = openssl(&["rsa", "-in", &text(&key), "-pubout"], b"");
    let cut = &short[..short.len() / 2];
    for damaged in [&short[..], cut, b"", b"\xff\0\x80"] {
        let (rest, why) = with_server(|stream| {
            greet(stream);
            stream.write_all(&packet(2, b"\x01\x04")).expect("writes");
            read(stream);
            let answer = [b"\x01", damaged].concat();
            stream.write_all(&packet(4, &answer)).expect("writes");
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest);
            rest
        });
        assert!(rest.len() < 10, "{rest:?}");
        assert!(why.contains("ssl_mode=verify_identity"), "{why}");
    }
}

#[test]
fn an_unknown_login_is_named() {
    let (rest, why) = with_server(|stream| {
        greet(stream);
        let switch = [b"\xfemysql_clear_password\0", NONCE.as_slice()].concat();
        stream.write_all(&packet(2, &switch)).expect("writes");
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        rest
    });
    assert!(rest.len() < 10, "{rest:?}");
    assert!(why.contains("\"mysql_clear_password\""), "{why}");
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl");
    child
        .stdin
        .take()
        .expect("its input")
        .write_all(input)
        .expect("writes");
    let done = child.wait_with_output().expect("ends");
    assert!(done.status.success(), "{arguments:?}");
    done.stdout
}
