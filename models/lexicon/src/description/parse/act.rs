//! Movements: how, from where, whither, along what, about what; the verb; how often; what it meets.

use super::{Act, Adverb, End, Found, Item, Link, Parser, Pointing, Prep, Topic, Verb, Word, is_contact};

impl Parser<'_> {
    pub(super) fn act(&self, at: usize) -> Found {
        let mut act = Act::default();
        let mut next = at;
        if let Some((topic, after)) = self.topic(at) {
            act.topic = topic;
            next = after;
        }
        let mut goals = 0;
        loop {
            let before = next;
            next = self.modifier(next, &mut act, &mut goals);
            if next > before {
                continue;
            }
            // 在左手背上方五指抖动: what moves may come after where it does.
            if act.topic == Topic::default()
                && act.verb.is_none()
                && let Some((topic, after)) = self.topic(next)
                && (self.verb(after).is_some() || self.adverb(after).is_some() && self.verb(after + 1).is_some())
            {
                act.topic = topic;
                next = after;
                continue;
            }
            if act.verb.is_some() || (act.figure.is_some() && act.path.is_none()) {
                break;
            }
            let Some(after) = self.verb_and_object(next, &mut act) else { break };
            next = after;
            // 抖动着向下落: both at once.
            if self.text(next) == "着" && self.goes_on(next + 1) {
                act.text = super::text(&self.tokens[at..next]);
                let at_once = Item::Link(Link::AtOnce);
                return Some((vec![at_once.clone(), Item::Act(Box::new(act)), at_once], next + 1));
            }
        }
        let complete = act.verb.is_some()
            || act.figure.is_some()
            || act.path.is_some()
            || (act.turns.is_some()
                && (act.around.is_some() || act.has(Adverb::Clockwise) || act.has(Adverb::CounterClockwise)))
            || (act.times.is_some() && act.axis.is_some())
            || act.past.is_some()
            // 先向下再向外移动: the verb comes with the last of them.
            || (!act.dirs.is_empty()
                && (self.link(next) == Some(Link::Then)
                    || next == self.tokens.len()
                        && at > 0
                        && (matches!(self.link(at - 1), Some(Link::First | Link::Then))
                            || self.who(at - 1).is_some())));
        // 由下往上: from where and whither, and no more.
        let heads = matches!(act.from, Some(End::Dir(_))) && !act.dirs.is_empty()
            || self.text(at).starts_with(['自', '由', '从']) && !act.dirs.is_empty();
        let ends = heads || matches!(act.from, Some(End::Dir(_))) && (!act.dirs.is_empty() || act.to.is_some());
        // 从前向后边弯动边移动: the way of what is done at once.
        let closes = next == self.tokens.len() || heads && self.link(next) == Some(Link::AtOnce);
        if !complete && ends && closes {
            act.verb = Some(Verb::Travel(None));
        }
        let complete = complete || act.verb.is_some();
        // 自左手拇指起: where it begins, and no more.
        if let (false, Some(End::Site(site)), None, true) = (complete, &act.from, &act.to, act.dirs.is_empty()) {
            let how = super::PutKind::Placed;
            return Some((vec![Item::At { topic: act.topic, how, site: site.clone(), adverbs: act.adverbs }], next));
        }
        // 至胸前时握拳: there first, and then what follows.
        let on_arrival =
            self.text(next) == "时" && next > at && (matches!(act.to, Some(End::Site(_))) || !act.dirs.is_empty());
        // 至胸前指尖相抵: likewise.
        let arrives = next > at
            && next < self.tokens.len()
            && self.prep(at, Prep::To)
            && matches!(act.to, Some(End::Site(_)))
            && (self.relation_phrase(next).is_some() || self.shape(next).is_some() || self.orient(next).is_some());
        if !complete && arrives {
            act.verb = Some(Verb::Travel(None));
            act.text = super::text(&self.tokens[at..next]);
            return Some((vec![Item::Act(Box::new(act)), Item::Link(Link::Then)], next));
        }
        if !complete && on_arrival {
            act.verb = Some(Verb::Travel(None));
        } else if !complete {
            return None;
        }
        act.text = self.tokens[at..next].iter().map(|token| token.text.as_str()).collect();
        // 掌心向上一抬: the palm faces where the hand goes.
        let mut items = Vec::new();
        // 五指随之抖动: beside what was told before.
        if act.topic.fingers.is_some() && act.text.contains("随之") {
            items.push(Item::Link(Link::Meanwhile));
        }
        if act.topic.part.is_some_and(is_axis)
            && act.verb.is_some_and(|verb| {
                matches!(
                    verb,
                    Verb::Travel(_) | Verb::Stroke(_) | Verb::Stop | Verb::Point | Verb::Tap | Verb::Turn | Verb::Brush
                )
            })
            && let Some(&dir) = act.dirs.first()
            && self.is(at + 1 + usize::from(act.topic.fingers.is_some()), &Word::Facing)
        {
            items.push(Item::Orient(act.topic, Pointing::Dir(dir)));
            // 掌心向上收回至胸前: the direction is the palm's alone.
            if matches!(act.to, Some(End::Site(_))) {
                act.dirs.clear();
            }
        }
        let places = std::mem::take(&mut act.at_next);
        let axes = std::mem::take(&mut act.axis_next);
        let first = act.clone();
        items.push(Item::Act(Box::new(act)));
        // Done again elsewhere, or along another axis.
        let elsewhere = places.into_iter().map(|site| Act { at: Some(site), ..first.clone() });
        let across = axes.into_iter().map(|axis| Act { axis: Some(axis), ..first.clone() });
        for again in elsewhere.chain(across) {
            items.extend([Item::Link(Link::Then), Item::Act(Box::new(again))]);
        }
        if on_arrival {
            items.push(Item::Link(Link::Then));
            next += 1;
        }
        // 点一下前额、左肩、右肩: one after the other.
        while first.verb.is_some_and(is_contact)
            && first.object.is_some()
            && self.is(next, &Word::Comma)
            && let Some((site, after)) = self.site(next + 1)
        {
            items.push(Item::Link(Link::Then));
            items.push(Item::Act(Box::new(Act { object: Some(site), ..first.clone() })));
            next = after;
        }
        Some((items, next))
    }

    /// Whether a movement stands here: its way, its manner or its verb.
    fn goes_on(&self, at: usize) -> bool {
        self.prep(at, Prep::To)
            || self.prep(at, Prep::From)
            || self.is(at, &Word::Facing)
            || self.verb(at).is_some()
            || self.dir(at).is_some() && self.verb(at + 1).is_some()
            || self.adverb(at).is_some() && (self.verb(at + 1).is_some() || self.prep(at + 1, Prep::To))
    }

    /// 在肩部做背书包的动作: an everyday action, with the verb that names it; what it imitates stands in a note.
    pub(super) fn mime(&self, at: usize) -> Found {
        let end = self.tokens.len();
        let opens = (at..end).find(|&index| ["做", "作"].contains(&self.text(index)))?;
        let closes = (opens + 1..end).find(|&index| {
            self.is(index, &Word::Action) && (self.text(index).contains("动作") || self.text(index) == "的样子")
        })?;
        let mut act = Act::default();
        let mut next = at;
        if let Some((topic, after)) = self.topic(at).filter(|&(_, after)| after <= opens) {
            act.topic = topic;
            next = after;
        }
        let mut goals = 0;
        while next < opens {
            let after = self.modifier(next, &mut act, &mut goals);
            if after == next || after > opens {
                return None;
            }
            next = after;
        }
        let told = self.tokens.get(opens + 1..closes).filter(|told| !told.is_empty())?;
        // What is told of hands, shapes and ways is no name of an action.
        let of_form = |token: &super::Token| {
            let form = |word: &Word| matches!(word, Word::Who(_) | Word::Facing | Word::Put(_) | Word::Prep(_));
            token.meanings.iter().all(form)
        };
        if told.iter().any(of_form) {
            return None;
        }
        // 做咳嗽的动作: of the mouth, not of the hand.
        if let Some(what) = (opens + 1..closes).find_map(|index| self.whole_face(index)) {
            let note = super::text(&self.tokens[opens..=closes]);
            return (opens == at).then(|| (vec![Item::Face(what.to_vec()), Item::Note(note)], closes + 1));
        }
        // Of what is done to a thing the verb says what the hand does; without one nothing is known of it.
        let verb = (opens + 1..closes).find_map(|index| self.verb(index));
        act.verb = Some(verb.filter(|verb| !matches!(verb, Verb::Still | Verb::Become))?);
        next = closes + 1;
        loop {
            let after = self.modifier(next, &mut act, &mut goals);
            if after == next {
                break;
            }
            next = after;
        }
        act.text = super::text(&self.tokens[at..next]);
        let note = super::text(&self.tokens[opens..=closes]);
        Some((vec![Item::Act(Box::new(act)), Item::Note(note)], next))
    }
}

fn is_axis(part: super::Part) -> bool {
    use super::Part;
    matches!(part, Part::Palm | Part::Back | Part::Web | Part::Tips | Part::Fist | Part::Backs)
}
