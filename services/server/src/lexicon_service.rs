//! `LexiconService`.

use std::sync::Arc;

use lexicon::{Entry, Lang};
use proto::v1::{self, lexicon_service_server::LexiconService};
use tonic::{Code, Request, Response, Status};

use crate::{
    state::State,
    status::{invalid, status},
    understanding_service::check_text,
};

pub(crate) struct Service(pub(crate) Arc<State>);

/// Entries of a page where none is asked for.
const PAGE: usize = 100;
/// Most entries of a page.
const MOST: usize = 1_000;

#[tonic::async_trait]
impl LexiconService for Service {
    async fn look_up(&self, request: Request<v1::LookUpRequest>) -> Result<Response<v1::LookUpResponse>, Status> {
        let understanding = self.0.loaded()?.understanding()?;
        let word = request.into_inner().word;
        check_text(&word, 200)?;
        let lexicon = understanding.lexicon();
        let mut entries: Vec<&Entry> = lexicon.entry(&word).into_iter().collect();
        for lang in [Lang::Zh, Lang::En] {
            for found in lexicon.lookup(&word, lang) {
                if !entries.iter().any(|entry| entry.id == found.entry.id) {
                    entries.push(found.entry);
                }
            }
        }
        if entries.is_empty() {
            return Err(status(Code::NotFound, "NO_SIGN", format!("“{word}” has no sign in the loaded packs")));
        }
        Ok(Response::new(v1::LookUpResponse { entries: entries.into_iter().map(shown).collect() }))
    }

    async fn list_entries(
        &self,
        request: Request<v1::ListEntriesRequest>,
    ) -> Result<Response<v1::ListEntriesResponse>, Status> {
        let understanding = self.0.loaded()?.understanding()?;
        let v1::ListEntriesRequest { page_size, page_token } = request.into_inner();
        let size = match page_size as usize {
            0 => PAGE,
            size @ 1..=MOST => size,
            size => return Err(invalid("PAGE_SIZE", format!("page_size is {size}: expected at most {MOST}"))),
        };
        let mut all: Vec<&Entry> = understanding.lexicon().entries().collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        let from = all.partition_point(|entry| !page_token.is_empty() && entry.id <= page_token);
        let page = &all[from..all.len().min(from + size)];
        let next_page_token = match page.last() {
            Some(last) if from + size < all.len() => last.id.clone(),
            _ => String::new(),
        };
        let entries = page.iter().map(|entry| shown(entry)).collect();
        Ok(Response::new(v1::ListEntriesResponse { entries, next_page_token }))
    }
}

fn shown(entry: &Entry) -> v1::LexiconEntry {
    v1::LexiconEntry {
        id: entry.id.clone(),
        headword: entry.headword.clone(),
        description: entry.description.clone().unwrap_or_default(),
        pack: Some(entry.pack.clone().into()),
        reviewers: entry.reviewers.clone(),
    }
}
