//! Which node is which bone, and which nodes are twist bones.

use std::collections::HashMap;

use body::{TWIST_KEY, Twist, TwistDriver};
use serde_json::Value;
use signing::Bone;

/// The humanoid map of the `VRMC_vrm` extension, else nodes that bear a bone's own name.
pub(crate) fn bones(json: &Value, node_names: &[String]) -> [Option<usize>; Bone::COUNT] {
    let map = &json["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"];
    let by_name: HashMap<&str, usize> =
        node_names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).rev().collect();
    Bone::ALL.map(|bone| {
        let index = match map {
            Value::Object(map) => map.get(bone.name())?["node"].as_u64().and_then(|index| usize::try_from(index).ok()),
            _ => by_name.get(bone.name()).copied(),
        };
        index.filter(|index| *index < node_names.len())
    })
}

/// The twist bones that nodes declare in their `extras`.
///
/// Errors: a sentence on the first node whose declaration is unreadable.
pub(crate) fn twists(json: &Value, node_names: &[String]) -> Result<Vec<(usize, Twist)>, String> {
    let mut twists = Vec::new();
    for (index, name) in node_names.iter().enumerate() {
        let declared = &json["nodes"][index]["extras"][TWIST_KEY];
        if declared.is_null() {
            continue;
        }
        let drivers: Vec<TwistDriver> = serde_json::from_value(declared.clone())
            .map_err(|error| format!("node {name}: extras.{TWIST_KEY} is unreadable: {error}"))?;
        // The parent is for those who measure; drawing needs the drivers only.
        let parent = drivers.first().map_or(Bone::Hips, |driver| driver.source);
        twists.push((index, Twist { node: name.clone(), parent, drivers }));
    }
    Ok(twists)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_extension_wins_over_names() {
        let json = json!({"extensions": {"VRMC_vrm": {"humanoid": {"humanBones": {"hips": {"node": 1}, "head": {"node": 9}}}}}});
        let bones = bones(&json, &names(&["hips", "J_Bip_C_Hips"]));
        assert_eq!(bones[Bone::Hips.index()], Some(1));
        assert_eq!(bones[Bone::Head.index()], None, "a node that isn't there");
    }

    #[test]
    fn without_the_extension_names_decide() {
        let bones = bones(&json!({}), &names(&["root", "leftHand"]));
        assert_eq!(bones[Bone::LeftHand.index()], Some(1));
        assert_eq!(bones[Bone::Hips.index()], None);
    }

    #[test]
    fn an_unreadable_twist_names_its_node() {
        let json = json!({"nodes": [{"extras": {TWIST_KEY: [{"source": "tail", "fraction": 1}]}}]});
        let error = twists(&json, &names(&["forearm"])).unwrap_err();
        assert!(error.contains("forearm"), "{error}");
    }
}
