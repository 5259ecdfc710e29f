// “This sign is wrong”: a form, and its way to the store.

import { byId, h } from "./dom.js";
import { t } from "./words.js";

const FAULTS = ["handshape", "palm", "place", "movement", "face", "word", "order", "fingerspelling", "other"];
/** Longest text that a review may quote, characters. */
const QUOTED = 2000;

/** `notice(text)` says what became of a review. Gives a function that opens the form. */
export function review(notice) {
  const dialog = byId("review");
  const form = byId("review-form");
  let about;

  const draw = () => {
    byId("faults").replaceChildren(...FAULTS.map((fault) => h("label", {},
      h("input", { type: "checkbox", name: "fault", value: fault }), h("span", { data: { t: `fault_${fault}` } }, t(`fault_${fault}`)))));
  };

  const wrong = (text) => {
    byId("review-wrong").textContent = text;
  };

  async function send() {
    const faults = [...form.querySelectorAll("[name=fault]:checked")].map((box) => box.value);
    if (!faults.length) return wrong(t("review_none"));
    const said = { ...about, faults, comment: byId("comment").value.trim(), reviewer: byId("reviewer").value.trim() };
    try {
      const response = await fetch("/reviews", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(said),
      });
      if (!response.ok) return wrong(t("review_failed", { why: await response.text() }));
      const { id } = await response.json();
      dialog.close();
      notice(t("review_thanks", { id }));
    } catch (error) {
      wrong(t("review_failed", { why: error.message }));
    }
    return undefined;
  }

  draw();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  byId("faults").addEventListener("change", () => wrong(""));
  byId("review-cancel").addEventListener("click", () => dialog.close());

  /** `token` is what is wrong, `text` where it was signed. */
  return (token, text, limit) => {
    const whole = [...text];
    // A long text is quoted around the sign, so that its place stays true.
    const first = token.source?.[0]?.[0] ?? 0;
    const from = whole.length > QUOTED ? Math.max(0, Math.min(first - 200, whole.length - QUOTED)) : 0;
    const quoted = whole.slice(from, from + QUOTED);
    const range = token.source?.length
      ? [token.source[0][0] - from, Math.min(token.source.at(-1)[1] - from, quoted.length)]
      : null;
    about = { gloss: token.gloss, lexeme: token.lexeme ?? null, origin: token.origin ?? null, text: quoted.join(""), source: range };
    const excerpt = quoted.length > 40 ? `${quoted.slice(0, 40).join("")}…` : quoted.join("");
    byId("review-what").textContent = text ? t("review_in", { gloss: token.gloss, text: excerpt }) : t("review_what", { gloss: token.gloss });
    form.reset();
    byId("comment").maxLength = limit;
    wrong("");
    dialog.showModal();
  };
}
