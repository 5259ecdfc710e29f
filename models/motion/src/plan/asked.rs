//! What forms ask of the hands, and when: what the checker holds a pose stream against.
//!
//! Written down from the form, not from what planning found: a hand that fell short is seen to have.

use glam::Vec3;
use signing::{Distance, Flicks, HandConfig, HandPart, OutputTime, Place, Side, Site};

use super::{Planner, Roles};
use crate::rig::SIDES;

/// How firmly a hand takes what it meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grip {
    /// Skin on skin.
    Light,
    /// The hand closes around it, or goes into it.
    Closed,
}

/// A part of the hand that should be at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meeting {
    /// Which part of the hand.
    pub part: HandPart,
    /// Where: on the body or at the other hand.
    pub site: Site,
    /// How firmly.
    pub grip: Grip,
}

/// What a form asks of one hand at one moment. Directions are in the chest's frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Which sentence, counted from 0.
    pub sentence: u64,
    /// Index of the token.
    pub token: usize,
    /// The token's gloss.
    pub name: String,
    /// On which side the hand is.
    pub side: Side,
    /// When the hand sets out for it.
    pub since: OutputTime,
    /// When it should be so.
    pub time: OutputTime,
    /// The palm's outward normal.
    pub palm: Option<Vec3>,
    /// From the wrist to the middle knuckle.
    pub fingers: Option<Vec3>,
    /// What should touch.
    pub meeting: Option<Meeting>,
}

impl Asked {
    /// Seen in the sagittal mirror: what a left-handed signer is asked.
    pub(crate) fn mirrored(mut self) -> Self {
        let flip = |v: Vec3| Vec3::new(-v.x, v.y, v.z);
        self.side = self.side.other();
        self.palm = self.palm.map(flip);
        self.fingers = self.fingers.map(flip);
        if let Some(meeting) = &mut self.meeting
            && let Site::Body { lateral, .. } = &mut meeting.site
        {
            *lateral = lateral.mirrored();
        }
        self
    }
}

impl Planner {
    /// Notes what a configuration asks at the end of `span` (seconds). `shifted`: its place is not exact.
    pub(super) fn ask_config(
        &mut self,
        player: usize,
        config: &HandConfig,
        roles: Roles,
        span: [f64; 2],
        shifted: bool,
    ) {
        if self.asked.is_none() {
            return;
        }
        let dir = |dir: Option<signing::Dir>| dir.map(|dir| roles.dir(dir.vec()));
        let meeting = config.place.filter(|_| !shifted).and_then(|place| meeting_at(&place, roles, Grip::Light));
        self.ask(player, span, dir(config.palm), dir(config.fingers), meeting);
    }

    /// Notes that a part should be at a place.
    pub(super) fn ask_meeting(&mut self, player: usize, place: &Place, roles: Roles, span: [f64; 2], grip: Grip) {
        if let Some(meeting) = meeting_at(place, roles, grip) {
            self.ask(player, span, None, None, Some(meeting));
        }
    }

    /// Notes what is asked.
    pub(super) fn ask(
        &mut self,
        player: usize,
        [since, time]: [f64; 2],
        palm: Option<Vec3>,
        fingers: Option<Vec3>,
        meeting: Option<Meeting>,
    ) {
        let Some(asked) = &mut self.asked else { return };
        if palm.is_none() && fingers.is_none() && meeting.is_none() {
            return;
        }
        let (sentence, token, name) = self.context.clone();
        let at = |secs| OutputTime(Flicks::from_secs(secs));
        let side = SIDES[player];
        asked.push(Asked { sentence, token, name, side, since: at(since), time: at(time), palm, fingers, meeting });
    }
}

/// What a place asks to touch; `None` where it only says where to be.
fn meeting_at(place: &Place, roles: Roles, grip: Grip) -> Option<Meeting> {
    let exact = place.offset.iter().all(|metres| metres.abs() < 1e-3);
    let site = match place.site {
        Site::Body { site, lateral } if roles.mirrored => Site::Body { site, lateral: lateral.mirrored() },
        site @ (Site::Body { .. } | Site::OtherHand(_)) => site,
        Site::Space(_) => return None,
    };
    (exact && place.distance == Distance::Contact).then_some(Meeting { part: place.part, site, grip })
}
