//! The server: one thread, one runtime, one listener that can be closed and opened again.

use std::error::Error as _;
use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request as HyperRequest, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::deliver::{self, Body, Hangup};
use crate::fault::Fault;
use crate::request::Request;
use crate::shared::Shared;

/// What the handle asks of the server.
pub(crate) enum Command {
    /// Listen, or do not; and say when it is so.
    Listen(bool, Sender<()>),
    /// End.
    Stop,
}

/// Serves until told to stop or until the handle is gone.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    tls: Option<TlsAcceptor>,
    listener: TcpListener,
    address: SocketAddr,
    mut commands: UnboundedReceiver<Command>,
) {
    let mut listener = Some(listener);
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Listen(false, done)) => {
                    listener = None;
                    drop(done);
                }
                Some(Command::Listen(true, done)) => {
                    if listener.is_none() {
                        listener = TcpListener::bind(address).await.ok();
                    }
                    drop(done);
                }
                Some(Command::Stop) | None => return,
            },
            stream = accept(listener.as_ref()) => if let Ok(stream) = stream {
                tokio::spawn(connection(Arc::clone(&shared), tls.clone(), stream));
            },
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => pending().await,
    }
}

async fn connection(shared: Arc<Shared>, tls: Option<TlsAcceptor>, stream: TcpStream) {
    // Answers are small and several; without this each waits for the delayed acknowledgement of the
    // one before.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let counted = Arc::clone(&shared);
    let _open = counted.connection();
    match tls {
        None => http(shared, stream).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                http(shared, stream).await;
            }
        }
    }
}

/// Speaks HTTP on one connection until it ends, then closes or resets it.
async fn http<S: Socket>(shared: Arc<Shared>, stream: S) {
    let service = service_fn(move |request| {
        Box::pin(exchange(Arc::clone(&shared), request)) as Pin<Box<dyn Future<Output = _> + Send>>
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    match ended.err().and_then(|error| error.source()?.downcast_ref().copied()) {
        Some(Hangup::Reset) => stream.tcp().set_zero_linger().unwrap_or_default(),
        Some(Hangup::Close) => {}
        None => stream.shutdown().await.unwrap_or_default(),
    }
}

async fn exchange(shared: Arc<Shared>, request: HyperRequest<Incoming>) -> Result<Response<Body>, Hangup> {
    let _under_way = shared.request();
    let (outcome, fault) = shared.decide(&Request::new(&request));
    let stall = if let Some(Fault::Stall(stall)) = fault { stall } else { std::time::Duration::ZERO };
    tokio::time::sleep(shared.options.latency + stall).await;
    outcome.map(|reply| deliver::response(reply, shared.options.nulls, fault.as_ref()))
}

/// A connection, plain or TLS, with the TCP socket beneath.
trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}
