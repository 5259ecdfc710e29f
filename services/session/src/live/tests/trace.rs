//! What of an utterance is traced.

use std::sync::Mutex;

use stream::Piece;

use super::*;

/// Notes the times of the poses that it is to trace.
struct Tracing {
    traced: Arc<Mutex<Vec<OutputTime>>>,
    next: bool,
}

impl Show for Tracing {
    fn push(&mut self, pose: &PoseFrame, _: Option<&str>) -> Result<Vec<Piece>, StageError> {
        if std::mem::take(&mut self.next) {
            self.traced.lock().unwrap().push(pose.time);
        }
        Ok(vec![Piece { data: vec![0], time: pose.time, frames: 1, key: false }])
    }

    fn finish(self: Box<Self>) -> Result<Vec<Piece>, StageError> {
        Ok(Vec::new())
    }

    fn trace(&mut self, _: &Span) {
        self.next = true;
    }
}

#[test]
fn the_first_picture_of_each_utterance_is_traced_and_no_other() {
    let mut bench = Bench::new();
    let traced = Arc::default();
    bench.live.draw = Some(draw::Draw::new(Box::new(Tracing { traced: Arc::clone(&traced), next: false })));
    // The second has two sentences.
    bench.say("a", "我去北京。", 0);
    bench.say("b", "你好。他喜欢下雪。", 0);
    let mut begun = Vec::new();
    for _ in 0..500 {
        begun.extend(bench.live.tick().unwrap().into_iter().filter_map(|output| match output {
            Output::Event(event) if event.kind == EventKind::UtteranceStarted => Some(event.time),
            _ => None,
        }));
    }
    assert_eq!((begun.len(), bench.live.is_idle()), (2, true));
    assert_eq!(*traced.lock().unwrap(), begun);
    assert!(bench.live.showing.is_empty() && bench.live.first.is_none(), "nothing is kept of what is shown");
}
