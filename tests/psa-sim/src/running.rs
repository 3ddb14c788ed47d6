//! The handle of a running simulator.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::{Builder, JoinHandle};

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;

use crate::error::Error;
use crate::fault::{Fault, When};
use crate::record::Recorded;
use crate::server::{self, Command};
use crate::shared::Shared;
use crate::sim_file::{Access, SimFile};
use crate::tls::Tls;

/// A simulator that serves. It stops when this is dropped.
pub struct Running {
    url: String,
    company: String,
    ca_pem: Option<String>,
    shared: Arc<Shared>,
    commands: UnboundedSender<Command>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn start(shared: Shared, company: String) -> Result<Self, Error> {
        let tls = shared.options.tls.map(Tls::new).transpose()?;
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, shared.options.port)).map_err(Error::Serve)?;
        listener.set_nonblocking(true).map_err(Error::Serve)?;
        let address = listener.local_addr().map_err(Error::Serve)?;
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let (commands, receiver) = unbounded_channel();
        let shared = Arc::new(shared);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
        let serving = Arc::clone(&shared);
        let thread = Builder::new().name("psa-sim".to_owned()).spawn(move || {
            runtime.block_on(run(serving, acceptor, listener, address, receiver));
        });
        Ok(Self {
            url: format!("{scheme}://{address}"),
            company,
            ca_pem,
            shared,
            commands,
            thread: Some(thread.map_err(Error::Serve)?),
        })
    }

    /// Scheme, address and port, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate of the authority to trust, when serving HTTPS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The keys that are accepted, of every tenant, in the order of companies and files.
    #[must_use]
    pub fn access(&self) -> Vec<Access> {
        self.shared.state().access()
    }

    /// Every request so far, in the order in which they were answered.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.state().records.clone()
    }

    /// How many connections callers have opened so far, and the most that were open at once.
    #[must_use]
    pub fn connections(&self) -> (usize, usize) {
        let connections = self.shared.state().connections;
        (connections.all, connections.most)
    }

    /// The most requests that were under way at once.
    #[must_use]
    pub fn most_under_way(&self) -> usize {
        self.shared.state().requests.most
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.state().records.clear();
    }

    /// Fails from now on at the endpoints whose path contains this text, or is this path when it
    /// begins with `=` (`"=/system/members"`), whatever the case. What follows a `?` must be in the
    /// decoded query (`"/members?conditions="`). Empty: every request. Where several faults match, the
    /// oldest one that is due is done.
    pub fn set_fault(&self, endpoint: &str, when: When, fault: Fault) {
        let refuse = {
            let mut state = self.shared.state();
            state.faults.add(endpoint, when, fault);
            state.faults.refuse_all()
        };
        if refuse {
            self.listen(false);
        }
    }

    /// Takes every fault back. A listener that was closed opens again on the same port, unless
    /// somebody else took it meanwhile.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
        self.listen(true);
    }

    /// Changes the snapshot of the (first) tenant; the next request sees it.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Value) -> T) -> Option<T> {
        self.edit_of(&self.company, change)
    }

    /// Changes the snapshot of the tenant of this company; none when there is no such company.
    pub fn edit_of<T>(&self, company: &str, change: impl FnOnce(&mut Value) -> T) -> Option<T> {
        self.shared.state().tenant_mut(company).map(|tenant| tenant.edit(change))
    }

    /// Changes keys, customise lists or business rows of the (first) tenant.
    pub fn edit_sim<T>(&self, change: impl FnOnce(&mut SimFile) -> T) -> Option<T> {
        self.shared.state().tenant_mut(&self.company).map(|tenant| change(&mut tenant.sim))
    }

    /// Stops, and waits until the port is closed.
    pub fn stop(mut self) {
        self.end();
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }

    /// Opens or closes the listener, and returns when it is so.
    fn listen(&self, open: bool) {
        let (done, is_done) = mpsc::channel();
        if self.commands.send(Command::Listen(open, done)).is_ok() {
            // The server drops its end when it is done, or when it is gone.
            let _closed = is_done.recv();
        }
    }

    fn end(&mut self) {
        let _gone_already = self.commands.send(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

async fn run(
    shared: Arc<Shared>,
    tls: Option<TlsAcceptor>,
    listener: TcpListener,
    address: SocketAddr,
    commands: tokio::sync::mpsc::UnboundedReceiver<Command>,
) {
    if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
        server::serve(shared, tls, listener, address, commands).await;
    }
}
