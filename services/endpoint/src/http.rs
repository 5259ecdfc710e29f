//! One POST over plain HTTP/1.1, within a deadline.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{TcpStream, ToSocketAddrs as _},
    time::Instant,
};

/// An answer longer than this is not read.
const LONGEST: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The deadline is over.
    Late,
    /// Another try may help.
    Passing(String),
    /// No other try will.
    Final(String),
}

/// The body of the answer to a POST of JSON.
pub(crate) fn post(
    authority: &str,
    path: &str,
    key: Option<&str>,
    body: &str,
    deadline: Instant,
) -> Result<String, Failure> {
    let left = || deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()).ok_or(Failure::Late);
    let unreachable = |error: std::io::Error| Failure::Passing(format!("cannot reach {authority}: {error}"));
    let address = authority.to_socket_addrs().map_err(unreachable)?.next();
    let address = address.ok_or_else(|| Failure::Final(format!("{authority} has no address")))?;
    let mut stream = TcpStream::connect_timeout(&address, left()?).map_err(|error| io(error, authority))?;
    stream.set_write_timeout(Some(left()?)).map_err(unreachable)?;
    let host = authority.strip_suffix(":80").unwrap_or(authority);
    let authorization = key.map(|key| format!("Authorization: Bearer {key}\r\n")).unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{authorization}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).map_err(|e| io(e, authority))?;
    let mut answer = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        stream.set_read_timeout(Some(left()?)).map_err(unreachable)?;
        let read = stream.read(&mut chunk).map_err(|error| io(error, authority))?;
        answer.extend_from_slice(&chunk[..read]);
        if answer.len() > LONGEST {
            return Err(Failure::Final(format!("{authority} answered with more than a mebibyte")));
        }
        if read == 0 || complete(&answer) {
            break;
        }
    }
    read(&answer, authority)
}

fn io(error: std::io::Error, authority: &str) -> Failure {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::Late,
        _ => Failure::Passing(format!("cannot reach {authority}: {error}")),
    }
}

fn split(answer: &[u8]) -> Option<(String, &[u8])> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((String::from_utf8_lossy(&answer[..end]).into_owned(), &answer[end + 4..]))
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

/// Whether the body is all there, for servers that keep the connection.
fn complete(answer: &[u8]) -> bool {
    let Some((head, body)) = split(answer) else { return false };
    match header(&head, "content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => body.len() >= length,
        None => is_chunked(&head) && body.ends_with(b"0\r\n\r\n"),
    }
}

fn is_chunked(head: &str) -> bool {
    header(head, "transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"))
}

fn read(answer: &[u8], authority: &str) -> Result<String, Failure> {
    let broken = || Failure::Passing(format!("{authority} broke off, or does not speak HTTP"));
    let (head, body) = split(answer).ok_or_else(broken)?;
    let status: u16 = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let body = if is_chunked(&head) { dechunked(body).ok_or_else(broken)? } else { body.to_vec() };
    let length = header(&head, "content-length").and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| body.len() < length) {
        return Err(broken());
    }
    match status {
        200..=299 => String::from_utf8(body).map_err(|_| Failure::Final(format!("{authority} answered with no UTF-8"))),
        401 | 403 => Err(Failure::Final(format!(
            "{authority} refused the key (status {status}); check the key in the environment"
        ))),
        404 => Err(Failure::Final(format!(
            "{authority} has no such path (status 404); check whether the base ends in /v1"
        ))),
        429 | 500..=599 => Err(Failure::Passing(format!("{authority} answered with status {status}"))),
        _ => Err(Failure::Final(format!("{authority} answered with status {status}"))),
    }
}

fn dechunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&body[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        body = body.get(end + 2..)?;
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(body.get(..size)?);
        body = body.get(size.checked_add(2)?..)?;
    }
}
