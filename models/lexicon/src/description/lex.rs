//! From a description's characters to steps and clauses: widths, punctuation, traditional
//! characters and asides are settled here, and every character keeps its position.

/// A clause: what stands between two marks of punctuation.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    /// Normalised characters, each with its position in the description.
    pub(crate) chars: Vec<(char, usize)>,
    /// Whether a （二） or the like opens it.
    pub(crate) opens_step: bool,
    /// Whether a semicolon or full stop stood before it.
    pub(crate) after_stop: bool,
}

impl Clause {
    /// The half-open range of positions that it covers.
    pub(crate) fn range(&self) -> (usize, usize) {
        let first = self.chars.first().map_or(0, |&(_, at)| at);
        let last = self.chars.last().map_or(first, |&(_, at)| at + 1);
        (first, last)
    }
}

/// A description in clauses, and its asides.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    pub(crate) clauses: Vec<Clause>,
    /// What stood in brackets, as it stood.
    pub(crate) asides: Vec<String>,
    /// Where a bracket opens that nothing closes.
    pub(crate) unclosed: Option<usize>,
}

/// Traditional (and other variant) characters of the language, each before its simplified one.
const VARIANTS: &str = "雙双兩两橫横豎竖開开關关動动轉转彎弯張张節节劃划點点擊击與与從从嚮向頭头額额臉脸頰颊頦颏頸颈腦脑鬚须髮发脣唇齒齿頂顶\
體体內内間间圓圆環环摺折併并並并還还後后爲为為为狀状貼贴觸触擺摆揮挥搖摇顫颤撥拨彈弹攏拢縮缩變变換换對对連连書书寫写\
畫画態态輕轻緩缓順顺時时針针鐘钟側侧邊边隨随邁迈勢势掄抡擰拧擴扩壓压樣样進进貳贰續续運运讓让裏里裡里臺台無无單单個个\
應应該该處处當当來来拋抛發发掃扫鏟铲鑽钻撐撑繞绕繫系緊紧閉闭閤合視视線线遠远遞递離离過过達达異异門门鬆松餘余複复復复\
緻致簡简勻匀驚惊懼惧嚴严肅肃難难憤愤惡恶懷怀憂忧愛爱憐怜敵敌喚唤會会麼么種种將将僅仅傾倾聳耸齊齐齜龇齦龈誇夸頓顿顛颠\
頻频飄飘飛飞麵面鉤钩鈎钩姆拇隻只國国號号於于託托捲卷傳传寬宽掛挂擋挡衝冲盪荡蓋盖顏颜綫线緣缘級级錯错鎖锁撓挠摳抠舉举\
揚扬漸渐滾滚灑洒準准遙遥靜静領领駕驾騎骑徵征錶表說说樂乐歡欢慮虑惱恼悅悦淚泪實实認认業业圖图圍围壘垒層层帶带採采撈捞\
撲扑據据擡抬斷断構构橢椭氣气沒没熱热牽牵獨独疊叠癢痒瞇眯穩稳窩窝篩筛紋纹結结給给經经縫缝總总繼继義义膚肤艱艰莊庄萬万\
虛虚詞词語语調调負负費费輪轮適适鋪铺鍵键險险電电鬍胡彿佛觀观聯联剛刚極极幾几醜丑專专東东絲丝丟丢喪丧箇个豐丰麗丽習习\
鄉乡亂乱瞭了爭争雲云亞亚產产親亲讎仇倉仓彷仿衆众優优傘伞傷伤僞伪僥侥藉借兒儿興兴冊册軍军沖冲決决況况悽凄淒凄涼凉淩凌\
凜凛兇凶齣出鑿凿劉刘則则刪删別别彆别颳刮剎刹劍剑剝剥劇剧辦办勁劲勞劳區区韆千昇升賣卖蔔卜佔占廠厂厲厉厭厌釐厘祇只檯台\
颱台嘆叹歎叹籲吁喫吃弔吊衕同曏向嚇吓呂吕聽听啓启嘔呕嗆呛週周賙周嚨咙鹹咸嚥咽鬨哄響响嗇啬餵喂噴喷嚕噜囂嚣迴回團团糰团\
睏困聖圣壞坏塊块堅坚墜坠墊垫牆墙壯壮聲声備备伕夫夾夹奪夺奮奋姦奸妝妆嫵妩嬌娇嬰婴牠它審审宮宫傢家尋寻導导尷尴屍尸盡尽\
儘尽鉅巨幣币佈布帳帐幫帮幹干乾干倖幸廣广慶庆牀床廢废棄弃絃弦強强歸归噹当錄录彔录憶忆懺忏誌志唸念悵怅戀恋懇恳噁恶懸悬\
憫悯慘惨憊惫愜惬慚惭慍愠願愿懶懒戰战戶户纔才紮扎釦扣執执撫抚搶抢護护牴抵擔担柺拐擁拥攔拦擇择摯挚掙挣擠挤捱挨輓挽撿捡\
搗捣摑掴擲掷撣掸撳揿攙搀擱搁摟搂攪搅蒐搜襬摆攤摊擼撸擻擞數数鬥斗斬斩鏇旋暱昵顯显曬晒暈晕暫暂麴曲硃朱機机雜杂權权條条\
盃杯闆板槍枪標标樹树槳桨樑梁樓楼櫓橹慾欲殘残匯汇彙汇漢汉洶汹氾泛汎泛註注瀉泻潑泼淺浅澆浇測测瀏浏塗涂湧涌渦涡澀涩滲渗\
溫温遊游滯滞滿满潛潜靈灵災灾爍烁煙烟菸烟煩烦燙烫煥焕猶犹獰狞猙狰豬猪貓猫獻献現现暢畅癡痴皺皱鹽盐盤盘睜睁瞼睑榘矩禮礼\
禱祷禍祸鞦秋祕秘積积稱称窺窥筆笔籤签簽签籃篮係系紅红約约紉纫純纯納纳縱纵紙纸紡纺紐纽練练組组細细織织綁绑絕绝絞绞繡绣\
緒绪繩绳繃绷綳绷綻绽綴缀編编纏缠網网羨羡翹翘恥耻聾聋職职聰聪腸肠腎肾脹胀脅胁膽胆揹背勝胜衚胡脈脉髒脏臟脏臍脐腳脚脫脱\
膩腻靦腼騰腾捨舍蒼苍蕩荡榮荣藥药葯药蓮莲蘿萝衊蔑藹蔼蟲虫蠻蛮釁衅補补襯衬裝装襠裆褲裤見见規规覽览覺觉計计譏讥討讨訓训\
議议記记訝讶訥讷許许諷讽設设證证証证詐诈試试詼诙誠诚話话詭诡詢询詳详詫诧誘诱請请諾诺讀读諂谄諒谅誼谊諧谐謂谓謝谢謙谦\
謹谨譴谴穀谷貝贝貞贞責责質质貪贪貫贯賀贺賊贼賞赏贊赞讚赞趕赶躍跃軀躯車车軋轧軟软轤轳軸轴較较轆辘辮辫這这遲迟選选遜逊\
遺遗鬱郁鄭郑痠酸寀采鍼针釘钉釣钓鈍钝鈔钞鋼钢鑰钥鈅钥錢钱鉗钳鉆钻鈴铃鉛铅銬铐剷铲鏈链鍊链鋤锄錘锤錐锥鋸锯鎮镇鏡镜鐲镯\
長长閃闪問问閒闲閑闲悶闷聞闻閱阅闌阑隊队陽阳陰阴階阶際际陸陆隱隐鵰雕黴霉麪面韌韧頁页項项須须頑顽顧顾頜颌頹颓頷颔題题\
顎颚顴颧風风飢饥饑饥飯饭飲饮飽饱饒饶餃饺餓饿餒馁饞馋馬马馱驮馳驰駛驶驕骄駭骇驟骤髖髋鬢鬓魚鱼魯鲁鱗鳞鳥鸟雞鸡鴨鸭鷹鹰\
黃黄龍龙偽伪啟启簷檐洩泄著着眾众齶颚衹只粧妆枴拐枱台説说閲阅";

fn simplified(c: char) -> char {
    use std::{collections::HashMap, sync::LazyLock};
    static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let chars: Vec<char> = VARIANTS.chars().collect();
        chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    });
    TABLE.get(&c).copied().unwrap_or(c)
}

/// The character as the language writes it; `None` for what carries nothing (spaces, controls, marks of direction).
fn normal(c: char) -> Option<char> {
    Some(match c {
        ',' | '﹐' => '，',
        '.' | '｡' | '．' | '!' | '！' | '?' | '？' => '。',
        ';' => '；',
        ':' => '：',
        '(' | '〔' | '[' | '［' | '【' => '（',
        ')' | '〕' | ']' | '］' | '】' => '）',
        '､' | '/' | '·' | '•' | '・' | '‧' | '﹑' => '、',
        '「' | '『' | '‘' | '《' | '〈' => '“',
        '」' | '』' | '’' | '》' | '〉' => '”',
        '\'' | '＂' => '"',
        '～' | '〜' => '~',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}' => {
            return None;
        }
        '\n' => '\n',
        c if c.is_whitespace() || c.is_control() => return None,
        '，' | '。' | '；' | '：' | '（' | '）' => c,
        // Full-width letters and digits.
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => simplified(c),
    })
}

/// A quoted figure is at most this long; a longer run is a stray mark.
const MAX_QUOTE: usize = 12;

pub(crate) fn lex(description: &str) -> Lexed {
    let mut chars = Vec::new();
    let mut quoted = false;
    for (at, original) in description.chars().enumerate() {
        let Some(mut c) = normal(original) else { continue };
        // A quoted figure may be a mark of punctuation.
        if quoted && "，。；：（）、".contains(c) && !matches!(original, '（' | '）') {
            c = original;
        }
        if c == '"' {
            c = if quoted { '”' } else { '“' };
        }
        match c {
            '“' => quoted = true,
            '”' | '\n' => quoted = false,
            _ => {}
        }
        chars.push((c, at));
    }
    let original: Vec<char> = description.chars().collect();
    Splitter { original, chars, at: 0, lexed: Lexed::default(), clause: Vec::new(), opens: false, stop: true }.run()
}

struct Splitter {
    original: Vec<char>,
    chars: Vec<(char, usize)>,
    at: usize,
    lexed: Lexed,
    clause: Vec<(char, usize)>,
    opens: bool,
    stop: bool,
}

impl Splitter {
    fn run(mut self) -> Lexed {
        while let Some(&(c, position)) = self.chars.get(self.at) {
            match c {
                '（' => self.bracket(position),
                '“' => self.quote(),
                '①'..='⑳' => self.step(),
                _ if self.numbering().is_some() => {
                    self.at += self.numbering().unwrap_or(1) - 1;
                    self.step();
                }
                // A line that ends within a clause goes on in the next.
                '\n' if !self.clause.is_empty() && !self.opens_step(self.at + 1) => self.at += 1,
                '，' if self.within_finger_list() => {
                    self.clause.push(('、', position));
                    self.at += 1;
                }
                '，' | '：' => {
                    self.end(false);
                    self.at += 1;
                }
                '。' | '；' | '\n' => {
                    self.end(true);
                    self.at += 1;
                }
                '）' | '”' if self.clause.is_empty() => self.at += 1,
                _ => {
                    self.clause.push((c, position));
                    self.at += 1;
                }
            }
        }
        self.end(true);
        self.lexed
    }

    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|&(c, _)| c)
    }

    /// 1. or 一、 or 第一步： where a sentence begins: how many characters the number has.
    fn numbering(&self) -> Option<usize> {
        let begins = self.clause.is_empty() && self.stop;
        let mut at = self.at;
        let ordinal = self.char(at) == Some('第');
        at += usize::from(ordinal);
        let digits = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
        let number = (at..at + 2).take_while(|&at| self.char(at).is_some_and(digits)).count();
        let figures = self.char(at).is_some_and(|c| c.is_ascii_digit());
        at += number;
        let steps = ordinal && matches!(self.char(at), Some('步' | '动'));
        let closes = match self.char(at) {
            Some('步' | '动') if steps => true,
            Some('、' | '）') => !ordinal,
            Some('。') => figures && !ordinal,
            _ => false,
        };
        if !begins || number == 0 || !closes {
            return None;
        }
        at += 1;
        let more = usize::from(steps && matches!(self.char(at), Some('，' | '：' | '、')));
        Some(at + more - self.at)
    }

    /// Whether what begins at `at` is a step's number, or an empty line.
    fn opens_step(&self, at: usize) -> bool {
        matches!(self.char(at), Some('\n' | '（' | '①'..='⑳' | '第'))
            || self.char(at).is_some_and(|c| c.is_ascii_digit())
            || matches!((self.char(at), self.char(at + 1)), (Some(c), Some('、' | '）')) if "一二三四五六七八九十".contains(c))
    }

    /// 拇，食指: a comma that stands for the mark of a list.
    fn within_finger_list(&self) -> bool {
        let before = |back: usize| self.clause.len().checked_sub(back).map(|at| self.clause[at].0);
        let named = match before(1) {
            Some('拇' | '食') => true,
            Some('名') => before(2) == Some('无'),
            Some('中') => before(2) == Some('、') || self.char(self.at + 1) == Some('无'),
            _ => false,
        };
        named && matches!(self.char(self.at + 1), Some('拇' | '食' | '中' | '无' | '小'))
    }

    fn end(&mut self, stop: bool) {
        if self.clause.is_empty() {
            self.stop |= stop;
            return;
        }
        let chars = std::mem::take(&mut self.clause);
        self.lexed.clauses.push(Clause { chars, opens_step: self.opens, after_stop: self.stop });
        self.opens = false;
        self.stop = stop;
    }

    fn step(&mut self) {
        self.end(true);
        self.opens = true;
        self.at += 1;
    }

    /// A step's number, or an aside. Brackets nest in pairs of the same kind only as deep as they are closed.
    fn bracket(&mut self, position: usize) {
        let mut depth = 0usize;
        let mut close = None;
        for (index, &(c, _)) in self.chars.iter().enumerate().skip(self.at) {
            match c {
                '（' => depth += 1,
                '）' => {
                    depth -= 1;
                    if depth == 0 {
                        close = Some(index);
                        break;
                    }
                }
                _ => {}
            }
        }
        let Some(close) = close else {
            self.lexed.unclosed.get_or_insert(position);
            // The rest cannot be told from what the bracket holds: it is read as if the mark were not there.
            self.chars.retain(|&(c, at)| c != '（' || at < position);
            return;
        };
        let inside: String = self.chars[self.at + 1..close].iter().map(|&(c, _)| c).collect();
        if is_step_number(&inside) {
            self.at = close;
            self.step();
            return;
        }
        let (from, to) = (position + 1, self.chars[close].1);
        self.lexed.asides.push(self.original[from..to].iter().collect());
        self.at = close + 1;
    }

    /// What is quoted is taken as it stands, punctuation and all.
    fn quote(&mut self) {
        let length = self.chars[self.at + 1..].iter().take(MAX_QUOTE + 1).position(|&(c, _)| c == '”');
        let end = length.map_or(self.at, |length| self.at + 1 + length);
        for index in self.at..=end {
            self.clause.push(self.chars[index]);
        }
        self.at = end + 1;
    }
}

fn is_step_number(inside: &str) -> bool {
    let digits = inside.chars().all(|c| c.is_ascii_digit()) && inside.len() <= 2;
    !inside.is_empty()
        && (digits || (inside.chars().count() <= 3 && inside.chars().all(|c| "一二三四五六七八九十".contains(c))))
}
