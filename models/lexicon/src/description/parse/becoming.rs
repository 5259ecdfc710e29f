//! What a hand becomes: 翻转为掌心向上, 变为五指撮合, 使拳心向上.

use super::{Found, Item, Parser, Part, Pointing, Prep, Topic, Verb, Word};

impl Parser<'_> {
    /// 翻转为, 变为: what follows is what becomes.
    pub(super) fn becomes(&self, at: usize) -> Found {
        let mut adverbs = Vec::new();
        let mut next = self.adverbs(at, &mut adverbs);
        // 由掌心向外翻转为掌心向内: where it comes from is where the hand is.
        if self.prep(next, Prep::From)
            && let Some((from, after)) = self.orient(next + 1)
            && matches!(self.verb(after), Some(Verb::Flip | Verb::Become))
        {
            let mut items = from;
            items.extend([Item::Link(super::Link::Then), Item::Becomes]);
            return Some((items, self.become_word(after + 1)));
        }
        // 从数字“1”变为数字“2”
        if self.prep(next, Prep::From)
            && let Some((mut items, after)) = self.shape(next + 1)
            && (matches!(self.verb(after), Some(Verb::Flip | Verb::Become)) || ["到", "至"].contains(&self.text(after)))
        {
            items.extend([Item::Link(super::Link::Then), Item::Becomes]);
            return Some((items, self.become_word(after + 1)));
        }
        // 使拳心向上
        if self.prep(next, Prep::Object)
            && let Some((mut items, after)) = self.orient(next + 1).or_else(|| self.shape(next + 1))
        {
            items.insert(0, Item::Becomes);
            return Some((items, after));
        }
        // 分开成平伸, 成握拳: a shape that what was told before ends in.
        if ["成", "呈", "为"].contains(&self.text(next))
            && let Some((mut items, after)) = self.shape(next + 1).or_else(|| self.orient(next + 1))
            && !matches!(
                self.find(next + 1, |word| matches!(word, Word::Round(_) | Word::Quoted(_)).then_some(())),
                Some(())
            )
        {
            items.insert(0, Item::Becomes);
            return Some((items, after));
        }
        // 合拢成合十状
        if ["成", "呈"].contains(&self.text(next))
            && let Some(relation) = self.relation(next + 1)
        {
            let topic = Topic::default();
            let became = Item::Relation { topic, axis: None, relation, with: None, centimetres: None };
            let end = next + 2 + usize::from(self.is(next + 2, &Word::FigureEnd));
            return Some((vec![Item::Becomes, became], end));
        }
        // 指尖由朝上变为朝前: where it comes from is where it is.
        if let Some((topic, after)) = self.topic(next)
            && self.prep(after, Prep::From)
            && self.is(after + 1, &Word::Facing)
            && let Some(from) = self.dir(after + 2)
            && matches!(self.verb(after + 3), Some(Verb::Flip | Verb::Become))
        {
            let goal = self.become_word(after + 4);
            let goal = goal + usize::from(self.is(goal, &Word::Facing));
            let to = self.dir(goal)?;
            let items = [
                Item::Orient(topic, Pointing::Dir(from)),
                Item::Link(super::Link::Then),
                Item::Becomes,
                Item::Orient(topic, Pointing::Dir(to)),
            ];
            return Some((items.into(), goal + 1));
        }
        // 掌心变为向上
        if let Some((topic, after)) = self.topic(next)
            && topic.part.is_some()
            && matches!(self.verb(after), Some(Verb::Flip | Verb::Become))
            && self.is(self.become_word(after + 1), &Word::Facing)
            && let Some(dir) = self.dir(self.become_word(after + 1) + 1)
        {
            let end = self.become_word(after + 1) + 2;
            return Some((vec![Item::Becomes, Item::Orient(topic, Pointing::Dir(dir))], end));
        }
        // 再转为向上: the palm, of which it was said before.
        let palm = Topic { fingers: None, part: Some(Part::Palm) };
        if matches!(self.verb(next), Some(Verb::Flip | Verb::Become)) {
            let goal = self.become_word(next + 1);
            let names_it = goal > next + 1 || self.text(next).ends_with(['为', '成']);
            if names_it
                && self.is(goal, &Word::Facing)
                && goal + 2 == self.tokens.len()
                && let Some(dir) = self.dir(goal + 1)
            {
                return Some((vec![Item::Becomes, Item::Orient(palm, Pointing::Dir(dir))], goal + 2));
            }
        }
        if !matches!(self.verb(next), Some(Verb::Become)) {
            let flips = self.verb(next) == Some(Verb::Flip);
            let goal = self.become_word(next + 1);
            if !flips || !(self.orient(goal).is_some() || self.shape(goal).is_some()) {
                return None;
            }
        }
        next = self.become_word(next + 1);
        (next < self.tokens.len()).then(|| (vec![Item::Becomes], next))
    }

    pub(super) fn become_word(&self, at: usize) -> usize {
        at + usize::from(["为", "成", "至"].contains(&self.text(at)))
    }
}
