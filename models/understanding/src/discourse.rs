//! Who is spoken of through a text, and where in signing space each of them stands.
//!
//! A person or thing that is pointed at again, or that gives or is given to, has a place of its own; whatever
//! speaks of it later, in this sentence, another of the text or another text of the same [`Discourse`], uses the same place.

use lexicon::VerbClass;
use signing::{LocusId, Side};

use crate::{
    analyse::Analysis,
    item::{Item, Kind},
};

/// Places for third referents: beyond four, signers no longer tell them apart.
const PLACES: [LocusId; 4] = [
    LocusId::Side(Side::Right, 0),
    LocusId::Side(Side::Left, 0),
    LocusId::Side(Side::Right, 1),
    LocusId::Side(Side::Left, 1),
];

/// Words for people: those for women and girls, for men and boys, and the rest.
const WOMEN: &str =
    "妈妈 母亲 妈 姐姐 妹妹 奶奶 外婆 姥姥 女儿 阿姨 姑姑 女士 小姐 女孩 女孩子 女人 妻子 太太 女生 孙女 女友";
const MEN: &str = "爸爸 父亲 爸 哥哥 弟弟 爷爷 外公 姥爷 儿子 叔叔 舅舅 先生 男孩 男孩子 男人 丈夫 男生 孙子 男友 师傅";
const PEOPLE: &str = "老师 医生 大夫 护士 学生 同学 朋友 教练 司机 警察 记者 选手 运动员 老人 孩子 小孩 教授 经理 \
    同事 邻居 客人 病人 队长 校长 服务员 消防员 冠军 亚军 主席 总理 部长 志愿者 演员 导游 乘客 观众 工人 农民 律师 翻译";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kindred {
    Woman,
    Man,
    Person,
    Thing,
}

impl Kindred {
    /// Whether a referent of this kind may be what a pronoun of that kind points at.
    fn may_be(self, pronoun: Self) -> bool {
        match pronoun {
            Self::Thing => self == Self::Thing,
            _ => self == pronoun || self == Self::Person,
        }
    }
}

/// What third person pronoun an item is.
fn pronoun(item: &Item<'_>) -> Option<Kindred> {
    if item.is(&["他"]) {
        Some(Kindred::Man)
    } else if item.is(&["她"]) {
        Some(Kindred::Woman)
    } else if item.is(&["它"]) {
        Some(Kindred::Thing)
    } else {
        None
    }
}

/// What kind of person an item names, if it names one.
fn person(item: &Item<'_>) -> Option<Kindred> {
    let listed = |list: &str| list.split_whitespace().any(|word| word == item.text);
    match item.kind {
        Kind::Name => Some(Kindred::Person),
        Kind::Word(_) if listed(WOMEN) => Some(Kindred::Woman),
        Kind::Word(_) if listed(MEN) => Some(Kindred::Man),
        Kind::Word(_) if listed(PEOPLE) => Some(Kindred::Person),
        _ => None,
    }
}

/// Verbs whose clause may speak of the same person twice: 李明说他…
const REPORTING: &[&str] = &["说", "认为", "觉得", "知道", "希望", "想", "以为", "相信", "表示", "告诉", "忘记"];

#[derive(Debug, Clone)]
struct Referent {
    words: String,
    kindred: Kindred,
    /// Sentence of the discourse and clause of the last mention.
    last: (usize, usize),
    /// Its place in the order of mention within that sentence.
    order: usize,
    /// Whether it needs a place.
    placed: bool,
    /// The place that it has.
    locus: Option<LocusId>,
}

/// Whoever has not been spoken of for so many sentences is no longer pointed at from another text.
const REMEMBERED_SENTENCES: usize = 12;

/// Who has been spoken of so far, and where each of them stands: what a text leaves to the next one of the same session.
///
/// A new one knows nobody. At most those of the last twelve sentences are kept.
#[derive(Debug, Clone, Default)]
pub struct Discourse {
    referents: Vec<Referent>,
    /// Sentences so far.
    sentences: usize,
}

impl Discourse {
    /// Forgets whom nobody has spoken of for long.
    fn forget(&mut self) {
        let now = self.sentences;
        self.referents.retain(|referent| referent.last.0 + REMEMBERED_SENTENCES >= now);
    }

    /// Gives those that need a place and have none a free one, in the order of mention. `since`: the first sentence of
    /// the present text; whoever is not spoken of in it gives way, the longest unmentioned first. Beyond that, third
    /// persons share the first place, as an unmarked pointing does.
    fn give_places(&mut self, since: usize) {
        for index in 0..self.referents.len() {
            if !self.referents[index].placed || self.referents[index].locus.is_some() {
                continue;
            }
            let taken = |place: &LocusId| self.referents.iter().any(|known| known.locus == Some(*place));
            let free = PLACES.into_iter().find(|place| !taken(place));
            let locus = free.or_else(|| {
                let silent = self.referents.iter_mut().filter(|known| known.last.0 < since && known.locus.is_some());
                silent.min_by_key(|known| known.last).and_then(|known| {
                    known.placed = false;
                    known.locus.take()
                })
            });
            self.referents[index].locus = Some(locus.unwrap_or(PLACES[0]));
        }
    }
}

/// Where an item is: sentence, clause, index.
type At = (usize, usize, usize);

/// Gives every referent that needs one its place, in the items that speak of it. `discourse`: whom the texts before
/// spoke of; it learns whom this one speaks of.
pub(crate) fn place_referents(discourse: &mut Discourse, sentences: &mut [Analysis<'_>]) {
    discourse.forget();
    let since = discourse.sentences;
    let referents = &mut discourse.referents;
    let mut mentions: Vec<(At, usize)> = Vec::new();
    for (nth, sentence) in sentences.iter().enumerate() {
        let s = since + nth;
        let mut order = 0;
        for (c, clause) in sentence.clauses.iter().enumerate() {
            let items = &clause.items;
            let directed = items.iter().any(|item| {
                item.is(&["给"]) || item.entry().is_some_and(|e| e.verb_class == Some(VerbClass::Directional))
            });
            let reports = items.iter().any(|item| item.is(REPORTING));
            for (i, item) in items.iter().enumerate() {
                let found = if let Some(wanted) = pronoun(item) {
                    Some(antecedent(referents, item, wanted, (s, c), reports))
                } else {
                    // 我的老师 and 他妈妈 are named by whom they belong to; the word is enough to know them again.
                    person(item).map(|kindred| named(referents, item, kindred, (s, c)))
                };
                let Some(index) = found else { continue };
                order += 1;
                let referent = &mut referents[index];
                if referent.last.0 != s || referent.order == 0 {
                    referent.order = order;
                }
                referent.last = (s, c);
                referent.placed |= pronoun(item).is_some() || directed;
                mentions.push(((nth, c, i), index));
            }
        }
    }
    discourse.sentences += sentences.len();
    discourse.give_places(since);
    for ((s, c, i), referent) in mentions {
        let locus = discourse.referents[referent].locus;
        if let Some(item) = sentences.get_mut(s).and_then(|s| s.clauses.get_mut(c)).and_then(|c| c.items.get_mut(i)) {
            item.inflection.locus = locus;
        }
    }
}

fn named(referents: &mut Vec<Referent>, item: &Item<'_>, kindred: Kindred, at: (usize, usize)) -> usize {
    referents.iter().position(|referent| referent.words == item.text).unwrap_or_else(|| {
        referents.push(Referent { words: item.text.clone(), kindred, last: at, order: 0, placed: false, locus: None });
        referents.len() - 1
    })
}

/// Whom a pronoun points at: of those that fit, the one named first in the latest sentence that names any.
fn antecedent(
    referents: &mut Vec<Referent>,
    item: &Item<'_>,
    wanted: Kindred,
    at: (usize, usize),
    reports: bool,
) -> usize {
    let best = (0..referents.len())
        .filter(|&index| {
            let referent = &referents[index];
            let own = referent.words == item.text;
            own || (referent.kindred.may_be(wanted) && (referent.last != at || reports))
        })
        .max_by_key(|&index| (referents[index].last.0, std::cmp::Reverse(referents[index].order)));
    best.unwrap_or_else(|| {
        referents.push(Referent {
            words: item.text.clone(),
            kindred: wanted,
            last: at,
            order: 0,
            placed: true,
            locus: None,
        });
        referents.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use signing::Transcript;

    use super::*;
    use crate::fixture::core;

    /// Where `words` stand when `text` is the next one of `discourse`.
    fn place(discourse: &mut Discourse, text: &str, words: &str) -> Option<LocusId> {
        let found = core().interpret_in(discourse, &Transcript::plain(text, "zh")).unwrap();
        let mut tokens = found.sentences.iter().flat_map(|sentence| &sentence.tokens);
        tokens.find(|token| token.gloss == words).unwrap_or_else(|| panic!("{text}: no {words}")).inflection.locus
    }

    #[test]
    fn a_fifth_person_takes_the_place_of_whom_nobody_spoke_of_for_longest_and_moves_nobody_else() {
        let mut discourse = Discourse::default();
        let mut gives = |who: &str| place(&mut discourse, &format!("{who}给我一本书。"), who);
        let first = ["爸爸", "妈妈", "哥哥", "妹妹"].map(&mut gives);
        assert_eq!(first, PLACES.map(Some));
        assert_eq!(gives("老师"), first[0]);
        // Who gave way does not come back by itself and push the next one out.
        for (who, stands) in [("妈妈", first[1]), ("哥哥", first[2]), ("妹妹", first[3]), ("老师", first[0])] {
            assert_eq!(gives(who), stands, "{who}");
        }
        assert_eq!(gives("爸爸"), first[1]);
    }

    #[test]
    fn who_is_spoken_of_no_more_is_forgotten() {
        let mut discourse = Discourse::default();
        let mut place = |text: &str, words: &str| place(&mut discourse, text, words);
        assert_eq!(place("爸爸给我一本书。", "爸爸"), Some(PLACES[0]));
        assert_eq!(place("妈妈给我一本书。", "妈妈"), Some(PLACES[1]));
        for _ in 0..=REMEMBERED_SENTENCES {
            assert_eq!(place("今天有雪。", "雪"), None);
        }
        assert_eq!(place("妈妈给我一本书。", "妈妈"), Some(PLACES[0]));
    }

    #[test]
    fn a_text_that_is_not_understood_leaves_no_trace() {
        let mut discourse = Discourse::default();
        assert_eq!(place(&mut discourse, "爸爸给我一本书。", "爸爸"), Some(PLACES[0]));
        let kept = format!("{discourse:?}");
        for text in ["", "。。。"] {
            assert!(core().interpret_in(&mut discourse, &Transcript::plain(text, "zh")).is_err(), "“{text}”");
        }
        assert!(core().interpret_in(&mut discourse, &Transcript::plain("妈妈给我一本书。", "fr")).is_err());
        assert_eq!(format!("{discourse:?}"), kept);
    }
}
