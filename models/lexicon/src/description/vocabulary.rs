//! The vocabulary: every word of the language but fingers, counts and quoted figures, which are scanned.

use std::collections::HashSet;

use signing::{BodySite as B, FingerMotionKind as F};

use super::{
    dir::{Axis, DirWord, dir_words},
    face,
    words::{
        Adverb as A, Bend, FormVerb, Link, Near, Part as P, PathWord, Posture, Prep, PutKind, Relation as R, RoundWord,
        Verb as V, Who, Word as W,
    },
};

/// All words with their meanings; where a word occurs twice the first meaning holds.
pub(crate) fn vocabulary() -> Vec<(String, W)> {
    let mut all = Vec::new();
    let mut add = |meaning: W, words: &str| {
        all.extend(words.split_whitespace().map(|word| (word.to_owned(), meaning.clone())));
    };
    hands(&mut add);
    shapes(&mut add);
    body(&mut add);
    relations(&mut add);
    verbs(&mut add);
    contacts(&mut add);
    manners(&mut add);
    small_words(&mut add);
    for (word, entry) in face::words() {
        add(W::Face(entry), word);
    }
    let axes = [
        (Axis::LeftRight, "左右 左右方向"),
        (Axis::UpDown, "上下 上下方向"),
        (Axis::ForwardBack, "前后 前后方向 里外 内外"),
        (Axis::Slanting, "斜向"),
    ];
    for (axis, words) in axes {
        add(W::Axis(axis), words);
    }
    for (word, dir) in dir_words() {
        add(W::Dir(dir), &word);
    }
    compounds(&mut all);
    ways(&mut all);
    let mut add = |meaning: W, words: &str| {
        all.extend(words.split_whitespace().map(|word| (word.to_owned(), meaning.clone())));
    };
    add(W::Dir(DirWord::FORWARD), "身前方 正前方 身体前方");
    add(W::Dir(DirWord::ONE_SIDE), "横向 旁侧");
    add(W::Axis(Axis::UpDown), "竖向 纵向上下");
    add(W::Dir(DirWord::FORWARD), "纵向");
    add(W::Dir(DirWord::UP), "正上方 高处 高 天空");
    add(W::Dir(DirWord::DOWN), "正下方 低处 低 地面");
    all
}

/// 倒下, 跳起: the way is in the verb's end.
fn ways(all: &mut [(String, W)]) {
    for (word, meaning) in all {
        let way = match word.chars().last() {
            Some('下' | '落') => DirWord::DOWN,
            Some('起') => DirWord::UP,
            _ => continue,
        };
        let gathers = ["收起", "缩起", "包起", "裹起", "凸起"].contains(&word.as_str());
        match meaning {
            _ if gathers || word.chars().count() < 2 => {}
            W::Verb(V::Travel(dir @ None) | V::Stroke(dir @ None)) => *dir = Some(way),
            _ => {}
        }
    }
}

/// 撸向, 摆出, 挑回: a verb of one character with what says how it ends, where the language has no word of its own for it.
fn compounds(all: &mut Vec<(String, W)>) {
    let known: HashSet<String> = all.iter().map(|(word, _)| word.clone()).collect();
    let stems: Vec<(String, V)> = all
        .iter()
        .filter_map(|(word, meaning)| match meaning {
            W::Verb(verb) if word.chars().count() == 1 => Some((word.clone(), *verb)),
            _ => None,
        })
        .collect();
    let mut seen = HashSet::new();
    for (stem, verb) in stems {
        let moves = matches!(verb, V::Travel(_) | V::Stroke(_) | V::Swing | V::Brush | V::Turn);
        let meets = matches!(verb, V::Tap | V::Touch | V::Brush | V::Grasp | V::Insert);
        if !(moves || meets) {
            continue;
        }
        let stays = ["向", "至", "到", "入", "进", "住", "着", "了", "动", "紧"].map(|end| (end, verb));
        let away = ["出", "回", "去", "来", "开", "离", "过"].map(|end| (end, V::Travel(None)));
        let rises = [("起", V::Travel(Some(DirWord::UP)))];
        for (end, verb) in stays.into_iter().chain(away.into_iter().filter(|_| moves)).chain(rises) {
            let word = format!("{stem}{end}");
            if !known.contains(&word) && seen.insert((word.clone(), format!("{verb:?}"))) {
                all.push((word, W::Verb(verb)));
            }
        }
    }
}

fn hands(add: &mut impl FnMut(W, &str)) {
    add(W::Who(Who::One), "一手 单手 一只手");
    add(W::Who(Who::Both), "双手 两手 两只手 左右手 左、右手 双掌 两掌");
    add(W::Who(Who::Left), "左手 左侧手");
    add(W::Who(Who::Right), "右手");
    add(W::Who(Who::Other), "另一手 另一只手 另手 对方手");
    add(W::Who(Who::Same), "手 该手 此手");
    add(W::Part(P::Palm), "掌心 拳心 拳面 手掌 掌 手心 掌面 手掌心 心");
    add(W::Part(P::Back), "手背 背 手背部 拳背");
    add(W::Part(P::Fist), "拳 拳头");
    add(W::Part(P::Web), "虎口 拳眼");
    add(W::Part(P::Tips), "指尖 尖 尖端 指端");
    add(W::Part(P::Pads), "指面 指肚 指腹 螺纹面 指头肚");
    add(W::Part(P::Backs), "指背 指甲 甲背 甲 指甲盖 指甲盖处");
    add(W::Part(P::Root), "根部 指根 指根部 根部关节 指根部关节 根 根关节");
    add(W::Part(P::Gap), "指缝 指缝间 指间 缝 缝隙 指缝中");
    add(
        W::Part(P::Joint),
        "关节 指节 中节 中部关节 中节指 骨节 指背关节 指关节 关节处 指中节 第二关节 第二节 中部 第一关节 第一节 第三关节 第三节 末节 末关节",
    );
    add(W::Part(P::Wrist), "手腕 腕 腕部 袖口 手表 表盘 手镯 脉搏处 护腕 手腕部 腕关节 脉搏");
    add(W::Part(P::Forearm), "小臂 前臂 袖子 衣袖 袖 袖筒");
    add(W::Part(P::UpperArm), "上臂 大臂 臂章 袖标 袖章 上臂部");
    add(W::Part(P::Arm), "臂 手臂 胳膊 臂部");
    add(W::Part(P::Elbow), "肘 肘部 胳膊肘 肘尖 手肘");
    add(W::Part(P::ElbowInner), "肘窝 肘窝处 臂弯处 臂弯里 肘弯");
    add(W::Part(P::Heel), "掌根 掌根部 大鱼际 手掌根 掌下端");
    add(
        W::Part(P::Ulnar),
        "拳轮 拳底 拳下端 小指外侧 小鱼际 小指下缘 小指一侧 手掌外侧 掌外沿 掌下缘 小指侧 手掌下缘 掌外侧 小鱼际处 手侧 掌侧 小指边 下缘",
    );
    add(W::Part(P::Radial), "拇指一侧 拇指侧 手掌内侧 掌上缘 上缘");
    add(W::Part(P::Edge), "外沿 边缘 边沿 一边");
}

fn shapes(add: &mut impl FnMut(W, &str)) {
    for (posture, words) in [
        (Posture::Across, "横伸"),
        (Posture::Upright, "直立 立掌 竖掌 竖立 竖直 竖起 竖伸 立起 竖立起来 直伸 上伸 向上直立 竖"),
        (Posture::Level, "平伸 前伸"),
        (Posture::EdgeAcross, "横立"),
        (Posture::EdgeForward, "侧立"),
        (Posture::Slanting, "斜伸"),
        (Posture::SlantingUp, "斜立"),
        (Posture::Down, "垂立 下垂 垂下 垂伸"),
        (Posture::Sideways, "侧伸"),
    ] {
        add(W::Posture(posture), words);
    }
    for (bend, words) in [
        (Bend::Straight, "伸直 伸展 挺直"),
        (Bend::Bent, "弯曲 弯 屈 屈起 弯起 弯屈 内屈 勾起 屈曲 成钩状 成钩形"),
        (
            Bend::Curved,
            "持碗状 端碗状 握杯状 持杯状 托碗状 持球状 抱球状 握物状 微曲 微弯 微屈 稍曲 稍弯 略弯 微弯曲 稍弯曲 略曲 稍屈",
        ),
        (Bend::Together, "并拢 并齐 合拢 并紧 闭拢"),
        (Bend::Spread, "分开 张开 叉开 岔开 散开 分叉 撑开"),
        (Bend::SlightlySpread, "微张 微张开 稍张 稍张开 稍分开 微分开 微分 略张开 略分开 稍分 微微张开 微开"),
        (Bend::Bunched, "撮起 撮合 撮拢 聚拢 撮在一起 捏拢 捏在一起 聚合 撮"),
        (
            Bend::Pinched,
            "持笔状 握笔状 捏针状 执笔状 捏笔状 持针状 捏物状 捏取状 相捏 捏合 对捏 捏紧 捏住 相接 捏 相触",
        ),
        (Bend::Crossed, "相叠 交叠 叠在一起"),
        (Bend::Fist, "握拳 成拳 握成拳 攥拳 握紧拳头 捏拳"),
        (Bend::LooseFist, "虚握 半握拳 微握拳 虚握拳 空握 轻握拳 空拳 半握 虚握成拳 空心拳"),
        (Bend::Closed, "握拢 缩回 收拢 收回 屈回 缩进 缩 蜷曲 蜷缩 收起 弯回"),
        (Bend::Arched, "拱起 弓起 隆起"),
        (Bend::Cupped, "凹进 凹 凹陷 空出 中空 空心 内凹"),
        (Bend::ElbowBent, "屈肘 弯肘 抬肘"),
        (Bend::Relaxed, "放松 自然弯曲 自然微曲 自然下垂 松开 放开"),
    ] {
        add(W::Bend(bend), words);
    }
    add(W::Extend, "伸 伸出 翘起 张 伸着 露出");
    add(W::Form(FormVerb::As), "成 呈 构成 形成 组成 围成 弯成 圈成 作成 合成 变成 做成 环成 屈成 曲成 握成");
    add(W::Form(FormVerb::Pinch), "捏成 相捏成 撮成 相捏为 撮合成 对捏成");
    add(
        W::Form(FormVerb::Build),
        "搭成 搭 相搭成 组成 交叉搭成 叠成 交叉成 相叠成 合搭成 交叉相搭成 拼成 摆成 相抵成 搭出",
    );
    add(W::Form(FormVerb::Draw), "书空 书写 书 写出 划出 画出 空书 画 描 描画 勾画 比画 勾勒 描出 勾出");
    for (round, words) in [
        (
            RoundWord::Circle,
            "圆形 圆圈 圆圈形 环形 圆状 圈 圆孔 圆环 圆孔状 圆圈状 圆环形 圆筒形 筒形 筒状 圆筒状 圆 圈形",
        ),
        (RoundWord::SmallCircle, "小圆形 小圆圈 小圆孔 小圈 小圆 小环形"),
        (RoundWord::LargeCircle, "大圆形 大圆圈 大圆 大圈 大圆环"),
        (
            RoundWord::HalfCircle,
            "窝状 窝形 坑状 兜状 捧状 半圆形 半圆 半圆弧形 半圆状 弧形状 大半圆形 小半圆形 半圆圈 圆弧形 碗形 碗状 半环形",
        ),
        (RoundWord::Ball, "球形 圆球形 球状 半球形 圆球状"),
        (RoundWord::Oval, "椭圆形 扁圆形 长圆形"),
        (RoundWord::Square, "框 方框 方形 方格形 长方形 正方形 方框形 方格 方块形 矩形 四方形 框形"),
        (RoundWord::Hook, "钩形 钩状 勾形"),
        (RoundWord::Claw, "爪形 爪状 鹰爪形 虎爪状 抓握状"),
    ] {
        add(W::Round(round), words);
    }
    add(
        W::FigureEnd,
        "形 字形 状 字状 字 字框形 字框 字框状 的指式 指式 的手势 手势 的手形 手形 的形状 形状 之形 式 字母形 的姿势 的样子 样 手型 的手型 线",
    );
    add(W::Letter, "手指字母 字母 手语字母 指语字母 汉语手指字母");
    add(W::Number, "数字");
    add(W::Do, "打 做 作 用手打 打出");
}

fn body(add: &mut impl FnMut(W, &str)) {
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
        (B::UnderChin, "颏下 下巴下 颏部下方 颌下"),
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

fn relations(add: &mut impl FnMut(W, &str)) {
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
            "相间 相插 互插 交错相插 互相交插 交插 相握 相互握住 互握 握在一起 紧握 交叉相握 互相握住 十指交叉 五指交叉 手指交叉",
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

fn verbs(add: &mut impl FnMut(W, &str)) {
    let none = V::Travel(None);
    add(
        W::Verb(none),
        "吸入 吸 吐 咽 吞 吞咽 咽下 吞下 呕 啃 拥抱 依靠 挎 挎着 驮 碾 碾压 轧 碾动 剃 剃动 剪断 割 割断 割去 收割 砍断 折断 掰断 扯断 断开 断裂 裂开 爆开 炸开 迸发 迸出 绽开 绽放 盛开 萎缩 卷 卷拢 卷曲 铺 铺设 砌 粉刷 浇灌 灌入 注入 流入 汇入 汇集 聚集 膨胀 胀大 崩塌 翻身 翻腾 飘浮 浮动 漂浮 潜行 俯冲 滑翔 跳跃 跃过 奔跑 奔驰 飞驰 刹车 停车 倒车 系上 解开 发射 瞄准 照射 闪烁 开启 拉上 取回 拿回 夺过 抢 抢过 抢夺 争夺 捕捉 拦 拦挡 阻挡 阻拦 锁 锁上 上锁 钻孔 凿 凿动 敲凿 雕刻 刻 刻划 描画 勾画 涂画 点缀 测量 称量 计数 翻看 查阅 阅读 浏览 指示 指引 引导 带领 尾随 落后 退后 躲避 错开 偏离 偏斜 扭曲 舒展 显示 出现 喷涌 喷发 爆发 突起 蠕动 抽搐 甩掉 丢掉 丢弃 抛弃 推掉 除去 去掉 抹掉 擦掉 删去 划掉 勾掉 消失 隐去 隐没 藏入 藏起 收藏 装入 装进 存入 插好 安上 安装 拆下 拆开 卸下 穿上 披上 围上 系好 扎上 梳理 拢向 盘绕 编 编织 织 纺 纺线 缝补 绣 刺绣 洗刷 刷洗 冲洗 漂洗 揉洗 拧干 晾 晾晒 晒 烤 烘烤 煎 搅匀 裹上 卷住 盛起 盛出 端上 捧上 奉上 献上 敬上 呈上 递上 送上 献出 拔掉 挖掘 掘 铲除 耕 播撒 播种 栽 种植 插秧 锯断 迈步 跨步 挣 挣开 挣脱 绷 绷开 崩开 探视 环顾 扫视 环视 巡视 收回 缩回 握拢 收起 缩进 伸开 比划 比画 夹取 抓取 取物 循环 蜿蜒 穿行 钻行 滑步 溜 溜动 翱翔 游弋 穿梭 穿来穿去 撒动 倾洒 倾倒出 拂去 掠去 扒 扒动 比量 丈量 量 拱 拱动 探 探出 探向 晃过 悠 飞出 荡出 跨 跨过 迈 迈动 迈出 踱 降至 升至 举过 提至 端至 抛向 扔向 投向 甩向 拉近 送至 送向 递给 递向 交给 接 接过 接住 收到 拿起 拿出 拿开 摘下 摘掉 取下 脱下 扎紧 系 系紧 捆 绑 包 裹 裹住 揭下 撕下 剥 剥开 剥去 剥下 削去 切开 劈开 翻找 翻阅 挤 挤压 挤动 压缩 压扁 钉 钉入 刺穿 扩张 张大 拓展 展示 亮出 出示 露出来 凸出 突出 鼓出 凸起 收紧 拉紧 勒 勒紧 束紧 束 放松开 松 拨转 拨弄 摁 摁下 摁住 搅和 翻搅 掀翻 倒出 倒入 倾 泻 溢出 滴 漏 漏下 落到 飘落 飘下 飘过 飘向 飘起 滚下 滚过 滚动着 驶向 驶入 开出 开过 开走 开进 开向 走向 走过 走出 走进 跑 跑动 跑过 爬上 爬向 爬行着 游 游走 游过 滑向一侧 冲向 冲过 冲入 冲起 射向 飞过 飞向 飞起 飞去 越 超过 超出 赶上 追上 追赶 撤 撤回 撤出 离 离去 躲 躲开 闪 闪开 避开 让开 挡开 架起 搭起 盖起 掏去 抹平 铺平 摊平 拉平 推平 移平 撑大 拉大 扩开 散 散去 扩散 蔓延 伸延 延续 持续 延长 伸长 拉向两侧 拉直 伸展开 展翅 扇翅 悬空 悬 吊 吊起 挂起 提拉 提升 提高 降落 着陆 起飞 上下起伏 移动 移 移去 平移 移出 移入 移至 移到 移向 移开 移回 移过 动 运动 拉 拉开 拉出 拉动 拉长 牵拉 推 推出 推动 推移 推开 推去 送 送出 送去 抽出 抽 拽 拖 拖动 引出 掏出 掏 取出 收进 收 收拢 划 划动 划出 划过 划向 划至 划到 划去 划开 划入 横划 竖划 斜划 掠过 掠 越过 穿过 通过 经过 绕过 滑动 滑 滑行 滑下 滑向 滑过 飘动 飘 伸 伸出 前伸 伸向 伸入 钻 钻动 钻出 钻入 端 端出 捧 捧出 捧起 托出 传 传递 传送 递 递出 冲出 冲 行进 前进 前行 行走 走动 爬行 爬动 爬 游动 飞行 飞 绕行 走 倾斜 倾倒 歪 倒 倒下 摊开 铺开 展开 抹开 扩展 扩大 延伸 吐出 喷出 喷 射出 涌出 流下 流出 流动 泼 洒 撒 撒出 撒下 扔 扔出 扔掉 抛 抛出 投 投出 掷 掷出 甩出 弹出 弹开 弹起 跳动 跳 跳起 蹦 返回 退回 退 后退 缩 收缩 缩小 缩短 靠近 靠 靠向 接近 迎 跟 追 跟随 赶 套向 罩 盖下 折 折向 折回 起伏 波动 起落 牵引 牵 牵动 拨开 推进 推入 放 放置 转向 转到 转至 移近 移远 移离 离开 挪 挪动 挪至 移位 划回 拉回 收至 拉至 拉到 拉向 移送 推向 推至 推到 撒开 拔 拔出 揭 揭开 揭起 脱 穿 穿出 穿入 挂 渗 漂动 漂 运 搬 搬动 驶 行驶 开动 驶出 驶过 撞 撞去 插动 穿插 落 冒 冒出 甩开 展 散开 散出 摆出 抖开 扯 扯开 扯动 撕 撕开 掰 掰开 掰动 锯 锯动 拉锯 刺 刺出 刺向 扎 扎入 戳 掷去 翻越 拂 拂动 拂过 挥出 拐 拐弯 舀 舀起 兜 兜起 抄 抄起 铲 铲动 铲起 挖 挖动 刨 刨动 锄 耙 搂 搂动 捋 捋动 捞 捞动 抚动 扫 扫动 扫过 扫去 刷动 梳动 搅 搅动 搅拌 研磨 磨 磨动 揉动 搓动 撇 撇动 撇出 拨 拨动 拨出 拨向 挑动 挑出 剔 剔动 比 比高度 比高矮 比大小 比长短 比划大小 比划高度 比划长度",
    );
    let up = V::Travel(Some(DirWord::UP));
    add(
        W::Verb(up),
        "攀 攀爬 攀登 登 登上 浮起 浮上 跃起 卷起 盘起 鼓起 冒泡 冒气 栽起 跳上 走上 跑上 冲上 飞上 移上 推上 上移 升起 上升 升 升高 举起 举 上举 高举 抬起 抬 抬高 上抬 提 提起 上提 托起 托 托住 端起 拎起 拎 升上 竖起来 立起来 掀起 掀 掀开 挑 挑起 翘 翘起 上翘 顶起 顶 顶出 向上顶起 冒起 弹上 挺起 站起 揪起 拿起 隆起来 扬 扬起 捡起 捡 上扬 撩 撩起 上挑 上叠 叠加 摞 叠起 上摞 叠 叠高 堆起 堆 垒 垒起 平举 平抬",
    );
    let down = V::Travel(Some(DirWord::DOWN));
    add(
        W::Verb(down),
        "凹下 陷下 塌下 倒塌 坍塌 拉下 潜入 潜下 凋落 拉下来 跳下 走下 跑下 爬下 冲下 飞下 流下 泻下 甩下 扔下 丢下 摔下 弹下 移下 推下 下移 下降 降 降下 降低 落下 放下 垂 下垂 沉 沉下 下沉 下压 压 压下 下滑 下拉 下落 蹲下 坐下 掉下 倒下去 滴下 滴落 垂落 下按 下划 坠 坠下 跌落",
    );
    let stroke = V::Stroke(None);
    add(
        W::Verb(stroke),
        "弯 下弯 掷下 抛下 按动 挥 挥动 甩 甩动 挥去 挥下 劈下 砍下 切下 剁下 击 击出 捶动 顿 顿一下 冲击 招 招动 招手 抽打 抽动 打出 出击 挺 挺出 耸 耸动 蹬 踢 踢出 踩动 颠 颠动 掂 掂动 抖落 弯下 勾动 勾 勾去 扳 扳动 扣动 扣 掐动 扳下 挥摆 撑 撑起 撬 撬动 打动 投射 压动 扎下 蘸",
    );
    add(W::Verb(V::Stroke(Some(DirWord::DOWN))), "劈 砍 剁 切 切动 斩 捣 捣动 踏 踩 跺 夯");
    let swing = V::Swing;
    add(
        W::Verb(swing),
        "振翅 摆尾 鞭打 踏步 错动 上下错动 扑腾 来回晃 荡来荡去 晃动 晃 摆动 摆 摇动 摇 摇晃 摇摆 扇动 扇 摆手 晃悠 荡 摇荡 飘摆 舞动 挥舞 扑动 扑扇 拍动 来回移动 来回动 摇手 摆来摆去 簸动 筛动 荡动 摆荡 抡 抡动 颤摆 左右晃 扭摆 舞 伸缩 一伸一缩",
    );
    add(W::Verb(V::Tremble), "震荡 振动 抽动几下 颤动 抖动 抖 颤抖 微抖 震动 哆嗦 发抖 微颤 颤 震颤 抖颤");
    add(
        W::Verb(V::Turn),
        "绕环 转动 转 旋转 转圈 绕圈 绕动 绕 环绕 盘旋 回旋 滚动 滚 卷动 翻滚 绕转 划圈 划圆 旋动 缠绕 缠 旋绕 打转 绞动 绞",
    );
    add(W::Verb(V::TurnWrist), "转腕 翻腕 转手腕 转动手腕 转动腕部 手腕转动 翻转手腕 扭腕 转动腕 抖腕 旋腕");
    add(
        W::Verb(V::Flip),
        "掉头 回转 翻身 翻转 翻 翻掌 翻转为 转为 翻成 转成 翻动 翻开 翻过 翻过来 反转 翻向 翻起 翻手 倒转 翻倒 变换方向 调转 转换 翻转成 掉转 翻转过来",
    );
    add(W::Verb(V::Twist), "旋紧 旋开 拧好 扭动 拧动 拧 扭 扭转 拧转 搓 搓转 旋拧");
    for (kind, words) in [
        (F::Wiggle, "点动 弹琴 弹动琴键 抓动 依次弯动 爬动 交替弯动 依次点动 弹奏 捏动几下琴键 交替动 敲键盘 游走"),
        (F::Bend, "弯动 屈动 点头 屈伸 弯曲跪下 跪 跪下 勾动 钩动 曲动 一屈一伸 伸屈 屈 弯一下 伸缩"),
        (F::OpenClose, "开合 张合 捏动 一张一合 一开一合 一捏一放 开闭 捏放 夹动 剪动 夹 剪 一张一捏"),
        (F::Rub, "搓捏 捏搓 捻动 捻 互捻 搓捻 捻搓 揉捻 对捻 相捻"),
        (F::Flick, "弹响 弹出响声 打响指 弹动 弹 弹击 弹出一下 相弹 弹拨"),
        (F::Tremble, "颤指"),
    ] {
        add(W::Verb(V::Fingers(kind)), words);
    }
    add(
        W::Verb(V::Swap),
        "互换位置 交换位置 换位 互换 交换上下位置 互换上下位置 交换左右位置 互换前后位置 上下互换位置 左右互换位置 前后互换位置 交换前后位置 上下交换位置 左右交换位置 前后交换位置 互换左右位置 调换位置 交换 对换位置 位置互换 互换一下位置",
    );
    add(W::Verb(V::Write), "书写 写字 写 签字 签名 记录 画画 写字状 写信 批改 涂写 书写文字");
    mimed(add);
    add(W::Verb(V::Stop), "一顿 停顿 顿住 一停");
    add(
        W::Verb(V::Still),
        "不分开 不离开 不松开 不放开 不离 静默片刻 停留片刻 停顿片刻 停片刻 静默 不动 停住 停止 停 静止 固定 停止不动 固定不动 停留 保持不动 稍停 定住",
    );
    add(W::Verb(V::Become), "变成 变为 改为 变 改成 换成 改伸 变换为 改打 换为 改 转变为 变化为 变换成");
    add(
        W::Verb(V::Meet),
        "靠拢 靠紧 碰拢 合 合上 合拢 闭合 聚拢 关闭 拢 并拢 合起 相合 收合 汇合 聚 会合 靠到一起 并到一起 闭 关上 对接",
    );
    add(W::Verb(V::Part), "拉开距离 打开 分开 敞开 分离 张开 分 掰开 拨开 撑开 向两侧打开 撤开");
    add(W::Verb(V::Cross), "交错 交叉 交错移动 交叉移动");
    add(W::Verb(V::Wind), "围绕");
    growing(add);
}

/// 由窄变宽, 由低到高: what grows or shrinks is a way that the hands go.
fn growing(add: &mut impl FnMut(W, &str)) {
    let pairs = [
        ("窄宽 细粗 短长 合开", W::Verb(V::Part)),
        ("宽窄 粗细 长短 开合", W::Verb(V::Meet)),
        ("低高 矮高 浅深", W::Verb(V::Travel(Some(DirWord::UP)))),
        ("高低 高矮", W::Verb(V::Travel(Some(DirWord::DOWN)))),
        ("近远", W::Verb(V::Travel(Some(DirWord::FORWARD)))),
        ("远近", W::Verb(V::Travel(Some(DirWord::BACK)))),
        ("轻重 弱强", W::Adverb(A::Forceful)),
        ("重轻 强弱 大小", W::Adverb(A::Slight)),
        ("小大", W::Adverb(A::Large)),
        ("快慢", W::Adverb(A::Slow)),
        ("慢快", W::Adverb(A::Fast)),
    ];
    for (ends, verb) in [("缩小 变小 变窄 拉近 缩短 变近", V::Meet), ("增大 变大 变宽 加大 拉大 扩大 变远", V::Part)]
    {
        for end in ends.split(' ') {
            for what in ["间距", "距离"] {
                for how in ["", "逐渐", "渐渐", "慢慢", "越来越"] {
                    add(W::Verb(verb), &format!("{what}{how}{end}"));
                }
            }
        }
    }
    for (list, meaning) in pairs {
        for pair in list.split(' ') {
            let mut ends = pair.chars();
            let (Some(from), Some(to)) = (ends.next(), ends.next()) else { continue };
            for what in ["", "间距", "距离", "两手间距", "双手间距", "两手距离", "双手距离", "幅度", "动作", "速度"]
            {
                for prep in ["由", "从"] {
                    for turns in ["变", "到", "至", "渐", "变到", "渐变", "逐渐变", "渐渐变"] {
                        add(meaning.clone(), &format!("{what}{prep}{from}{turns}{to}"));
                    }
                }
            }
        }
    }
}

/// 做…的动作: what everyday actions come to for a hand.
fn mimed(add: &mut impl FnMut(W, &str)) {
    add(W::Verb(V::Write), "持笔写字 执笔写字 握笔写字 提笔写字 书写状 写毛笔字");
    add(W::Verb(V::Twist), "拧毛巾 拧衣服 拧螺丝 拧钥匙 开锁 转钥匙 拧瓶盖 拧水龙头 拧干毛巾");
    add(
        W::Verb(V::Turn),
        "滚球 摇辘轳 缠线 绕线 骑自行车 蹬车 摇车 卷毯子 搅拌状 滚雪球 摇动摇柄 绕毛线 编 编绕 编织 编辫 编辫子 卷头发",
    );
    add(
        W::Verb(V::Stroke(None)),
        "行军礼 行队礼 行注目礼 敬礼 行礼 敬队礼 敬军礼 挥手 招呼 推车 饮水 喝 吃 倒水 倒酒 举杯 干杯 端碗 端盘 端茶 捧书 持枪 举枪 瞄准射击 挑担 扛 背 背东西 抬东西 提东西 拉车 撒网 收网 采茶 摘果 浇水 浇花 洒水",
    );
    add(W::Verb(V::Fingers(F::Wiggle)), "打算盘 打字 敲击键盘 按键 按键盘 弹钢琴 拨算盘 打键盘 敲打键盘 打电脑 弹吉他");
    add(W::Verb(V::Fingers(F::OpenClose)), "剪东西 剪布 剪纸 理发 剪发 夹菜 夹东西 挤奶 捏东西 捏饺子 包饺子 剪头发");
    add(W::Verb(V::Fingers(F::Rub)), "点钱 数钱 撒盐 撒种 撒调料 数钞票 点钞 捻线");
    add(
        W::Verb(V::Brush),
        "擦粉 洗脸 擦汗 擦脸 抹油 洗头 搓衣 洗衣 搓洗 刷牙 梳头 刮脸 刮胡子 擦玻璃 擦桌子 擦拭状 洗手 搓澡 擦拭的 抹粉 化妆 抹药 擦药 磨刀 擦鞋 擦油 抹口红 涂口红 洗衣服 擦洗 搓手 抹泪 擦眼泪 擦泪 熨衣 熨烫",
    );
    add(
        W::Verb(V::Swing),
        "跑步 走路 行走状 摇扇 扇扇子 摇铃 驾驶 开车 转方向盘 划船 摇橹 划桨 游泳 拉锯状 推磨 拍球 锯木 锯木头 打鼓 敲鼓 打扫 扫地 拖地 摇篮 哄孩子 哄婴儿 摇奶瓶 拉琴 拉二胡 拉小提琴 钓鱼 骑马 骑车 荡秋千 跳绳 滑雪 滑冰 打气 筛 簸 刨木 刨木头 锄地 铲土 挖土 炒菜 捣蒜 擀面 揉面 揉面团 和面 切菜 刮鱼鳞 铲雪 打球 打乒乓球 打网球 打羽毛球 揉搓状 挥拍 炒 擀 甩鞭 挥鞭 搬东西 刷墙 刷漆 拉风箱 拉手风琴 推车 推拉",
    );
    add(
        W::Verb(V::Stroke(None)),
        "砍柴 劈柴 砍东西 投篮 投球 扣球 扔东西 射箭 拉弓 开枪 扣扳机 扣动扳机 举重 拔河 发球 击球 打针 注射 拉幕 关门 开门 推门 敲门 盖章 打枪 射击 拉弦 投掷 铅球 扣篮 拔草 拔萝卜 摘东西 抛球 喂饭 吃饭 喝水 喝酒 喝茶 饮水 抽烟 吸烟 戴帽 戴帽子 穿衣 脱衣 脱帽 戴眼镜 穿针 系扣子 系扣 打领带 系领带 系鞋带 系带 打结 缝衣 缝 缝纫 绣花 织毛衣 编织 纳鞋底",
    );
}

fn contacts(add: &mut impl FnMut(W, &str)) {
    add(
        W::Verb(V::Tap),
        "互勾 相勾 互钩 相钩 互拉 弹 弹击 弹打 弹向 锤 锤击 锤打 捶击 槌 擂 鼓掌 拍手 拍掌 击掌 碰 碰触 碰向 碰到 触 触碰 触及 点 点向 点击 敲 敲打 敲击 拍 拍打 拍向 拍击 打 击打 打击 砸 砸向 捶 捶打 撞击 相撞 相碰 碰撞 叩 轻叩 砸击 弹打 磕 啄 戳 戳向 捅 刺 按压 揿 盖章 轻拍 轻敲 轻点 轻碰 扎 拍了拍 啪 掴 砸下 互碰 互拍 互击 互敲 互打 对碰 相击 互砸 对击 碰碰 撞 磕碰 甩打 杵 顿向",
    );
    add(
        W::Verb(V::Touch),
        "插上 拦住 挡在 亲吻 吻 覆 覆上 贴 贴向 贴到 贴上 抵 抵住 抵向 抵到 抵至 按 按住 按向 按在 按到 压 压住 压向 压在 捂 捂住 盖 盖住 盖在 罩住 罩在 遮 遮住 挡 挡住 搭 搭在 搭向 靠在 托 托住 撑住 顶住 扶 扶住 堵 堵住 落在 放在 放到 置 置入 横贴 贴住 贴靠 搁 架 立 立在 停在 支 支撑 扣 扣在 扣向 盖向 覆盖 粘 抱 抱住 搂 搂住 掩 掩住 顶在 卡 卡住 塞 捂向 戴 戴上 戴在 叉 叉在 叉腰 躺 坐 骑 跨 趴 趴在 依偎 倚靠 倚",
    );
    add(
        W::Verb(V::Brush),
        "撸 捋 摸 摸摸 抚摸 抚 抹 抹动 抹去 抹过 擦 擦动 擦过 擦拭 蹭 蹭动 蹭过 划 刮 刮动 刮过 刷 梳 搔 挠 挠动 抓挠 揉 揉搓 摩擦 摩 搓 互搓 相搓 拭 揩 磨 相磨 互磨 摩挲 削 刨 捋 掸 掸动 拂 扫 轻抚 相互摩擦 对搓 互擦 犁 互摸 涂 涂抹 勾划",
    );
    add(
        W::Verb(V::Grasp),
        "捉 捉住 逮住 撮取 捏取 夹取 拿取 取 抠取 握 握住 握向 捏 捏住 捏起 抓 抓住 抓向 抓握 抓起 抓紧 揪 揪住 揪起 掐 掐住 夹住 夹 扣住 攥 攥住 拿 拿住 拿着 提着 拎着 揪着 拈 拈住 拽住 拉住 牵住 钩住 勾 勾住 抠 抠动 采 摘 拔 套 套住 套在 套入 套进 兜住 搀 搀扶 挽 挽住 掏取 持 执 咬 咬住 抓取 揭",
    );
    add(
        W::Verb(V::Insert),
        "插 插入 插向 插进 插在 插到 伸进 钻入 钻进 塞入 塞进 嵌入 穿入 穿进 刺入 投入 放入 放进 移入 落入 戳入 捅入 扎入 夹在 夹入 置入",
    );
    add(W::Verb(V::Point), "指 指向 指着 指指 指点 指一指 点指");
    add(
        W::Put(PutKind::Placed),
        "齐 高度齐 高齐 平齐于 高与 置于 位于 放于 停于 立于 放在 放置于 置在 架于 架在 举于 举在 停在 处于 平放于 横置于 立在 竖立于 斜立于 平置于 悬于 横放于 直立于 放置在 斜放于 斜置于 横立于 侧立于 竖放于 平放在 搁于 搁在 托于 端于 举至 抬至 垂于 横于 伸于 伸至 平伸于 横伸于 藏于 落于 落在 移置于 分置于 分别置于 竖于 立置于 坐于 骑于 置 跨于 躺于 散置于 挂于 悬在",
    );
    add(
        W::Put(PutKind::Touching),
        "贴近 贴近于 贴于 抵于 按于 压于 搭于 捂于 靠于 贴在 抵在 按在 扶于 顶于 盖于 扣于 托在 撑于 支于 叉于 罩于 紧贴 紧贴于 轻贴 轻贴于 横贴于 横贴在 横按于 触于 贴近于 搭放于 搭放在 交叉搭于 叠于 叠在 压在 垫于 托住 遮于 挡于 粘于 轻按 轻抵于 附于 附在 横搭于 横搭在 抱于 紧抵 抵着 按着 贴着 捂着 扶着 托着 卡于 卡在 斜贴于 斜贴在 覆于 覆盖于 盖在 罩在 扣在 捂在 顶在 靠在 戴于 竖贴于 直贴于 平贴于 相贴于 交叉贴于 交叉置于 交叉抵于 交叉放于 横抵于 横压于 叉腰于 捏于 捏在 夹于 挂在 缠于 绕于 横架于 架着 贴放于 抱住",
    );
    add(
        W::Put(PutKind::Holding),
        "握住 捏住 抓住 握于 套于 套在 揪住 夹住 钩住 勾住 握着 捏着 抓着 勾于 套住 钩于 钩在 勾在 夹着 扶握 拉住 掐住 揪着 攥住",
    );
    add(W::Put(PutKind::Inserted), "插于 插在 夹在 嵌于");
    add(W::Put(PutKind::PointingAt), "对向 对准 正对 斜对");
}

fn manners(add: &mut impl FnMut(W, &str)) {
    for (adverb, words) in [
        (
            A::Forceful,
            "猛烈 剧烈 强烈 坚定地 果断地 利落 干脆 动作有力 动作要有力 力度要大 力度大些 动作用力 用力猛 用力些 用力 使劲 猛力 重重 狠狠 有力 用劲 大力 重 猛 奋力 用力地 有力地 狠 使力",
        ),
        (
            A::Slow,
            "轻柔 轻柔地 柔和 缓和 平缓 舒缓 徐缓 低速 渐次 悄悄 偷偷 悄悄地 偷偷地 速度由快到慢 由快变慢 动作要慢 动作慢些 动作缓慢 速度慢些 速度要慢 由快到慢 动作慢 速度慢 动作要缓慢 无力 无力地 缓慢 缓缓 慢慢 慢 徐徐 逐渐 渐渐 缓 缓慢地 慢慢地 渐 缓缓地 慢速 动作要平稳 动作平稳 动作要稳 动作稳",
        ),
        (
            A::Fast,
            "匆匆 急忙 连忙 赶紧 倏地 飞速 高速 急忙地 匆匆地 速度由慢到快 由慢变快 速度加快 速度快些 由慢到快 速度逐渐加快 动作快些 动作要快 速度要快 动作快 速度快 动作迅速 动作要迅速 动作快速 轻快 快速 迅速 突然 猛然 猛地 飞快 快 急速 迅疾 急促 迅猛 很快 急 快速地 迅速地 忽然 急剧 骤然 频频 频繁 连续快速",
        ),
        (
            A::Slight,
            "小幅 微幅 微 微微 轻轻 轻 稍 稍微 略 略微 小幅度 轻微 少许 稍稍 轻轻地 幅度小些 动作幅度小些 幅度要小些 动作轻 动作要轻 动作轻些 动作要轻柔 动作轻柔 动作轻缓 幅度要小 幅度小 动作幅度小 动作小些 动作要小 动作小 动作幅度要小",
        ),
        (
            A::Large,
            "大幅 由轻到重 明显 大幅度 大 大大 幅度要大些 动作幅度大些 幅度大些 幅度较大 动作大些 动作幅度要大些 幅度大 动作幅度大 动作幅度要大 幅度要大 动作要大些 距离要大些 幅度逐渐增大 幅度渐大 幅度由小到大 幅度逐渐加大 由小变大 动作由小到大 幅度加大 幅度增大 动作大 动作要大",
        ),
        (A::Alternating, "交替 交替地 轮流 轮换 轮番 先后交替 互相交替 一上一下交替 依次交替"),
        (A::Together, "一块 一块儿 一起 一同 一齐 共同 齐 同步"),
        (A::SameWay, "同方向 朝同一方向 平行 同向"),
        (A::Mutual, "相互 互相 互 相 彼此 对"),
        (
            A::Stepwise,
            "断续 断断续续 间歇 稳步 逐次 挨个 顺次 一层层 一级级 一步步 一点点 一格格 一节节 一下下 一段一段 一段段 逐层 逐级 一截一截 一顿一顿 一顿一顿地 一下一下 一停一停 一步一步 一跳一跳 一级一级 分段 一格一格 一层一层 一节一节 一点一点 逐个 一个一个",
        ),
        (A::Clockwise, "顺时针 顺时针方向 按顺时针方向"),
        (A::CounterClockwise, "逆时针 逆时针方向 反时针 按逆时针方向"),
        (A::BackAndForth, "时左时右 忽左忽右 忽上忽下 忽高忽低 左一下右一下 来回 往返 往复 反复来回 来来回回 来去"),
        (A::Repeatedly, "反复 连续 不断 多次 重复 不停 不停地 连连 连 反复地 不断地 连续地 接连"),
        (A::Again, "再次 又"),
        (A::Crosswise, "反向 相反方向 反方向 向相反方向 交错"),
        (
            A::Plain,
            "匀速 均匀 均匀地 时快时慢 忽快忽慢 无规律 不规则 无规律地 不规则地 杂乱 错落 侧着 反着 成排 成行 成列 成组 各自 随节奏 随着节奏 随音乐 按节奏 继续 在空中 水平 连 过 逐步 再次地 依顺序 依次地 分别 各 随意 自然 任意 均 都 依次 仍 仍然 保持 轻松 直接 可 略为 有节奏地 稳稳 稳 立刻 立即 即 迅即 正 刚 只 整个 完全 全部 尽量 随即 直 横 斜 紧 先后 平稳 有节奏 象征性地 顺势 平着 竖着 横着 斜着 逐一 自然地 随意地 一致 要 分 似 好像 单 单独 原 原位 同 必须 须 也 还 起来 平 下来 上去 下去 出来 出去 过来 过去 进去 回来 回去 开来 开去 进来 起 出 开 住 去 来 到位 左右两手 些 稍加 分两次 对称 左右对称 对称地 左右同时 整体 大致 当即 继而地 分头 缓步",
        ),
    ] {
        add(W::Adverb(adverb), words);
    }
    for (path, words) in [
        (PathWord::Straight, "斜线 平行线 直线 直线形 直线状 一字形 一字 一字形地 笔直"),
        (PathWord::Arc, "弧 弧形 弧线 弧线形 圆弧 弧线状 抛物线 抛物线形 弧度 弧形状 大弧形 大弧线 小弧形"),
        (
            PathWord::Wave,
            "波纹线 波浪线 水波线 蜿蜒 蜿蜒状 弯弯曲曲 蜿蜒曲折 曲线形 曲线 波纹形 波纹状 波浪形 波浪状 起伏状 波浪 大的起伏状 起伏 波浪形起伏 弯曲形 波纹 小的起伏状 S形 蛇形 曲线状 水波纹状 波浪式 水波状 弯曲状 起伏形 波状 波形 大的曲线形 大的波浪形 小的曲线形 波浪起伏状 上下起伏状",
        ),
        (
            PathWord::ZigZag,
            "折线状 曲折线形 阶梯形 阶梯状 阶梯式 台阶状 台阶形 楼梯状 梯状 梯形 曲折形 折线 折线形 锯齿形 锯齿状 之字形 曲折 闪电形 折线状 曲折状 曲折线 Z字形 Z形",
        ),
        (PathWord::Circle, "圆圈状 圆周"),
        (PathWord::Spiral, "螺旋形 螺旋状 螺旋 旋转状 旋涡状 漩涡状"),
    ] {
        add(W::Path(path), words);
    }
}

fn small_words(add: &mut impl FnMut(W, &str)) {
    for (prep, words) in [
        (Prep::From, "从 自 由 自从 始于"),
        (Prep::To, "向 往 到 至 朝 朝着 向着 朝向 移向 直至 直到 落至 落到"),
        (Prep::At, "在 于 处在"),
        (Prep::Along, "沿 沿着 顺 顺着 循"),
        (Prep::Around, "绕 围绕 绕着 环绕 围着"),
        (Prep::With, "以 用"),
        (Prep::Past, "经 经过 越过 过 擦过 穿过 掠过 划过 移过 绕过"),
        (Prep::Object, "把 将 使 令 带动 带着"),
        (Prep::And, "与 和 同 跟 及"),
        (Prep::Following, "随 随着"),
    ] {
        add(W::Prep(prep), words);
    }
    for (link, words) in [
        (Link::First, "先 首先"),
        (Link::Then, "再 然后 接着 随后 最后 而后 之后 后 继而 又再 再接着 然后再 接着再 紧接着 继之"),
        (Link::Meanwhile, "同时 与此同时 随之 并同时 且同时 同时随之"),
        (Link::AtOnce, "边 一边 一面"),
        (Link::And, "并 并且 且 而 但"),
    ] {
        add(W::Link(link), words);
    }
    add(W::Facing, "朝 向 朝向 对着 对 对向 斜对 斜朝 对准 面向 面对 冲 正对 朝着 斜向");
    add(
        W::Locative(Near::At),
        "边缘 边沿 外沿 一端 正上 缺口 缺口处 空隙 空隙处 缝隙处 交界处 拐角 接口 接缝处 连接处 口沿 开口处 开口 处 部位 部 位置 之处 高度 不同位置 不同部位 各处 的位置 表面 前端 末端 后端 皮肤 外缘 内缘 底下 平面 中指指尖处",
    );
    add(W::Locative(Near::UpperEnd), "上端 顶端 上部 顶部 上沿");
    add(W::Locative(Near::LowerEnd), "下端 下部 底部 底端 下沿");
    add(W::Locative(Near::Around), "周围 四周 附近 周围不同位置 一带");
    add(W::Locative(Near::Centre), "正中 正中间 中央 中央部位 中心");
    add(W::Locative(Near::Beside), "旁 边 旁边 一旁 侧");
    add(W::Locative(Near::In), "间 之间 中 内 里 里面 之中 之内 中间");
    add(W::Filler, "为轴 为中心 为圆心 为支点 为轴心 各 一道 一条 的 着 了 地 之 呈现 所 其 而 这 该 方向 动作要 是");
    add(W::Body(B::Chest, Near::At), "自己 自身 本人");
    add(W::Dir(DirWord::FORWARD), "对方 前面的人 他人");
    for (glyph, words) in [
        ("△", "三角形 三角 三角状"),
        ("◇", "菱形 菱形状"),
        ("∧", "屋顶形 屋顶状 人字形 屋脊形 尖状 尖顶形 尖形 塔形 塔尖状 房顶形 锥形 尖塔形 帐篷形 山形"),
        ("八", "八字形"),
        ("<", "鸭嘴状 鸭嘴形 鸟嘴状 鸟嘴形 嘴状 嘴形 尖嘴状 鸡嘴状 夹子状 钳状 钳形"),
        ("十", "十字形 十字 十字状 加号"),
        ("×", "叉形 叉号 交叉形 叉状 叉"),
        ("井", "井字形 网状 网格形 方格网状"),
        ("?", "问号 问号形"),
        ("!", "叹号 感叹号 惊叹号"),
        ("♡", "心形 桃形 桃心形"),
        ("☆", "五角星 五角星形 星形"),
        ("√", "对号 对勾 钩号"),
        ("∟", "直角 直角形 直角状 90度角"),
        ("一", "横线 一横 一条线 直横线 一横线"),
        ("丨", "竖线 一竖 一竖线"),
        ("%", "百分号"),
        ("=", "等号 两横"),
        (
            "C",
            "弧状 瓦形 瓦状 拱形 碟形 盘形 喇叭状 喇叭形 杯状 杯形 簸箕形 瓢状 月牙形 月牙状 弯月形 新月形 花朵状 花瓣状 荷花状 莲花状 花苞状 伞状 伞形 盆状 勺状 勺形 碗状形 弓形",
        ),
    ] {
        add(W::Quoted(glyph.to_owned()), words);
    }
    add(W::Action, "动作 的动作 之状 的样子 运动 状运动 形运动 状移动 状态 的状态");
    add(W::Comma, "、 ·");
    add(W::Once, "一");
    add(
        W::Note,
        "发出 形似 形如 状如 状似 犹如 好似 寓意 含义 表示 表 仿 如 象征 意为 意即 意思是 引申为 引申 模仿 仿佛 似 像 即 比喻 形容 喻 代表 表现 示意 指代 此为 泛指 也可 亦可 或 注 可根据实际情况 可根据实际 可根据 根据实际情况 根据实际 此手势 此 该手势 该手语 左侧图为 国外聋人 此词 动作可 手的动作 手语 字形 源自 来源 来自",
    );
}
