// Calls `shouyu serve` over gRPC-Web from pages of two other origins in Chromium: one is named, one is not.
//
//   npm install && node origins.mjs ../../target/release/shouyu
//
// Needs Chromium.

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { resolve } from "node:path";
import { check, failed, browser, scratch, wait } from "./drive.mjs";

const binary = process.argv[2];
if (!binary) {
  console.error("usage: node origins.mjs BINARY");
  process.exit(2);
}
/** An empty page on a port of its own: an origin. */
const page = () => new Promise((ready) => {
  const server = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end("<title>page</title>"));
  server.listen(0, "127.0.0.1", () => ready({ origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }));
});
const [named, other] = [await page(), await page()];

const server = spawn(resolve(binary), ["serve", "--role", "understanding", "--listen", "127.0.0.1:0", "--origin", named.origin], { stdio: ["ignore", "ignore", "pipe"] });
process.on("exit", () => server.kill("SIGKILL"));
let said = "";
const address = await new Promise((found, lost) => {
  server.on("exit", (code) => lost(new Error(`shouyu serve ended with ${code}: ${said}`)));
  server.stderr.on("data", (bytes) => {
    said += bytes;
    const at = /listening on (\S+)/.exec(said);
    if (at) found(at[1]);
  });
});
server.removeAllListeners("exit");

/** Looks a word up; gives what the page may know of the answer. */
const lookUp = (in_, word) => in_.evaluate(async ({ address, word }) => {
  const text = new TextEncoder().encode(word);
  const message = new Uint8Array([0x0a, text.length, ...text]);
  const body = new Uint8Array([0, 0, 0, 0, message.length, ...message]);
  try {
    const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1", "x-user-agent": "page" };
    const answer = await fetch(`http://${address}/shouyu.v1.LexiconService/LookUp`, { method: "POST", headers, body });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { bytes: bytes.length, text: new TextDecoder().decode(bytes), status: answer.headers.get("grpc-status"), details: answer.headers.get("grpc-status-details-bin") };
  } catch (error) {
    return { error: error.message };
  }
}, { address, word });

const folder = scratch();
const context = await browser(folder);
const ours = await context.newPage();
await ours.goto(named.origin);
let answer = await lookUp(ours, "雪");
for (let round = 0; round < 120 && answer.status === "14"; round += 1) {
  await wait(500);
  answer = await lookUp(ours, "雪");
}
check("a page that was named looks a word up", !answer.error && answer.bytes > 100 && answer.text.includes("雪"), answer.error ?? `${answer.bytes} bytes`);
const refused = await lookUp(ours, "没有这个词");
check("it may read why a call was refused", refused.status === "5" && refused.details !== null, JSON.stringify({ ...refused, text: undefined }));
const theirs = await context.newPage();
await theirs.goto(other.origin);
const nothing = await lookUp(theirs, "雪");
check("a page that was not may read nothing", nothing.error !== undefined, nothing.error);
await context.close();
const ended = new Promise((resolve) => server.on("exit", (code, signal) => resolve(code ?? signal)));
server.kill("SIGTERM");
check("SIGTERM ends it", (await ended) === 0);
[named, other].forEach((it) => it.close());
console.log(failed ? `${failed} failed` : "all hold");
process.exit(failed ? 1 : 0);
