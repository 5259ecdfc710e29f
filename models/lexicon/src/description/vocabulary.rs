//! The vocabulary: every word of the language but fingers, counts and quoted figures, which are scanned.

use std::collections::HashSet;

use super::{
    dir::{Axis, DirWord, dir_words},
    face,
    words::{Bend, FormVerb, Part as P, Posture, RoundWord, Verb as V, Who, Word as W},
};

mod body;
mod manner;
mod verbs;

/// All words with their meanings; where a word occurs twice the first meaning holds.
pub(crate) fn vocabulary() -> Vec<(String, W)> {
    let mut all = Vec::new();
    let mut add = |meaning: W, words: &str| {
        all.extend(words.split_whitespace().map(|word| (word.to_owned(), meaning.clone())));
    };
    hands(&mut add);
    shapes(&mut add);
    body::body(&mut add);
    body::relations(&mut add);
    verbs::verbs(&mut add);
    verbs::contacts(&mut add);
    manner::manners(&mut add);
    manner::small_words(&mut add);
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
    for (word, left, up) in [("左上角", 1.0, 1.0), ("右上角", -1.0, 1.0), ("左下角", 1.0, -1.0), ("右下角", -1.0, -1.0)]
    {
        add(W::Dir(DirWord::new(left, up, 0.0)), word);
    }
    // V字形, U形, 丁字形: a figure without its marks.
    for figure in ('A'..='Z').filter(|c| !matches!(c, 'S' | 'Z')).chain("丁工田口山井品门".chars()) {
        let words = ["字形", "字状", "形", "型", "字"].map(|end| format!("{figure}{end}"));
        let latin = figure.is_ascii_alphabetic();
        let words: Vec<_> = words.into_iter().filter(|word| latin || word.contains("字")).collect();
        add(W::Quoted(figure.to_string()), &words.join(" "));
    }
    add(W::Dir(DirWord::FORWARD), "身前方 正前方 身体前方 远处 远方");
    add(W::Dir(DirWord::BACK), "近处");
    add(W::Dir(DirWord::INWARD), "相向");
    add(W::Dir(DirWord::APART), "背向 相背");
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
    let verbs = all.iter().filter(|(_, meaning)| matches!(meaning, W::Verb(_) | W::Put(_)));
    let known: HashSet<String> = verbs.map(|(word, _)| word.clone()).collect();
    let stems: Vec<(String, V)> = all
        .iter()
        .filter_map(|(word, meaning)| match meaning {
            W::Verb(verb) if word.chars().count() == 1 => Some((word.clone(), *verb)),
            _ => None,
        })
        .collect();
    let mut seen = HashSet::new();
    for (stem, stem_verb) in stems {
        let verb = stem_verb;
        let moves = matches!(verb, V::Travel(_) | V::Stroke(_) | V::Swing | V::Brush | V::Turn);
        let meets = matches!(verb, V::Tap | V::Touch | V::Brush | V::Grasp | V::Insert);
        if !(moves || meets) {
            continue;
        }
        let stays = ["向", "至", "到", "入", "进", "住", "着", "了", "动", "紧"].map(|end| (end, verb));
        let away = ["出", "回", "去", "来", "开", "离", "过"].map(|end| (end, V::Travel(None)));
        let rises = [("起", V::Travel(Some(DirWord::UP)))];
        // 按下, 敲下: down, and onto what is there.
        let down = V::Travel(Some(DirWord::DOWN));
        let falls = if meets { vec![("下", down), ("下", verb)] } else { vec![("下", down)] };
        let falls = falls.into_iter().filter(|_| !matches!(verb, V::Turn | V::Swing | V::Insert));
        // 弹回, 碰开: what meets may come away again.
        let leaves = |end: &str| moves || ["回", "开", "离"].contains(&end);
        for (end, verb) in
            stays.into_iter().chain(away.into_iter().filter(|(end, _)| leaves(end))).chain(rises).chain(falls)
        {
            // 提出 rises as 提 does.
            let verb = match (verb, stem_verb) {
                (V::Travel(None), V::Travel(way)) => V::Travel(way),
                (verb, _) => verb,
            };
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
    add(W::Who(Who::Other), "另一手 另一只手 另手 对方手 那只手");
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
        (Posture::Across, "横伸 横放 横置 横摆"),
        (Posture::Upright, "直立 立掌 竖掌 竖立 竖直 竖起 竖伸 立起 竖立起来 直伸 上伸 向上直立 竖 竖放 竖置 直放"),
        (Posture::Level, "平伸 前伸 平放 平置 平举 平抬"),
        (Posture::EdgeAcross, "横立"),
        (Posture::EdgeForward, "侧立 侧放 侧置"),
        (Posture::Slanting, "斜伸 斜放 斜置"),
        (Posture::SlantingUp, "斜立"),
        (Posture::Down, "垂立 下垂 垂下 垂伸"),
        (Posture::Sideways, "侧伸 侧平举 侧举"),
    ] {
        add(W::Posture(posture), words);
    }
    for (bend, words) in [
        (Bend::Straight, "伸直 伸展 挺直"),
        (Bend::Bent, "弯曲 弯 屈 卷曲 卷起 屈起 弯起 弯屈 内屈 勾起 屈曲 成钩状 成钩形"),
        (
            Bend::Curved,
            "持碗状 端碗状 握杯状 持杯状 托碗状 持球状 抱球状 握物状 微曲 微弯 微屈 稍曲 稍弯 略弯 微弯曲 稍弯曲 略曲 稍屈",
        ),
        (Bend::Together, "并拢 并齐 合拢 并紧 闭拢"),
        (Bend::Spread, "张大 撑大 分开 张开 叉开 岔开 散开 分叉 撑开"),
        (Bend::SlightlySpread, "微张 微张开 稍张 稍张开 稍分开 微分开 微分 略张开 略分开 稍分 微微张开 微开"),
        (Bend::Bunched, "撮起 撮合 撮拢 聚拢 撮在一起 捏拢 捏在一起 聚合 撮"),
        (
            Bend::Pinched,
            "持笔状 握笔状 捏针状 执笔状 捏笔状 持针状 捏物状 捏取状 捏着 相捏 捏合 对捏 捏紧 捏住 相接 捏 相触",
        ),
        (Bend::Crossed, "相叠 交叠 叠在一起"),
        (Bend::Fist, "成拳形 呈拳形 成拳状 呈拳状 握拳 成拳 握成拳 攥拳 握紧拳头 捏拳"),
        (Bend::LooseFist, "虚握 半握拳 微握拳 虚握拳 空握 轻握拳 空拳 半握 虚握成拳 空心拳"),
        (Bend::Closed, "握拢 收拢 蜷曲 蜷缩 收起 抓合 抓拢"),
        (Bend::Withdrawn, "缩回 收回 屈回 缩进 缩 弯回"),
        (Bend::Arched, "拱起 弓起 隆起"),
        (Bend::Cupped, "中间留空 中间空出 中间空 中间隔开 留空 凹进 凹 凹陷 空出 中空 空心 内凹"),
        (Bend::ElbowBent, "屈肘 弯肘 抬肘"),
        (Bend::Relaxed, "放松 自然弯曲 自然微曲 自然下垂 松开 放开"),
    ] {
        add(W::Bend(bend), words);
    }
    add(W::Extend, "伸 伸出 翘起 张 伸着 露出");
    add(
        W::Form(FormVerb::As),
        "成 呈 构成 形成 组成 围成 弯成 圈成 作成 合成 变成 做成 环成 屈成 曲成 握成 扣成 抱成 拢成 卷成 缩成 张成",
    );
    add(W::Form(FormVerb::Pinch), "捏成 相捏成 撮成 相捏为 撮合成 对捏成");
    add(
        W::Form(FormVerb::Build),
        "搭成 搭 相搭成 组成 交叉搭成 叠成 交叉成 相叠成 合搭成 交叉相搭成 拼成 摆成 相抵成 搭出",
    );
    add(W::Form(FormVerb::Draw), "书空 书写 书 写出 划出 画出 空书 画 描 描画 勾画 比画 勾勒 描出 勾出");
    for (round, words) in [
        (
            RoundWord::Circle,
            "圆形 圆圈 圆圈形 环形 圆状 圈 圆孔 圆环 圆孔状 圆圈状 圆环形 圆筒形 筒形 筒状 圆筒状 圆 圈形 圆锥形 圆锥状 锥状 柱形 柱状 圆柱形 圆柱状 管形 管状 瓶形 瓶状",
        ),
        (RoundWord::SmallCircle, "小圆形 小圆圈 小圆孔 小圈 小圆 小环形"),
        (RoundWord::LargeCircle, "大圆形 大圆圈 大圆 大圈 大圆环"),
        (
            RoundWord::HalfCircle,
            "窝状 窝形 坑状 兜状 捧状 半圆形 半圆 半圆弧形 半圆状 弧形状 大半圆形 小半圆形 半球形 半球状 半圆圈 圆弧形 碗形 碗状 半环形",
        ),
        (RoundWord::Ball, "球形 圆球形 球状 圆球状"),
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
