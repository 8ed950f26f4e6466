//! A local stand-in of the service, which shares nothing with the client: it reads a request as
//! PHP does, finds the hash anew, and answers as the service would.

pub mod arguments;
mod books;
pub mod contacts;
mod exchange;
mod functions;
mod json;
pub mod php_form;
pub mod program;
mod request;
mod response;
mod server;
mod service;
mod signature;
mod state;
mod switches;
mod tls;

use std::io;
use std::time::Duration;

use self::contacts::Contact;
use self::server::Server;

/// A running stand-in. Dropping it cuts its connections and ends its threads.
pub struct Sandbox {
    server: Server,
}

/// How a sandbox is set up.
#[derive(Default)]
pub struct Options {
    /// The port; a free one where there is none.
    pub port: Option<u16>,
    /// Whether to speak TLS, with a certificate for `localhost`, `127.0.0.1` and `::1`.
    pub tls: bool,
    /// The accounts. A request that names none belongs to the first.
    pub accounts: Vec<Account>,
    /// Whether to print a line for each request, without personal data.
    pub log: bool,
    /// Whether to keep the requests' bodies.
    pub keep_bodies: bool,
}

/// An account of the service.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The login.
    pub username: String,
    /// The key that requests and answers are signed with.
    pub secret: String,
    /// The groups of contacts.
    pub groups: Vec<Group>,
    /// Whether every request is refused with code 7.
    pub disabled: bool,
    /// Whether every request is judged, and the connection then closed without a word.
    pub silent: bool,
}

/// A group of an account.
#[derive(Clone, Debug)]
pub struct Group {
    /// The symbolic identifier, which `rid` names.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// How the group takes contacts.
    pub kind: GroupKind,
}

/// How a group takes contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// At once.
    Open,
    /// After a confirmation by mail.
    Activation,
    /// Never by hand.
    Automatic,
}

/// What happens to one request instead of an ordinary answer.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// An ordinary answer, so that what is queued behind it meets a later request.
    Ordinary,
    /// This answer, after the delay; the request is not applied.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The headers; the length is added unless they tell it.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
        /// The time before the answer.
        delay: Duration,
    },
    /// An ordinary answer after this time.
    Slow(Duration),
    /// The connection is closed, and the request is not applied.
    CloseWithoutAnswer,
    /// The request is applied, and the connection closed without a word.
    ApplyThenClose,
    /// An answer begins that comes byte by byte and never ends; the request is not applied.
    TrickleForever,
    /// An ordinary answer, after which the connection is closed unannounced.
    CloseAfterAnswer,
}

impl Account {
    /// An account without groups.
    pub fn new(username: &str, secret: &str) -> Account {
        Account {
            username: username.to_owned(),
            secret: secret.to_owned(),
            ..Account::default()
        }
    }

    /// The account with one more group.
    pub fn with_group(mut self, name: &str, kind: GroupKind) -> Account {
        self.groups.push(Group::new(name, kind));
        self
    }
}

impl Group {
    /// A group with a title made from its name.
    pub fn new(name: &str, kind: GroupKind) -> Group {
        Group {
            name: name.to_owned(),
            title: format!("The group {name}"),
            kind,
        }
    }

    /// Reads `NAME`, `NAME:activation` or `NAME:automatic`.
    pub fn parse(text: &str) -> Result<Group, String> {
        let (name, kind) = match text.split_once(':') {
            None => (text, GroupKind::Open),
            Some((name, "activation")) => (name, GroupKind::Activation),
            Some((name, "automatic")) => (name, GroupKind::Automatic),
            Some((_, kind)) => {
                return Err(format!(
                    "\"{kind}\" is neither \"activation\" nor \"automatic\""
                ));
            }
        };
        if name.is_empty() {
            return Err("the name is missing".to_owned());
        }
        Ok(Group::new(name, kind))
    }
}

impl Options {
    /// The account of the service's documentation, with a group of each kind, a disabled one and
    /// a silent one.
    pub fn demo() -> Options {
        let secret = "X".repeat(40);
        let account = |username| {
            Account::new(username, &secret)
                .with_group("super", GroupKind::Open)
                .with_group("news", GroupKind::Open)
                .with_group("confirm", GroupKind::Activation)
                .with_group("auto", GroupKind::Automatic)
        };
        let disabled = Account {
            disabled: true,
            ..account("disabled")
        };
        let silent = Account {
            silent: true,
            ..account("silent")
        };
        Options {
            accounts: vec![account("username"), disabled, silent],
            ..Options::default()
        }
    }
}

impl Sandbox {
    /// Listens on 127.0.0.1 and answers from threads of its own.
    pub fn start(options: Options) -> io::Result<Sandbox> {
        let server = Server::start(options)?;
        Ok(Sandbox { server })
    }

    /// Where it listens, such as `http://127.0.0.1:8080`.
    pub fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// The certificate that a client has to trust, where it speaks TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.server.ca_pem()
    }

    /// Every contact, account by account, in the order of appearance.
    pub fn contacts(&self) -> Vec<Contact> {
        self.server.state().service.contacts()
    }

    /// The first contact with this address.
    pub fn contact(&self, email: &str) -> Option<Contact> {
        let contacts = self.contacts();
        contacts.into_iter().find(|contact| contact.email == email)
    }

    /// How many whole requests arrived.
    pub fn requests(&self) -> usize {
        self.server.state().requests()
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.server.state().accepted()
    }

    /// The bodies of the requests, where the options say to keep them.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        self.server.state().bodies()
    }

    /// Queues what happens to the next request; the one after it meets the next in the queue.
    pub fn next(&self, behaviour: Behaviour) {
        self.server.state().queue(behaviour);
    }
}
