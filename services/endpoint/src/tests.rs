//! A server on loopback that answers what it is told, then stops.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread::JoinHandle,
};

use super::*;

/// Answers one connection for each answer, and returns what was asked.
fn server(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let handle = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let (mut text, mut chunk) = (Vec::new(), [0; 4096]);
            loop {
                let read = stream.read(&mut chunk).unwrap_or(0);
                text.extend_from_slice(&chunk[..read]);
                let whole = String::from_utf8_lossy(&text).into_owned();
                let length: usize = whole
                    .lines()
                    .find_map(|line| line.strip_prefix("Content-Length: "))
                    .and_then(|length| length.trim().parse().ok())
                    .unwrap_or(0);
                if read == 0 || whole.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length) {
                    break;
                }
            }
            asked.push(String::from_utf8_lossy(&text).into_owned());
            let _ = stream.write_all(answer.as_bytes());
        }
        asked
    });
    (url, handle)
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint::new(EndpointConfig {
        url: url.to_owned(),
        model: "glm-test".to_owned(),
        key: Some("secret-key".to_owned()),
        budget: Duration::from_secs(5),
        disable_thinking: true,
    })
    .unwrap()
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
        asked.contains("Authorization: Bearer secret-key") && asked.contains("\"thinking\":{\"type\":\"disabled\"}")
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
        ("https://example.com/v1", "encryption"),
        ("example.com", "http://"),
        ("http:///v1", "no host"),
        ("http://a\r\nb/", "not allowed"),
    ] {
        let config = EndpointConfig {
            url: url.to_owned(),
            model: "m".to_owned(),
            key: None,
            budget: Duration::from_secs(1),
            disable_thinking: false,
        };
        let error = Endpoint::new(config).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
