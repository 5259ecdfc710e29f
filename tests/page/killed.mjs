// Kills the renderers of `shouyu demo` while visitors watch, and says what they saw:
//
//   npm install && node killed.mjs ../../target/release/shouyu [--shots FOLDER]
//
// First the process that draws for one of two visitors, then all of them with the one that stands by. The video's time must
// go on, what is signed must go on, the visitor must be told, and the other visitor must notice nothing. Needs Chromium.

import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { check, failed, browser, differ, look, moving, scratch, serve, visit, wait } from "./drive.mjs";

const { positionals: [binary], values } = parseArgs({ allowPositionals: true, options: { shots: { type: "string" } } });
if (!binary) {
  console.error("usage: node killed.mjs BINARY [--shots FOLDER]");
  process.exit(2);
}
const TEXT = "北京今天有雪，冰壶比赛下午三点开始。记者采访了运动员和教练。明天上午举行花样滑冰比赛。请大家注意安全。";
const shots = values.shots && resolve(values.shots);
if (shots) mkdirSync(shots, { recursive: true });
const shot = (page, name) => shots && page.screenshot({ path: join(shots, `${name}.png`) });

const folder = scratch();
const demo = await serve(resolve(binary), folder, 3);

/** The processes that draw, with the processor time that each has used. */
function renderers() {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return Number(fields[1]) === demo.pid && words[1] === "draw" && fields[0] !== "Z" ? [{ pid: Number(pid), used: Number(fields[11]) + Number(fields[12]) }] : [];
    } catch {
      return [];
    }
  });
}

/** Those that have drawn for a moment, the busiest first. */
async function busy() {
  const before = new Map(renderers().map(({ pid, used }) => [pid, used]));
  await wait(1_000);
  return renderers().map(({ pid, used }) => ({ pid, used: used - (before.get(pid) ?? used) })).filter(({ used }) => used > 5)
    .sort((a, b) => b.used - a.used).map(({ pid }) => pid);
}

/** Watches for a while: how long the video's time stood, how long its picture did not change, seconds; what it was told. */
async function watch(page, secs) {
  await page.evaluate(() => {
    const notices = document.getElementById("notices");
    window.told = [];
    new MutationObserver(() => window.told.push(notices.textContent)).observe(notices, { childList: true, subtree: true, characterData: true });
  });
  let [stood, still] = [0, 0];
  let [ran, moved] = [Date.now(), Date.now()];
  let [time, picture] = [await page.evaluate(() => document.getElementById("video").currentTime), await look(page)];
  const lit = new Set();
  const until = Date.now() + secs * 1_000;
  while (Date.now() < until) {
    await wait(60);
    const [now, next] = [await page.evaluate(() => document.getElementById("video").currentTime), await look(page)];
    const at = Date.now();
    if (now > time) [ran, time] = [at, now];
    if (differ(next, picture) > 0.01) [moved, picture] = [at, next];
    [stood, still] = [Math.max(stood, at - ran), Math.max(still, at - moved)];
    for (const gloss of await page.$$eval("#feed .chip.signing b", (all) => all.map((it) => it.textContent))) lit.add(gloss);
  }
  return { stood: stood / 1e3, still: still / 1e3, told: (await page.evaluate(() => window.told)).join(" "), lit: lit.size };
}

const errors = [];
const desk = await browser(folder, { viewport: { width: 1280, height: 900 }, locale: "zh-CN" });
const one = await visit(desk, demo.address, errors);
await moving(one);
const first = await busy();
check("one process draws for the first visitor", first.length === 1, first);
const two = await visit(desk, demo.address, errors);
await two.bringToFront();
await moving(two);
for (let round = 0; round < 60 && renderers().length < 3; round += 1) await wait(500);
check("another stands by", renderers().length === 3, renderers().length);

// The second visitor watches; the first one's renderer is killed. Pages in the background don't play, so one looks at a time.
process.kill(first[0], "SIGKILL");
const other = await watch(two, 4);
check("the other visitor notices nothing", other.stood < 1 && other.still < 1 && !other.told.includes("恢复"), `time stood ${other.stood} s, picture ${other.still} s`);
await two.close();

await one.bringToFront();
await moving(one);
await one.fill("#text", TEXT);
await one.press("#text", "Enter");
await one.waitForSelector("#feed .chip.signing", { timeout: 30_000 });
for (let round = 0; round < 60 && renderers().length < 2; round += 1) await wait(500);
const [drawing] = await busy();
const watching = watch(one, 6);
await wait(500);
process.kill(drawing, "SIGKILL");
const seen = await watching;
check("the video's time goes on", seen.stood < 1, `stood ${seen.stood} s`);
check("the picture goes on", seen.still < 2, `still for ${seen.still} s`);
check("signing goes on", seen.lit >= 3, `${seen.lit} glosses were lit meanwhile`);
check("the visitor is told, and told that it is back", seen.told.includes("正在恢复") && seen.told.includes("已恢复"));

// All of them, with the one that stands by.
for (let round = 0; round < 60 && renderers().length < 2; round += 1) await wait(500);
await one.click("#again");
await one.waitForSelector("#feed .chip.signing", { timeout: 30_000 });
const last = watch(one, 12);
await wait(500);
for (const { pid } of renderers()) process.kill(pid, "SIGKILL");
await wait(400);
await shot(one, "stands-in");
const worst = await last;
check("without one that stands by the video's time goes on, too", worst.stood < 1, `stood ${worst.stood} s`);
check("its picture never stands for two seconds, and is back", worst.still < 2 && worst.told.includes("已恢复"), `still for ${worst.still} s: a renderer had to be opened`);
await shot(one, "is-back");

check("it is the same session", (await one.$$("#feed .card")).length >= 1);
check("the console has no errors", errors.length === 0, errors.join("; "));
await desk.close();
const ended = await demo.stop();
check("SIGTERM ends it", ended === 0, ended);
await wait(500);
check("no renderer is left behind", renderers().length === 0, renderers().length);
console.log(failed ? `${failed} failed` : "all hold");
process.exit(failed ? 1 : 0);
