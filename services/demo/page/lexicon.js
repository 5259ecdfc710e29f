// The lexicon: search, and all that is known of a sign.

import { byId, h } from "./dom.js";
import { t } from "./words.js";

/** A search begins when typing has paused for so long, milliseconds. */
const PAUSE = 180;

/** `act("play" | "wrong", sign)` hears what the visitor wants. */
export class Lexicon {
  #act;
  #found;
  #card;
  #asked = 0;

  constructor(act) {
    this.#act = act;
    let timer;
    byId("query").addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.search(), PAUSE);
    });
    byId("search").addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      this.search();
    });
  }

  /** Searches for what the field holds. */
  async search() {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const response = await fetch(`/lexicon?q=${encodeURIComponent(byId("query").value)}`);
      const found = await response.json();
      // An answer that was overtaken is not shown.
      if (asked !== this.#asked) return;
      this.#found = found;
      this.redraw();
    } catch {
      byId("found").textContent = t("lost_connection");
    }
  }

  /** Shows a sign. */
  async show(id) {
    try {
      const response = await fetch(`/lexicon/sign?id=${encodeURIComponent(id)}`);
      if (!response.ok) return;
      this.#card = await response.json();
      this.redraw();
    } catch {
      byId("found").textContent = t("lost_connection");
    }
  }

  redraw() {
    if (this.#found) {
      const { hits, found, signs } = this.#found;
      const key = !found ? "found_none" : found > hits.length ? "found_more" : "found";
      byId("found").textContent = t(key, { found, signs, shown: hits.length });
      // Whoever works by keyboard stays where they are.
      const at = document.activeElement?.closest("#hits .hit")?.dataset.sign;
      byId("hits").replaceChildren(...hits.map((hit) => h("li", {},
        h("button", { type: "button", className: "hit", data: { sign: hit.id }, aria: { pressed: String(hit.id === this.#card?.id) }, onclick: () => this.show(hit.id) },
          h("b", { lang: "zh" }, hit.headword), h("span", {}, [hit.pinyin, hit.en.slice(0, 2).join(", ")].filter(Boolean).join(" · "))))));
      if (at) [...byId("hits").querySelectorAll(".hit")].find((hit) => hit.dataset.sign === at)?.focus();
    }
    byId("sign").hidden = !this.#card;
    if (this.#card) byId("sign").replaceChildren(...this.#drawn(this.#card));
  }

  #drawn(card) {
    const facts = (key, ...said) => [h("dt", {}, t(key)), h("dd", {}, ...said)];
    const percent = Math.round(card.confidence * 100);
    return [
      h("h2", { lang: "zh" }, card.headword, h("small", {}, card.pinyin)),
      h("div", { className: "row" },
        h("button", { type: "button", className: "main", onclick: () => this.#act("play", card) }, t("play")),
        h("button", { type: "button", className: "warn", onclick: () => this.#act("wrong", card) }, t("wrong"))),
      !card.whole && h("p", { className: "remark" }, `${t("not_whole")} ${card.message}`),
      h("dl", { className: "facts" },
        ...facts("description", card.description ?? t("no_description", { parts: card.parts.join(" + ") })),
        ...facts("means", [card.zh.join("、"), card.en.join(", ")].filter(Boolean).join(" / ")),
        ...facts("reviewers", card.reviewers.length ? card.reviewers.join("、") : h("strong", { className: "unreviewed-word" }, t("nobody"))),
        ...facts("provenance", [t(card.provenance), card.source, card.note].filter(Boolean).join(" · "), h("br"), t("confidence", { percent })),
        ...facts("pack", `${card.pack} ${card.version} · ${card.id}`)),
    ].filter(Boolean);
  }
}
