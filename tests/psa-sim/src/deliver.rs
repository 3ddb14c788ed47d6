//! Puts an answer on the wire, and does the faults that only the wire can show.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};
use http_body_util::channel::Channel;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::Response;
use hyper::header::{HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};

use crate::fault::Fault;
use crate::options::Nulls;
use crate::reply::Reply;

/// A body as hyper takes it.
pub(crate) type Body = BoxBody<Bytes, Hangup>;

/// The connection is broken off here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Hangup {
    /// Closed (FIN).
    #[error("closed on purpose")]
    Close,
    /// Reset (RST).
    #[error("reset on purpose")]
    Reset,
}

impl Hangup {
    /// What a fault does in place of any answer.
    pub(crate) fn of(fault: &Fault) -> Option<Self> {
        match fault {
            Fault::Refuse => Some(Self::Close),
            Fault::Reset => Some(Self::Reset),
            _ => None,
        }
    }
}

/// Makes the response. Headers that HTTP does not allow are left out.
pub(crate) fn response(reply: Reply, nulls: Nulls, fault: Option<&Fault>) -> Response<Body> {
    let Reply { status, mut headers, body } = reply;
    let (bytes, content_type) = body.into_bytes(nulls);
    headers.extend([("content-type".to_owned(), content_type), ("date".to_owned(), date(fault))]);
    let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
    let body = match fault {
        Some(Fault::Drip { chunk, every }) => drip(bytes, *chunk, *every),
        Some(Fault::Truncate) => whole(half.to_vec()),
        Some(Fault::CutOff) => {
            headers.push(("content-length".to_owned(), bytes.len().to_string()));
            cut_off(half.to_vec())
        }
        Some(Fault::GzipBomb { mebibytes }) => {
            headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
            whole(gzip_bomb(*mebibytes))
        }
        _ => whole(bytes),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status.try_into().unwrap_or_default();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn date(fault: Option<&Fault>) -> String {
    let skew = if let Some(Fault::ClockSkew(seconds)) = fault { *seconds } else { 0 };
    let now = Timestamp::now();
    let shown = now.checked_add(SignedDuration::from_secs(skew)).unwrap_or(now);
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    printer.timestamp_to_rfc9110_string(&shown).unwrap_or_default()
}

fn whole(bytes: Vec<u8>) -> Body {
    Full::new(Bytes::from(bytes)).map_err(|never: Infallible| match never {}).boxed()
}

/// A body that comes slowly.
fn drip(bytes: Vec<u8>, chunk: usize, every: Duration) -> Body {
    let (mut sender, body) = Channel::new(1);
    tokio::spawn(async move {
        for piece in bytes.chunks(chunk.max(1)) {
            if sender.send_data(Bytes::copy_from_slice(piece)).await.is_err() {
                return;
            }
            tokio::time::sleep(every).await;
        }
    });
    body.boxed()
}

/// A body that ends in the middle. The pause lets what was sent leave before the connection is
/// closed.
fn cut_off(bytes: Vec<u8>) -> Body {
    let (mut sender, body) = Channel::new(1);
    tokio::spawn(async move {
        if sender.send_data(Bytes::from(bytes)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            sender.abort(Hangup::Close);
        }
    });
    body.boxed()
}

/// A gzip file of so many MiB of spaces. One MiB is packed once; as each block starts afresh after
/// a full flush, its packed form can be repeated.
fn gzip_bomb(mebibytes: usize) -> Vec<u8> {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    const LAST_BLOCK: [u8; 2] = [3, 0];
    let block = vec![b' '; 1 << 20];
    let mut packed = Vec::with_capacity(1 << 14);
    let packing =
        Compress::new(Compression::best(), false).compress_vec(&block, &mut packed, FlushCompress::Full);
    if packing.is_err() {
        packed.clear();
    }
    let (mut one, mut all) = (Crc::new(), Crc::new());
    one.update(&block);
    let mut file = HEADER.to_vec();
    for _ in 0..mebibytes {
        file.extend_from_slice(&packed);
        all.combine(&one);
    }
    file.extend_from_slice(&LAST_BLOCK);
    file.extend_from_slice(&all.sum().to_le_bytes());
    file.extend_from_slice(&all.amount().to_le_bytes());
    file
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_bomb_is_a_sound_gzip_file() {
        let bomb = gzip_bomb(3);
        assert!(bomb.len() < 10_000);
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(bomb.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, vec![b' '; 3 << 20]);
    }
}
