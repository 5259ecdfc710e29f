//! The server over real sockets, with pictures that nobody draws.

mod client;

use std::time::{Duration, Instant};

use lexicon::Lexicon;
use serde_json::{Value, json};
use session::live::EventKind;
use signing::{FrameRate, PoseFrame};
use stream::Piece;
use tokio::runtime::Runtime;

use self::client::{Page, Said, http};
use super::*;

/// One small piece a pose.
struct Pieces(u64);

impl Show for Pieces {
    fn push(&mut self, pose: &PoseFrame, _: Option<&str>) -> Result<Vec<Piece>, StageError> {
        let head = (self.0 == 0).then(|| Piece { data: b"head".to_vec(), time: pose.time, frames: 0, key: true });
        let piece = Piece { data: vec![7; 3_000], time: pose.time, frames: 1, key: self.0.is_multiple_of(50) };
        self.0 += 1;
        Ok(head.into_iter().chain([piece]).collect())
    }

    fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        Ok(Vec::new())
    }
}

/// The same, of a renderer that is lost for a second and stood in for.
struct Faltering(Pieces);

impl Show for Faltering {
    fn push(&mut self, pose: &PoseFrame, caption: Option<&str>) -> Result<Vec<Piece>, StageError> {
        self.0.push(pose, caption)
    }

    fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        Ok(Vec::new())
    }

    fn news(&mut self) -> Option<(EventKind, String)> {
        match self.0.0 {
            25 => Some((EventKind::Fallback, "the last picture stands".to_owned())),
            50 => Some((EventKind::Recovered, "render is back".to_owned())),
            _ => None,
        }
        .filter(|_| {
            // Told once.
            self.0.0 += 1;
            true
        })
    }
}

struct Served {
    port: u16,
    reviews: std::path::PathBuf,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    ended: std::sync::mpsc::Receiver<Result<(), DemoError>>,
    _folder: tempfile::TempDir,
    _runtime: Runtime,
}

fn serve(visitors: usize) -> Served {
    serve_with(visitors, Box::new(|_, _| Ok(Box::new(Pieces(0)))))
}

fn serve_with(visitors: usize, open: Box<OpenShow>) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let reviews = folder.path().join("reviews.sqlite");
    let config = DemoConfig {
        port: 0,
        avatar: body::default_avatar_path().unwrap(),
        reviews: reviews.clone(),
        visitors,
        size: (64, 48),
        rate: FrameRate::PAL,
        drawer: None,
        romanise: |_| String::new(),
    };
    let runtime = Runtime::new().unwrap();
    let understanding = Understanding::new(Lexicon::core().unwrap());
    let demo = runtime.block_on(Demo::bind_with(config, understanding, open)).unwrap();
    let port = demo.address().port();
    assert!(demo.address().ip().is_loopback());
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let (ending, ended) = std::sync::mpsc::channel();
    runtime.spawn(async move {
        let stop = async {
            let _ = stopped.await;
        };
        let _ = ending.send(demo.run(stop).await);
    });
    Served { port, reviews, stop: Some(stop), ended, _folder: folder, _runtime: runtime }
}

impl Served {
    fn get(&self, path: &str) -> (u16, String) {
        http(self.port, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", self.port), "")
    }

    fn post(&self, path: &str, kind: &str, body: &str) -> (u16, String) {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n",
            self.port,
            body.len()
        );
        http(self.port, &head, body)
    }

    fn page(&self) -> Page {
        Page::open(self.port, "127.0.0.1", None).unwrap()
    }
}

fn say(text: &str) -> Value {
    json!({"type": "say", "text": text, "language": "zh"})
}

#[test]
fn the_page_is_served_with_what_keeps_it_safe() {
    let served = serve(1);
    let (status, page) = served.get("/");
    assert_eq!(status, 200);
    assert!(page.contains("content-security-policy: default-src 'none'; script-src 'self'"), "{page}");
    assert!(page.contains("x-content-type-options: nosniff") && page.contains("<title>"));
    assert_eq!(served.get("/page/main.js").0, 200);
    assert_eq!(served.get("/favicon.ico").0, 200);
    for missing in ["/page/none.js", "/page/..%2f..%2fCargo.toml", "/film/nobody/1", "/none"] {
        assert_eq!(served.get(missing).0, 404, "{missing}");
    }
    let strange = format!("GET / HTTP/1.1\r\nHost: evil.example:{}\r\n", served.port);
    assert_eq!(http(served.port, &strange, "").0, 403);
}

#[test]
fn a_socket_from_another_site_is_refused() {
    let served = serve(1);
    assert_eq!(Page::open(served.port, "127.0.0.1", Some("http://evil.example")).err(), Some(403));
    assert_eq!(Page::open(served.port, "evil.example", None).err(), Some(403));
    let own = format!("http://localhost:{}", served.port);
    assert!(Page::open(served.port, "localhost", Some(&own)).is_ok());
}

#[test]
fn a_text_is_signed_and_each_sign_leads_back_to_it() {
    let served = serve(2);
    let mut page = served.page();
    let hello = page.until("hello");
    assert_eq!(hello["size"], json!([64, 48]));
    assert_eq!(page.until("picture")["media_type"], Value::Null, "what is no MP4 has no media type");
    page.tell(&say("我去北京。"));
    let transcript = page.until("transcript");
    assert_eq!(
        (&transcript["text"], &transcript["stable"], &transcript["means"]),
        (&json!("我去北京。"), &json!(true), &json!("typed"))
    );
    let sentences = page.until("sentences");
    let tokens = sentences["lines"][0]["tokens"].as_array().unwrap().clone();
    assert!(tokens.iter().any(|token| token["gloss"] == "北京" && token["source"] == json!([[2, 4]])), "{tokens:?}");
    for index in 0..tokens.len() {
        let token = page.until("token");
        assert_eq!(
            (&token["utterance"], &token["sentence"], &token["token"]),
            (&transcript["utterance"], &json!(0), &json!(index))
        );
    }
    while page.until("event")["kind"] != "finished" {}
    // The same again, under another number that names the first.
    page.tell(&json!({"type": "again", "utterance": transcript["utterance"]}));
    assert_eq!(page.until("transcript")["of"], transcript["utterance"]);
    assert_eq!(page.until("sentences")["lines"], sentences["lines"]);
}

#[test]
fn pictures_come_with_rising_times() {
    let served = serve(1);
    let mut page = served.page();
    let mut last: Option<f64> = None;
    for _ in 0..30 {
        let (kind, time, bytes) = page.picture();
        match last {
            None => assert_eq!((kind, bytes.as_slice()), (0, b"head".as_slice())),
            Some(last) => assert!((time - last - 0.04).abs() < 1e-6 || time == 0.0, "{last} {time}"),
        }
        last = Some(time);
    }
}

#[test]
fn visitors_see_their_own_session_alone() {
    let served = serve(2);
    let (mut one, mut two) = (served.page(), served.page());
    let (first, second) = (one.until("hello"), two.until("hello"));
    assert_ne!(first["visitor"], second["visitor"]);
    one.tell(&say("今天下雪。"));
    one.until("sentences");
    two.tell(&say("你好。"));
    assert_eq!(two.until("transcript")["text"], "你好。");
    // Number 1 is each visitor's own first utterance; neither gets the other's under it.
    for (page, text) in [(&mut one, "今天下雪。"), (&mut two, "你好。")] {
        page.tell(&json!({"type": "again", "utterance": 1}));
        loop {
            let transcript = page.until("transcript");
            if transcript["of"] == 1 {
                assert_eq!(transcript["text"], text);
                break;
            }
        }
    }
}

#[test]
fn a_full_house_says_so_and_a_place_is_free_when_a_visitor_has_left() {
    let served = serve(1);
    let mut one = served.page();
    one.until("hello");
    let mut two = served.page();
    assert_eq!(two.until("problem")["problem"], "full");
    assert_eq!(two.end(), Some(1013));
    drop(one);
    let begun = Instant::now();
    loop {
        let mut three = served.page();
        match three.message().unwrap() {
            Said::Text(hello) if hello["type"] == "hello" => break,
            Said::Text(problem) => assert_eq!(problem["problem"], "full"),
            other => panic!("{other:?}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "the place is not free");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_flood_is_told_and_the_picture_goes_on() {
    let served = serve(1);
    let mut page = served.page();
    page.until("hello");
    for _ in 0..3_000 {
        page.tell(&json!({"type": "speed", "half": false}));
    }
    page.sound(&vec![0; 400_000]);
    assert_eq!(page.until("problem")["problem"], "flood");
    let before = page.picture().1;
    for _ in 0..50 {
        page.picture();
    }
    assert!(page.picture().1 > before + 1.5);
}

#[test]
fn a_huge_message_ends_its_own_session_with_a_reason_and_no_other() {
    let served = serve(2);
    let (mut one, mut two) = (served.page(), served.page());
    one.until("picture");
    two.until("picture");
    two.announce(50 << 20);
    assert_eq!(two.until("problem")["problem"], "too_long");
    assert_eq!(two.end(), Some(1009));
    let before = one.picture().1;
    for _ in 0..60 {
        one.picture();
    }
    assert!(one.picture().1 > before);
}

#[test]
fn what_is_wrong_is_said_and_the_session_goes_on() {
    let served = serve(1);
    let mut page = served.page();
    page.until("hello");
    let long = "长".repeat(2_001);
    for (message, problem) in [
        (json!("hello"), "message"),
        (json!({"type": "shutdown"}), "message"),
        (say("  \n"), "empty"),
        (say(&long), "too_long"),
        (json!({"type": "captions", "text": "no captions", "language": "zh"}), "captions"),
        (json!({"type": "captions", "text": "x".repeat(300_000), "language": "zh"}), "too_long"),
        (json!({"type": "again", "utterance": 999}), "forgotten"),
        (json!({"type": "sign", "id": "no_such_sign"}), "no_sign"),
    ] {
        page.tell(&message);
        assert_eq!(page.until("problem")["problem"], problem, "{message}");
    }
    page.sound(&[0, 0]);
    assert_eq!(page.until("problem")["problem"], "message");
    page.tell(&say("，。"));
    let nothing = page.until("sentences");
    assert_eq!((&nothing["lines"], &nothing["coverage"]["total"]), (&json!([]), &json!(0)));
    assert_eq!(page.until("event")["kind"], "omitted");
    page.tell(&say("你好。"));
    assert_eq!(page.until("sentences")["coverage"], json!({"signed": 2, "total": 2}));
}

#[test]
fn too_many_texts_are_refused_until_some_are_signed_or_dropped() {
    let served = serve(1);
    let mut page = served.page();
    page.until("hello");
    for _ in 0..crate::config::WAITING {
        page.tell(&say("北京今天有雪，冰壶比赛下午三点开始。"));
        page.until("sentences");
    }
    page.tell(&say("你好。"));
    assert_eq!(page.until("problem")["problem"], "busy");
    page.tell(&json!({"type": "stop"}));
    while page.until("event")["kind"] != "interrupted" {}
    page.tell(&say("你好。"));
    assert_eq!(page.until("transcript")["text"], "你好。");
}

#[test]
fn a_visitor_is_told_of_a_renderer_that_is_lost_and_stays() {
    let served = serve_with(1, Box::new(|_, _| Ok(Box::new(Faltering(Pieces(0))))));
    let mut page = served.page();
    for expected in ["fallback", "recovered"] {
        let event = page.until("event");
        assert_eq!(event["kind"], expected, "{event}");
    }
    page.tell(&say("你好。"));
    assert_eq!(page.until("token")["token"], 0);
}

#[test]
fn pasted_captions_are_signed_at_their_times_counted_from_the_first() {
    let served = serve(1);
    let mut page = served.page();
    let text = "WEBVTT\n\n10:01.000 --> 10:02.000\n北京今天有雪。\n\n10:07.000 --> 10:08.500\n大家好。\n";
    page.tell(&json!({"type": "captions", "text": text, "language": "zh"}));
    let transcript = page.until("transcript");
    assert_eq!(transcript["means"], "captions");
    assert_eq!(
        transcript["cues"],
        json!([{"start_ms": 601_000, "text": "北京今天有雪。"}, {"start_ms": 607_000, "text": "大家好。"}])
    );
    let lines = page.until("sentences");
    assert_eq!(lines["lines"].as_array().unwrap().len(), 2);
    let mut begins = [None, None];
    while begins[1].is_none() {
        let token = page.until("token");
        let sentence = token["sentence"].as_u64().unwrap() as usize;
        begins[sentence].get_or_insert(token["start"].as_f64().unwrap());
    }
    let apart = begins[1].unwrap() - begins[0].unwrap();
    assert!((5.0..7.0).contains(&apart), "six seconds apart in the captions, {apart} s on the stream's clock");
}

#[test]
fn a_sign_of_the_lexicon_is_found_shown_and_signed() {
    let served = serve(1);
    let (status, found) = served.get("/lexicon?q=snow");
    assert_eq!(status, 200);
    let body: Value = serde_json::from_str(found.rsplit("\r\n\r\n").next().unwrap()).unwrap();
    let id = body["hits"][0]["id"].as_str().unwrap();
    let (status, card) = served.get(&format!("/lexicon/sign?id={id}"));
    assert!(status == 200 && card.contains("\"reviewers\":[]"), "{card}");
    assert_eq!(served.get("/lexicon/sign?id=none").0, 404);
    let mut page = served.page();
    page.tell(&json!({"type": "sign", "id": id}));
    assert_eq!(page.until("transcript")["means"], "lexicon");
    assert_eq!(page.until("sentences")["lines"][0]["tokens"][0]["lexeme"], id);
    assert_eq!(page.until("token")["token"], 0);
}

#[test]
fn a_review_is_stored_with_the_versions_it_is_about() {
    let served = serve(1);
    let lexicon = Lexicon::core().unwrap();
    let entry = lexicon.lookup("雪", lexicon::Lang::Zh)[0].entry;
    let review = json!({"gloss": "雪", "lexeme": entry.id, "origin": "sign", "faults": ["palm"], "comment": "掌心向下",
        "reviewer": "", "text": "今天下雪。", "source": [3, 4]});
    let (status, answer) = served.post("/reviews", "application/json", &review.to_string());
    assert!(status == 201 && answer.ends_with("{\"id\":1}"), "{answer}");
    for (kind, body, expected) in [
        ("application/json", json!({"gloss": "雪", "faults": []}).to_string(), 422),
        ("application/json", json!({"gloss": "雪", "faults": ["palm"], "admin": true}).to_string(), 422),
        ("application/json", "{".to_owned(), 400),
        ("text/plain", review.to_string(), 415),
        ("application/json", format!("\"{}\"", "x".repeat(40_000)), 413),
    ] {
        assert_eq!(served.post("/reviews", kind, &body).0, expected, "{kind} {}", &body[..body.len().min(60)]);
    }
    let mut kept = Vec::new();
    Reviews::open(&served.reviews)
        .unwrap()
        .each(|it| {
            kept.push(it);
            Ok::<_, DemoError>(())
        })
        .unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].review.faults, ["palm"]);
    assert_eq!(kept[0].version.pack_version.as_deref(), Some(entry.pack.version.as_str()));
    assert_eq!(kept[0].version.description, entry.description);
}

#[test]
fn a_server_that_is_stopped_ends_its_sessions() {
    let mut served = serve(1);
    let mut page = served.page();
    page.until("picture");
    served.stop.take().unwrap().send(()).unwrap();
    assert_eq!(page.end(), Some(1000));
    served.ended.recv_timeout(Duration::from_secs(30)).unwrap().unwrap();
}
