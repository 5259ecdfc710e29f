//! Bytes in, sign elements out, one at a time, within limits.
//!
//! A DOCTYPE is read over and never followed; one that defines entities is refused, as is any
//! reference to an entity that XML itself does not define.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// The largest document that is read, bytes.
pub(super) const MAX_BYTES: u64 = 64 << 20;
/// The deepest nesting of elements.
const MAX_DEPTH: usize = 64;
/// The most elements of one sign.
const MAX_ELEMENTS: usize = 10_000;
/// The most attributes of one element.
const MAX_ATTRIBUTES: usize = 64;
/// The longest attribute value or text, bytes.
const MAX_TEXT: usize = 1 << 16;

/// An element with what is in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
    /// The text directly in it, without the white space around it.
    pub(super) text: String,
    /// From 1.
    pub(super) line: usize,
}

impl Node {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// What a document holds.
#[derive(Debug)]
pub(super) enum Item {
    /// A `hns_sign`, `hamgestural_sign` or `hamnosys_sign`.
    Sign(Node),
    /// Something that is not a sign: malformed, refused, or nothing at all.
    Broken { line: usize, gloss: String, message: String },
}

const SIGNS: [&str; 3] = ["hns_sign", "hamgestural_sign", "hamnosys_sign"];

/// Reads a document; see [`super::read`].
pub(super) fn read(bytes: &[u8], source: &str, sink: &mut dyn FnMut(Item)) {
    let mut broken = |line, message: String| sink(Item::Broken { line, gloss: String::new(), message });
    if bytes.len() as u64 > MAX_BYTES {
        return broken(1, format!("{} bytes: expected at most {MAX_BYTES}; split the file", bytes.len()));
    }
    let text = match decode(bytes) {
        Ok(text) => text,
        Err((line, message)) => return broken(line, message),
    };
    let mut found = 0_usize;
    let mut rest: &str = &text;
    let mut line = 1;
    // After an error that leaves the rest readable, goes on at the next sign.
    loop {
        let mut document = Document::new(rest, line);
        match document.read(&mut |item| {
            found += 1;
            sink(item);
        }) {
            Ok(()) => break,
            Err(failure) => {
                found += 1;
                let (at, gloss) = document.open_sign().unwrap_or((failure.line, String::new()));
                let message = if at == failure.line {
                    failure.message
                } else {
                    format!("line {}: {}", failure.line, failure.message)
                };
                sink(Item::Broken { line: at, gloss, message });
                if failure.fatal {
                    return;
                }
                let from = (failure.offset + 1).min(rest.len());
                let Some(next) = next_sign(rest, from) else { break };
                line += rest[..next].matches('\n').count();
                rest = &rest[next..];
            }
        }
    }
    if found == 0 {
        let message = format!("{source} holds no sign: expected <hns_sign> or <hamgestural_sign> inside <sigml>");
        sink(Item::Broken { line: 1, gloss: String::new(), message });
    }
}

/// Where the next sign begins, at or after byte `from`.
fn next_sign(text: &str, from: usize) -> Option<usize> {
    let from = (from..=text.len()).find(|&at| text.is_char_boundary(at))?;
    SIGNS.iter().filter_map(|name| text[from..].find(&format!("<{name}")).map(|at| from + at)).min()
}

/// Decodes by byte order mark, then by the encoding that the XML declaration names, else as UTF-8.
fn decode(bytes: &[u8]) -> Result<String, (usize, String)> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, malformed) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if malformed {
            return Err((1, format!("bytes that are not {}: expected what the byte order mark says", encoding.name())));
        }
        return Ok(text.into_owned());
    }
    let declared = declared_encoding(bytes);
    match declared.as_deref().map(|label| (label, encoding_rs::Encoding::for_label(label.as_bytes()))) {
        Some((label, None)) => Err((1, format!("encoding “{label}” is not known: save the file as UTF-8"))),
        Some((_, Some(encoding))) if encoding != encoding_rs::UTF_8 && encoding.is_ascii_compatible() => {
            let (text, malformed) = encoding.decode_without_bom_handling(bytes);
            if malformed {
                return Err((1, format!("bytes that are not {}: save the file as UTF-8", encoding.name())));
            }
            Ok(text.into_owned())
        }
        _ => std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
            (line, format!("byte {} is not UTF-8: save the file as UTF-8 or declare its encoding", error.valid_up_to()))
        }),
    }
}

fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(256)]).into_owned();
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let value = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start().to_owned();
    let quote = value.chars().next().filter(|&quote| quote == '"' || quote == '\'')?;
    value[1..].split(quote).next().map(str::to_owned)
}

struct Failure {
    line: usize,
    /// Where in the text.
    offset: usize,
    message: String,
    /// Nothing more is read of the document.
    fatal: bool,
}

struct Document<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// Newlines before `counted`, plus the first line's number.
    line: usize,
    counted: usize,
    /// Open elements outside of a sign.
    outer: usize,
    /// Open elements of the current sign, the sign first.
    open: Vec<Node>,
    elements: usize,
}

impl<'a> Document<'a> {
    fn new(text: &'a str, line: usize) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = true;
        // After a broken sign the outer elements' ends come without their starts.
        config.allow_unmatched_ends = true;
        Self { text, reader, line, counted: 0, outer: 0, open: Vec::new(), elements: 0 }
    }

    /// The sign that was being read, if any: its line and gloss.
    fn open_sign(&self) -> Option<(usize, String)> {
        self.open.first().map(|sign| (sign.line, gloss(sign)))
    }

    fn line_at(&mut self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        if offset > self.counted {
            self.line += self.text.as_bytes()[self.counted..offset].iter().filter(|&&byte| byte == b'\n').count();
            self.counted = offset;
        }
        self.line
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len())
    }

    fn failure(&mut self, offset: usize, message: String, fatal: bool) -> Failure {
        Failure { line: self.line_at(offset), offset, message, fatal }
    }

    fn read(&mut self, sink: &mut dyn FnMut(Item)) -> Result<(), Failure> {
        loop {
            let start = self.position();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = self.position();
                    return Err(self.failure(at, format!("not well-formed XML: {error}"), false));
                }
            };
            // Past the white space before the element, so that the line is the element's own.
            match event {
                Event::Start(element) => {
                    let node = self.element(&element, start)?;
                    self.start(node, start)?;
                }
                Event::Empty(element) => {
                    let node = self.element(&element, start)?;
                    if self.start(node, start)? {
                        self.end(sink);
                    } else {
                        self.outer = self.outer.saturating_sub(1);
                    }
                }
                Event::End(element) => {
                    let name = element.local_name().as_ref().to_owned();
                    if self.open.is_empty() {
                        self.outer = self.outer.saturating_sub(1);
                    } else if self.open.last().is_some_and(|open| open.name == name) {
                        self.end(sink);
                    } else {
                        let message = format!("</{name}> closes nothing that is open");
                        return Err(self.failure(start, message, false));
                    }
                }
                Event::Text(text) => self.text(&text.xml10_content(), start)?,
                Event::CData(text) => self.text(&text.xml10_content(), start)?,
                Event::GeneralRef(reference) => {
                    let character = if reference.is_char_ref() {
                        reference.resolve_char_ref().ok().flatten().map(String::from)
                    } else {
                        quick_xml::escape::resolve_xml_entity(&reference.xml10_content()).map(str::to_owned)
                    };
                    let Some(character) = character else {
                        let name = reference.xml10_content().chars().take(40).collect::<String>();
                        let message = format!("entity “&{name};” is not defined: write the character itself");
                        return Err(self.failure(start, message, false));
                    };
                    self.text(&character, start)?;
                }
                Event::DocType(doctype) => {
                    let content = doctype.xml10_content().to_ascii_uppercase();
                    if content.contains("<!ENTITY") {
                        let message = "the DOCTYPE defines entities, which are never expanded: remove them".to_owned();
                        return Err(self.failure(start, message, true));
                    }
                }
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof => {
                    if let Some(open) = self.open.last() {
                        let message = format!("the file ends inside <{}>, opened on line {}", open.name, open.line);
                        return Err(self.failure(self.text.len(), message, false));
                    }
                    return Ok(());
                }
            }
        }
    }

    fn element(&mut self, element: &BytesStart<'_>, start: usize) -> Result<Node, Failure> {
        let name = element.local_name().as_ref().to_owned();
        let mut node = Node { name, line: self.line_at(start), ..Node::default() };
        for attribute in element.attributes().with_checks(false) {
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => {
                    return Err(self.failure(start, format!("<{}>: attribute: {error}", node.name), false));
                }
            };
            let key = attribute.key.0.to_owned();
            if attribute.value.len() > MAX_TEXT || node.attributes.len() >= MAX_ATTRIBUTES {
                let message = format!("<{}>: more or longer attributes than any sign has", node.name);
                return Err(self.failure(start, message, false));
            }
            match quick_xml::escape::unescape(&attribute.value) {
                Ok(value) => node.attributes.push((key, value.trim().to_owned())),
                Err(error) => {
                    let message = format!("<{} {key}=…>: {error}: write “&” as “&amp;”", node.name);
                    return Err(self.failure(start, message, false));
                }
            }
        }
        Ok(node)
    }

    /// Opens an element; true if it is, or is in, a sign.
    fn start(&mut self, node: Node, start: usize) -> Result<bool, Failure> {
        if self.outer + self.open.len() >= MAX_DEPTH {
            let message = format!("elements nested more than {MAX_DEPTH} deep");
            return Err(self.failure(start, message, true));
        }
        if self.open.is_empty() && !SIGNS.contains(&node.name.as_str()) {
            self.outer += 1;
            return Ok(false);
        }
        if !self.open.is_empty() && SIGNS.contains(&node.name.as_str()) {
            let message = format!("<{}> inside a sign: is the end of the sign before it missing?", node.name);
            // The sign inside is read again by itself.
            return Err(Failure { line: node.line, offset: start.saturating_sub(1), message, fatal: false });
        }
        self.elements = if self.open.is_empty() { 1 } else { self.elements + 1 };
        if self.elements > MAX_ELEMENTS {
            let message = format!("a sign of more than {MAX_ELEMENTS} elements");
            return Err(self.failure(start, message, false));
        }
        self.open.push(node);
        Ok(true)
    }

    /// Closes the innermost element of the sign.
    fn end(&mut self, sink: &mut dyn FnMut(Item)) {
        let Some(node) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => sink(Item::Sign(node)),
        }
    }

    fn text(&mut self, text: &str, start: usize) -> Result<(), Failure> {
        let Some(node) = self.open.last_mut() else { return Ok(()) };
        if node.text.len() + text.len() > MAX_TEXT {
            let message = format!("more than {MAX_TEXT} bytes of text in one element");
            return Err(self.failure(start, message, false));
        }
        node.text.push_str(text.trim());
        Ok(())
    }
}

fn gloss(node: &Node) -> String {
    node.attribute("gloss").unwrap_or_default().to_owned()
}
