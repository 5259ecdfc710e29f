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
const VARIANTS: &str = "雙双兩两橫横豎竖開开關关動动轉转彎弯張张節节劃划點点擊击與与從从嚮向頭头額额臉脸頰颊頦颏頸颈\
腦脑鬚须髮发脣唇齒齿頂顶體体內内間间圓圆環环摺折併并並并還还後后爲为為为狀状貼贴觸触擺摆揮挥搖摇顫颤撥拨\
彈弹攏拢縮缩變变換换對对連连書书寫写畫画態态輕轻緩缓慢慢猛猛順顺時时針针鐘钟側侧邊边隨随邁迈勢势掄抡擰拧\
擴扩壓压擦擦樣样進进貳贰續续運运讓让嘴嘴裏里裡里臺台無无單单個个應应該该處处當当來来拋抛發发掃扫鏟铲鑽钻撐撑\
繞绕繫系緊紧閉闭閤合視视線线遠远近近遞递離离過过達达異异門门鬆松餘余複复復复緻致簡简勻匀驚惊懼惧嚴严肅肃難难\
憤愤惡恶懷怀痛痛憂忧緊紧張张愛爱憐怜敵敌喚唤會会麼么種种將将僅仅傾倾聳耸齊齐齜龇齦龈誇夸頓顿顛颠頻频飄飘飛飞\
麵面鉤钩鈎钩姆拇隻只國国號号於于託托捲卷傳传寬宽掛挂擋挡衝冲盪荡蓋盖顏颜綫线緣缘級级錯错鎖锁撓挠摳抠舉举揚扬\
漸渐滾滚灑洒準准遙遥靜静領领駕驾騎骑徵征錶表說说樂乐歡欢慮虑惱恼悅悦淚泪實实認认業业圖图圍围壘垒層层帶带採采撈捞\
撲扑據据擡抬斷断構构橢椭氣气沒没熱热牽牵獨独疊叠癢痒瞇眯穩稳窩窝篩筛紋纹結结給给經经縫缝總总繼继義义膚肤艱艰莊庄\
萬万虛虚詞词語语調调負负費费輪轮適适鋪铺鍵键險险電电鬍胡彿佛臉脸觀观聯联處处剛刚極极幾几豎竖";

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
        '､' | '/' => '、',
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
