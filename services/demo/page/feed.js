// What was said, newest first: the text, its glosses with the source lit, what is not signed and why.

import { byId, h } from "./dom.js";
import { reason, t } from "./words.js";

/** Cards that are kept on the page. */
const MOST = 60;

export const ORIGINS = ["sign", "synonym", "parts", "name", "number", "letters", "pointing"];

/** `act(what, …)` hears what the visitor wants: again, download, look_up, play, wrong. */
export class Feed {
  #list = byId("feed");
  #cards = new Map();
  #act;

  constructor(act) {
    this.#act = act;
  }

  /** The newest utterance that can be signed again. */
  get newest() {
    return [...this.#cards.values()].filter((card) => card.stable && card.number).at(-1)?.number;
  }

  /** What was said, or is being said. */
  transcript(message) {
    if (message.of !== null && this.#cards.has(message.of)) {
      // A repetition lights the card that it repeats.
      this.#cards.set(message.utterance, this.#cards.get(message.of));
      return;
    }
    const card = this.#cards.get(message.utterance) ?? this.#add(message.utterance);
    Object.assign(card, { text: message.text, stable: message.stable, means: message.means, cues: message.cues ?? [] });
    if (message.stable && message.text) byId("said").textContent = message.text;
    this.#draw(card);
  }

  sentences(message) {
    const card = this.#cards.get(message.utterance);
    if (!card || card.number !== message.utterance) return;
    card.signed = message;
    if (!card.text) card.text = message.lines[0]?.tokens[0]?.gloss ?? "";
    this.#draw(card);
  }

  /** `waiting`, `signing`, `done`. */
  state(utterance, state) {
    const card = this.#cards.get(utterance);
    if (!card) return;
    card.state = state;
    card.element.dataset.state = state;
    card.element.querySelector(".state").textContent = t(state);
  }

  /** Something to say about an utterance. */
  remark(utterance, text) {
    const card = this.#cards.get(utterance);
    if (!card) return false;
    if (!card.remarks.includes(text)) card.remarks.push(text);
    this.#draw(card);
    return true;
  }

  /** The tokens that are being signed, as `[{utterance, sentence, token}]`; all others go dark. */
  light(tokens) {
    for (const lit of this.#list.querySelectorAll(".signing")) lit.classList.remove("signing");
    let first;
    for (const { utterance, sentence, token } of tokens) {
      const card = this.#cards.get(utterance);
      const shown = card?.signed?.lines[sentence]?.tokens[token];
      if (!shown) continue;
      first ??= shown;
      for (const element of this.#parts(card, `${sentence}-${token}`)) element.classList.add("signing");
    }
    return first;
  }

  /** All anew, in the page's language. */
  redraw() {
    for (const card of new Set(this.#cards.values())) this.#draw(card);
  }

  #add(number) {
    const element = h("li", { className: "card" });
    const card = { number, element, text: "", remarks: [], state: "waiting", cues: [] };
    this.#cards.set(number, card);
    this.#list.prepend(element);
    byId("empty").hidden = true;
    while (this.#list.children.length > MOST) {
      const last = this.#list.lastElementChild;
      for (const [key, old] of this.#cards) if (old.element === last) this.#cards.delete(key);
      last.remove();
    }
    return card;
  }

  #parts(card, token) {
    return card.element.querySelectorAll(`[data-tokens~="${token}"]`);
  }

  #draw(card) {
    const { element, signed } = card;
    const opened = element.querySelector(".chip[aria-expanded=true]")?.dataset.tokens;
    const focused = element.contains(document.activeElement) && placeOf(document.activeElement);
    element.dataset.state = card.state;
    element.classList.toggle("open", !card.stable);
    const details = h("div", { className: "details", hidden: true });
    element.replaceChildren(
      this.#head(card),
      h("p", { className: "source", lang: /\p{Script=Han}/u.test(card.text) ? "zh" : "en" }, ...source(card)),
      signed && h("ol", { className: "glosses" }, ...this.#glosses(card, details)),
      details,
      signed && foot(card),
      ...card.remarks.map((text) => h("p", { className: "remark" }, text)),
    );
    [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).forEach((node) => node.remove());
    if (opened) element.querySelector(`.chip[data-tokens="${opened}"]`)?.click();
    // Whoever works by keyboard stays where they are.
    if (focused) [...element.querySelectorAll("button, summary")].find((it) => placeOf(it) === focused)?.focus();
  }

  #head(card) {
    const buttons = card.stable && card.signed?.lines.length && [
      h("button", { type: "button", className: "plain", onclick: () => this.#act("again", card.number) }, t("again_short")),
      h("button", { type: "button", className: "plain", onclick: (event) => this.#act("download", card.number, event.currentTarget) }, t("download")),
    ];
    return h("div", { className: "head" },
      h("span", { className: "means" }, t(card.means ?? "typed")),
      h("span", { className: "state" }, card.stable ? t(card.state) : t("still_open")),
      h("span", { className: "gap" }),
      ...(buttons || []));
  }

  #glosses(card, details) {
    const chars = [...card.text];
    return card.signed.lines.flatMap((line, sentence) => line.tokens.map((token, index) => {
      const name = `${sentence}-${index}`;
      const from = token.source.map(([start, end]) => chars.slice(start, end).join("")).join(" … ");
      const how = t(`origin_${token.origin}`);
      const said = [token.gloss, how, from ? t("from", { text: from }) : t("about_grammar"), t(token.reviewed ? "reviewed" : token.lexeme ? "unreviewed" : "by_rule")];
      const light = (on) => () => this.#parts(card, name).forEach((part) => part.classList.toggle("lit", on));
      const chip = h("button", {
        type: "button",
        className: `chip ${token.reviewed || !token.lexeme ? "" : "unreviewed"}`,
        data: { tokens: name, origin: token.origin },
        aria: { expanded: "false", label: said.join(", ") },
        onpointerenter: light(true), onpointerleave: light(false), onfocus: light(true), onblur: light(false),
        onclick: () => {
          const open = chip.getAttribute("aria-expanded") === "true";
          card.element.querySelectorAll(".chip").forEach((other) => other.setAttribute("aria-expanded", "false"));
          chip.setAttribute("aria-expanded", String(!open));
          details.hidden = open;
          if (!open) details.replaceChildren(...this.#details(card, token, from));
        },
      }, h("b", {}, token.gloss), h("small", {}, how));
      return h("li", { className: index === 0 && sentence > 0 ? "begins" : "" }, chip);
    }));
  }

  #details(card, token, from) {
    const facts = [
      from ? t("from", { text: from }) : t("about_grammar"),
      token.parts.length ? t("parts_of", { parts: token.parts.join(" + ") }) : "",
      t("sure", { percent: Math.round(token.confidence * 100) }),
      token.pack ? `${token.pack.name} ${token.pack.version}` : t("by_rule"),
      token.provenance ? t(token.provenance) : "",
      token.lexeme ? t(token.reviewed ? "reviewed" : "unreviewed") : "",
    ];
    const act = (what) => () => this.#act(what, token, card);
    return [
      h("p", {}, h("b", {}, token.gloss), ` — ${t(`about_${token.origin}`)}`),
      h("p", { className: "hint" }, facts.filter(Boolean).join(" · ")),
      h("div", { className: "row" },
        token.lexeme && h("button", { type: "button", onclick: act("play") }, t("play")),
        token.lexeme && h("button", { type: "button", onclick: act("look_up") }, t("look_up")),
        h("button", { type: "button", className: "warn", onclick: act("wrong") }, t("wrong"))),
    ];
  }
}

/** Where a control stands in its card. */
const placeOf = (control) =>
  `${control.closest(".head, .glosses, .details, .foot")?.className} ${control.dataset.tokens ?? control.textContent}`;

/** The text, cut where tokens begin and end; what no token renders is marked. */
function source(card) {
  const chars = [...card.text];
  if (!card.signed) return [card.text];
  const owners = chars.map(() => []);
  const left = chars.map(() => "");
  card.signed.lines.forEach((line, sentence) => {
    line.tokens.forEach((token, index) => token.source.forEach(([start, end]) => {
      for (let at = start; at < end && at < chars.length; at += 1) owners[at].push(`${sentence}-${index}`);
    }));
  });
  for (const dropped of allDropped(card.signed)) {
    const [start, end] = dropped.source;
    for (let at = start; at < end && at < chars.length; at += 1) left[at] = dropped.reason;
  }
  const runs = [];
  chars.forEach((char, at) => {
    const names = owners[at].join(" ");
    const why = names ? "" : left[at];
    const last = runs.at(-1);
    if (last && last.names === names && last.why === why) last.text += char;
    else runs.push({ names, why, text: char });
  });
  return runs.map(({ names, why, text }) => {
    if (names) return h("span", { className: "word", data: { tokens: names } }, text);
    if (why) return h("span", { className: "left", title: `${t("not_signed")}: ${reason(why)}` }, text);
    return text;
  });
}

const allDropped = (signed) => [...signed.lines.flatMap((line) => line.dropped), ...signed.dropped];

function foot(card) {
  const { lines, coverage, versions } = card.signed;
  const dropped = allDropped(card.signed).filter(({ text }) => text.trim());
  const all = coverage.signed === coverage.total;
  const list = dropped.length > 0 && h("details", {},
    h("summary", {}, `${t("not_signed")} (${dropped.length})`),
    h("ul", {}, ...dropped.map((it) => h("li", {}, h("b", {}, it.text), ` — ${reason(it.reason)}`))));
  const packs = versions.packs.map((pack) => `${pack.name} ${pack.version}`).join(", ");
  const who = [...new Set(lines.map(leg(card.means)))].join("; ");
  return h("div", { className: "foot" },
    !lines.length && h("p", { className: "remark" }, t("no_tokens")),
    h("p", { className: "coverage" },
      h("meter", { min: 0, max: Math.max(coverage.total, 1), value: coverage.signed, aria: { hidden: "true" } }),
      t(all ? "coverage_all" : "coverage", coverage)),
    list,
    lines.length > 0 && h("p", { className: "hint" }, `${t("leg")}: ${who}. ${t("versions")}: ${versions.software}, ${packs}`));
}

/** Who made a sentence, for a reader. */
const leg = (means) => ({ leg: { leg: kind, proposer, reasons } }) => {
  if (means === "lexicon") return t("leg_lexicon");
  const said = kind === "knowledge" && proposer ? t("leg_knowledge_after", { who: proposer }) : t(`leg_${kind}`, { who: proposer ?? "" });
  return reasons?.length ? `${said} (${reasons.map(reason).join("; ")})` : said;
};
