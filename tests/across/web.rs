//! Pages of other origins: what a browser is told before it calls, and what it may read of the answer.

use std::net::SocketAddr;

use server::{Config, Role, Server};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::oneshot,
};

const PAGE: &str = "https://page.example";
const METHOD: &str = "/shouyu.v1.LexiconService/LookUp";

/// The head of the answer to one request over HTTP/1.1, as browsers send it, in lower case.
async fn head(address: SocketAddr, verb: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
    let mut request = format!(
        "{verb} {METHOD} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(&[request.as_bytes(), b"\r\n", body].concat()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    answer.split("\r\n\r\n").next().unwrap().to_owned()
}

fn value<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

async fn preflight(address: SocketAddr, origin: &str) -> String {
    let asked = "content-type,x-grpc-web,x-api-key";
    let headers =
        [("origin", origin), ("access-control-request-method", "POST"), ("access-control-request-headers", asked)];
    head(address, "OPTIONS", &headers, b"").await
}

/// A call of gRPC-Web that is refused: the core pack has no such word, or is still being loaded.
async fn call(address: SocketAddr, origin: &str) -> String {
    let word = "没有这个词".as_bytes();
    // The first field of the message, in a frame of gRPC.
    let message = [&[0x0a, word.len() as u8], word].concat();
    let framed = [&[0, 0, 0, 0, message.len() as u8], &message[..]].concat();
    let headers = [("origin", origin), ("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1")];
    head(address, "POST", &headers, &framed).await
}

async fn with_origins(origins: &[&str], check: impl AsyncFnOnce(SocketAddr)) {
    let mut config = Config { listen: ([127, 0, 0, 1], 0).into(), role: Role::Understanding, ..Config::default() };
    config.web.origins = origins.iter().map(|&origin| origin.to_owned()).collect();
    let bound = Server::bind(config).await.unwrap();
    let address = bound.address().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(bound.run(async {
        let _ = stopped.await;
    }));
    check(address).await;
    let _ = stop.send(());
    task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_named_may_call_and_read_the_status_and_no_other_may() {
    with_origins(&["https://other.example", PAGE], async |address| {
        let allowed = preflight(address, PAGE).await;
        assert!(allowed.starts_with("http/1.1 200"), "{allowed}");
        assert_eq!(value(&allowed, "access-control-allow-origin"), Some(PAGE));
        assert_eq!(value(&allowed, "access-control-allow-methods"), Some("post"));
        let headers = value(&allowed, "access-control-allow-headers").unwrap();
        for name in ["content-type", "x-grpc-web", "x-api-key", "authorization", "grpc-timeout"] {
            assert!(headers.split(',').any(|it| it.trim() == name), "{name} in {headers}");
        }
        let called = call(address, PAGE).await;
        assert_eq!(value(&called, "access-control-allow-origin"), Some(PAGE), "{called}");
        assert_eq!(
            value(&called, "access-control-expose-headers"),
            Some("grpc-status,grpc-message,grpc-status-details-bin")
        );
        assert!(value(&called, "grpc-status").is_some(), "refused, and the page may read why: {called}");

        for origin in ["https://evil.example", "https://page.example.evil.example", "http://page.example", "null"] {
            for refused in [preflight(address, origin).await, call(address, origin).await] {
                assert_eq!(value(&refused, "access-control-allow-origin"), None, "{origin}: {refused}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_may_unless_one_was_named() {
    with_origins(&[], async |address| {
        for head in [preflight(address, PAGE).await, call(address, PAGE).await] {
            assert!(!head.contains("access-control-"), "{head}");
        }
    })
    .await;
}
