//! The stream: the same frames however they are asked for, in time, with faces and hands in step.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests state what they expect")]

mod common;

use common::*;
use glam::Vec3;
use motion::{MotionConfig, MotionError, Signer, sign_all};
use signing::*;

#[test]
fn stepping_gives_the_frames_of_the_whole() {
    let sentences = [ordinary(), ordinary()];
    let (frames, _) = sign_all(&avatar(), config(), &sentences).unwrap();
    let mut signer = Signer::new(avatar(), config()).unwrap();
    for sentence in &sentences {
        signer.push(sentence.clone()).unwrap();
    }
    for (index, frame) in frames.iter().enumerate() {
        assert_eq!(&signer.step(), frame, "frame {index}");
        assert_eq!(frame.time, config().rate.time_of(index as u64));
    }
    assert!(signer.is_idle());
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_another_blink() {
    let bits = |seed| {
        let config = MotionConfig { seed, ..config() };
        let (frames, _) = sign_all(&avatar(), config, &[ordinary()]).unwrap();
        frames
            .iter()
            .flat_map(|frame| frame.rotations.iter().flat_map(|q| q.to_array()).chain(frame.face).map(f32::to_bits))
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(7), bits(7));
    assert_ne!(bits(7), bits(8));
}

#[test]
fn a_left_handed_signer_is_the_mirror_image() {
    let (right, _) = sign_all(&avatar(), config(), &[ordinary()]).unwrap();
    let (left, _) = sign_all(&avatar(), MotionConfig { dominant: Side::Left, ..config() }, &[ordinary()]).unwrap();
    assert_eq!(right.len(), left.len());
    for (right, left) in right.iter().zip(&left) {
        assert_eq!(&right.mirrored(), left);
    }
}

#[test]
fn without_a_sentence_the_body_rests_breathes_and_blinks() {
    let mut signer = Signer::new(avatar(), config()).unwrap();
    let frames: Vec<PoseFrame> = (0..500).map(|_| signer.step()).collect();
    assert!(signer.is_idle());
    let blinks = frames.windows(2).filter(|pair| {
        let lid = FaceShape::EyeBlinkLeft.index();
        pair[0].face[lid] < 0.5 && pair[1].face[lid] >= 0.5
    });
    assert!((2..=8).contains(&blinks.count()), "blinks in twenty seconds");
    let chest: Vec<f32> = frames.iter().map(|frame| frame.rotation(Bone::Chest).x).collect();
    let (low, high) = chest.iter().fold((f32::MAX, f32::MIN), |(low, high), &x| (low.min(x), high.max(x)));
    assert!(high - low > 0.002, "the chest breathes");
    // Hands before the lower belly, on their own sides, in front of the trunk.
    for side in [Side::Left, Side::Right] {
        let wrist = joint(&frames[100], Bone::on(side, "Hand").unwrap());
        let (belly, _) = site(&frames[100], BodySite::LowerBelly, Lateral::Centre);
        assert!(wrist.x * side.sign() > 0.0 && wrist.z > belly.z, "{side:?} {wrist}");
        assert!((wrist.y - belly.y).abs() < 0.2, "{side:?} {wrist}");
    }
}

#[test]
fn a_sentence_takes_about_half_a_second_a_sign() {
    let tokens: Vec<SignToken> = (0..6)
        .flat_map(|_| ordinary().tokens)
        .map(|mut token| {
            token.boundary = None;
            token
        })
        .collect();
    let signs = tokens.len();
    let (_, report) = sign_all(&avatar(), config(), &[sentence(tokens)]).unwrap();
    let tokens = &report.timeline.tokens;
    assert_eq!(tokens.len(), signs);
    let secs = (tokens[signs - 1].end - tokens[0].start).as_secs();
    let rate = signs as f64 / secs;
    assert!((1.6..=2.6).contains(&rate), "{rate:.2} signs a second");
    for pair in tokens.windows(2) {
        assert!(pair[0].start < pair[0].end && pair[0].end <= pair[1].start);
    }
}

#[test]
fn too_much_at_once_is_refused_and_says_so() {
    let config = MotionConfig { queued_signs: 6, ..config() };
    let mut signer = Signer::new(avatar(), config).unwrap();
    signer.push(ordinary()).unwrap();
    assert_eq!(signer.push(ordinary()), Err(MotionError::Backlog { queued: 4, offered: 4, limit: 6 }));
    signer.finish();
    assert_eq!(signer.push(ordinary()), Err(MotionError::Finished));
}

#[test]
fn an_invalid_sentence_is_refused() {
    let mut broken = ordinary();
    broken.tokens[1].forms.clear();
    let mut signer = Signer::new(avatar(), config()).unwrap();
    assert!(matches!(signer.push(broken), Err(MotionError::Sentence(SentenceError::NoForm { token: 1, .. }))));
}

#[test]
fn an_interrupted_sign_ends_and_the_hands_go_to_rest() {
    let rest = Signer::new(avatar(), config()).unwrap().step();
    let mut signer = Signer::new(avatar(), config()).unwrap();
    for _ in 0..20 {
        signer.push(ordinary()).unwrap();
    }
    for _ in 0..30 {
        signer.step();
    }
    assert!(signer.current().is_some());
    signer.interrupt();
    assert_eq!(signer.remaining(), 0);
    let mut frames = 0;
    while !signer.is_idle() {
        signer.step();
        frames += 1;
        assert!(frames < 75, "at rest within three seconds");
    }
    let now = signer.step();
    assert!(joint(&now, Bone::RightHand).distance(joint(&rest, Bone::RightHand)) < 0.02);
    assert_eq!(signer.current(), None);
}

#[test]
fn a_sentence_that_comes_while_hands_go_to_rest_starts_without_a_jump() {
    let config = MotionConfig { rate: FrameRate::new(100, 1).unwrap(), ..config() };
    let mut signer = Signer::new(avatar(), config).unwrap();
    signer.push(ordinary()).unwrap();
    let mut pushed = false;
    let mut last: Option<(Vec3, Vec3)> = None;
    for tick in 0..1200 {
        let at = joint(&signer.step(), Bone::RightHand);
        if !pushed && tick > 20 && signer.current().is_none() {
            for _ in 0..25 {
                signer.step();
            }
            last = None;
            signer.push(ordinary()).unwrap();
            pushed = true;
            continue;
        }
        if let Some((before, velocity)) = last {
            let now = (at - before) / 0.01;
            assert!(
                velocity == Vec3::ZERO || (now - velocity).length() / 0.01 < 120.0,
                "tick {tick}: {:.0} m/s²",
                (now - velocity).length() / 0.01
            );
            last = Some((at, now));
        } else {
            last = Some((at, Vec3::ZERO));
        }
    }
    assert!(pushed && signer.is_idle());
}

#[test]
fn a_directional_verb_moves_from_giver_to_receiver() {
    let give = || {
        let config = config_of(flat(), Some(Dir::UP), Some(Dir::FORWARD), None);
        one(config, movement(DOMINANT, straight(Dir::FORWARD)))
    };
    let stroke = |from, to| {
        let mut verb = token("给", vec![give()], None);
        verb.inflection.direction = Some((from, to));
        let (path, report) = wrist_path(&sentence(vec![verb]));
        let token = report.timeline.tokens[0];
        let frame = |time: OutputTime| (time.as_secs() * 25.0).round() as usize;
        let (start, end) = (frame(token.start), frame(token.end));
        // The stroke is the last third of the token.
        path[end.min(path.len() - 1)] - path[start + (end - start) / 2]
    };
    let i_give_you = stroke(LocusId::Signer, LocusId::Addressee);
    let you_give_me = stroke(LocusId::Addressee, LocusId::Signer);
    assert!(i_give_you.z > 0.12, "away from the signer: {i_give_you}");
    assert!(you_give_me.z < -0.12, "towards the signer: {you_give_me}");
    let to_the_left = stroke(LocusId::Signer, LocusId::Side(Side::Left, 0));
    let to_the_right = stroke(LocusId::Signer, LocusId::Side(Side::Right, 0));
    assert!(to_the_left.x > to_the_right.x + 0.1, "{to_the_left} {to_the_right}");
}

fn with_tiers(edit: impl FnOnce(&mut Tiers)) -> Vec<PoseFrame> {
    let mut sentence = ordinary();
    edit(&mut sentence.tiers);
    sign_all(&avatar(), config(), &[sentence]).unwrap().0
}

fn highest(frames: &[PoseFrame], shape: FaceShape) -> f32 {
    frames.iter().map(|frame| frame.face[shape.index()]).fold(0.0, f32::max)
}

#[test]
fn tiers_reach_the_face() {
    let span = Span::tokens(0, 3);
    let raised = with_tiers(|tiers| tiers.brows.push(Timed { what: Brows::Raised, intensity: 1.0, span }));
    assert!(highest(&raised, FaceShape::BrowOuterUpLeft) > 0.6);
    let plain = with_tiers(|_| {});
    assert!(highest(&plain, FaceShape::BrowOuterUpLeft) < 0.1);

    let said = with_tiers(|tiers| {
        let what = vec![Viseme::Pp, Viseme::Aa];
        tiers.mouthing.push(Timed { what, intensity: 1.0, span: Span::tokens(1, 1) });
    });
    assert!(highest(&said, FaceShape::JawOpen) > 0.15 && highest(&plain, FaceShape::JawOpen) < 0.1);

    // A gesture of the mouth wins over the word on the lips.
    let puffed = with_tiers(|tiers| {
        let what = vec![Viseme::Aa; 4];
        tiers.mouthing.push(Timed { what, intensity: 1.0, span: Span::tokens(1, 1) });
        tiers.cheeks.push(Timed { what: Cheeks::Puffed, intensity: 1.0, span: Span::tokens(0, 2) });
    });
    assert!(highest(&puffed, FaceShape::CheekPuff) > 0.7);
    assert!(highest(&puffed, FaceShape::JawOpen) < 0.12, "{}", highest(&puffed, FaceShape::JawOpen));
}

#[test]
fn a_head_shakes_and_nods() {
    let span = Span::tokens(1, 2);
    let of = |kind| {
        let frames = with_tiers(|tiers| {
            tiers.head.push(Timed { what: HeadMotion { kind, times: 2 }, intensity: 1.0, span });
        });
        let forward: Vec<Vec3> = frames.iter().map(|frame| turn(frame, Bone::Head) * Vec3::Z).collect();
        let width = |pick: fn(&Vec3) -> f32| {
            let (low, high) =
                forward.iter().map(pick).fold((f32::MAX, f32::MIN), |(low, high), x| (low.min(x), high.max(x)));
            high - low
        };
        (width(|v| v.x), width(|v| v.y))
    };
    let (aside, up) = of(HeadMotionKind::Shake);
    assert!(aside > 0.3 && aside > 2.0 * up, "shake: {aside} {up}");
    let (aside, up) = of(HeadMotionKind::Nod);
    assert!(up > 0.2 && up > 2.0 * aside, "nod: {aside} {up}");
}

#[test]
fn a_one_handed_sign_can_be_signed_by_the_other_hand_while_a_hand_holds() {
    // Month above, day below: the second token is the weak hand's, within the first's time.
    let up = || one(config_of(index(), Some(Dir::BACK), Some(Dir::LEFT), None), Action::NONE);
    let mut both = sentence(vec![token("1月", vec![up()], None), token("1日", vec![up()], None)]);
    both.manual[0] =
        ManualChannel(vec![ManualSegment { token: 0, kind: ChannelUse::Lexeme, span: Span::tokens(0, 0) }]);
    both.manual[1] =
        ManualChannel(vec![ManualSegment { token: 1, kind: ChannelUse::Transferred, span: Span::tokens(0, 0) }]);
    both.constructions = vec![Construction { dominant: 0, weak: 0 }];
    let (frames, report) = sign_all(&avatar(), config(), &[both]).unwrap();
    let [month, day] = report.timeline.tokens[..] else { panic!("{:?}", report.timeline.tokens) };
    assert!(month.start <= day.start && day.end <= month.end, "both in one token's time: {month:?} {day:?}");
    let end = (report.timeline.tokens[0].end.as_secs() * 25.0) as usize;
    let rest = &frames[0];
    for side in [Side::Left, Side::Right] {
        let bone = Bone::on(side, "Hand").unwrap();
        assert!(joint(&frames[end], bone).y > joint(rest, bone).y + 0.12, "{side:?} hand signs");
    }
    let (_, fingers) = palm_and_fingers(&frames[end], Side::Left);
    assert!(fingers.x < -0.7, "the weak hand mirrors the form: {fingers}");
}

#[test]
fn an_idle_hand_is_let_go_unless_it_is_held() {
    let base = ordinary().tokens.remove(3);
    let you = ordinary().tokens.remove(0);
    let tokens = vec![base, you.clone(), you.clone(), you];
    let let_go = sentence(tokens);
    let mut held = let_go.clone();
    held.manual[1] = ManualChannel(vec![
        ManualSegment { token: 0, kind: ChannelUse::Lexeme, span: Span::tokens(0, 0) },
        ManualSegment { token: 0, kind: ChannelUse::Hold, span: Span::tokens(1, 3) },
    ]);
    let height = |sentence: SignSentence| {
        let (frames, report) = sign_all(&avatar(), config(), &[sentence]).unwrap();
        let at = |token: usize| {
            let end = (report.timeline.tokens[token].end.as_secs() * 25.0) as usize;
            joint(&frames[end - 2], Bone::LeftHand)
        };
        (at(0), at(3))
    };
    let (first, last) = height(let_go);
    assert!(last.y < first.y - 0.08, "released: {first} {last}");
    let (first, last) = height(held);
    assert!(last.distance(first) < 0.03, "held: {first} {last}");
}
