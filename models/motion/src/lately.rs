//! What was found out lately: a step that is planned again, at another pace, asks the same of the same hands.

/// The last `MOST` answers to questions that depend on nothing but what is asked.
#[derive(Debug)]
pub(crate) struct Lately<Asked, Found, const MOST: usize> {
    known: Vec<(Asked, Found)>,
    /// The next to be forgotten once all places are taken.
    oldest: usize,
}

impl<Asked, Found, const MOST: usize> Default for Lately<Asked, Found, MOST> {
    fn default() -> Self {
        Self { known: Vec::new(), oldest: 0 }
    }
}

impl<Asked: PartialEq, Found: Copy, const MOST: usize> Lately<Asked, Found, MOST> {
    /// What is known of it, or else what `find` finds.
    pub(crate) fn look_up(&mut self, asked: Asked, find: impl FnOnce(&Asked) -> Found) -> Found {
        if let Some((_, found)) = self.known.iter().find(|(known, _)| *known == asked) {
            return *found;
        }
        let found = find(&asked);
        match self.known.get_mut(self.oldest) {
            Some(known) => *known = (asked, found),
            None => self.known.push((asked, found)),
        }
        self.oldest = (self.oldest + 1) % MOST;
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_not_asked_again_and_the_oldest_is_forgotten() {
        let mut lately = Lately::<u32, u32, 2>::default();
        let mut asked = Vec::new();
        for question in [1, 2, 1, 3, 2, 1] {
            let found = lately.look_up(question, |question| {
                asked.push(*question);
                question * 10
            });
            assert_eq!(found, question * 10);
        }
        assert_eq!(asked, [1, 2, 3, 1]);
    }
}
