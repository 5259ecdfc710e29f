// Drives the page of `shouyu demo` in Chromium and says what it saw:
//
//   npm install && node check.mjs ../../target/release/shouyu [--shots FOLDER] [--sound FILE.wav]
//
// Needs Chromium (Debian's, or the one that CHROMIUM names). With --sound the microphone hears that file.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { check, failed, browser, differ, look, moving, scratch, serve, visit, wait } from "./drive.mjs";

const { positionals: [binary], values } = parseArgs({ allowPositionals: true, options: { shots: { type: "string" }, sound: { type: "string" } } });
if (!binary) {
  console.error("usage: node check.mjs BINARY [--shots FOLDER] [--sound FILE.wav]");
  process.exit(2);
}
const TEXT = "北京今天有雪，冰壶比赛下午三点开始。";
const shots = values.shots && resolve(values.shots);
if (shots) mkdirSync(shots, { recursive: true });
const shot = (page, name, options = {}) => shots && page.screenshot({ path: join(shots, `${name}.png`), ...options });

const folder = scratch();
const demo = await serve(resolve(binary), folder, 3);
const errors = [];
const desk = await browser(folder, { viewport: { width: 1280, height: 900 }, locale: "zh-CN" });
await desk.grantPermissions(["clipboard-read", "clipboard-write"]);
const one = await visit(desk, demo.address, errors);

check("Chromium plays H.264 through Media Source", await one.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="avc1.64001e"')));
await moving(one);
check("the video is used, not single pictures", await one.evaluate(() => !document.getElementById("video").hidden));
check("the page is in Chinese", (await one.textContent("#tab-sign")) === "翻译成手语");

// The idle avatar moves.
const idle = [await look(one)];
for (let round = 0; round < 6; round += 1) {
  await wait(400);
  idle.push(await look(one));
}
check("the avatar idles", idle.slice(1).some((later) => differ(later, idle[0]) > 0.02));
await shot(one, "desk-idle");

// A text is signed.
const begun = Date.now();
await one.fill("#text", TEXT);
await one.press("#text", "Enter");
await one.waitForSelector("#feed .chip");
const glosses = await one.$$eval("#feed .card:first-child .chip", (chips) => chips.map((chip) => ({
  gloss: chip.querySelector("b").textContent,
  label: chip.getAttribute("aria-label"),
  source: [...chip.closest(".card").querySelectorAll(`.word[data-tokens~="${chip.dataset.tokens}"]`)].map((word) => word.textContent).join(""),
})));
console.log(`     ${glosses.map(({ gloss, source }) => `${gloss} ← ${source || "–"}`).join(", ")}`);
check("glosses appear", glosses.length >= 6);
check("each leads to its source", glosses.every(({ source, label }) => source && TEXT.includes(source[0]) && label.includes("原文")));
check("who translated it, and why so, is said in Chinese", !/missing|put back|taken out|another:/.test(await one.textContent("#feed .foot")), await one.textContent("#feed .foot"));
await one.waitForSelector("#feed .chip.signing", { timeout: 30_000 });
console.log(`     Enter → the first sign is lit on the screen: ${Date.now() - begun} ms`);
await shot(one, "desk-signing");
const lit = [];
const looks = [];
const clock = await one.evaluate(() => document.getElementById("video").currentTime);
for (let round = 0; round < 40; round += 1) {
  const now = await one.evaluate(() => [...document.querySelectorAll("#feed .chip.signing b")].map((b) => b.textContent).join("+"));
  if (now && lit.at(-1) !== now) lit.push(now);
  looks.push(await look(one));
  await wait(150);
}
const played = (await one.evaluate(() => document.getElementById("video").currentTime)) - clock;
console.log(`     lit in order: ${lit.join(" ")}`);
check("the video plays", played > 4, `${played.toFixed(1)} s in 40 looks`);
const moved = looks.slice(1).filter((later, at) => differ(later, looks[at]) > 0.1).length;
check("pixels change while it signs", moved > 20, `${moved} of 39 looks`);
check("glosses light as they are signed", lit.length >= 4);
const behind = await one.evaluate(() => {
  const video = document.getElementById("video");
  return video.buffered.end(video.buffered.length - 1) - video.currentTime;
});
check("the picture is close to the newest frame", behind < 1, `${behind.toFixed(2)} s behind`);

// By keyboard: a gloss lights its source, and opens.
await one.focus("#feed .chip >> nth=0");
check("a focused gloss lights its source", (await one.textContent("#feed .word.lit")) === glosses[0].source);
await one.keyboard.press("Enter");
check("a gloss says how it came about", (await one.textContent("#feed .details")).includes("未经聋人审核"));
await shot(one, "desk-gloss", { fullPage: true });

// A review.
await one.click("#feed .details button.warn");
await one.click("#review-form button[type=submit]");
check("a review without a fault is not sent", (await one.textContent("#review-wrong")).length > 0);
await one.check("input[value=movement]");
check("the complaint goes when one is chosen", (await one.textContent("#review-wrong")) === "");
await one.fill("#comment", "动作要更大");
await shot(one, "desk-review");
await one.click("#review-form button[type=submit]");
await one.waitForFunction(() => document.getElementById("notices").textContent.includes("编号 1"));
const reviews = JSON.parse(await demo.run("lexicon", "reviews", "--export", "json"));
check("the review is stored", reviews.length === 1 && reviews[0].gloss === glosses[0].gloss && reviews[0].comment === "动作要更大"
  && reviews[0].text === TEXT && reviews[0].pack_version !== null, JSON.stringify({ ...reviews[0], description: undefined }));

// A second visitor, on a phone, in English.
const phone = await browser(folder, { viewport: { width: 390, height: 844 }, locale: "en-US", deviceScaleFactor: 2, hasTouch: true });
const two = await visit(phone, demo.address, errors);
await moving(two);
check("a second visitor sees nothing of the first", (await two.$$("#feed .card")).length === 0);
check("the page is in English", (await two.textContent("#tab-sign")) === "Sign a text");
await two.fill("#text", "My friend likes to drink tea.");
await two.press("#text", "Enter");
await two.waitForSelector("#feed .chip.signing", { timeout: 30_000 });
check("the first sees nothing of the second", (await one.$$("#feed .card")).length === 1);
const wide = () => two.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
check("no scrolling sideways on a phone", (await wide()) <= 0);
await shot(two, "phone-signing");
await shot(two, "phone-page", { fullPage: true });
await two.click("#language");
check("the language can be switched", (await two.textContent("#tab-sign")) === "翻译成手语");
await two.click("#tab-lexicon");
await two.fill("#query", "xue");
await two.click("#hits .hit:has(b:text-is('雪'))", { timeout: 60_000 });
await two.waitForSelector("#sign h2");
check("the lexicon is searched by pinyin", (await two.textContent("#sign h2")).startsWith("雪"), await two.textContent("#found"));
check("a sign says that nobody reviewed it", (await two.textContent("#sign")).includes("还没有聋人审核过"));
check("no scrolling sideways in the lexicon", (await wide()) <= 0);
await two.click("#sign button.main");
await two.waitForFunction(() => document.getElementById("now-gloss").textContent === "雪", undefined, { timeout: 30_000 });
await shot(two, "phone-lexicon");
await phone.close();

// Single pictures.
const pictures = await visit(desk, `${demo.address}?picture=jpeg`, errors);
await moving(pictures);
await pictures.fill("#text", "你好。");
await pictures.press("#text", "Enter");
await pictures.waitForSelector("#feed .chip.signing", { timeout: 30_000 });
const still = await look(pictures);
await wait(800);
check("single pictures move too", differ(still, await look(pictures)) > 0.1);
check("they show what the video shows", differ(idle[0], still) < 20, differ(idle[0], still).toFixed(1));
await shot(pictures, "desk-pictures");
await pictures.close();

// Side view and half speed.
await one.bringToFront();
await one.click("#stop");
await wait(2_500);
const front = await look(one);
await one.click("#side");
let side = await look(one);
for (let round = 0; round < 30 && differ(front, side) < 3; round += 1) {
  await wait(500);
  side = await look(one);
}
check("the side view is another view", differ(front, side) > 3, differ(front, side).toFixed(1));
await shot(one, "desk-side");
await one.click("#side");
const length = async () => {
  await one.click("#again");
  await one.waitForSelector("#feed .card[data-state=signing]", { timeout: 30_000 });
  const from = Date.now();
  await one.waitForSelector("#feed .card[data-state=done]", { timeout: 60_000 });
  return Date.now() - from;
};
const full = await length();
await one.click("#half");
const half = await length();
await one.click("#half");
check("half speed takes about twice as long", half > 1.7 * full && half < 2.3 * full, `${full} and ${half} ms`);

// A file to keep.
const download = one.waitForEvent("download", { timeout: 120_000 });
await one.click("#feed .card .head button >> nth=1");
const file = join(folder, "kept.mp4");
await (await download).saveAs(file);
try {
  const probed = JSON.parse(execFileSync("ffprobe", ["-v", "error", "-show_format", "-show_streams", "-of", "json", file]));
  const { codec_name: codec, width, height } = probed.streams[0];
  check("the download is a marked film", codec === "h264" && Number(probed.format.duration) > 3 && "AIGC" in probed.format.tags,
    `${codec} ${width}×${height}, ${probed.format.duration} s`);
} catch (error) {
  check("the download can be probed", false, error.message);
}

// What a page should not do.
const before = await one.evaluate(() => document.getElementById("video").currentTime);
await one.evaluate(() => navigator.clipboard.writeText("雪".repeat(17_500_000)));
await one.focus("#text");
await one.keyboard.press("Control+V");
await one.waitForFunction(() => document.getElementById("notices").textContent.includes("太长了"), undefined, { timeout: 60_000 });
check("fifty megabytes are refused with a reason", (await one.inputValue("#text")) === "");
await one.evaluate(async () => {
  const socket = new WebSocket(`ws://${location.host}/live`);
  await new Promise((opened) => { socket.onopen = opened; });
  for (let at = 0; at < 20_000; at += 1) socket.send('{"type":"stop"}');
  window.flood = new Promise((told) => {
    socket.onmessage = ({ data }) => typeof data === "string" && data.includes('"flood"') && told(true);
    setTimeout(() => told(false), 20_000);
  });
});
check("a flood is answered", await one.evaluate(() => window.flood));
await wait(2_000);
const after = await one.evaluate(() => document.getElementById("video").currentTime);
check("the picture has gone on", after - before > 3, `${(after - before).toFixed(1)} s`);
const refused = await one.evaluate(async () => {
  const answer = await fetch("/live", { headers: { "x-test": "1" } });
  return answer.status;
});
check("what is no socket is told so", refused >= 400, refused);

// The microphone.
if (values.sound) {
  const said = await browser(folder, { sound: resolve(values.sound), viewport: { width: 1280, height: 900 }, locale: "zh-CN" });
  const three = await visit(said, demo.address, errors);
  await moving(three);
  await three.click("#tab-speak");
  await three.click("#microphone");
  await three.waitForFunction(() => document.querySelector("#feed .card:not(.open) .chip") || document.getElementById("speak-hint").dataset.t === "no_speech",
    undefined, { timeout: 120_000 });
  const heard = await three.$$eval("#feed .source", (all) => all.map((source) => source.textContent).reverse().join(""));
  check("what is said is written and signed", heard.length > 3, heard || await three.textContent("#speak-hint"));
  await shot(three, "desk-speech");
  await said.close();
}

const unexpected = errors.filter((text) => !text.includes("400 (Bad Request)") && !text.includes("426"));
check("the console has no errors", unexpected.length === 0, unexpected.join("; "));
await desk.close();
const ended = await demo.stop();
check("SIGTERM ends it", ended === 0, ended);
console.log(failed ? `${failed} failed` : "all hold");
process.exit(failed ? 1 : 0);
