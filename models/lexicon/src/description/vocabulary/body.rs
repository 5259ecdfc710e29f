//! Words of places on the body, and of how hands stand to each other.

use signing::BodySite as B;

use crate::description::words::{Near, Relation as R, Word as W};

pub(super) fn body(add: &mut impl FnMut(W, &str)) {
    // Places of their own before those that are built from a site and 前.
    add(W::Body(B::UnderNose, Near::At), "鼻下 鼻子下 鼻孔下 鼻下方 鼻尖下");
    add(W::Body(B::ShoulderFront, Near::Before), "肩前 肩前方 肩部前");
    add(W::Body(B::Chest, Near::Before), "身前 体前 胸前 身体前");
    add(W::Body(B::Waist, Near::Beside), "身旁 身侧 体侧 身边");
    add(W::Body(B::Shoulder, Near::Behind), "肩后 肩膀后 身后 体后 背后 后背 背部 肩胛");
    add(W::Body(B::HeadTop, Near::Above), "头上 头上方 头顶上方");
    add(W::Body(B::Face, Near::Before), "面前 脸前 面部前");
    add(W::Body(B::Forehead, Near::Before), "头前 头前方 头部前");
    let sites: &[(B, &str)] = &[
        (B::HeadTop, "头顶 头顶部 头顶上 头皮 帽子 帽顶 帽"),
        (B::HeadSide, "头 头部 头发 脑袋 鬓角 鬓边 发际 鬓部 鬓发 假发 头巾"),
        (B::HeadBack, "后脑 脑后 后脑勺 头后 头后部 后脑部 发髻"),
        (B::Forehead, "前额 额头 额 额部 脑门 额前 额心 印堂 前额部 额际 额角 额旁 额上 帽檐 帽舌 刘海 帽徽"),
        (B::Temple, "太阳穴 太阳穴处"),
        (B::Brow, "眉际 眉弓 眉 眉毛 眉头 眉心 眉间 眉部 眼眉 眉梢 眉宇 眉骨 眉尾"),
        (
            B::Eye,
            "眼 眼睛 眼部 双眼 眼角 眼皮 眼眶 眼窝 眼珠 双目 眼圈 两眼 眼睑 下眼睑 眼镜 镜框 眼镜框 睫毛 眼泡 眼皮上 眼尾 眼睫毛",
        ),
        (B::Face, "面部 脸部 脸 面 脸面 面孔"),
        (B::Cheek, "脸颊 面颊 腮 腮部 颊 颊部 双颊 两颊 脸蛋 酒窝 双腮 两腮 颧骨 脸腮 腮帮 双颊部 脸颊部 腮边"),
        (B::NoseBridge, "鼻梁 鼻梁上 鼻根"),
        (B::NoseTip, "鼻尖 鼻子 鼻 鼻部 鼻头 鼻端"),
        (B::Nostril, "鼻翼 鼻孔 鼻侧 鼻孔处"),
        (
            B::Mouth,
            "口腔 口中 嘴里 嘴 嘴部 口 口部 嘴唇 唇 唇部 嘴巴 牙 牙齿 舌 舌头 舌尖 门牙 双唇 齿 嘴唇部 牙部 牙床 上牙 下牙 牙龈 嘴皮 双唇间",
        ),
        (B::UpperLip, "上嘴唇 上唇 人中"),
        (B::LowerLip, "下嘴唇 下唇"),
        (B::MouthCorner, "嘴角 口边 口旁 嘴边 口角 嘴旁 唇边 嘴角处"),
        (B::Chin, "颏 颏部 下颏 下巴 下颌 颌 下颚 胡须 胡子 下颌部 颌部 胡茬 山羊胡 须"),
        (B::UnderChin, "下巴下方 颌下方 下颏下方 颏下方 颏下 下巴下 颏部下方 颌下"),
        (B::Ear, "耳 耳部 耳朵 双耳 两耳 耳边 耳旁 耳侧 耳后 耳孔 耳根 耳廓 耳机 左右耳 耳道 耳洞 耳屏 耳轮"),
        (B::Earlobe, "耳垂 耳垂处 两耳垂 双耳垂 耳环 耳坠"),
        (
            B::Throat,
            "咽喉 喉 喉部 喉咙 咽喉部 颈 颈部 脖子 喉结 脖颈 领口 嗓子 衣领 领部 领子 领结 领带结 围巾 气管 食道 声带 扁桃体 甲状腺 红领巾 项链 喉头",
        ),
        (B::NeckSide, "颈侧 脖子一侧 颈一侧"),
        (B::NeckBack, "颈后 后颈 脖子后 颈椎 后脖颈 后脖子"),
        (B::Shoulder, "肩 肩部 肩头 肩膀 双肩 两肩 肩章处 肩章 肩带 背带 左右肩 肩窝 肩胛 肩胛骨"),
        (
            B::Chest,
            "胸 胸部 怀里 怀中 怀 胸口 胸膛 胸脯 身上 身体 身 身子 衣服 衣襟 前胸 上身 乳房 身躯 胸廓 锁骨 上衣 外衣 衬衣 内衣 毛衣 衣扣 纽扣 扣子 胸牌 领带 前襟 大襟 拉链 胸骨 胸腔 肺 肺部 胸侧 乳头 左右胸 辫子 辫梢 双乳 胸襟 全身",
        ),
        (B::Heart, "心脏 心脏部位 心 心口 心窝 心脏处 左胸心脏 心部"),
        (B::Belly, "腹 腹部 肚子 肚 肚脐 上腹 上腹部 胃 胃部 肚皮 胃部处 肝 肝部 肝脏 脾 脾部 胆 胆囊 胆部 肠 肠部"),
        (B::LowerBelly, "下腹 下腹部 小腹 小腹部 膀胱 子宫 阑尾 裆部 裆"),
        (
            B::Waist,
            "衣角 衣摆 裤缝 裤腰 腰 腰部 腰间 腰际 腰侧 腋下 肋 肋部 腋窝 肋骨 后腰 腰后 腰带 皮带 口袋 衣兜 裤兜 衣袋 裤袋 兜 围裙 裙腰 侧腰 后背 背部 脊背 脊椎 脊柱 腰椎 肾 肾部 两肋 双肋 肋下 双腰 两腰 腋 腋窝处",
        ),
        (B::Hip, "臀 臀部 胯 胯部 髋 髋部 屁股 臀后 胯骨 裤后 臀侧"),
        (
            B::Thigh,
            "大腿 腿 腿部 膝 膝盖 双腿 裤子 裤腿 裤脚 裙子 裙 裙摆 脚 脚部 脚尖 脚背 脚面 脚踝 脚跟 脚下 小腿 膝部 膝头 膝关节 鞋 鞋子 鞋带 足部 双膝 双脚 两腿 两膝 腿侧 腿前 大腿根 大腿外侧 腿面",
        ),
    ];
    for &(site, words) in sites {
        add(W::Body(site, Near::At), words);
        for word in words
            .split_whitespace()
            .filter(|word| word.chars().count() <= 3 && !word.ends_with(['前', '上', '后', '下', '边', '旁', '侧']))
        {
            add(W::Body(site, Near::Before), &format!("{word}前 {word}前方 {word}前面 {word}正前方"));
        }
    }
}

pub(super) fn relations(add: &mut impl FnMut(W, &str)) {
    for (relation, words) in [
        (R::Facing, "相对 相反 相向 对着 遥对 斜向相对 相互相对"),
        (
            R::Touching,
            "相接 相连 相合在一起 对抵 对碰在一起 相贴 相抵 相触 相靠 相碰 紧贴 相挨 互贴 互抵 贴在一起 靠在一起 抵在一起 并在一起 紧靠 挨在一起 碰在一起 紧挨 斜向相抵",
        ),
        (
            R::Crossed,
            "交叉 交叉相搭 相搭 交叉相贴 交叉相抵 搭在一起 交叉搭在一起 交叉在一起 相交 十字交叉 交叉叠放 交叉放 交叉置放 交错",
        ),
        (R::Stacked, "相叠 重叠 上下相叠 叠放 相摞 交叠 相互重叠 叠置"),
        (R::Linked, "套环 相套 互套 环环相套 相互套环 套在一起 相扣"),
        (R::Hooked, "相勾 钩在一起 勾住 相互勾住 互勾 相互勾拉 勾在一起 互相勾住 钩住 相钩"),
        (
            R::Clasped,
            "相错 错落相插 相间 相插 互插 交错相插 互相交插 交插 相握 相互握住 互握 握在一起 紧握 交叉相握 互相握住 十指交叉 五指交叉 手指交叉",
        ),
        (R::Praying, "合十 掌心相合 相合 合掌 双掌合十 合在一起 合并"),
        (R::Saluting, "抱拳 作揖 拱手"),
        (R::SideBySide, "并排 并列 排成一列 并排直立 靠拢 并拢在一起 靠近 紧靠在一起 排成一排"),
        (R::OneAbove, "上下排列 右高左低 右上左下 左低右高 左下右上 一上一下 一高一低 上下 一下一上 一低一高 上下放置"),
        (R::OneBefore, "前后排列 前后放置 右前左后 左后右前 一前一后 一后一前 一里一外 一内一外 一远一近"),
        (R::OneBelow, "左高右低 左上右下 右低左高 右下左上"),
        (R::OneBehind, "左前右后 右后左前"),
        (R::LeftRight, "左右排列 左右放置 一左一右 一右一左"),
        (R::OneUpright, "一横一竖 一竖一横 一横一直"),
        (R::BackToBack, "相背"),
        (R::Apart, "相距约 间隔约 间隔 距离约 间距约 相隔约 相距 间距 相隔 距离"),
    ] {
        add(W::Relation(relation), words);
    }
}
