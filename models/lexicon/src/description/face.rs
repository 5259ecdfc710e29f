//! Words of face, head, gaze and body.

use signing::{
    BodyMotion, BodyMotionKind as K, BodySite, Brows, Cheeks, Expression as E, Eyes, Gaze, HeadMotion,
    HeadMotionKind as H, MouthShape as M, NonManual as N, Tongue,
};

/// What moves or shows something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Organ {
    Eye,
    Mouth,
    Head,
    Body,
    Brow,
    Shoulder,
    Cheek,
    Gaze,
    Nose,
    Teeth,
    Tongue,
}

impl Organ {
    /// The organ that a body site names.
    pub(crate) const fn of(site: BodySite) -> Option<Self> {
        Some(match site {
            BodySite::Eye => Self::Eye,
            BodySite::Mouth | BodySite::MouthCorner | BodySite::UpperLip | BodySite::LowerLip => Self::Mouth,
            BodySite::HeadSide | BodySite::HeadTop | BodySite::Face => Self::Head,
            BodySite::Chest | BodySite::Waist | BodySite::Belly => Self::Body,
            BodySite::Brow => Self::Brow,
            BodySite::Shoulder => Self::Shoulder,
            BodySite::Cheek => Self::Cheek,
            BodySite::NoseTip | BodySite::Nostril => Self::Nose,
            _ => return None,
        })
    }
}

/// A word of the face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum FaceWord {
    /// Says it whole (闭眼, 摇头).
    Whole(&'static [N]),
    /// What an organ does that is named before it (头 低).
    Does(&'static [(Organ, N)]),
    /// An organ that is no place of the hand (目光).
    Organ(Organ),
    /// 面露: an emotion follows.
    Show,
    /// An emotion.
    Feeling(E),
    /// 表情, 神情: closes an expression.
    Look,
}

const fn head(kind: H) -> N {
    N::Head(HeadMotion { kind, times: 1 })
}

const fn body(kind: K) -> N {
    N::Body(BodyMotion { kind, times: 1 })
}

/// Every word with its meaning; several words to a meaning stand between spaces.
static WORDS: &[(&str, FaceWord)] = &[
    (
        "面露 面带 脸露 脸带 露出 面呈 脸上露出 面部露出 表情 脸呈 面显 带 面现 脸上带 显出 现出 做出 流露出 面部表情 表情为",
        FaceWord::Show,
    ),
    (
        "表情 神情 神色 表情状 之情 样子 的表情 的神情 的神色 的样子 面容 的面容 神态 的神态 之色 状 色 相 的面部表情 情绪",
        FaceWord::Look,
    ),
    ("目视 凝视 凝望 眼望 眺望 遥望 远望", FaceWord::Whole(&[N::Gaze(Gaze::Addressee)])),
    ("目光 视线 眼神 双眼目光", FaceWord::Organ(Organ::Gaze)),
    ("双眉 两眉", FaceWord::Organ(Organ::Brow)),
    ("双唇 唇 口鼻", FaceWord::Organ(Organ::Mouth)),
    ("双肩 两肩", FaceWord::Organ(Organ::Shoulder)),
    ("双颊 两颊 双腮 两腮", FaceWord::Organ(Organ::Cheek)),
    ("眼皮 双目 两眼", FaceWord::Organ(Organ::Eye)),
    ("鼻翼", FaceWord::Organ(Organ::Nose)),
    ("口形 口型 嘴形 嘴型", FaceWord::Organ(Organ::Mouth)),
    ("牙关 上下牙", FaceWord::Organ(Organ::Teeth)),
    ("舌 舌头 舌尖", FaceWord::Organ(Organ::Tongue)),
    (
        "醉 香 津津有味 津津乐道 舒畅 知足 沉醉 单纯 纯真 安定 安静 笑容可掬 满面笑容 满面春风 容光焕发 神采奕奕 神采飞扬 眉飞色舞 和颜悦色 心满意足 扬扬得意 洋洋得意 欣然 爱恋 笑意 喜气 乐 甜 香甜 美 赞美 荣耀 荣幸 光荣 骄傲的 豪迈 憨笑 欢快 舒心 爽快 痛快 畅快 安心 放心 安逸 悠闲 闲适 亲和 喜庆 逗乐 诙谐 嬉笑 顽皮的 神往 欢迎 感谢 谦虚 谦逊 礼貌 客气 信任 喜 笑 笑容 微笑 喜悦 高兴 欢喜 愉快 快乐 满意 得意 欣喜 欢乐 开心 幸福 兴奋 喜爱 友好 亲切 欢笑 欣慰 喜色 热情 舒服 舒适 轻松 陶醉 甜蜜 满足 自豪 可爱 天真 娇羞 妩媚 乖巧 听话 顺从 淘气 机灵 豪爽 大方 爽朗 乐观 庆幸 侥幸 迷人 爱美 臭美 得胜 胜利 庆祝 祝贺 祝福 欢呼 热烈 热心 热爱 耐心 好笑 可笑 搞笑 傻笑 憨态 文雅 优雅 美好 美丽 漂亮 轻快 欢天喜地 兴高采烈 眉开眼笑 喜气洋洋 高高兴兴 欣赏 赞许 友善 和蔼 和善 赞赏 调皮 顽皮 享受 惬意 喜欢 感激 狂喜 激动 善意 活泼 坦然 愉悦 自信 骄傲自豪 安详 慈祥 温和 温柔笑容 羞涩 害羞 羞怯 腼腆 幽默 滑稽 得意洋洋 快活 自得",
        FaceWord::Feeling(E::Smile),
    ),
    (
        "哀痛 伤感 感慨 气馁 泄气 羞耻 歉疚 难堪 垂头丧气 愁眉苦脸 泪流满面 痛不欲生 悲痛欲绝 恋恋不舍 念念不忘 不高兴 不愉快 不好意思 不甘心 难舍 依依不舍 不舍 留恋 眷恋 思乡 凄惨 哀怨 无助 无望 无可奈何 无能为力 委靡 萎靡 丧气 落寞 颓废 颓丧 忏悔 认错 悔过 受委屈 冤枉 忧 悲 愁 悲伤 愁容 苦笑 悲观 痛惜 痛心 心碎 揪心 失恋 失意 厌世 破产 倒霉 无辜 泪 忧愁 伤心 难过 悲哀 悲痛 哀伤 沮丧 失望 委屈 苦恼 愁苦 忧伤 忧郁 沉痛 发愁 哭泣 哭 遗憾 惋惜 懊悔 后悔 无奈 惭愧 内疚 羞愧 失落 懊恼 凄凉 悲惨 孤独 寂寞 绝望 惆怅 消沉 烦恼 愧疚 愧色 灰心 歉意 抱歉 可怜 可惜 苦闷 冤屈 郁闷 抑郁 哀愁 悔恨 忧虑 沉闷 难为情 悲愤",
        FaceWord::Feeling(E::Sad),
    ),
    (
        "憎恨 恼恨 愤愤不平 怒气冲冲 义愤填膺 面红耳赤 面目狰狞 张牙舞爪 咬牙切齿 鲁莽 莽撞 冒失 激愤 强悍 嚣张 猖狂 阴沉 冷峻 可怕 可恶 凶神恶煞 凶悍 恶劣 挑衅 威胁 反抗 抗议 抵抗 斥责 训斥 指责 谴责 争吵 叫喊 喊叫 怒吼 咆哮 仇 愤恨的 愤怒 凶恶 生气 恼怒 气愤 凶狠 蛮横 苛刻 刻薄 尖刻 微怒 愠怒 激烈 仇怨 暴力 强横 逞凶 咄咄逼人 气势汹汹 气呼呼 怒目而视 恶相 憎恶 仇恨 怒容 怨恨 凶相 凶残 愤恨 发怒 暴怒 恶狠狠 坏相 凶暴 恼火 不满 狠毒 愤慨 霸道 残忍 怒气 怒色 暴躁 粗暴 恶毒 残暴 狰狞 敌视 抱怨 埋怨 不服气 不服 责备 阴险 狡猾 奸诈 野蛮 狂妄 怒 凶 恶意 恶 凶猛 怒不可遏 仇视 敌意 恨 坏",
        FaceWord::Feeling(E::Angry),
    ),
    (
        "惊疑 感叹 诡异 古怪 惊 震撼 惊呆 目瞪口呆 惊诧 不可思议 难以置信 赞叹 惊魂 愣 恍然 顿悟 明白 忽然明白 惊奇 惊讶 吃惊 惊异 诧异 惊险 刺激 突如其来 大吃一惊 惊恐万状 意外 惊喜 惊叹 震惊 好奇 惊愕 新奇 突然 恍然大悟 奇怪 醒悟 领悟",
        FaceWord::Feeling(E::Surprised),
    ),
    (
        "心惊胆战 毛骨悚然 贼眉鼠眼 害怕的 惊魂未定 恐怕 惧怕 怕羞 提心吊胆 怯 怯生生 懦弱 软弱可欺 躲避 逃避 受惊 惊骇 惊愕失色 害怕 惊恐 鬼祟 鬼鬼祟祟 偷偷摸摸 战战兢兢 胆战心惊 恐惧 恐怖 胆怯 畏惧 惊慌 惊吓 慌张 恐慌 胆小 惊惧 心虚 慌乱 怯懦 怕 惶恐 惊惶 畏缩 恐吓",
        FaceWord::Feeling(E::Afraid),
    ),
    (
        "幸灾乐祸 做作 眼红 不以为然 不自然 否定 反对 抗拒 排斥 烦腻 丑 丑陋 难看 恶俗 不情愿 不愿意 勉强 挑剔 拒绝 不同意 不赞成 唾弃 小看 瞧不起 不服 吝啬 小气 虚伪 虚假 假惺惺 奸笑 坏笑 厌恶 厌烦 挑拨 卖弄 虚荣 庸俗 低俗 轻浮 吝惜 讨厌 嫌弃 反感 鄙视 轻视 蔑视 恶心 不屑 嫌恶 厌倦 不耐烦 不喜欢 轻蔑 讥讽 嘲笑 讽刺 看不起 鄙夷 嘲讽 藐视 腻烦 下流 丑恶 嫌 不悦 冷笑 讥笑",
        FaceWord::Feeling(E::Disgusted),
    ),
    (
        "痛楚 炎热 闷热 疼 剧烈疼痛 咬牙坚持 坚持 挣扎 拼命 吃力的 费劲 困难 恶臭 臭 难闻 腥 咸 涩 呛 烫 晕 头晕 眩晕 恶心呕吐 呕吐 想吐 饥饿 饿 渴 口渴 干渴 难耐 闷 沉痛的 难熬 煎熬 痛苦 难受 刺眼 刺耳 耀眼 肚子疼 头疼 牙疼 疼痛难忍 痛苦不堪 不堪 呻吟 疼痛 吃力 辛苦 痛 费力 不舒服 苦涩 艰难 辣 苦 酸 很辣 很苦 很酸 麻 难忍 艰苦 刺痛 用力 剧痛 痒 冷 寒冷 很冷 热 受不了 使劲 忍耐 忍受 憋气 窒息 不适 怪味",
        FaceWord::Feeling(E::Pained),
    ),
    (
        "幻想 沉思的 联想 设想 猜度 盘算 斟酌 揣摩 寻思 追忆 怀念 想念 惦念 思 想 构想 思念的 遐想 空想 计算 观察 注意 聚精会神 全神贯注 关注 寻找 搜寻 查看 打量 端详 专心致志 思考问题 动脑筋 思考 思索 比较 对比 判断 分析 选择 权衡 辨别 分辨 细看 审视 细心 沉思 回忆 思念 认真思考 想象 深思 考虑 沉思状 专心 专注 凝思 回想 若有所思 琢磨 构思 冥思苦想",
        FaceWord::Feeling(E::Thinking),
    ),
    (
        "不知所措 疑问 怀疑 疑惑 困惑 纳闷 懵懂 求知 请教 打听 疑心 犹豫不决 左右为难 拿不定主意 半信半疑 矛盾 不解 迷惑 疑虑 犹豫 不明白 茫然 猜疑 询问 猜测 不相信 迷茫 犹疑 为难 尴尬 探寻 糊涂 不理解 探询 模糊 猜想 不懂 迟疑 质疑",
        FaceWord::Feeling(E::Doubtful),
    ),
    (
        "执着 镇静 理直气壮 坦诚 从容 肃静 小心翼翼 仔细 有神 炯炯有神 真挚 激昂 敬意 慷慨激昂 神圣 崇高 诚挚 深沉 坚信 坚贞 忠诚 忠实 果敢 豪放 豪气 大义凛然 正气 正直 正经 奋勇 奋进 振奋 精神振奋 精神抖擞 精神 精神饱满 专横 命令 命令式 强势 沉静 端庄 文静 稳健 理智 踏实 认真负责 负责 思想集中 公正 平和 慈悲 自强 不屈 不屈不挠 坚忍不拔 敬畏 敬重 仰视 严格 肯定 承认 承诺 保证 决断 英武 威风 凛然 英雄 无畏 勇猛 刚直 刚劲 强壮 健壮 有力 严肃 坚毅 神秘 诡秘 机密 老练 干练 仗义 慷慨 刻苦 勤奋 努力 奋斗 正色 服从 遵守 尽职 一本正经 胸有成竹 视死如归 坚定 坚强 认真 庄重 郑重 严厉 刚毅 坚决 威严 勇敢 果断 庄严 肃穆 冷静 郑重其事 谨慎 倔强 顽强 正义 英勇 强硬 慎重 刚强 固执 冷酷 严峻 毅然 凝重 决心 沉着 镇定 警惕 小心 小心谨慎 警觉 机警 虔诚 恭敬 尊敬 崇敬 敬仰 沉重 诚恳 诚实 真诚 老实 坚韧 稳重 威武 坚忍 敬佩 悼念 哀悼 沉稳 霸气 精明 聪明 机智 毅力",
        FaceWord::Feeling(E::Serious),
    ),
    (
        "急不可耐 惶惶不安 心烦意乱 殷切 仓促 慌 忙 忙碌 惴惴不安 坐立不安 心神不定 烦 心急如焚 急 急忙 危急 紧急 焦躁 焦灼 操心 挂念 牵挂 惦记 焦急 紧张 惊慌失措 手忙脚乱 匆匆忙忙 急匆匆 急不可待 慌慌张张 着急 不安 急躁 焦虑 担心 忧虑不安 急切 烦躁 慌忙 心急 忐忑不安 急迫 担忧 心烦 忙乱 匆忙 窘迫 迫切 烦闷",
        FaceWord::Feeling(E::Anxious),
    ),
    (
        "懈怠 疲累 昏沉 昏昏欲睡 有气无力 软弱 衰老 病 昏 迷糊 老态 苍老 体弱 慵倦 疲劳 疲惫 疲倦 劳累 困倦 病容 虚弱 无力 困乏 懒散 懒惰 无精打采 乏力 生病 慵懒 病态 没精神 疲乏 困 累 懒 软弱无力 昏迷 沉睡 睡 睡觉 疲软 憔悴 瞌睡 无聊 衰弱",
        FaceWord::Feeling(E::Tired),
    ),
    (
        "傲慢 骄傲 显摆 了不起 摆架子 洋洋自得 趾高气扬 高傲 自满 目中无人 神气 得意忘形 盛气凌人 自大 炫耀 自负 傲气",
        FaceWord::Feeling(E::Proud),
    ),
    (
        "谦卑 呵护 珍爱 深情 深爱 恩爱 温馨 柔和 柔情 仁慈 慈悲为怀 可爱 心爱 体谅 谅解 原谅 照顾 照料 抚慰 安慰 关怀 怜爱 慈爱 疼爱 爱怜 关心 同情 怜悯 温柔 爱抚 喜爱怜惜 心疼 体贴 慈善 怜惜 关切 关爱 亲昵 亲热 爱意 爱 温情 善良 感动 珍惜 爱护 溺爱 宽容 恳切",
        FaceWord::Feeling(E::Tender),
    ),
    (
        "迷恋 献媚 羡慕的 垂涎 想要 盼 憧憬未来 渴望的 眷念 嘴馋 崇拜 爱慕 依恋 求助 求饶 央求 诚恳请求 期待 羡慕 诱惑 诱人 迫不及待 热切 期许 盼望的 渴望 盼望 期盼 向往 希望 贪婪 馋 祈求 乞求 哀求 恳求 企盼 仰慕 请求 贪心 期望 憧憬 痴迷 入迷 祈祷 嫉妒 妒忌 讨好 谄媚 着迷 巴结 渴求 眼馋 贪",
        FaceWord::Feeling(E::Longing),
    ),
    (
        "冷若冰霜 粗心 大意 悠然 木然 冷冰冰 死板 茫然若失 漫不经心 随便 马虎 散漫 敷衍 满不在乎 不屑一顾的 无情 绝情 冷 淡泊 心不在焉 失神 痴 呆头呆脑 傻乎乎 傻气 憨 笨 愚笨 无动于衷 无表情 面无表情 冷漠 冷淡 麻木 呆滞 无所谓 呆板 淡漠 平静 若无其事 漠然 痴呆 木讷 呆傻 傻 发呆 愚蠢 憨厚 呆呆 目光呆滞 迟钝 淡然 不理睬 不在乎 呆",
        FaceWord::Feeling(E::Blank),
    ),
    ("面无表情 毫无表情 表情呆滞 脸无表情 目光呆滞 眼神呆滞", FaceWord::Whole(&[N::Expression(E::Blank)])),
    ("面部表情自然 表情自然 神态自然 神情自然", FaceWord::Whole(&[])),
    (
        "笑 笑状 微笑 面含微笑 大笑 开口笑 张口笑 张嘴笑 咧嘴笑 笑容满面 眉开眼笑 喜笑颜开",
        FaceWord::Whole(&[N::Expression(E::Smile)]),
    ),
    (
        "皱眉 紧皱眉头 紧锁眉头 双眉紧锁 眉头紧皱 皱眉头 皱起眉头 皱紧眉头",
        FaceWord::Whole(&[N::Brows(Brows::Furrowed)]),
    ),
    ("皱着眉 皱眉 皱眉状 皱起双眉", FaceWord::Whole(&[N::Brows(Brows::Furrowed)])),
    ("扬眉 挑眉 抬眉", FaceWord::Whole(&[N::Brows(Brows::Raised)])),
    ("皱眉闭眼 闭眼皱眉", FaceWord::Whole(&[N::Brows(Brows::Furrowed), N::Eyes(Eyes::Closed)])),
    ("张口皱眉 皱眉张口 张嘴皱眉 皱眉张嘴", FaceWord::Whole(&[N::Mouth(M::Open), N::Brows(Brows::Furrowed)])),
    ("闭眼 闭上眼睛 闭目 双目紧闭 闭着眼 闭上眼 闭上双眼 合眼 双眼紧闭", FaceWord::Whole(&[N::Eyes(Eyes::Closed)])),
    (
        "睁大眼睛 瞪眼 睁眼 瞪大眼睛 睁大双眼 瞪大双眼 双眼圆睁 双目圆睁 怒目圆睁 瞪圆双眼 怒目",
        FaceWord::Whole(&[N::Eyes(Eyes::Wide)]),
    ),
    (
        "闭一只眼 一眼闭拢 一眼闭 一眼微闭 单眼闭 单眼闭拢 单眼微闭 闭单眼 闭上一只眼 一只眼闭拢 左眼闭拢 右眼闭拢 眯眼 眯着眼 微闭双眼 眯起眼睛 眯起双眼 眯着眼睛 双眼微闭 双目微闭 半闭眼",
        FaceWord::Whole(&[N::Eyes(Eyes::Squint)]),
    ),
    ("眨眼 眨眨眼 眨眼睛 眨动眼睛 眨动双眼", FaceWord::Whole(&[N::Eyes(Eyes::Blink)])),
    (
        "鼓腮 鼓起腮部 鼓起两腮 鼓起双腮 鼓嘴 鼓起脸颊 鼓起嘴 鼓气 腮鼓起 鼓起腮",
        FaceWord::Whole(&[N::Cheeks(Cheeks::Puffed)]),
    ),
    (
        "吸腮 两腮内吸 缩腮 收腮 吸气 腮凹进 双颊内凹 吸吮 用嘴吸气 深吸气 深吸一口气 吸一口气 长吸一口气 吸口气 倒吸一口气",
        FaceWord::Whole(&[N::Cheeks(Cheeks::Sucked)]),
    ),
    (
        "舌顶腮 舌尖顶腮 用舌顶起腮部 用舌尖顶起腮部 舌顶腮部 用舌顶腮 舌尖顶起腮部 用舌尖顶住腮部 用舌头顶起腮部 用舌顶住腮部 舌头顶起腮部 舌尖顶腮部 用舌尖抵住腮部 用舌顶腮部 舌顶起腮部 用舌尖顶腮部 舌抵腮部",
        FaceWord::Whole(&[N::Cheeks(Cheeks::TonguePushed)]),
    ),
    ("张口 张嘴 张大嘴 张大口 嘴张大 张大嘴巴 张开嘴 张开口", FaceWord::Whole(&[N::Mouth(M::Open)])),
    (
        "闭嘴 闭口 抿嘴 抿住嘴唇 紧闭双唇 双唇紧闭 抿着嘴 嘴唇紧闭 抿紧嘴唇 咬住嘴唇 咬下嘴唇 抿唇",
        FaceWord::Whole(&[N::Mouth(M::Pressed)]),
    ),
    (
        "撅嘴 噘嘴 嘟嘴 撅起嘴 努嘴 噘起嘴 嘴噘起 嘟起嘴 口撮圆 撮口 嘴唇撮圆 撅着嘴",
        FaceWord::Whole(&[N::Mouth(M::Pouted)]),
    ),
    ("撇嘴 嘴角下撇 嘴角下拉 嘴下撇 撇着嘴 嘴角向下 嘴角向下撇 嘴撇", FaceWord::Whole(&[N::Mouth(M::CornersDown)])),
    ("咧嘴 咧开嘴 嘴角上翘 嘴角上扬 嘴咧开", FaceWord::Whole(&[N::Mouth(M::Stretched)])),
    (
        "牙齿外露 露牙 牙齿露出 龇牙 咬牙 呲牙 露出牙齿 咬牙切齿 龇牙咧嘴 咬紧牙关 呲牙咧嘴 咬住牙 牙齿咬紧 咬紧牙 咬着牙 露齿 牙咬紧 牙齿紧咬 咬牙状 上下牙咬合 上下牙相咬 上齿咬下唇 上齿咬住下唇 上牙咬下唇 上牙咬住下嘴唇 上齿咬下嘴唇 上牙咬下嘴唇",
        FaceWord::Whole(&[N::Mouth(M::TeethBared)]),
    ),
    (
        "吹哨 吹哨状 吹口哨 吹口哨状 吹气 吹口气 嘴吹气 用嘴吹气 呼气 做吹气状 吐气 口吹气 呼出一口气 呼出 长出一口气 呼一口气 喘气 喘息 做吹的动作 嘴做吹气状 同时吹气 哈气 吹一口气 吹 用嘴吹 口中吹气 用口吹气 嘴巴吹气 出气 口呼气 口吐气 吁气 叹气 向外吹气 深呼一口气 深呼气 长呼一口气 长舒一口气 舒一口气 松一口气 松口气 长吁一口气 深深地呼一口气 呼了一口气 长出气 打呼噜 打鼾",
        FaceWord::Whole(&[N::Mouth(M::Blowing)]),
    ),
    (
        "伸舌 伸出舌头 吐舌 吐出舌头 伸舌头 舌头伸出 伸出舌尖 吐舌头 舌伸出 舌尖伸出 舔嘴唇 舔唇 舔",
        FaceWord::Whole(&[N::Tongue(Tongue::Out)]),
    ),
    (
        "打嗝 打嗝状 嘴一张一合 口一张一合 嘴唇微动 嘴唇动 嗅 闻 嗅闻 闻一闻 闻味 闻气味 做闻的动作 做嗅的动作 做闻味的动作 打个喷嚏 打一个喷嚏 咳嗽几声 喊叫 呼喊 叫喊 大喊 喊 咳嗽 咳 咳嗽状 打喷嚏 打哈欠 口动 嘴动 念念有词 念叨 念 默念 咀嚼 说话 嘴做咀嚼状 嘴做咀嚼动作 嘴做咀嚼的动作 做咀嚼的动作 做咀嚼状 口微动 做咀嚼动作 口做咀嚼状",
        FaceWord::Whole(&[N::Mouth(M::SlightlyOpen)]),
    ),
    ("摇头 摇摇头 头摇动 微微摇头 头左右摇动 头左右摆动 头左右晃动", FaceWord::Whole(&[head(H::Shake)])),
    ("点头 点点头 微微点头 颔首 微点头", FaceWord::Whole(&[head(H::Nod)])),
    ("低头 低下头 垂头 头低垂 头下垂 垂下头 俯首 低着头 埋头 头低下", FaceWord::Whole(&[head(H::TiltDown)])),
    (
        "抬头 仰头 昂首 头后仰 昂头 仰起头 抬起头 仰首 扬头 仰面 头仰起 头上仰 头向后仰 头昂起",
        FaceWord::Whole(&[head(H::TiltUp)]),
    ),
    (
        "侧耳 侧耳听 倾听 侧耳倾听 侧耳做听的动作 做听的动作 做倾听的动作 做倾听状 作倾听状 侧耳细听 歪头 侧头 偏头 头歪 歪着头",
        FaceWord::Whole(&[head(H::TiltRight)]),
    ),
    ("转头 扭头 回头", FaceWord::Whole(&[head(H::TurnRight)])),
    (
        "头前倾 头微前倾 头部前倾 头伸出 头探出 头从后探出 头从后伸出 头向前探出 头向外探 伸头 探头 头前伸 头向前伸 头前探",
        FaceWord::Whole(&[head(H::Forward)]),
    ),
    ("缩头 缩颈 缩脖 缩脖子 头后缩 缩着脖子 头缩", FaceWord::Whole(&[head(H::Backward), body(K::Hunch)])),
    ("挺胸抬头 昂首挺胸 抬头挺胸 挺胸昂首 挺胸昂头", FaceWord::Whole(&[body(K::ChestOut), head(H::TiltUp)])),
    (
        "挺胸 挺起胸 挺直身体 挺胸直立 挺直身子 挺身 身体挺直 胸挺起 挺起胸部 挺起胸脯",
        FaceWord::Whole(&[body(K::ChestOut)]),
    ),
    (
        "耸肩 耸双肩 耸起双肩 双肩耸起 双肩上耸 双肩耸动 肩膀耸动 耸耸肩 耸动双肩 耸一下肩 耸动肩膀 肩耸起 两肩耸起",
        FaceWord::Whole(&[body(K::ShrugShoulders)]),
    ),
    (
        "弯腰 鞠躬 俯身 欠身 躬身 上身前倾 身体前倾 俯下身 身体前俯 身子前倾 身体向前倾 身体微向前倾 哈腰 上身向前倾 上身微前倾 弓身 弯下腰 猫腰 弓背 弯着腰",
        FaceWord::Whole(&[body(K::LeanForward)]),
    ),
    ("身体后仰 后仰 身子后仰 上身后仰 身体向后仰 身体后倾", FaceWord::Whole(&[body(K::LeanBack)])),
    (
        "双肩下垂 肩下垂 垂肩 缩身 身体收缩 缩肩 身体蜷缩 缩着身子 含胸 双肩内收 缩紧身体 身体缩紧 双肩缩紧 缩起身体 身体微缩 抱紧身体",
        FaceWord::Whole(&[body(K::Hunch)]),
    ),
    (
        "身体微晃 身体晃动 身体左右晃动 身体摇晃 身体左右摇晃 身体左右摇摆 身体摆动 身体左右摆动 身体抖动 身体扭动 身体随之起伏 身体起伏 身体上下起伏 身体颠动 身体随之颠动 身体随之晃动 身体颤抖 全身抖动 身体发抖 上身晃动 身体左右微晃",
        FaceWord::Whole(&[body(K::Sway)]),
    ),
    (
        "耸鼻 皱鼻 皱起鼻子 皱鼻子 鼻子皱起 鼻耸动 鼻子耸动 耸动鼻子 捂鼻 吸鼻 吸鼻子 鼻翼扇动",
        FaceWord::Whole(&[N::Expression(E::Disgusted)]),
    ),
    ("哭 流泪 哭泣状 哭状 作哭状 默哀 哭泣 痛哭 大哭 抽泣", FaceWord::Whole(&[N::Expression(E::Sad)])),
    ("呼吸 深呼吸", FaceWord::Whole(&[N::Mouth(M::SlightlyOpen)])),
    ("斜视 侧视 斜看 斜眼看 斜眼 白眼", FaceWord::Whole(&[N::Gaze(Gaze::Towards(signing::Dir::RIGHT))])),
    ("微笑 大笑 欢笑 微微一笑", FaceWord::Whole(&[N::Expression(E::Smile)])),
    ("沉思 思考 思索", FaceWord::Whole(&[N::Expression(E::Thinking)])),
    ("祈祷", FaceWord::Whole(&[N::Expression(E::Serious)])),
    (
        "看手 看双手 看着手 看着双手 注视双手 看右手 注视右手 注视手 眼睛注视手的动作 目光随之移动 眼睛注视手 注视手的动作 目光注视手 目光随手移动 眼睛随之移动 双眼注视手的动作 眼看手 视线随手移动 目光跟随手移动 目光随手的动作移动 眼睛看手 眼睛看着手 目视手 双眼注视手 眼看着手 目视手的动作 眼随手动 目光注视手的动作 眼随手移动 眼睛随手移动 眼睛随手的动作移动 双眼随之移动 目光随动作移动 目光同时注视手的动作 目光随着手移动 眼睛盯着手 眼睛注视右手 眼睛注视手指 眼睛看右手 眼睛跟随手移动 眼看右手 眼睛看着右手 目光随之转动 目光随手 视线随之移动 视线随着手移动",
        FaceWord::Whole(&[N::Gaze(Gaze::DominantHand)]),
    ),
    (
        "眼睛注视左手 眼看左手 目光注视左手 眼睛看左手 眼睛看着左手 双眼注视左手",
        FaceWord::Whole(&[N::Gaze(Gaze::WeakHand)]),
    ),
    (
        "目光注视前方 注视前方 目视前方 双眼注视前方 眼睛注视前方 目光前视 目光向前 眼看前方 眼望前方 眼睛看前方 平视前方 双目注视前方 两眼注视前方 眼睛向前看",
        FaceWord::Whole(&[N::Gaze(Gaze::Addressee)]),
    ),
    (
        "翻白眼 抬眼 眼睛上看 眼向上看 眼睛向上看 目光向上 眼上看 双眼上视 眼睛朝上看 眼朝上看 双眼向上看 仰望 眼望上方 眼睛上翻 眼往上看",
        FaceWord::Whole(&[N::Gaze(Gaze::Towards(signing::Dir::UP))]),
    ),
    (
        "目光向下 眼睛向下看 眼向下看 眼睛看下方 俯视 眼朝下看 眼睛朝下看 双眼向下看",
        FaceWord::Whole(&[N::Gaze(Gaze::Towards(signing::Dir::DOWN))]),
    ),
    ("睁大 睁 瞪 瞪大 睁开 圆睁 睁圆 瞪圆 大睁", FaceWord::Does(&[(Organ::Eye, N::Eyes(Eyes::Wide))])),
    (
        "下垂 垂下 闭 闭拢 闭上 紧闭 合上 合拢 闭合 闭着 闭紧",
        FaceWord::Does(&[(Organ::Eye, N::Eyes(Eyes::Closed)), (Organ::Mouth, N::Mouth(M::Closed))]),
    ),
    (
        "眯 微闭 半闭 眯起 眯着 眯缝 眯成一条缝 眯成缝 微眯 眯缝起",
        FaceWord::Does(&[(Organ::Eye, N::Eyes(Eyes::Squint)), (Organ::Mouth, N::Mouth(M::Closed))]),
    ),
    ("眨 眨动 眨一下", FaceWord::Does(&[(Organ::Eye, N::Eyes(Eyes::Blink))])),
    (
        "注视 看 望 盯 盯着 看着 凝视 注视着 视 斜视 瞟 瞥 环视 瞄 窥视 看向 张望 四顾 四望 游移 打量 偷看 望着 望向 巡视 瞄准 寻视 追随 扫视 环顾 探视 搜索 扫过 平视 落在 落到 落向 跟随 投向",
        FaceWord::Does(&[(Organ::Eye, N::Gaze(Gaze::DominantHand)), (Organ::Gaze, N::Gaze(Gaze::DominantHand))]),
    ),
    (
        "移动 转动 移 平移",
        FaceWord::Does(&[
            (Organ::Gaze, N::Gaze(Gaze::DominantHand)),
            (Organ::Eye, N::Gaze(Gaze::DominantHand)),
            (Organ::Head, head(H::TurnRight)),
        ]),
    ),
    ("张开 张大 张 大张 张着 大开 开合 张合 张开闭合", FaceWord::Does(&[(Organ::Mouth, N::Mouth(M::Open))])),
    (
        "微张 微张开 半张 稍张 稍张开 微开 略张开 略张 微微张开 动 ",
        FaceWord::Does(&[(Organ::Mouth, N::Mouth(M::SlightlyOpen))]),
    ),
    ("撅 撅起 噘 噘起 嘟起 撮起 撮圆 前突 突出 拢圆", FaceWord::Does(&[(Organ::Mouth, N::Mouth(M::Pouted))])),
    ("抿 抿住 抿紧 抿着 紧抿", FaceWord::Does(&[(Organ::Mouth, N::Mouth(M::Pressed))])),
    ("撇 下撇 下拉 向下撇 下垂", FaceWord::Does(&[(Organ::Mouth, N::Mouth(M::CornersDown))])),
    ("咧 咧开 上翘 上扬 咧着 翘起", FaceWord::Does(&[(Organ::Mouth, N::Mouth(M::Stretched))])),
    (
        "打战 打颤 紧咬 咬紧 咬住 咬 咬合",
        FaceWord::Does(&[(Organ::Teeth, N::Mouth(M::TeethBared)), (Organ::Mouth, N::Mouth(M::TeethBared))]),
    ),
    ("吹 吹气 呼气 吐气", FaceWord::Does(&[(Organ::Mouth, N::Mouth(M::Blowing))])),
    ("顶 顶住 顶起 抵 抵住", FaceWord::Does(&[(Organ::Tongue, N::Cheeks(Cheeks::TonguePushed))])),
    (
        "伸出 吐出 伸 外伸 舔 露 露出 外露 微露 微伸 略伸 稍伸",
        FaceWord::Does(&[(Organ::Tongue, N::Tongue(Tongue::Out))]),
    ),
    (
        "低 低下 低垂 下低 垂下 下垂 俯 低着",
        FaceWord::Does(&[(Organ::Head, head(H::TiltDown)), (Organ::Body, body(K::LeanForward))]),
    ),
    (
        "抬 抬起 仰 上仰 上抬 昂起 后仰 昂 扬 扬起 仰起 上扬 抬高",
        FaceWord::Does(&[
            (Organ::Head, head(H::TiltUp)),
            (Organ::Body, body(K::LeanBack)),
            (Organ::Brow, N::Brows(Brows::Raised)),
        ]),
    ),
    ("后退 后移 退 退后", FaceWord::Does(&[(Organ::Body, body(K::LeanBack)), (Organ::Head, head(H::Backward))])),
    // Breath through the nose: the mouth is shut.
    ("吸气 喷气 出气 呼气 吸 嗅 闻 哼 喷 吸动", FaceWord::Does(&[(Organ::Nose, N::Mouth(M::Closed))])),
    ("点 点动", FaceWord::Does(&[(Organ::Head, head(H::Nod))])),
    (
        "上下起伏 上下颠动 起伏 颠动 颠簸 跳动 抽搐 抽动 微晃 微抖 微颤 微摇 微摆 微动 一抖 一颤 摇 摇动 摆 摆动 晃 晃动 摇晃 摇摆 扭动 哆嗦 发抖 打战 打颤 颤 颤抖 抖动 颤动 抖",
        FaceWord::Does(&[
            (Organ::Head, head(H::Shake)),
            (Organ::Body, body(K::Sway)),
            (Organ::Shoulder, body(K::Sway)),
        ]),
    ),
    (
        "偏 侧 歪 偏向 歪向 侧向    倾斜 偏侧 侧歪 侧倾 斜 倾 靠向 倾向 靠",
        FaceWord::Does(&[(Organ::Head, head(H::TiltRight)), (Organ::Body, body(K::LeanRight))]),
    ),
    (
        "转 转向 扭 扭向 转动 侧转 转过 转至 转到 扭转",
        FaceWord::Does(&[(Organ::Head, head(H::TurnRight)), (Organ::Body, body(K::TurnRight))]),
    ),
    ("转正 正 抬正 摆正 直立", FaceWord::Does(&[(Organ::Head, head(H::Forward)), (Organ::Body, body(K::ChestOut))])),
    ("前伸 前探 伸 ", FaceWord::Does(&[(Organ::Head, head(H::Forward)), (Organ::Body, body(K::LeanForward))])),
    (
        "后缩 缩 收缩 缩紧 缩起 内收 ",
        FaceWord::Does(&[
            (Organ::Head, head(H::Backward)),
            (Organ::Body, body(K::Hunch)),
            (Organ::Shoulder, body(K::Hunch)),
        ]),
    ),
    (
        "屈 微屈 躬 躬下 前躬 欠 欠身 弓 哈 下蹲 蹲下 蹲 前冲 前移 前倾 前俯 前屈 弯 弯曲 前弯 下弯 弯下 微弯 略弯 稍弯 微曲 倾",
        FaceWord::Does(&[(Organ::Body, body(K::LeanForward)), (Organ::Head, head(H::Forward))]),
    ),
    ("站直 站起 直起 坐直 坐正 挺 挺起 挺直 挺胸 直立", FaceWord::Does(&[(Organ::Body, body(K::ChestOut))])),
    (
        "耸 耸起 耸动 上耸 耸一下",
        FaceWord::Does(&[(Organ::Shoulder, body(K::ShrugShoulders)), (Organ::Nose, N::Expression(E::Disgusted))]),
    ),
    (
        "皱 皱起 紧皱 紧锁 皱紧  锁 皱着 皱一下 紧蹙",
        FaceWord::Does(&[(Organ::Brow, N::Brows(Brows::Furrowed)), (Organ::Nose, N::Expression(E::Disgusted))]),
    ),
    ("扬起 扬 挑 上扬 挑起 上挑 舒展", FaceWord::Does(&[(Organ::Brow, N::Brows(Brows::Raised))])),
    (
        "鼓 鼓起 鼓气 隆起",
        FaceWord::Does(&[(Organ::Cheek, N::Cheeks(Cheeks::Puffed)), (Organ::Mouth, N::Cheeks(Cheeks::Puffed))]),
    ),
    (
        "吸 凹 内凹 凹陷 内吸 吸气",
        FaceWord::Does(&[(Organ::Cheek, N::Cheeks(Cheeks::Sucked)), (Organ::Mouth, N::Cheeks(Cheeks::Sucked))]),
    ),
];

/// Every word with its meaning.
pub(crate) fn words() -> impl Iterator<Item = (&'static str, &'static FaceWord)> {
    WORDS.iter().flat_map(|(words, meaning)| words.split_whitespace().map(move |word| (word, meaning)))
}
