//! Takes connections until a signal comes, and ends those that are open when they are answered.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use super::Bridge;
use super::connections::{Connections, Entered};
use crate::interruption;

/// A whole head, and the time that a connection may be idle.
const HEAD_TIME: Duration = Duration::from_secs(10);
const HEAD_SIZE: usize = 16 * 1024;
const HEADERS: usize = 64;
/// Longer than a head and a body may take.
const DRAIN_TIME: Duration = Duration::from_secs(25);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Runs until a signal comes, or the bridge cannot go on.
pub async fn run(bridge: Arc<Bridge>, listener: TcpListener, most: usize) {
    let connections = Connections::new(most);
    let (end, ends) = watch::channel(());
    let (working, mut ended) = mpsc::channel::<Infallible>(1);
    tokio::select! {
        () = accept(&bridge, &listener, &connections, &ends, &working) => {}
        () = is_to_end(&bridge) => {}
    }
    drop(listener);
    drop(working);
    let _ = end.send(());
    // Nothing is ever sent: it returns when the last connection's end of the channel is dropped.
    if timeout(DRAIN_TIME, ended.recv()).await.is_err() {
        bridge.journal.say("connections that did not end were cut");
    }
}

async fn is_to_end(bridge: &Bridge) {
    while !interruption::has_come() && !bridge.has_failed() {
        sleep(BETWEEN_LOOKS).await;
    }
}

async fn accept(
    bridge: &Arc<Bridge>,
    listener: &TcpListener,
    connections: &Arc<Connections>,
    ends: &watch::Receiver<()>,
    working: &mpsc::Sender<Infallible>,
) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Out of descriptors: others have to end first.
            Err(_) => {
                sleep(BETWEEN_LOOKS).await;
                continue;
            }
        };
        let entered = connections.enter().await;
        let (bridge, ends, working) = (Arc::clone(bridge), ends.clone(), working.clone());
        tokio::spawn(async move {
            converse(bridge, stream, entered, ends).await;
            drop(working);
        });
    }
}

async fn converse(
    bridge: Arc<Bridge>,
    stream: TcpStream,
    entered: Entered,
    mut ends: watch::Receiver<()>,
) {
    let _ = stream.set_nodelay(true);
    let place = Arc::clone(&entered.place);
    let entered = Arc::new(entered);
    let service = service_fn(|request| {
        let (bridge, entered) = (Arc::clone(&bridge), Arc::clone(&entered));
        async move {
            let answer = bridge.answer(request, &entered.place).await;
            entered.was_used();
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_headers(HEADERS)
        .max_header_size(HEAD_SIZE)
        .max_buf_size(HEAD_SIZE)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => {}
        () = place.is_cut() => {}
        _ = ends.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
