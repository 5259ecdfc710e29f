//! Action trees: flat where they can be, repeated, turned round.

use signing::{Action, Movement, MovementKind, PathShape};

/// Parts that are written out twice or thrice have at most so many movements.
pub(super) const WRITTEN_OUT: usize = 12;

fn is_nothing(action: &Action) -> bool {
    matches!(action, Action::Seq(parts) | Action::Par(parts) if parts.is_empty())
}

pub(super) fn sequence(parts: Vec<Action>) -> Action {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Action::Seq(inner) => flat.extend(inner),
            part if is_nothing(&part) => {}
            part => flat.push(part),
        }
    }
    if flat.len() == 1 { flat.swap_remove(0) } else { Action::Seq(flat) }
}

pub(super) fn together(parts: Vec<Action>) -> Action {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Action::Par(inner) => flat.extend(inner),
            part if is_nothing(&part) => {}
            part => flat.push(part),
        }
    }
    match flat.len() {
        0 => Action::NONE,
        1 => flat.swap_remove(0),
        _ => Action::Par(flat),
    }
}

pub(super) fn repeated(action: Action, times: u32) -> Action {
    if times < 2 || is_nothing(&action) {
        return action;
    }
    Action::Repeat { times: times.min(Action::MAX_TIMES), action: Box::new(action) }
}

/// On and on from where it ended: the same written out again.
pub(super) fn written_out(action: Action, times: u32) -> Action {
    let times = times.min(3) as usize;
    if action.movements().len() * times > WRITTEN_OUT * 2 {
        return repeated(action, u32::try_from(times).unwrap_or(2));
    }
    sequence(vec![action; times])
}

/// Makes a single movement come back; false if it is not of a kind that can.
pub(super) fn turn_back(action: &mut Action) -> bool {
    match action {
        Action::Move(Movement { kind: MovementKind::Path(path), .. }) if path.to.is_none() => {
            if matches!(path.shape, PathShape::Circle { .. } | PathShape::Trace(_)) {
                return false;
            }
            path.there_and_back = true;
            true
        }
        _ => false,
    }
}

/// The way back.
pub(super) fn reversed(action: &Action) -> Action {
    match action {
        Action::Seq(parts) => Action::Seq(parts.iter().rev().map(reversed).collect()),
        Action::Par(parts) => Action::Par(parts.iter().map(reversed).collect()),
        Action::Repeat { times, action } => Action::Repeat { times: *times, action: Box::new(reversed(action)) },
        Action::Move(movement) => {
            let mut movement = movement.clone();
            match &mut movement.kind {
                MovementKind::Path(path) => {
                    path.to = None;
                    path.direction = path.direction.map(|direction| -direction);
                    if let PathShape::Circle { axis, .. } = &mut path.shape {
                        *axis = -*axis;
                    }
                }
                MovementKind::Rotate(rotation) => rotation.angle_rad = -rotation.angle_rad,
                MovementKind::Contact(contact) => contact.along = contact.along.map(|along| -along),
                _ => {}
            }
            Action::Move(movement)
        }
    }
}

/// What lies deeper than a form may becomes one sequence.
pub(super) fn shallow(action: Action, depth: usize) -> Action {
    if depth == 0 {
        let movements: Vec<Movement> = action.movements().into_iter().cloned().collect();
        return Action::Seq(movements.into_iter().map(Action::Move).collect());
    }
    match action {
        Action::Seq(parts) => Action::Seq(parts.into_iter().map(|part| shallow(part, depth - 1)).collect()),
        Action::Par(parts) => Action::Par(parts.into_iter().map(|part| shallow(part, depth - 1)).collect()),
        Action::Repeat { times, action } => Action::Repeat { times, action: Box::new(shallow(*action, depth - 1)) },
        action @ Action::Move(_) => action,
    }
}
