//! As much of HTTP and of WebSocket as the tests need, written out so that they also can send what a browser would not.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(60);

/// One request; the status, and headers and body as they came.
pub(super) fn http(port: u16, head: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server that refuses a body need not read all of it.
    let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    (status, answer)
}

/// What a server says over a socket.
#[derive(Debug)]
pub(super) enum Said {
    Text(Value),
    /// Kind, seconds, bytes.
    Picture(u8, f64, Vec<u8>),
    Close(u16),
}

/// A page's socket.
#[derive(Debug)]
pub(super) struct Page {
    stream: TcpStream,
}

impl Page {
    /// Errors: the status of a refusal.
    pub(super) fn open(port: u16, host: &str, origin: Option<&str>) -> Result<Self, u16> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let origin = origin.map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
        write!(
            stream,
            "GET /live?picture=mp4 HTTP/1.1\r\nHost: {host}:{port}\r\n{origin}Upgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        .unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        let status = std::str::from_utf8(&head).unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        if status == 101 { Ok(Self { stream }) } else { Err(status) }
    }

    pub(super) fn tell(&mut self, message: &Value) {
        self.frame(1, message.to_string().as_bytes());
    }

    pub(super) fn sound(&mut self, bytes: &[u8]) {
        self.frame(2, bytes);
    }

    fn frame(&mut self, code: u8, bytes: &[u8]) {
        let mut frame = vec![0x80 | code];
        match u16::try_from(bytes.len()) {
            Ok(length) if length < 126 => frame.push(0x80 | u8::try_from(length).unwrap()),
            Ok(length) => {
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => {
                frame.push(0x80 | 127);
                frame.extend((bytes.len() as u64).to_be_bytes());
            }
        }
        // A mask of zeroes leaves the bytes as they are.
        frame.extend([0; 4]);
        frame.extend(bytes);
        self.stream.write_all(&frame).unwrap();
    }

    /// The head of a text of so many bytes, which do not follow.
    pub(super) fn announce(&mut self, bytes: u64) {
        let mut frame = vec![0x81, 0x80 | 127];
        frame.extend(bytes.to_be_bytes());
        frame.extend([0; 4]);
        frame.extend([b'x'; 1_000]);
        self.stream.write_all(&frame).unwrap();
    }

    /// The next message; `None` when the server has gone.
    pub(super) fn message(&mut self) -> Option<Said> {
        loop {
            let mut head = [0; 2];
            self.stream.read_exact(&mut head).ok()?;
            assert!(head[0] & 0x80 != 0 && head[1] & 0x80 == 0, "a whole message, not masked");
            let length = match head[1] {
                126 => u64::from(u16::from_be_bytes(self.bytes(2)?.try_into().unwrap())),
                127 => u64::from_be_bytes(self.bytes(8)?.try_into().unwrap()),
                short => u64::from(short),
            };
            let bytes = self.bytes(usize::try_from(length).unwrap())?;
            match head[0] & 0x0f {
                1 => return Some(Said::Text(serde_json::from_slice(&bytes).unwrap())),
                2 => {
                    let time = f64::from_le_bytes(bytes[8..16].try_into().unwrap());
                    return Some(Said::Picture(bytes[0], time, bytes[16..].to_vec()));
                }
                8 => return Some(Said::Close(u16::from_be_bytes(bytes[..2].try_into().unwrap()))),
                _ => {}
            }
        }
    }

    fn bytes(&mut self, count: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The next text of this type; what comes before it is passed over.
    pub(super) fn until(&mut self, kind: &str) -> Value {
        loop {
            match self.message() {
                Some(Said::Text(text)) if text["type"] == kind => return text,
                Some(Said::Text(_) | Said::Picture(..)) => {}
                other => panic!("{other:?} while waiting for {kind}"),
            }
        }
    }

    /// The next picture.
    pub(super) fn picture(&mut self) -> (u8, f64, Vec<u8>) {
        loop {
            match self.message() {
                Some(Said::Picture(kind, time, bytes)) => return (kind, time, bytes),
                Some(Said::Text(_)) => {}
                other => panic!("{other:?} while waiting for a picture"),
            }
        }
    }

    /// The code with which the server closes.
    pub(super) fn end(&mut self) -> Option<u16> {
        loop {
            match self.message()? {
                Said::Close(code) => return Some(code),
                Said::Text(_) | Said::Picture(..) => {}
            }
        }
    }
}
