//! A server on loopback that answers what it is told, then stops.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread::JoinHandle,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use super::*;

/// Answers one connection for each answer, and returns what was asked.
fn server(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let (address, handle) = serve(answers, Some);
    (format!("http://{address}/v1"), handle)
}

/// The same over connections that `wrap` makes of plain ones; a connection that it can't use counts as none.
fn serve<S: Read + Write>(
    answers: Vec<String>,
    wrap: impl Fn(TcpStream) -> Option<S> + Send + 'static,
) -> (std::net::SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let handle = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let (stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let Some(mut stream) = wrap(stream) else { continue };
            asked.push(request(&mut stream));
            let _ = stream.write_all(answer.as_bytes()).and_then(|()| stream.flush());
        }
        asked
    });
    (address, handle)
}

fn request(stream: &mut impl Read) -> String {
    let (mut text, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut chunk).unwrap_or(0);
        text.extend_from_slice(&chunk[..read]);
        let whole = String::from_utf8_lossy(&text).into_owned();
        let length = whole.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let length: usize = length.unwrap_or(0);
        if read == 0 || whole.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length) {
            return whole;
        }
    }
}

fn config(url: &str) -> EndpointConfig {
    EndpointConfig {
        url: url.to_owned(),
        model: "glm-test".to_owned(),
        key: Some("secret-key".to_owned()),
        budget: Duration::from_secs(5),
        disable_thinking: true,
    }
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::new(config(url)).unwrap()
}

fn ask(endpoint: &Endpoint) -> Result<Proposed, ProposeError> {
    let allowed = ["我".to_owned(), "去".to_owned()];
    endpoint.propose(&Request {
        text: "我去。",
        language: "zh",
        context: &[],
        allowed: &allowed,
        further: &[],
        draft: &[],
    })
}

fn answer(status: &str, content: &str) -> String {
    let body = json!({"choices": [{"message": {"role": "assistant", "content": content}}]}).to_string();
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn an_answer_becomes_a_proposal_and_the_key_is_sent_but_never_shown() {
    let (url, handle) = server(vec![answer("200 OK", r#"{"glosses": ["我", "去"], "type": "statement"}"#)]);
    let endpoint = endpoint(&url);
    assert_eq!(ask(&endpoint).unwrap().glosses, ["我", "去"]);
    assert!(!format!("{endpoint:?}").contains("secret"));
    let asked = handle.join().unwrap().remove(0);
    assert!(asked.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{asked}");
    assert!(
        asked.contains("authorization: Bearer secret-key") && asked.contains("\"thinking\":{\"type\":\"disabled\"}")
    );
    assert!(asked.contains("\"max_tokens\":512") && asked.contains("我去。"));
}

#[test]
fn chunks_are_put_together_and_a_busy_server_is_asked_again() {
    let body = json!({"choices": [{"message": {"content": "[\"我\"]"}}]}).to_string();
    let (a, b) = body.split_at(10);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{a}\r\n{:x}\r\n{b}\r\n0\r\n\r\n",
        a.len(),
        b.len()
    );
    let (url, handle) = server(vec![answer("503 Busy", ""), chunked]);
    assert_eq!(ask(&endpoint(&url)).unwrap().glosses, ["我"]);
    assert_eq!(handle.join().unwrap().len(), 2);
}

#[test]
fn bad_answers_are_told_and_the_key_is_in_none() {
    for (answer, words) in [
        (answer("401 Unauthorized", ""), "refused the key"),
        (answer("404 Not Found", ""), "/v1"),
        (answer("200 OK", "我不知道"), "expected a JSON object"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]".to_owned(), "choices[0]"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".to_owned(), "no JSON"),
    ] {
        let (url, handle) = server(vec![answer]);
        let error = ask(&endpoint(&url)).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains("secret"), "{error}");
        handle.join().unwrap();
    }
}

#[test]
fn a_silent_server_ends_with_the_budget_and_failures_open_the_circuit() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut silent = endpoint(&url);
    silent.config.budget = Duration::from_millis(50);
    for _ in 0..BREAKS_AFTER {
        assert!(matches!(ask(&silent), Err(ProposeError::Timeout { milliseconds: 50, .. })));
    }
    let error = ask(&silent).unwrap_err().to_string();
    assert!(error.contains("left alone"), "{error}");
}

#[test]
fn addresses_that_cannot_be_used_are_refused() {
    for (url, words) in [
        ("example.com", "https://"),
        ("ftp://example.com", "https://"),
        ("http:///v1", "no host"),
        ("https://a@b/v1", "not allowed"),
        ("http://a\r\nb/", "not allowed"),
        ("https://a:99999/v1", "port"),
        ("http://example.com/v1", "without encryption"),
        ("http://127.0.0.1.example.com/v1", "without encryption"),
    ] {
        let error = Endpoint::new(config(url)).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains("secret"), "{url}: {error}");
    }
    for url in ["https://example.com/v1", "http://localhost:1/v1", "http://127.0.0.2", "http://[::1]:8080/v1"] {
        assert!(Endpoint::new(config(url)).is_ok(), "{url}");
    }
    assert!(Endpoint::new(EndpointConfig { key: None, ..config("http://example.com/v1") }).is_ok());
}

#[test]
fn an_encrypted_answer_is_read_from_whom_is_trusted_and_from_nobody_else() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let trusted = ureq::tls::Certificate::from_der(made.cert.der()).to_owned();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let tls = Arc::new(tls.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap());
    let wrap = move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&tls)).unwrap(), stream);
        stream.conn.complete_io(&mut stream.sock).ok().map(|_| stream)
    };
    let answers = vec![answer("200 OK", r#"["我"]"#); 2];
    let (address, handle) = serve(answers, wrap);
    let url = format!("https://localhost:{}/v1", address.port());
    let stranger = endpoint(&url);
    let error = ask(&stranger).unwrap_err().to_string();
    assert!(error.contains("no safe connection") && error.contains("SSL_CERT_FILE"), "{error}");
    let roots = RootCerts::new_with_certs(&[trusted]);
    let known = Endpoint { client: client(true, roots), ..endpoint(&url) };
    assert_eq!(ask(&known).unwrap().glosses, ["我"]);
    let asked = handle.join().unwrap();
    assert!(asked.len() == 1 && asked[0].contains("Bearer secret-key"), "{asked:?}");
}
