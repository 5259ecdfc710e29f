//! Which joint of a foreign rig is which bone.

use signing::Bone;

use crate::names;

/// The bone of each joint, by the joints' names; the first of several that are the same bone.
///
/// Beside VRM, Mixamo and MakeHuman: rigs of Blender's kind (`upper_arm.L`, `f_index.01.R`), of VRoid's (`J_Bip_L_UpperArm`)
/// and of motion capture (`LeftCollar`, `LeftShoulder`, `LeftElbow`, `LeftWrist`; `LeftArm`, `LeftForeArm`). Where a rig has
/// both a collar and a shoulder, its shoulder is the upper arm.
pub(super) fn bones_of(names: &[String]) -> Vec<Option<Bone>> {
    let collars = names.iter().any(|name| plain(name).contains("collar"));
    let mut taken = std::collections::HashSet::new();
    names
        .iter()
        .map(|name| {
            let bone = if collars { collared(name) } else { None };
            let bone = bone.or_else(|| names::bone_of(name)).or_else(|| by_words(name));
            bone.filter(|bone| taken.insert(*bone))
        })
        .collect()
}

/// Lower case, without prefixes of a whole file.
fn plain(name: &str) -> String {
    let name = name.rsplit_once([':', '|']).map_or(name, |(_, rest)| rest);
    name.to_ascii_lowercase()
}

/// The side that a name says, and the name without it.
fn sided(name: &str) -> (&'static str, String) {
    let name = plain(name);
    for (word, side) in [("left", "left"), ("right", "right")] {
        if let Some(at) = name.find(word) {
            return (side, format!("{}{}", &name[..at], &name[at + word.len()..]));
        }
    }
    for (mark, side) in [("l", "left"), ("r", "right")] {
        for edge in [".", "_", "-", " "] {
            if let Some(stem) = name.strip_suffix(&format!("{edge}{mark}")) {
                return (side, stem.to_owned());
            }
            let inside = format!("{edge}{mark}{edge}");
            if let Some(at) = name.find(&inside) {
                return (side, format!("{}{edge}{}", &name[..at], &name[at + inside.len()..]));
            }
            if let Some(stem) = name.strip_prefix(&format!("{mark}{edge}")) {
                return (side, stem.to_owned());
            }
        }
    }
    ("", name)
}

/// Rigs whose clavicle is a collar.
fn collared(name: &str) -> Option<Bone> {
    let (side, stem) = sided(name);
    let bone = match letters(&stem).as_str() {
        "collar" => "Shoulder",
        "shoulder" => "UpperArm",
        "elbow" => "LowerArm",
        "wrist" | "hand" => "Hand",
        _ => return None,
    };
    Bone::from_name(&format!("{side}{bone}"))
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).collect()
}

fn by_words(name: &str) -> Option<Bone> {
    let (side, stem) = sided(name);
    let stem = stem.trim_start_matches("def-").trim_start_matches("j_bip_").trim_start_matches("c_").to_owned();
    let word = letters(&stem);
    let number: Option<usize> = {
        let digits: String = stem.chars().rev().take_while(char::is_ascii_digit).collect();
        digits.chars().rev().collect::<String>().parse().ok()
    };
    if side.is_empty() {
        return match (word.as_str(), number) {
            ("hips" | "hip" | "pelvis" | "root", None) => Some(Bone::Hips),
            ("spine" | "abdomen" | "torso", None | Some(0)) => Some(Bone::Spine),
            ("spine", Some(1 | 2)) | ("chest", None) => Some(Bone::Chest),
            ("spine", Some(3)) | ("upperchest", None) => Some(Bone::UpperChest),
            ("neck", _) => Some(Bone::Neck),
            ("head", _) => Some(Bone::Head),
            _ => None,
        };
    }
    let bone = match word.as_str() {
        "shoulder" | "clavicle" | "clav" => "Shoulder",
        "upperarm" | "uparm" | "arm" => "UpperArm",
        "forearm" | "lowerarm" | "lowarm" | "elbow" => "LowerArm",
        "hand" | "wrist" => "Hand",
        "thigh" | "upperleg" | "upleg" => "UpperLeg",
        "shin" | "calf" | "lowerleg" | "leg" | "knee" => "LowerLeg",
        "foot" | "ankle" => "Foot",
        "toe" | "toes" | "toebase" => "Toes",
        _ => return finger(side, &word, number?),
    };
    Bone::from_name(&format!("{side}{bone}"))
}

/// Fingers are numbered from 1 at the hand, some from 0.
fn finger(side: &str, word: &str, number: usize) -> Option<Bone> {
    let kinds = [("thumb", "Thumb"), ("index", "Index"), ("middle", "Middle"), ("ring", "Ring"), ("pinky", "Little")];
    let kinds = kinds.into_iter().chain([("little", "Little"), ("mid", "Middle"), ("fore", "Index")]);
    let (_, finger) = kinds.into_iter().find(|(part, _)| word.contains(part))?;
    let segments =
        if finger == "Thumb" { ["Metacarpal", "Proximal", "Distal"] } else { ["Proximal", "Intermediate", "Distal"] };
    Bone::from_name(&format!("{side}{finger}{}", segments.get(number.checked_sub(1)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], expected: &[Option<Bone>]) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(bones_of(&names), expected, "{names:?}");
    }

    #[test]
    fn bones_of_many_rigs_are_found() {
        use Bone::*;
        check(
            &["Hips", "LeftCollar", "LeftShoulder", "LeftElbow", "LeftWrist", "RightWrist"],
            &[Some(Hips), Some(LeftShoulder), Some(LeftUpperArm), Some(LeftLowerArm), Some(LeftHand), Some(RightHand)],
        );
        check(
            &["LeftShoulder", "LeftArm", "LeftForeArm", "LeftHand", "LeftHandIndex1", "mixamorig:RightHandThumb3"],
            &[
                Some(LeftShoulder),
                Some(LeftUpperArm),
                Some(LeftLowerArm),
                Some(LeftHand),
                Some(LeftIndexProximal),
                Some(RightThumbDistal),
            ],
        );
        check(
            &["spine", "shoulder.L", "upper_arm.L", "forearm.R", "hand.R", "f_index.01.R", "thumb.02.L", "tail"],
            &[
                Some(Spine),
                Some(LeftShoulder),
                Some(LeftUpperArm),
                Some(RightLowerArm),
                Some(RightHand),
                Some(RightIndexProximal),
                Some(LeftThumbProximal),
                None,
            ],
        );
        check(&["J_Bip_L_UpperArm", "J_Bip_C_Head", "l_hand"], &[Some(LeftUpperArm), Some(Head), Some(LeftHand)]);
        check(&["upper_arm.L", "upper_arm.L.001"], &[Some(LeftUpperArm), None]);
    }
}
