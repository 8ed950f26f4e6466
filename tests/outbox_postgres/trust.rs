//! Whom a store trusts, and that nobody sees its password.

use std::fs;
use std::path::Path;
use std::process::Command;

use justclick::outbox::postgres::PostgresStore;
use justclick::outbox::store::Store;
use justclick::{Error, Outbox};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;

use super::postgres_server::Server;
use super::settings;
use super::suite::{account_for, add, claim};

const URL: &str = "JUSTCLICK_TEST_URL";
const INSIDE: &str = "JUSTCLICK_TEST_NETWORK";
/// An address for documentation, which no network routes (RFC 5737).
const ELSEWHERE: &str = "198.51.100.1";

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key"))
        .expect("a certificate")
}

/// A server whose certificate is for `names`, and the file of its authority.
fn server_with_tls(folder: &TempDir, names: &[&str]) -> (Server, String) {
    let authority = authority("trusted");
    let key = KeyPair::generate().expect("a key");
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let params = CertificateParams::new(names).expect("names");
    let certificate = params.signed_by(&key, &authority).expect("a certificate");
    let server = Server::make(&["ssl=on", "listen_addresses=*"]);
    server.write("server.crt", &certificate.pem());
    server.write("server.key", &key.serialize_pem());
    (server.started(), pem(folder, "authority.pem", &authority))
}

fn pem(folder: &TempDir, name: &str, authority: &CertifiedIssuer<'static, KeyPair>) -> String {
    let path = folder.path().join(name);
    fs::write(&path, authority.pem()).expect("writes");
    path.to_str().expect("UTF-8").to_owned()
}

fn refusal(url: &str) -> Error {
    PostgresStore::open(url, settings()).expect_err("it is refused")
}

fn refused(url: &str, why: &str) {
    let error = refusal(url);
    assert!(error.message().contains(why), "{error}");
}

#[test]
fn a_certificate_is_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, trusted) = server_with_tls(&folder, &["localhost"]);
    server.database("leads");
    let verified = |host: &str| server.url_of(host, "leads") + "sslmode=verify-full";
    let url = format!("{}&sslrootcert={trusted}", verified("localhost"));
    let store = PostgresStore::open(&url, settings()).expect("a store");
    // More than the buffers of TLS and the socket take at once.
    let mut row = super::suite::new_row(super::suite::ACCOUNT, "long");
    row.function = "long ".repeat(3_000_000);
    store.add(&row, 10).expect("is kept");
    assert!(claim(&store).function == row.function, "it was changed");
    let count = "select count(*) from pg_stat_ssl join pg_stat_activity using (pid)
                 where ssl and application_name = 'justclick'";
    assert_eq!(server.sql("leads", count), "1", "it is not encrypted");
    account_for(&store, 1);
    let stranger = pem(&folder, "stranger.pem", &authority("stranger"));
    refused(
        &format!("{}&sslrootcert={stranger}", verified("localhost")),
        "unknown issuer: name the file of its authority in sslrootcert",
    );
    refused(&verified("localhost"), "unknown issuer");
    refused(
        &format!("{}&sslrootcert={trusted}", verified("127.0.0.1")),
        "it is for another name",
    );
    refused(
        &format!("{}&sslrootcert={trusted}.none", verified("localhost")),
        "sslrootcert",
    );
    let plain = Server::start(&[]);
    refused(
        &(plain.url_of("localhost", "postgres") + "sslmode=verify-full"),
        "does not offer TLS",
    );
    account_for(&store, 1);
}

/// The same program in a network of its own, where another address than the loopback's is there.
#[test]
fn a_server_elsewhere_needs_tls() {
    if std::env::var_os(INSIDE).is_some() {
        return needs_tls();
    }
    let script = format!(
        "ip link set lo up && ip addr add {ELSEWHERE}/32 dev lo && exec \"$0\" --exact trust::a_server_elsewhere_needs_tls --nocapture"
    );
    let output = Command::new("unshare")
        .args(["--net", "sh", "-c", &script])
        .arg(std::env::current_exe().expect("this program"))
        .env(INSIDE, "1")
        .output()
        .expect("unshare");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("1 passed"), "{text}");
}

fn needs_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = Server::make(&["listen_addresses=*"]);
    plain.write(
        "pg_hba.conf",
        "local all all trust\nhost all all all trust\n",
    );
    let plain = plain.started();
    refused(&plain.url_of(ELSEWHERE, "postgres"), "does not offer TLS");
    for mode in ["disable", "allow", "prefer"] {
        let url = format!("{}sslmode={mode}", plain.url_of(ELSEWHERE, "postgres"));
        refused(&url, "take verify-full");
    }
    let activity = "select count(*) from pg_stat_activity where application_name = 'justclick'";
    assert_eq!(plain.sql("postgres", activity), "0");
    PostgresStore::open(&plain.url_of("127.0.0.1", "postgres"), settings()).expect("a store");
    drop(plain);
    let (server, trusted) = server_with_tls(&folder, &[ELSEWHERE]);
    server.write(
        "pg_hba.conf",
        "local all all trust\nhostssl all all all trust\n",
    );
    server.sql("postgres", "select pg_reload_conf()");
    refused(&server.url_of(ELSEWHERE, "postgres"), "unknown issuer");
    let url = format!(
        "{}sslrootcert={trusted}",
        server.url_of(ELSEWHERE, "postgres")
    );
    let store = PostgresStore::open(&url, settings()).expect("a store");
    add(&store, "a");
    account_for(&store, 1);
}

/// Opens the URL of the environment: the part of another process.
#[test]
fn opener() {
    let Ok(url) = std::env::var(URL) else { return };
    match Outbox::open(url).and_then(|outbox| outbox.status()) {
        Ok(_) => println!("\nopened true"),
        Err(error) => println!("\nrefused {error} {error:?}"),
    }
}

fn opened(url: &str, variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "trust::opener", "--nocapture"])
        .env(URL, url)
        .env_remove("PGPASSWORD")
        .env_remove("PGPASSFILE")
        .env("HOME", "/nonexistent")
        .envs(variables.iter().copied())
        .output()
        .expect("starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_password_comes_from_url_environment_or_file() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    server.sql(
        "leads",
        "create role seller login password 'ti:ger/%@'; alter database leads owner to seller",
    );
    server.write(
        "pg_hba.conf",
        "local all postgres trust\nlocal all all scram-sha-256\nhost all all all md5\n",
    );
    server.sql("leads", "select pg_reload_conf()");
    let url = url.replace("postgres@", "seller@");
    let with_password = url.replace("seller@", "seller:ti%3Ager%2F%25%40@");
    assert!(opened(&with_password, &[]).contains("opened true"));
    let by_tcp = format!(
        "postgres://seller:ti%3Ager%2F%25%40@localhost:{}/leads",
        server.port
    );
    assert!(opened(&by_tcp, &[]).contains("opened true"));
    assert!(opened(&url, &[("PGPASSWORD", "ti:ger/%@")]).contains("opened true"));
    let none = opened(&url, &[]);
    assert!(
        none.contains("asks for a password and there is none"),
        "{none}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(".pgpass");
    fs::write(&path, "*:*:leads:seller:ti\\:ger/%@\n").expect("writes");
    let file = path.to_str().expect("UTF-8");
    let home = folder.path().to_str().expect("UTF-8");
    set_mode(&path, 0o644);
    let open_to_all = opened(&url, &[("PGPASSFILE", file)]);
    assert!(
        open_to_all.contains("set its mode to 0600"),
        "{open_to_all}"
    );
    set_mode(&path, 0o600);
    assert!(opened(&url, &[("PGPASSFILE", file)]).contains("opened true"));
    assert!(opened(&url, &[("HOME", home)]).contains("opened true"));
    assert!(opened(&format!("{url}passfile={file}"), &[]).contains("opened true"));
    for wrong in [
        opened(&url.replace("seller@", "seller:elephant@"), &[]),
        opened(&url, &[("PGPASSWORD", "elephant")]),
        opened(&by_tcp.replace("ti%3Ager", "elephant"), &[]),
    ] {
        assert!(wrong.contains("password authentication failed"), "{wrong}");
        assert!(
            !wrong.contains("elephant") && !wrong.contains("ger"),
            "{wrong}"
        );
    }
    let store = PostgresStore::open(&with_password, settings()).expect("a store");
    assert!(!format!("{store:?}").contains("ger"), "{store:?}");
    add(&store, "a");
    account_for(&store, 1);
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("changes");
}
