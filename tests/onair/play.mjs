// Broadcasts to an HLS and a DASH folder and plays both in headless Chromium while they grow: hls.js and shaka-player.
//
//   npm install && node play.mjs ../../target/release/shouyu
//
// Says for each whether time advances, whether pixels change, and which role the player read. Needs Debian's chromium.
// Exit status 0 if nothing was wrong.

import { spawn } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { chromium } from "playwright-core";

const binary = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), "shouyu-onair-"));
const modules = join(import.meta.dirname, "node_modules");
const text = join(folder, "news.txt");
writeFileSync(text, "今天北京下雪，气温零下五度。\n冰壶比赛下午三点开始。\n中国队获得第一名。\n");

const live = spawn(binary, ["live", "--file", text, "--again", "--for", "180", "--size", "640x360", "--no-spare",
  "--out", `hls:${join(folder, "hls")}`, "--out", `dash:${join(folder, "dash")}`, "--events", join(folder, "events")], { stdio: "inherit" });
process.on("exit", () => {
  live.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const kinds = { ".m3u8": "application/vnd.apple.mpegurl", ".mpd": "application/dash+xml", ".ts": "video/mp2t", ".m4s": "video/mp4", ".js": "text/javascript", ".html": "text/html" };
const page = (script, play) => `<!doctype html><video id="v" muted autoplay width="640" height="360"></video>
<script src="/modules/${script}"></script><script>const video = document.getElementById("v"); window.trouble = []; ${play}</script>`;
const pages = {
  "/hls.html": page("hls.js/dist/hls.min.js", `const hls = new Hls(); hls.on(Hls.Events.ERROR, (_, data) => { if (data.fatal) trouble.push(data.details); });
    hls.loadSource("/out/hls/master.m3u8"); hls.attachMedia(video); window.role = () => JSON.stringify(hls.levels.map((level) => level.attrs));`),
  "/dash.html": page("shaka-player/dist/shaka-player.compiled.js", `shaka.polyfill.installAll(); const player = new shaka.Player(); window.role = () => JSON.stringify(player.getVariantTracks().map((track) => [track.videoRoles, track.roles]));
    player.addEventListener("error", (event) => trouble.push(String(event.detail.code)));
    player.attach(video).then(() => player.load("/out/dash/manifest.mpd")).catch((error) => trouble.push(String(error.code ?? error)));`),
};
const server = createServer((request, response) => {
  const path = new URL(request.url, "http://x").pathname;
  if (pages[path]) return response.writeHead(200, { "content-type": "text/html" }).end(pages[path]);
  const within = normalize(path);
  const file = within.startsWith("/modules/") ? join(modules, within.slice(9)) : within.startsWith("/out/") ? join(folder, within.slice(5)) : "";
  if (!file || !existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
  const kind = Object.entries(kinds).find(([ending]) => file.endsWith(ending));
  response.writeHead(200, { "content-type": kind?.[1] ?? "application/octet-stream", "cache-control": "no-store" });
  createReadStream(file).on("error", () => response.end()).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}`;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
for (let waited = 0; !(existsSync(join(folder, "hls/media.m3u8")) && existsSync(join(folder, "dash/manifest.mpd"))); waited += 1) {
  if (waited > 120) throw new Error("no manifests within two minutes");
  await sleep(1000);
}
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"] });
let wrong = 0;
const check = (holds, what) => {
  console.log((holds ? "ok    " : "WRONG ") + what);
  wrong += holds ? 0 : 1;
};
const look = () => {
  const video = document.getElementById("v");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [160, 90];
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 160, 90);
  return { time: video.currentTime, pixels: [...context.getImageData(0, 0, 160, 90).data] };
};
for (const [name, player, expected] of [["hls", "hls.js", "signer"], ["dash", "shaka-player", "sign"]]) {
  const tab = await browser.newPage();
  await tab.goto(`${address}/${name}.html`);
  await tab.waitForFunction(() => document.getElementById("v").currentTime > 0 && document.getElementById("v").readyState >= 2, null, { timeout: 90_000 }).catch(() => {});
  const before = await tab.evaluate(look);
  await sleep(6000);
  const after = await tab.evaluate(look);
  const changed = before.pixels.filter((value, at) => Math.abs(value - after.pixels[at]) > 12).length;
  const trouble = await tab.evaluate(() => window.trouble);
  check(after.time > before.time + 3, `${player}: time went from ${before.time.toFixed(2)} to ${after.time.toFixed(2)} s in six seconds`);
  check(changed > 50, `${player}: ${changed} of ${after.pixels.length} values changed`);
  const role = await tab.evaluate(() => window.role());
  check(role.includes(expected), `${player}: read ${role.slice(0, 300)}`);
  check(trouble.length === 0, `${player}: no error ${trouble}`);
  await tab.close();
}
await browser.close();
server.close();
console.log(wrong ? `${wrong} wrong` : "nothing was wrong");
process.exit(wrong ? 1 : 0);
