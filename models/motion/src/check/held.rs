//! What forms asked: contacts that meet, palms and fingers that face.

use signing::Site;

use super::{
    Kind, Log,
    watch::{Watched, side_name},
};
use crate::Asked;

/// A contact may be this much earlier or later: a tap meets between two frames, seconds.
const MEETING_SECS: f64 = 0.05;

pub(super) fn measure(watched: &Watched<'_>, asked: &[Asked], log: &mut Log) {
    for ask in asked {
        let name = side_name(ask.side);
        let of = if ask.name.is_empty() { String::new() } else { format!(" of “{}”", ask.name) };
        if let Some(frame) = watched.nearest(ask.time)
            && (watched.frames[frame].time.as_secs() - ask.time.as_secs()).abs() < MEETING_SECS
            && let Some((palm, fingers)) = watched.palm_and_fingers(frame, ask.side)
        {
            let at = watched.frames[frame].time;
            if let Some(wanted) = ask.palm {
                let off = palm.angle_between(wanted).to_degrees();
                log.note(Kind::Palm, at, off, || format!("{name} palm{of}"));
            }
            if let Some(wanted) = ask.fingers {
                // Where the palm is said too, fingers can only follow it as far as they are square to it.
                let square = ask.palm.map_or(wanted, |palm| wanted - palm * wanted.dot(palm));
                let off = fingers.angle_between(square.normalize_or(wanted)).to_degrees();
                log.note(Kind::Fingers, at, off, || format!("{name} hand{of}"));
            }
        }
        let Some(meeting) = ask.meeting else { continue };
        let gap = |frame: usize| {
            let here = watched.part(frame, ask.side, meeting.part)?;
            let there = match meeting.site {
                Site::Body { site, lateral } => watched.site(frame, site, lateral)?,
                Site::OtherHand(part) => watched.part(frame, ask.side.other(), part)?,
                Site::Space(_) => return None,
            };
            Some((here.distance(there) * 1e3, frame))
        };
        let best = watched.around(ask.time, MEETING_SECS).filter_map(gap).min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((millimetres, frame)) = best {
            log.note(Kind::Contact, watched.frames[frame].time, millimetres, || {
                format!("{name} {:?} at {:?}{of}", meeting.part, meeting.site)
            });
        }
    }
}
