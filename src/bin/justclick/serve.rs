//! `justclick serve`: webhooks in, leads out. It keeps each lead in an outbox before it answers, and
//! delivers what is due meanwhile.

mod answer;
mod body;
mod connections;
mod form_page;
mod journal;
mod listen;
mod marks;
mod payload;
mod preset;
mod repeats;
mod route;
mod secret_token;
mod service_word;
mod session;
pub mod settings;
mod signature;
mod source;
mod status;
mod status_page;
mod webhook;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use hyper::Request;
use hyper::body::Incoming;
use justclick::outbox::Limits;
use justclick::{Client, Outbox};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Runtime};

use crate::failure::{Code, Failure};
use crate::output::Output;
use crate::{account, configuration, deliver, interruption};
use answer::Answer;
use connections::Place;
use journal::Journal;
use repeats::Repeats;
use route::Route;
use service_word::{ASKED_AT_ONCE, Asking};
use session::Door;
use settings::RouteSettings;

/// How many leads are kept side by side, and how many pages of the status are made.
const WORKERS: usize = 8;
/// Who comes in a crowd does not wait a second for a second try.
const BACKLOG: u32 = 4096;

/// What all connections share.
pub struct Bridge {
    client: Client,
    outbox: Outbox,
    routes: Vec<Route>,
    repeats: Repeats,
    asking: Asking,
    /// `None` where there is no status page.
    door: Option<Door>,
    journal: Journal,
    has_failed: AtomicBool,
}

pub fn run(config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    let found = configuration::read(config)?;
    let settings = found.serve.ok_or_else(|| {
        Failure::WrongUse("the configuration has no part [serve] with outbox = \"…\"".to_owned())
    })?;
    let token = settings.token.as_deref();
    let bridge = Arc::new(Bridge {
        client: account::client(config)?,
        outbox: account::outbox(&settings.outbox, config)?,
        routes: routes(found.route)?,
        repeats: Repeats::default(),
        asking: Asking::default(),
        door: (token.map(Door::new).transpose())
            .map_err(|why| Failure::WrongUse(format!("serve: {why}")))?,
        journal: Journal::new(output.clone()),
        has_failed: AtomicBool::new(false),
    });
    interruption::await_signals()?;
    let runtime = runtime()?;
    let listener = listener(&runtime, settings.listen)?;
    let mut limits = Limits::default();
    limits.in_flight = Some(settings.in_flight.clamp(1, 256));
    let (place, routes) = (address(&listener)?, bridge.routes.len());
    let for_people = format!("{routes} routes at http://{place}/hook/…");
    output.tell(
        for_people,
        &json!({"listens": place.to_string(), "routes": routes}),
    )?;
    thread::scope(|scope| {
        let delivering = scope.spawn(|| bridge.deliver(&limits, output));
        runtime.block_on(listen::run(
            Arc::clone(&bridge),
            listener,
            settings.connections,
        ));
        interruption::come();
        // What is being kept is waited for.
        drop(runtime);
        (delivering.join())
            .unwrap_or_else(|_| Err(Failure::System("a fault ended the deliverer".to_owned())))
    })
}

fn routes(settings: Vec<RouteSettings>) -> Result<Vec<Route>, Failure> {
    let mut routes: Vec<Route> = Vec::new();
    for settings in settings {
        let route = Route::new(settings).map_err(Failure::WrongUse)?;
        for other in &routes {
            let is_same = match (&route.token, &other.token) {
                (Some(token), Some(other)) => token.is_same_as(other),
                _ => false,
            };
            if is_same || other.name == route.name {
                let (a, b) = (&other.name, &route.name);
                return Err(Failure::WrongUse(format!(
                    "the routes {a} and {b} have the same name or token"
                )));
            }
        }
        routes.push(route);
    }
    if routes.is_empty() {
        return Err(Failure::WrongUse(
            "the configuration has no [[route]]".to_owned(),
        ));
    }
    Ok(routes)
}

/// One thread for all connections; a few that keep leads, which waits for the disk, or ask the service.
fn runtime() -> Result<Runtime, Failure> {
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(WORKERS + ASKED_AT_ONCE)
        .build();
    runtime.map_err(|error| Failure::System(format!("threads: {error}")))
}

fn listener(runtime: &Runtime, place: SocketAddr) -> Result<TcpListener, Failure> {
    let _inside = runtime.enter();
    let socket = match place {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    };
    let listener = socket.and_then(|socket| {
        socket.set_reuseaddr(true)?;
        socket.bind(place)?;
        socket.listen(BACKLOG)
    });
    listener.map_err(|error| Failure::System(format!("cannot listen on {place}: {error}")))
}

fn address(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    let address = listener.local_addr();
    address.map_err(|error| Failure::System(format!("the listening address: {error}")))
}

impl Bridge {
    async fn answer(self: &Arc<Bridge>, request: Request<Incoming>, place: &Place) -> Answer {
        let path = request.uri().path().to_owned();
        if let Some(name) = path.strip_prefix("/hook/") {
            return self.hook(name, request, place).await;
        }
        match &self.door {
            Some(door) if path == "/status" || path.starts_with("/status/") => {
                self.status(door, &path, request, place).await
            }
            _ => {
                self.journal.stranger("404, a wrong address");
                answer::not_found()
            }
        }
    }

    fn deliver(&self, limits: &Limits, output: &Output) -> Result<Code, Failure> {
        let deliver = || {
            let _turn = self.asking.others_turn();
            self.outbox.deliver(&self.client, limits)
        };
        let ended = deliver::watch(deliver, output);
        if ended.is_err() {
            self.has_failed.store(true, Ordering::SeqCst);
        }
        ended
    }

    /// Nothing is delivered any more. Whoever started the bridge has to start it again.
    fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::SeqCst)
    }
}
