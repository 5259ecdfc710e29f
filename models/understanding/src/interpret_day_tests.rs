//! Sentences of a day as people say them, and numbers in English.

use super::{core, covers};

#[test]
fn the_sentences_of_a_day() {
    let knows = |text: &str, expected: &[&str]| {
        let line = core().gloss(text, "zh").unwrap();
        covers(text, &line);
        let glosses = format!(" {} ", line.line());
        for part in expected {
            assert!(glosses.contains(&format!(" {part} ")), "{text}: “{part}” in “{glosses}”");
        }
    };
    knows("他每天早上六点半起床跑步。", &["每天 早上 6点 半 他"]);
    knows("我每个星期三下午三点半去学校。", &["星期3 下午 3点 半 我"]);
    knows("我吃完饭就去找你。", &["我 吃 结束 去 找 你"]);
    knows("汽车没油了。", &["油 没有"]);
    knows("他借我的钱还没还。", &["还 没有"]);
    knows("我们公司有一百多人。", &["100 多 人"]);
    knows("苹果三块五一斤。", &["苹果 3.5 钱 1"]);
    knows("这本书三百块钱。", &["300 钱"]);
    knows("她戴眼镜。", &["他 戴 眼镜"]);
    knows("你慢点说。", &["你 慢 说"]);
    knows("我不喜欢吃苹果。", &["吃 苹果 喜欢 不"]);
    knows("别忘了带手机。", &["带 手机 忘记 不"]);
    knows("别忘了带苹果。", &["带 苹果 忘记 不"]);
    knows("你别难过。", &["难过 不"]);
    knows("他不但会开车，而且会修车。", &["他 能 汽车"]);
    knows("飞机晚点了两个小时。", &["飞机 迟到 2小时"]);
    knows("两个小时后我去学校。", &["2小时"]);
    knows("这个房间又大又干净。", &["家 大 干净"]);
    knows("钱包里有三百块钱。", &["300 钱"]);
}

#[test]
fn words_of_news_and_of_every_day() {
    for (text, expected) in [
        // 有时 is no time that one has; 二比一 is a score; 坐地 is no word here.
        ("我每天晚上跑步，有时也打羽毛球。", "每天 晚上 我 跑 有时 也 打 羽毛球"),
        ("中国队以二比一战胜了日本队。", "中国队 2 比 1 赢 日本 队"),
        ("坐地铁很快。", "坐 地铁 快"),
        ("一直往前走。", "直 前 走"),
        // What softens, causes or goes on needs no sign.
        ("帮我拿一下。", "帮助 我 拿"),
        ("老师让我们写字。", "老师 我们 写"),
        ("他还是没来。", "他 来 没有"),
        ("你喝茶还是喝咖啡？", "你 喝 茶 或者 喝 咖啡"),
        // 当 says what one becomes, and opens no condition.
        ("你想当老师还是当记者？", "你 想 工作 老师 或者 工作 记者"),
        ("周末我们参观长城。", "周末 我们 参观 长城"),
        ("星期天外婆给我们做饭。", "星期天 外婆"),
        // Which week or month, seen from now.
        ("下个月我们去旅游。", "下 月 我们 去 旅游"),
        ("上周一他病了。", "上 星期1 他 病"),
        ("下个星期见。", "下 星期 看"),
        ("请等一下。", "请 等"),
        ("河边有人。", "河 有 人"),
        ("东北和西北气温下降。", "东 北 西 北 温度 下降"),
    ] {
        let line = core().gloss(text, "zh").unwrap();
        covers(text, &line);
        assert!(line.line().contains(expected), "{text}: {}", line.line());
    }
}

#[test]
fn english_numbers_go_with_their_units() {
    for (text, expected) in [
        ("I waited for two hours.", "我 等 2小时"),
        ("The museum opens at nine o'clock.", "9点"),
        ("He is twenty-five years old.", "25 岁"),
        ("There are three apples.", "苹果 3"),
        ("I have been waiting for 3 days.", "3"),
        ("This one is good.", "好"),
    ] {
        let line = core().gloss(text, "en").unwrap();
        assert!(line.line().contains(expected), "{text}: {}", line.line());
    }
}
