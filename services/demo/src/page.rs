//! The files of the page, which are in the binary.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// A file: name, media type, bytes.
struct File(&'static str, &'static str, &'static [u8]);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! files {
    ($($name:literal $kind:ident,)*) => {
        &[$(File($name, $kind, include_bytes!(concat!("../page/", $name))),)*]
    };
}

const FILES: &[File] = files! {
    "index.html" HTML,
    "style.css" CSS,
    "favicon.svg" SVG,
    "main.js" SCRIPT,
    "words.js" SCRIPT,
    "socket.js" SCRIPT,
    "player.js" SCRIPT,
    "feed.js" SCRIPT,
    "stage.js" SCRIPT,
    "lexicon.js" SCRIPT,
    "review.js" SCRIPT,
    "microphone.js" SCRIPT,
    "pcm.js" SCRIPT,
    "dom.js" SCRIPT,
};

/// `/`
pub(crate) async fn index() -> Response {
    file(Path("index.html".to_owned())).await
}

/// `/favicon.ico`, which browsers ask for before they have read the page.
pub(crate) async fn icon() -> Response {
    file(Path("favicon.svg".to_owned())).await
}

/// `/page/{name}`
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|file| file.0 == name) {
        Some(File(_, kind, bytes)) => ([(header::CONTENT_TYPE, *kind)], *bytes).into_response(),
        None => (StatusCode::NOT_FOUND, "no such file").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_fetches_nothing_from_elsewhere() {
        for File(name, _, bytes) in FILES {
            let text = std::str::from_utf8(bytes).unwrap();
            for (at, _) in text.match_indices("://") {
                let known = text[..at].ends_with("http") && text[at..].starts_with("://www.w3.org/2000/svg\"")
                    || text[..at].ends_with("ws") && text[at..].starts_with("://${location.host}/");
                assert!(known, "{name}: {}", text[at..].chars().take(60).collect::<String>());
            }
        }
    }

    #[test]
    fn every_file_that_the_page_names_is_there() {
        let named = |name: &str| FILES.iter().any(|file| file.0 == name);
        for File(from, kind, bytes) in FILES {
            let text = std::str::from_utf8(bytes).unwrap();
            if *kind == SCRIPT {
                for found in text.split("from \"./").skip(1) {
                    let name = found.split('"').next().unwrap();
                    assert!(named(name), "{from} imports {name}");
                }
            }
            for found in text.split("\"/page/").skip(1) {
                let name = found.split('"').next().unwrap();
                assert!(named(name), "{from} names {name}");
            }
        }
    }
}
