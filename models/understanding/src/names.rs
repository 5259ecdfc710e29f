//! People's names.

/// Surnames of one character, the common ones first.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔\
钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞\
颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房\
滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫\
寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴\
盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉\
银亢嵇公哈湛宾戎勾茅利于呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由";

/// Surnames of two characters.
const DOUBLE: [&str; 16] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "长孙", "宇文",
    "端木", "南宫",
];

/// Words after which a name stands.
pub(crate) const INTRODUCED_BY: [&str; 10] =
    ["叫", "姓", "名叫", "叫做", "选手", "运动员", "名字", "教练", "记者", "同学"];

/// Words that follow a name.
pub(crate) const TITLES: [&str; 22] = [
    "先生", "女士", "小姐", "老师", "教练", "教授", "医生", "大夫", "同学", "选手", "队长", "主席", "总理", "部长",
    "局长", "经理", "记者", "师傅", "阿姨", "叔叔", "院士", "博士",
];

/// How many characters of `name` are its surname; 0 if it has none.
pub(crate) fn surname(name: &str) -> usize {
    if name.chars().count() > 2 && DOUBLE.iter().any(|double| name.starts_with(double)) {
        return 2;
    }
    usize::from(name.chars().next().is_some_and(|first| SURNAMES.contains(first)))
}

/// Which characters of `name` are its surname: 李 of 李明, of 小李 and 老李.
pub(crate) fn surname_range(name: &str) -> std::ops::Range<usize> {
    let familiar = name.strip_prefix(FAMILIAR).filter(|rest| is_surname(rest));
    if familiar.is_some() { 1..name.chars().count() } else { 0..surname(name) }
}

/// What is put before a surname among friends.
pub(crate) const FAMILIAR: [char; 3] = ['小', '老', '阿'];

/// Whether `word` is a surname and nothing else.
pub(crate) fn is_surname(word: &str) -> bool {
    DOUBLE.contains(&word) || (word.chars().count() == 1 && surname(word) == 1)
}

/// Whether `word`, which the segmenter takes for a person, looks like one: a surname and one or two characters.
pub(crate) fn is_full_name(word: &str) -> bool {
    let length = word.chars().count();
    let surname = surname(word);
    surname > 0 && (surname + 1..=surname + 2).contains(&length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_and_names() {
        for (name, expected) in [("李明", 1), ("欧阳娜娜", 2), ("欧阳", 1), ("司马光", 2), ("小明", 0), ("", 0)]
        {
            assert_eq!(surname(name), expected, "{name}");
        }
        assert_eq!((surname_range("小李"), surname_range("李明"), surname_range("小红")), (1..2, 0..1, 0..0));
        assert!(is_full_name("李明") && is_full_name("王小红") && is_full_name("诸葛亮"));
        assert!(!is_full_name("李") && !is_full_name("小明") && !is_full_name("王小红花"));
        assert!(is_surname("李") && is_surname("欧阳") && !is_surname("李明"));
    }
}
