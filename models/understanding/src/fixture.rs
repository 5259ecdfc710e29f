//! A small lexicon of the tests' own, so that what they expect does not change with the core pack's words.
//! Letters and numbers are the core pack's.

use std::{fmt::Write as _, fs, path::Path, sync::OnceLock};

use lexicon::Lexicon;

use crate::Understanding;

/// `id headword pos synonyms hypernym_of`, lists with commas, `-` for none.
const WORDS: &str = "\
wo 我 pronoun - -
ni 你 pronoun 您 -
ta 他 pronoun 她,它 -
women 我们 pronoun - -
dajia 大家 pronoun - -
zheli 这里 place - -
shei 谁 question - -
shenme 什么 question 啥 -
nali 哪里 question 哪儿,哪 -
duoshao 多少 question 几 -
weishenme 为什么 question - -
zenme 怎么 question - -
shenmeshihou 什么时候 question - -
bu 不 negation 不要,别 -
meiyou 没有 negation 没 -
bushi 不是 negation - -
jintian 今天 time - -
mingtian 明天 time 明日 -
zuotian 昨天 time - -
xianzai 现在 time - -
xiawu 下午 time - -
shangwu 上午 time - -
nian 年 time - -
yue 月 time - -
ri 日 time 号 -
tian 天 time - -
fenzhong 分钟 time 分 -
dianzhong 点钟 time 点 -
xiaoshi 小时 time - -
beijing 北京 place - -
jia 家 place - -
xuexiao 学校 place - 大学
yiyuan 医院 place - -
yu 雨 noun 下雨 -
xue 雪 noun 下雪 暴雪
qiwen 气温 noun - -
du 度 noun ℃ -
lingxia 零下 noun - -
zui 最 adverb 很,非常 -
gao 高 adjective - -
hao 好 adjective - -
gaoxing 高兴 adjective 快乐 -
zhongyao 重要 adjective - -
ren 人 noun - 观众
haizi 孩子 noun 儿童 -
xuesheng 学生 noun - -
laoshi 老师 noun 教师 -
pengyou 朋友 noun - -
xuanshou 选手 noun - -
yisheng 医生 noun - -
shu 书 noun - -
shui 水 noun - -
qian 钱 noun 元 -
huo 火 noun - -
men 门 noun - -
che 汽车 noun 车 -
huoche 火车 noun - -
bisai 比赛 noun 赛 决赛
jinpai 金牌 noun - -
dongaohui 冬奥会 noun - -
binghu 冰壶 noun - -
anquan 安全 noun - -
dianhua 电话 noun 打电话 -
mingzi 名字 noun - -
huaban 滑板 noun - -
huaxue 滑雪 verb - -
you 有 verb - -
shi 是 verb - -
qu 去 verb - -
lai 来 verb - -
dao 到 verb - -
zai 在 verb - -
zhu 住 verb - -
kan 看 verb - -
xue_v 学习 verb - -
xihuan 喜欢 verb - -
xiang 想 verb - -
neng 能 verb 会,可以 -
zhidao 知道 verb - -
chi 吃 verb 吃饭 -
deng 等 verb - -
mie 灭 verb - -
dakai 打开 verb - -
kaishi 开始 verb - -
juxing 举行 verb - -
canjia 参加 verb - -
huode 获得 verb - -
jiao 叫 verb - -
zhuyi 注意 verb - -
youyong 游泳 verb - -
chufa 出发 verb - -
qing 请 verb - -
gei 给 verb - -
bangzhu 帮助 verb - -
piping 批评 verb - -
ruguo 如果 conjunction - -
yinwei 因为 conjunction - -
he 和 conjunction - -
nihao 你好 interjection - -
zhuozi 桌子 noun - -
pingguo 苹果 noun - -
li_name 李 name - -
";

/// Verbs that move from giver to receiver.
const DIRECTIONAL: [&str; 3] = ["gei", "bangzhu", "piping"];

/// `id headword min max patterns`.
const SLOTS: &str = "\
ndian N点 1 12 {n}点钟,{n}点
ntian N天 1 10 {n}天
xingqin 星期N 1 7 星期{n},周{n}
dinming 第N名 1 10 第{n}名,第{n}枚,第{n}
nyuan N元 1 10 {n}元
";

/// Understanding with the tests' lexicon.
pub(crate) fn understanding() -> &'static Understanding {
    static UNDERSTANDING: OnceLock<Understanding> = OnceLock::new();
    UNDERSTANDING.get_or_init(|| Understanding::new(lexicon()))
}

/// Understanding with the core pack.
pub(crate) fn core() -> &'static Understanding {
    static UNDERSTANDING: OnceLock<Understanding> = OnceLock::new();
    UNDERSTANDING.get_or_init(|| Understanding::new(Lexicon::core().unwrap()))
}

/// The tests' lexicon.
pub(crate) fn lexicon() -> Lexicon {
    lexicon_without(&[])
}

/// The tests' lexicon without some of its words (by id) and files.
pub(crate) fn lexicon_without(left_out: &[&str]) -> Lexicon {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let csl = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lexicon/packs/csl");
    for file in ["letters.toml", "numbers.toml"].into_iter().filter(|file| !left_out.contains(file)) {
        fs::copy(csl.join(file), root.join(file)).unwrap();
    }
    let pack = "name = \"tests\"\nversion = \"1.0.0\"\nsign_language = \"csl\"\nlicence = \"CC0-1.0\"\n\
                provenance = \"made for tests\"\nauthors = []\nreviewers = []\ndescription = \"words of the tests\"\n";
    fs::write(root.join("pack.toml"), pack).unwrap();
    let mut signs = String::new();
    for line in WORDS.lines() {
        let [id, headword, pos, synonyms, wider] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if left_out.contains(&id) {
            continue;
        }
        let list = |words: &str| words.split(',').filter(|w| *w != "-").map(str::to_owned).collect::<Vec<_>>();
        let words: Vec<_> = std::iter::once(headword.to_owned()).chain(list(synonyms)).collect();
        let class = if DIRECTIONAL.contains(&id) { "verb_class = \"directional\"\n" } else { "" };
        let en = if id == "mingtian" {
            "tomorrow"
        } else if id == "qu" {
            "to go"
        } else {
            id
        };
        let hands = if id == "zhuozi" { "双手平伸，掌心向下。" } else { "一手伸食指，指尖朝上。" };
        sign(&mut signs, id, headword, pos, &words, en, &list(wider), class, hands);
    }
    for line in SLOTS.lines() {
        let [id, headword, min, max, patterns] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let words: Vec<_> = patterns.split(',').map(str::to_owned).collect();
        let slot = format!("number_slot = {{ min = {min}, max = {max}, zh = {:?} }}\n", words[0]);
        let pos = if id == "dinming" || id == "nyuan" { "noun" } else { "time" };
        sign(&mut signs, id, headword, pos, &words, id, &[], &slot, "一手打数字“N”的手势，掌心向外。");
    }
    fs::create_dir(root.join("signs")).unwrap();
    fs::write(root.join("signs/words.toml"), signs).unwrap();
    Lexicon::load(&[root.to_owned()]).unwrap()
}

#[expect(clippy::too_many_arguments, reason = "one argument for each field of the table it writes")]
fn sign(
    out: &mut String,
    id: &str,
    headword: &str,
    pos: &str,
    words: &[String],
    en: &str,
    wider: &[String],
    more: &str,
    description: &str,
) {
    writeln!(
        out,
        "[[sign]]\nid = {id:?}\nheadword = {headword:?}\nsenses = [{{ zh = {words:?}, en = [{en:?}] }}]\n\
         hypernym_of = {{ zh = {wider:?} }}\nvariant = \"standard\"\npos = {pos:?}\n{more}description = {description:?}\n\
         provenance = {{ kind = \"recalled\", confidence = 0.5, note = \"made for tests\" }}\nreviewers = []\n"
    )
    .unwrap();
}
