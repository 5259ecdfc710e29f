//! An operator's orders on their way through a broadcast: followed at a tick, answered, told.

use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, TryRecvError, sync_channel},
    },
    thread,
};

use understanding::Understanding;

use super::{
    AirEvent, AirOrder,
    desk::{Answer, Call, Orders},
    plan::{Job, Planner},
    run::Teller,
};
use crate::live::{Live, source_of};

/// Understanding with one pack more than before, or why not. Remembers what was added.
pub type PackLoader = Arc<dyn Fn(&Path) -> Result<Understanding, String> + Send + Sync>;

/// A pack that is loaded on a thread of its own, and who waits for it.
struct Loading {
    loaded: Receiver<Result<Understanding, String>>,
    call: Call,
}

/// The broadcast's side of the operator's desk.
pub(super) struct Operating {
    orders: Orders,
    loader: Option<PackLoader>,
    loading: Option<Loading>,
    teller: Teller,
}

impl Operating {
    pub(super) fn new(orders: Orders, loader: Option<PackLoader>, packs: Vec<String>, teller: Teller) -> Self {
        orders.status().packs = packs;
        Self { orders, loader, loading: None, teller }
    }

    /// Follows what has been ordered since, as far as it takes no time; the rest is answered later.
    pub(super) fn follow(&mut self, live: &mut Live, planner: &Planner) {
        self.finish_loading(planner);
        while let Some(call) = self.orders.next() {
            match &call.order {
                AirOrder::Session(order) => {
                    let done = live.order(*order).map_err(|error| error.to_string());
                    self.answer(call, done);
                }
                AirOrder::Replace(_) if !planner.has_room() => {
                    self.answer(call, Err("too many texts wait to be understood: order again in a moment".into()));
                }
                AirOrder::Replace(transcript) => planner.ask(Job::Instead(transcript.clone(), call)),
                AirOrder::LoadPack(folder) => {
                    let folder = folder.clone();
                    self.load(&folder, call);
                }
            }
        }
    }

    /// Notes how the broadcast stands.
    pub(super) fn note(&self, live: &Live, sentences_waiting: usize) {
        let mut status = self.orders.status();
        (status.frames, status.time) = (live.frames(), live.now().as_secs());
        (status.held, status.signs_waiting, status.sentences_waiting) =
            (live.is_held(), live.backlog(), sentences_waiting);
        let signing = live.signing();
        let same = match (&status.signing, &signing) {
            (Some((name, _)), Some(signing)) => name == signing.utterance,
            (None, None) => true,
            _ => false,
        };
        if !same {
            status.signing = signing.map(|it| (Arc::clone(it.utterance), source_of(it.sentence)));
        }
    }

    /// Answers and tells the operators.
    pub(super) fn answer(&self, call: Call, answer: Answer) {
        let (order, from) = (call.order.name(), call.from.clone());
        let (outcome, message) = match &answer {
            Ok(done) => ("followed", done.clone()),
            Err(why) => ("refused", why.clone()),
        };
        let counts = &mut self.orders.status().orders;
        *(if answer.is_ok() { &mut counts.0 } else { &mut counts.1 }) += 1;
        tracing::info!(order, from, outcome, message, "an operator's order");
        self.teller.say(AirEvent::Operator { order, from, outcome, message });
        call.answer(answer);
    }

    /// Orders followed and refused so far.
    pub(super) fn counts(&self) -> (u64, u64) {
        self.orders.status().orders
    }

    fn load(&mut self, folder: &Path, call: Call) {
        if self.loading.is_some() {
            return self.answer(call, Err("another pack is being loaded: order again when it is".to_owned()));
        }
        let Some(loader) = self.loader.clone() else {
            return self.answer(call, Err("this broadcast can't load packs".to_owned()));
        };
        let (outbox, loaded) = sync_channel(1);
        let folder = folder.to_owned();
        let started = thread::Builder::new().name("pack".to_owned()).spawn(move || {
            // A broadcast that is over needs no pack.
            let _ = outbox.send(loader(&folder));
        });
        match started {
            Ok(_) => self.loading = Some(Loading { loaded, call }),
            Err(error) => self.answer(call, Err(error.to_string())),
        }
    }

    fn finish_loading(&mut self, planner: &Planner) {
        let Some(loading) = &self.loading else { return };
        let loaded = match loading.loaded.try_recv() {
            Ok(loaded) => loaded,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => Err("loading it panicked".to_owned()),
        };
        let Some(Loading { call, .. }) = self.loading.take() else { return };
        let done = loaded.map(|understanding| {
            let lexicon = understanding.lexicon();
            let signs = lexicon.entries().count();
            let packs = names(&understanding);
            let warnings = lexicon.warnings().len();
            let last = packs.last().cloned().unwrap_or_default();
            self.orders.status().packs = packs;
            planner.adopt(understanding);
            let note =
                if warnings > 0 { format!(", {warnings} warnings (shouyu lexicon compile)") } else { String::new() };
            format!("{last} is loaded; {signs} signs in all{note}")
        });
        self.answer(call, done);
    }
}

/// Packs with their versions.
pub(super) fn names(understanding: &Understanding) -> Vec<String> {
    understanding.lexicon().packs().iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect()
}

#[cfg(test)]
mod tests {
    use std::{
        path::PathBuf,
        sync::{Mutex, OnceLock},
        time::Instant,
    };

    use lexicon::Lexicon;
    use motion::MotionConfig;
    use signing::Transcript;

    use super::{
        super::{AirOrder, Desk, desk},
        *,
    };
    use crate::live::{LagLimits, LocalMove, Order, Wants};

    /// A broadcast without a picture, ticked by hand.
    struct Bench {
        live: Live,
        planner: Planner,
        operating: Operating,
        desk: Desk,
        told: Arc<Mutex<Vec<AirEvent>>>,
    }

    impl Bench {
        fn new(loader: Option<PackLoader>) -> Self {
            let body = Arc::new(body::Body::read(&body::default_avatar_path().unwrap()).unwrap());
            let config = MotionConfig::default();
            let mover = Box::new(LocalMove::new(Arc::clone(&body), config).unwrap());
            let live = Live::new(mover, None, (body, config), Wants::default(), LagLimits::default()).unwrap();
            let understanding = Arc::new(Understanding::new(Lexicon::core().unwrap()));
            let told = Arc::new(Mutex::new(Vec::new()));
            let listener = Arc::clone(&told);
            let zero = Arc::new(OnceLock::from(Instant::now()));
            let teller = Teller { tell: Arc::new(move |it| listener.lock().unwrap().push(it.event)), zero };
            let (desk, orders) = desk();
            let operating = Operating::new(orders, loader, names(&understanding), teller);
            Self { live, planner: Planner::start(understanding).unwrap(), operating, desk, told }
        }

        /// Orders, and ticks until it is answered.
        fn order(&mut self, order: AirOrder) -> Answer {
            let desk = self.desk.clone();
            let ordering = thread::spawn(move || desk.order(order, "test").map_err(|error| error.to_string()));
            while !ordering.is_finished() {
                self.operating.follow(&mut self.live, &self.planner);
                for understood in self.planner.planned() {
                    if let crate::air::plan::Understood::Instead(call, plan) = understood {
                        self.operating.answer(call, plan.map(|plan| plan[0].what.text.clone()));
                    }
                }
                self.live.tick().unwrap();
                self.operating.note(&self.live, 0);
            }
            ordering.join().unwrap()
        }

        fn outcomes(&self) -> Vec<(String, &'static str)> {
            let told = self.told.lock().unwrap();
            let one = |event: &AirEvent| match event {
                AirEvent::Operator { order, outcome, .. } => (order.clone(), *outcome),
                other => panic!("{other:?}"),
            };
            told.iter().map(one).collect()
        }
    }

    #[test]
    fn each_order_is_followed_or_refused_and_told() {
        let mut bench = Bench::new(None);
        assert_eq!(bench.order(AirOrder::Session(Order::Hold)).as_deref(), Ok("on hold"));
        assert!(bench.desk.status().held);
        assert!(bench.order(AirOrder::Session(Order::Hold)).unwrap_err().contains("already"));
        assert!(bench.order(AirOrder::Session(Order::Resume)).is_ok());
        assert!(!bench.desk.status().held);
        let text = Transcript::plain("他喜欢下雪。", "zh");
        assert_eq!(bench.order(AirOrder::Replace(text)).as_deref(), Ok("他喜欢下雪"));
        assert!(bench.order(AirOrder::LoadPack("x".into())).unwrap_err().contains("can't load"));
        let expected = [
            ("hold", "followed"),
            ("hold", "refused"),
            ("resume", "followed"),
            ("replace", "followed"),
            ("load_pack", "refused"),
        ];
        assert_eq!(bench.outcomes(), expected.map(|(order, outcome)| (order.to_owned(), outcome)));
        assert_eq!(bench.desk.status().orders, (3, 2));
    }

    #[test]
    fn a_pack_that_is_loaded_on_air_is_understood_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let pack =
            "name = 'term'\nversion = '0.1.0'\nsign_language = 'csl'\nlicence = 'CC0-1.0'\nprovenance = 'test'\n";
        std::fs::write(folder.path().join("pack.toml"), pack).unwrap();
        let sign = "[[sign]]\nid = 'term_mascot'\nheadword = '墩墩熊'\nsenses = [{ zh = ['墩墩熊'], en = ['the bear'] }]\n\
                    variant = 'variant'\npos = 'noun'\ndescription = '一手五指张开，掌心向下，置于胸前。'\n\
                    provenance = { kind = 'recalled', confidence = 0.5 }\nreviewers = []\n";
        std::fs::create_dir(folder.path().join("signs")).unwrap();
        std::fs::write(folder.path().join("signs/terms.toml"), sign).unwrap();
        let loader: PackLoader = Arc::new(|folder| {
            let packs: Vec<PathBuf> = vec![folder.to_owned()];
            Lexicon::core_with(&packs).map(Understanding::new).map_err(|error| error.to_string())
        });
        let mut bench = Bench::new(Some(loader));
        let missing = folder.path().join("missing");
        assert!(bench.order(AirOrder::LoadPack(missing)).is_err());
        assert_eq!(bench.desk.status().packs.len(), 1);
        let done = bench.order(AirOrder::LoadPack(folder.path().to_owned())).unwrap();
        assert!(done.contains("term 0.1.0"), "{done}");
        assert_eq!(bench.desk.status().packs.len(), 2);
        bench.planner.ask(Job::Text(Transcript::plain("墩墩熊", "zh")));
        let plan = loop {
            match bench.planner.planned().pop() {
                Some(crate::air::plan::Understood::Plan(plan)) => break plan.unwrap(),
                _ => thread::yield_now(),
            }
        };
        assert_eq!(plan[0].what.sentence.tokens[0].lexeme.as_deref(), Some("term_mascot"));
    }
}
