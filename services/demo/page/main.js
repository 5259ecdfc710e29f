// Joins the page: the socket, the picture, the feed, the lexicon, the forms.

import { byId, h, tabs } from "./dom.js";
import { Feed, ORIGINS } from "./feed.js";
import { Lexicon } from "./lexicon.js";
import { microphone } from "./microphone.js";
import { PicturePlayer, VideoPlayer, playsVideo } from "./player.js";
import { review } from "./review.js";
import { open } from "./socket.js";
import { Stage, toggle, veil } from "./stage.js";
import { fill, language, onLanguage, switchLanguage, t } from "./words.js";

const EXAMPLES = {
  zh: ["北京今天有雪，冰壶比赛下午三点开始。", "你好，我叫李明，你叫什么名字？", "明天下午有大风，请大家注意安全。"],
  en: ["It is snowing in Beijing today.", "My friend likes to drink tea.", "北京今天有雪。"],
};
/** Problems after which there is no sense in connecting again at once. */
const FINAL = ["full", "ended", "lost"];
/** How long a notice stands, milliseconds. */
const STANDS = 9_000;

let connection;
let player;
let hello = { limits: { text_characters: 2000, caption_bytes: 262_144, comment_characters: 1000 } };
let picture = wanted();
let attempts = 0;
let final = "";
let veiled = () => "";

const openReview = review(notice);
const feed = new Feed(act);
const stage = new Stage(feed);
const lexicon = new Lexicon((what, card) => {
  if (what === "play") play(card.id);
  else openReview({ gloss: card.headword, lexeme: card.id }, "", hello.limits.comment_characters);
});
const mic = microphone(() => connection);

/** How the picture is wanted: `?picture=jpeg` asks for single pictures. */
function wanted() {
  const asked = new URLSearchParams(location.search).get("picture");
  return asked === "jpeg" || !playsVideo() ? "jpeg" : "mp4";
}

function connect() {
  player?.close();
  connection?.close();
  stage.forget();
  final = "";
  cover("starting");
  player = undefined;
  byId("video").hidden = picture !== "mp4";
  const early = [];
  connection = open(picture, {
    hear(message) {
      if (message.type === "hello") {
        hello = message;
        const [width, height] = message.size;
        byId("screen").style.aspectRatio = `${width} / ${height}`;
        player = picture === "mp4" ? new VideoPlayer(byId("video"), pictures) : new PicturePlayer(byId("canvas"), message.size);
        early.splice(0).forEach((piece) => player.piece(...piece));
      }
      hear(message);
    },
    piece(...piece) {
      if (player) player.piece(...piece);
      else early.push(piece);
    },
    closed,
  });
  if (half()) connection.tell({ type: "speed", half: true });
  if (side()) connection.tell({ type: "view", view: "side" });
}

/** The video can't be played: single pictures instead. */
function pictures(why) {
  console.info(`single pictures instead of video: ${why}`);
  picture = "jpeg";
  notice(t("pictures_instead"));
  connect();
}

function closed() {
  mic.shut();
  byId("stop").disabled = true;
  if (!final && attempts < 3) {
    attempts += 1;
    cover("lost_connection");
    setTimeout(connect, 700 * attempts);
    return;
  }
  cover(final ? `problem_${final}` : "lost_connection", true);
}

function cover(key, button = false) {
  veiled = () => t(key);
  veil(veiled(), { button });
}

function uncover() {
  veiled = () => "";
  veil("");
}

function hear(message) {
  switch (message.type) {
    case "picture":
      attempts = 0;
      player.begin(message.media_type);
      uncover();
      break;
    case "transcript":
      feed.transcript(message);
      byId("stop").disabled = false;
      break;
    case "sentences":
      feed.sentences(message);
      byId("again").disabled = feed.newest === undefined;
      break;
    case "token":
      stage.token(message);
      break;
    case "event":
      event(message);
      break;
    case "problem":
      problem(message);
      break;
    case "hearing":
      mic.hearing(message.state);
      break;
    default:
  }
}

function event({ kind, utterance, message }) {
  if (kind === "started") feed.state(utterance, "signing");
  if (kind === "finished") feed.state(utterance, "done");
  if (["started", "finished", "flushed"].includes(kind)) return;
  if (kind === "interrupted") {
    byId("stop").disabled = true;
    return;
  }
  const key = kind === "overloaded" && utterance === null ? "behind" : kind;
  const text = `${t(`event_${key}`)} ${["omitted", "warning", "fallback"].includes(kind) ? message : ""}`;
  if (utterance === null || !feed.remark(utterance, text)) notice(text);
}

function problem({ problem: kind, utterance, message }) {
  if (FINAL.includes(kind)) final = kind;
  if (kind === "no_speech") return mic.refused(message);
  const text = ["captions", "lost"].includes(kind) ? `${t(`problem_${kind}`)} ${message}` : t(`problem_${kind}`);
  if (utterance === null || !feed.remark(utterance, text)) notice(text);
  return undefined;
}

/** Says something for a while. */
function notice(text) {
  const shown = [...byId("notices").children].find((old) => old.textContent === text);
  shown?.remove();
  const line = h("p", {}, text);
  byId("notices").append(line);
  setTimeout(() => line.remove(), STANDS);
}

/** What a card's buttons want. */
function act(what, subject, more) {
  if (what === "again") connection.tell({ type: "again", utterance: subject });
  if (what === "download") download(subject, more);
  if (what === "play") play(subject.lexeme);
  if (what === "wrong") openReview(subject, more.text, hello.limits.comment_characters);
  if (what === "look_up") {
    chooseTab("tab-lexicon");
    byId("query").value = subject.gloss;
    lexicon.search();
    lexicon.show(subject.lexeme);
  }
}

function play(id) {
  connection.tell({ type: "sign", id });
  showPicture();
}

async function download(utterance, button) {
  const before = button.textContent;
  button.disabled = true;
  button.textContent = t("making_film");
  try {
    const response = await fetch(`/film/${hello.visitor}/${utterance}`);
    if (!response.ok) throw new Error(await response.text());
    const address = URL.createObjectURL(await response.blob());
    h("a", { href: address, download: `shouyu-${utterance}.mp4` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    notice(`${t("film_failed")} ${error.message}`);
  }
  button.disabled = false;
  button.textContent = before;
}

/** The language that a text is in. */
const languageOf = (text) => (/\p{Script=Han}/u.test(text) || !/[a-z]/i.test(text) ? "zh" : "en");

function say() {
  const field = byId("text");
  const text = field.value.trim();
  const found = [...text].length;
  const most = hello.limits.text_characters;
  if (!found) return notice(t("problem_empty"));
  if (found > most) return notice(t("too_long", { found, most }));
  connection.tell({ type: "say", text, language: languageOf(text) });
  field.value = "";
  showPicture();
  return count();
}

/** On a small screen the picture may be above what is seen. */
function showPicture() {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  byId("screen").scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
}

function sendCaptions() {
  const text = byId("captions").value;
  if (!text.trim()) return notice(t("problem_empty"));
  const bytes = new Blob([text]).size;
  if (bytes > hello.limits.caption_bytes) return captionsTooLong(bytes);
  connection.tell({ type: "captions", text, language: languageOf(text) });
  return showPicture();
}

const captionsTooLong = (bytes) =>
  notice(t("captions_too_long", { found: Math.round(bytes / 1024), most: Math.round(hello.limits.caption_bytes / 1024) }));

function count() {
  const found = byId("text").value.length;
  byId("text-count").textContent = found > hello.limits.text_characters / 2 ? `${found} / ${hello.limits.text_characters}` : "";
}

/** A huge text is refused before the browser lays it out. */
function guardPaste(field, most, refuse) {
  field.addEventListener("beforeinput", (event) => {
    const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
    if (text.length + field.value.length <= most()) return;
    event.preventDefault();
    refuse(text.length + field.value.length);
  });
}

const chooseTab = tabs(document.querySelector(".top [role=tablist]"), (id) => {
  if (id === "tab-lexicon" && !byId("hits").children.length) lexicon.search();
});
tabs(document.querySelector(".compose [role=tablist]"));

const half = toggle("half", (pressed) => connection.tell({ type: "speed", half: pressed }));
const side = toggle("side", (pressed) => connection.tell({ type: "view", view: pressed ? "side" : "front" }));
byId("again").addEventListener("click", () => {
  if (feed.newest !== undefined) connection.tell({ type: "again", utterance: feed.newest });
});
byId("stop").addEventListener("click", () => connection.tell({ type: "stop" }));
byId("reconnect").addEventListener("click", () => {
  attempts = 0;
  connect();
});
byId("language").addEventListener("click", switchLanguage);

byId("way-type").addEventListener("submit", (event) => {
  event.preventDefault();
  say();
});
byId("text").addEventListener("input", count);
byId("text").addEventListener("keydown", (event) => {
  // While an input method composes, Enter takes its candidate.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  say();
});
guardPaste(byId("text"), () => 4 * hello.limits.text_characters, (found) =>
  notice(t("too_long", { found, most: hello.limits.text_characters })));

byId("way-captions").addEventListener("submit", (event) => {
  event.preventDefault();
  sendCaptions();
});
guardPaste(byId("captions"), () => hello.limits.caption_bytes, captionsTooLong);
byId("captions-file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (!file) return;
  if (file.size > hello.limits.caption_bytes) return captionsTooLong(file.size);
  try {
    byId("captions").value = await file.text();
  } catch {
    notice(t("no_file"));
  }
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) player?.toEdge();
});

onLanguage(() => {
  fill();
  veil(veiled(), { button: !byId("reconnect").hidden });
  byId("examples").replaceChildren(...EXAMPLES[language()].map((text) => h("li", {},
    h("button", { type: "button", onclick: () => {
      byId("text").value = text;
      say();
    } }, text))));
  byId("legend").replaceChildren(...ORIGINS.flatMap((origin) => [
    h("dt", { data: { origin } }, t(`origin_${origin}`)), h("dd", {}, t(`about_${origin}`))]));
  feed.redraw();
  lexicon.redraw();
});

function follow() {
  if (player) stage.at(player.time());
  requestAnimationFrame(follow);
}

connect();
follow();
