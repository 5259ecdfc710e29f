// What the checks share: the binary, the browser, and looking at the picture.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const QUIET = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
];

/** How many checks did not hold. */
export let failed = 0;

/** Says whether a check holds. */
export function check(what, holds, detail = "") {
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${detail === "" ? "" : `: ${detail}`}`);
  if (!holds) failed += 1;
}

/** A folder that goes with the process. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "shouyu-page-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Where reviews go must be a place of our own: the cache is linked into it. */
function environment(folder) {
  const own = { ...process.env, XDG_DATA_HOME: folder };
  if (process.env.SHOUYU_CACHE) {
    for (const name of readdirSync(process.env.SHOUYU_CACHE)) {
      if (!name.startsWith("reviews.sqlite")) symlinkSync(join(process.env.SHOUYU_CACHE, name), join(folder, name));
    }
    own.SHOUYU_CACHE = folder;
  }
  return own;
}

/** Starts `shouyu demo` on any port; gives its address, a way to run other verbs beside it, and its end. */
export async function serve(binary, folder, visitors) {
  const env = environment(folder);
  const demo = spawn(binary, ["demo", "--port", "0", "--visitors", String(visitors)], { env, stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => demo.kill("SIGKILL"));
  let said = "";
  const address = await new Promise((resolve, reject) => {
    demo.on("exit", (code) => reject(new Error(`shouyu demo ended with ${code}: ${said}`)));
    demo.stdout.on("data", (bytes) => {
      said += bytes;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (found && said.includes("reviews are kept")) resolve(found[0]);
    });
  });
  demo.removeAllListeners("exit");
  const ended = new Promise((resolve) => demo.on("exit", (code, signal) => resolve(code ?? signal)));
  const run = (...words) => new Promise((resolve) => {
    const child = spawn(binary, words, { env, stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (bytes) => { out += bytes; });
    child.on("exit", () => resolve(out));
  });
  return { address, run, pid: demo.pid, stop: () => { demo.kill("SIGTERM"); return ended; } };
}

/** A browser with a fresh profile; `sound` is a WAV file that its microphone hears. */
export async function browser(folder, { sound, ...options } = {}) {
  const heard = sound ? ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${sound}`] : [];
  return chromium.launchPersistentContext(mkdtempSync(join(folder, "profile-")), {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...QUIET, ...heard],
    acceptDownloads: true,
    ...options,
  });
}

/** Opens the page; what its console calls an error lands in `errors`. */
export async function visit(context, address, errors) {
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) errors.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => errors.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => errors.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  await page.goto(address);
  return page;
}

/** Waits until the picture moves. */
export async function moving(page) {
  await page.waitForFunction(() => {
    const video = document.getElementById("video");
    const canvas = document.getElementById("canvas");
    // Looked at in a copy: reading the page's own canvas would make Chromium complain to its console.
    const drawn = () => {
      const copy = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
      const context = copy.getContext("2d", { willReadFrequently: true });
      context.drawImage(canvas, canvas.width / 2, canvas.height / 2, 1, 1, 0, 0, 1, 1);
      return context.getImageData(0, 0, 1, 1).data[3] > 0;
    };
    return document.getElementById("veil").hidden && (video.hidden ? !canvas.hidden && drawn() : video.currentTime > 0.3);
  }, undefined, { timeout: 120_000 });
}

/** A small grey copy of what is on the screen: 54 × 72 values. */
export const look = (page) => page.evaluate(() => {
  const shown = document.getElementById("video").hidden ? document.getElementById("canvas") : document.getElementById("video");
  const copy = Object.assign(document.createElement("canvas"), { width: 54, height: 72 });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(shown, 0, 0, 54, 72);
  const { data } = context.getImageData(0, 0, 54, 72);
  return Array.from({ length: 54 * 72 }, (_, at) => Math.round((data[4 * at] + data[4 * at + 1] + data[4 * at + 2]) / 3));
});

/** Mean difference of two looks, in steps of grey. */
export const differ = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;

export const wait = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
