// The picture's side of the page: what is being signed now, and the buttons below the picture.

import { byId } from "./dom.js";
import { t } from "./words.js";

/** Tokens whose times are kept. */
const MOST = 400;
/** A sign is lit a little longer than it was planned, until the next one begins. Seconds. */
const AFTER = 0.3;

export class Stage {
  #tokens = [];
  #shown = "";
  #feed;

  constructor(feed) {
    this.#feed = feed;
  }

  /** A sign begins at `start`. */
  token(message) {
    this.#tokens.push(message);
    if (this.#tokens.length > MOST) this.#tokens.shift();
  }

  /** A new session: its clock begins anew. */
  forget() {
    this.#tokens = [];
    this.at(0);
  }

  /** Lights what is signed at this moment of the session's clock. */
  at(time) {
    const begun = this.#tokens.filter(({ start }) => start <= time);
    const last = begun.at(-1);
    // Two hands may sign two things at once: they begin together.
    const now = last && time < last.end + AFTER ? begun.filter(({ start }) => last.start - start < 0.02) : [];
    const key = now.map(({ utterance, sentence, token }) => `${utterance}.${sentence}.${token}`).join(" ");
    if (key === this.#shown) return;
    this.#shown = key;
    const token = this.#feed.light(now);
    byId("now-gloss").textContent = token?.gloss ?? "";
    byId("now-how").textContent = token ? t(`origin_${token.origin}`) : "";
    byId("now").dataset.origin = token?.origin ?? "";
  }
}

/** What lies over the picture while there is none; empty takes it away. */
export function veil(text, { button = false } = {}) {
  byId("veil").hidden = !text && !button;
  byId("veil-text").textContent = text;
  byId("reconnect").hidden = !button;
}

/** A button that stays pressed; `changed(pressed)` hears it. */
export function toggle(id, changed) {
  const button = byId(id);
  button.addEventListener("click", () => {
    const pressed = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(pressed));
    changed(pressed);
  });
  return () => button.getAttribute("aria-pressed") === "true";
}
