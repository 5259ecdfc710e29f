//! Which node is which humanoid bone, when a file says so and when only its names do.

use serde_json::Value;
use signing::Bone;

/// Node index of each bone, as far as known.
pub(crate) type HumanMap = [Option<usize>; Bone::COUNT];

/// The map of `VRMC_vrm` (VRM 1.0) or `VRM` (0.x), if the document has one.
pub(crate) fn from_extension(document: &Value) -> Option<HumanMap> {
    let extensions = document.get("extensions")?;
    let mut map = [None; Bone::COUNT];
    if let Some(bones) = extensions.pointer("/VRMC_vrm/humanoid/humanBones").and_then(Value::as_object) {
        for (name, entry) in bones {
            if let (Some(bone), Some(node)) = (Bone::from_name(name), entry["node"].as_u64()) {
                map[bone.index()] = Some(node as usize);
            }
        }
        return Some(map);
    }
    for entry in extensions.pointer("/VRM/humanoid/humanBones")?.as_array()? {
        let (Some(name), Some(node)) = (entry["bone"].as_str(), entry["node"].as_u64()) else { continue };
        // VRM 0.x counts the thumb's bones as a finger's.
        let name = match name.split_once("Thumb") {
            Some((side, "Proximal")) => format!("{side}ThumbMetacarpal"),
            Some((side, "Intermediate")) => format!("{side}ThumbProximal"),
            _ => name.to_owned(),
        };
        if let Some(bone) = Bone::from_name(&name) {
            map[bone.index()] = Some(node as usize);
        }
    }
    Some(map)
}

/// A map from well-known node names; a bone no name gives stays empty.
pub(crate) fn from_names<'a>(names: impl Iterator<Item = (usize, &'a str)>) -> HumanMap {
    let mut map = [None; Bone::COUNT];
    for (node, name) in names {
        if let Some(bone) = bone_of(name) {
            // The first wins: exporters append suffixed duplicates.
            map[bone.index()].get_or_insert(node);
        }
    }
    map
}

/// The bone that a node of this name is in VRM, Mixamo or MakeHuman (`default`) rigs.
pub(crate) fn bone_of(name: &str) -> Option<Bone> {
    Bone::from_name(name).or_else(|| mixamo(name)).or_else(|| makehuman(name))
}

fn mixamo(name: &str) -> Option<Bone> {
    let name = name.rsplit_once(':').map_or(name, |(_, rest)| rest);
    let name = name.strip_prefix("mixamorig").unwrap_or(name);
    let (side, stem) = match (name.strip_prefix("Left"), name.strip_prefix("Right")) {
        (Some(stem), _) => ("left", stem),
        (_, Some(stem)) => ("right", stem),
        _ => ("", name),
    };
    let bone = match (side, stem) {
        ("", "Hips") => "hips",
        ("", "Spine") => "spine",
        ("", "Spine1") => "chest",
        ("", "Spine2") => "upperChest",
        ("", "Neck") => "neck",
        ("", "Head") => "head",
        ("", _) => return None,
        (_, "Eye") => "Eye",
        (_, "Shoulder") => "Shoulder",
        (_, "Arm") => "UpperArm",
        (_, "ForeArm") => "LowerArm",
        (_, "Hand") => "Hand",
        (_, "UpLeg") => "UpperLeg",
        (_, "Leg") => "LowerLeg",
        (_, "Foot") => "Foot",
        (_, "ToeBase") => "Toes",
        (_, stem) => {
            let finger = stem.strip_prefix("Hand")?;
            let (finger, segment) = finger.split_at_checked(finger.len().checked_sub(1)?)?;
            let segment = segment.parse::<usize>().ok()?.checked_sub(1)?;
            return finger_bone(side, if finger == "Pinky" { "Little" } else { finger }, segment);
        }
    };
    Bone::from_name(&format!("{side}{bone}"))
}

fn makehuman(name: &str) -> Option<Bone> {
    let (stem, side) = match name.rsplit_once(['.', '_']) {
        Some((stem, "L")) => (stem, "left"),
        Some((stem, "R")) => (stem, "right"),
        _ => (name, ""),
    };
    let bone = match (side, stem) {
        ("", "root") => "hips",
        ("", "spine04") => "spine",
        ("", "spine02") => "chest",
        ("", "spine01") => "upperChest",
        ("", "neck01") => "neck",
        ("", "head") => "head",
        ("", "jaw") => "jaw",
        ("", _) => return None,
        (_, "eye") => "Eye",
        (_, "clavicle") => "Shoulder",
        (_, "upperarm01") => "UpperArm",
        (_, "lowerarm01") => "LowerArm",
        (_, "wrist") => "Hand",
        (_, "upperleg01") => "UpperLeg",
        (_, "lowerleg01") => "LowerLeg",
        (_, "foot") => "Foot",
        (_, "toe1-1") => "Toes",
        (_, stem) => {
            let (finger, segment) = stem.strip_prefix("finger")?.split_once('-')?;
            let finger = finger.parse::<usize>().ok()?.checked_sub(1)?;
            let finger = ["Thumb", "Index", "Middle", "Ring", "Little"].get(finger)?;
            return finger_bone(side, finger, segment.parse::<usize>().ok()?.checked_sub(1)?);
        }
    };
    Bone::from_name(&format!("{side}{bone}"))
}

fn finger_bone(side: &str, finger: &str, segment: usize) -> Option<Bone> {
    let segments =
        if finger == "Thumb" { ["Metacarpal", "Proximal", "Distal"] } else { ["Proximal", "Intermediate", "Distal"] };
    Bone::from_name(&format!("{side}{finger}{}", segments.get(segment)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_known_rigs_are_understood() {
        let check = |name: &str, expected: Option<Bone>| assert_eq!(bone_of(name), expected, "{name}");
        check("leftThumbMetacarpal", Some(Bone::LeftThumbMetacarpal));
        check("mixamorig:LeftHandPinky3", Some(Bone::LeftLittleDistal));
        check("mixamorigRightForeArm", Some(Bone::RightLowerArm));
        check("mixamorig:RightHandThumb1", Some(Bone::RightThumbMetacarpal));
        check("finger1-2.L", Some(Bone::LeftThumbProximal));
        check("lowerarm01_R", Some(Bone::RightLowerArm));
        check("mixamorig:LeftHandIndex4", None);
        check("LeftHand", Some(Bone::LeftHand));
        check("Hand1", None);
        check("Lamp", None);
        check("", None);
    }
}
