// Uses the page of `shouyu demo` by keyboard alone, and reads what a screen reader would be given:
//
//   npm install && node access.mjs ../../target/release/shouyu [--shots FOLDER]
//
// In Chinese and in English, light and dark, on a desk and at phone width: every control is reached by Tab, has a name and a visible
// focus; a text is signed, a gloss opened, a review sent and the lexicon searched without a pointer; what happens is announced; text stands out
// from its ground (4.5 to 1, large text 3 to 1); targets on a phone have 24 pixels. Needs Chromium. Exit status 0 if all holds.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { browser, check, failed, moving, scratch, serve, visit } from "./drive.mjs";

const { positionals: [binary], values } = parseArgs({ allowPositionals: true, options: { shots: { type: "string" } } });
if (!binary) {
  console.error("usage: node access.mjs BINARY [--shots FOLDER]");
  process.exit(2);
}
const shots = values.shots && resolve(values.shots);
if (shots) mkdirSync(shots, { recursive: true });
const shot = (page, name, more = {}) => shots && page.screenshot({ path: join(shots, `${name}.png`), ...more });
const folder = scratch();
const demo = await serve(resolve(binary), folder, 4);

const OPERATED = ["button", "link", "textbox", "searchbox", "checkbox", "combobox", "tab", "DisclosureTriangle"];
const NAMED = [...OPERATED, "Video", "image", "img", "tablist", "tabpanel", "dialog", "region", "group", "meter"];

/** What a screen reader is given: role and name of each node. */
async function heard(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes.filter((node) => !node.ignored).map((node) => ({ role: node.role?.value ?? "", name: (node.name?.value ?? "").trim() }));
}

/** What has the focus: its name for a reader, and whether one sees that it has it. */
const focused = (page) => page.evaluate(() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {
    id: at.id, tag: at.tagName, text: at.textContent.trim().slice(0, 20), classes: at.className,
    seen: (ring || style.boxShadow !== "none") && box.width > 0 && box.bottom > 0 && box.right > 0,
  };
});

/** Presses Tab until something has the focus; false if it comes round first. */
async function tabTo(page, holds, most = 80) {
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press("Tab");
    if (holds(await focused(page))) return true;
  }
  return false;
}

/** Text that does not stand out, as `text: ratio`. */
const faint = (page) => page.evaluate(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const rgba = (color, under = [255, 255, 255]) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = `rgb(${under})`;
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((value) => value / 255).map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4))
    .reduce((sum, it, at) => sum + it * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    const chain = [];
    for (let at = element; at; at = at.parentElement) chain.unshift(getComputedStyle(at).backgroundColor);
    return chain.reduce((under, color) => rgba(color, under), rgba(getComputedStyle(document.documentElement).backgroundColor));
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!node.textContent.trim() || !element.checkVisibility() || box.width < 2 || box.height < 2 || element.matches(":disabled, :disabled *")) continue;
    const under = ground(element);
    const [a, b] = [light(rgba(style.color, under)), light(under)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(`${node.textContent.trim().slice(0, 16)}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(found)];
});

/** Controls of less than 24 pixels, but for links within text. */
const small = (page) => page.evaluate(() => [...document.querySelectorAll("button, input, select, textarea, summary, [role=tab]")]
  .filter((it) => it.checkVisibility() && it.type !== "file" && !it.closest("label"))
  .map((it) => [it, it.getBoundingClientRect()]).filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
  .map(([it, box]) => `${it.id || it.textContent.trim().slice(0, 12)} ${box.width.toFixed(0)}×${box.height.toFixed(0)}`));

async function round(page, name) {
  const nodes = await heard(page);
  const nameless = nodes.filter(({ role, name: said }) => NAMED.includes(role) && !said);
  check(`${name}: whatever has a role has a name`, nameless.length === 0 && nodes.length > 20, nameless.map(({ role }) => role).join(", ") || `${nodes.length} nodes`);
  const dim = await faint(page);
  check(`${name}: text stands out`, dim.length === 0, dim.join("; "));
}

const errors = [];
for (const [locale, scheme, viewport] of [["zh-CN", "light", { width: 1280, height: 900 }], ["en-US", "dark", { width: 390, height: 844 }]]) {
  const name = `${locale} ${scheme}`;
  const context = await browser(folder, { viewport, locale, colorScheme: scheme, reducedMotion: "reduce" });
  const page = await visit(context, demo.address, errors);
  await moving(page);
  check(`${name}: the page says which language it is in`, (await page.evaluate(() => document.documentElement.lang)).slice(0, 2) === locale.slice(0, 2));

  // Round the page by Tab.
  const way = [];
  for (let pressed = 0; pressed < 60; pressed += 1) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.tag === "BODY" || (way.length > 3 && at.classes === "skip")) break;
    way.push(at);
  }
  console.log(`     ${way.map(({ id, text }) => id || text).join(" → ")}`);
  check(`${name}: Tab begins with a way past the heading`, way[0]?.classes === "skip");
  check(`${name}: Tab goes round`, way.length >= 8 && way.length < 60, way.length);
  check(`${name}: what has the focus shows it`, way.every(({ seen }) => seen), way.filter(({ seen }) => !seen).map(({ id, text }) => id || text).join(", "));
  for (const id of ["language", "text", "half", "side"]) check(`${name}: ${id} is reached`, way.some((at) => at.id === id));
  await round(page, name);

  // A text, a gloss, a review.
  await page.evaluate(() => document.activeElement.blur());
  check(`${name}: the text is reached`, await tabTo(page, ({ id }) => id === "text"));
  const text = locale === "zh-CN" ? "你好，今天北京下雪。" : "My friend likes to drink tea.";
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#feed .chip", { timeout: 30_000 });
  check(`${name}: what was said is announced`, (await page.textContent("#said")) === text);
  check(`${name}: a gloss is reached`, await tabTo(page, ({ classes }) => /\bchip\b/.test(classes)));
  check(`${name}: focus on a gloss lights its source`, (await page.$$("#feed .word.lit")).length > 0);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#feed .details:not([hidden])");
  await shot(page, `gloss-${locale}`, { fullPage: true });
  await round(page, `${name}, a gloss opened`);
  check(`${name}: “this sign is wrong” is reached`, await tabTo(page, ({ classes }) => /\bwarn\b/.test(classes)));
  await page.keyboard.press("Enter");
  await page.waitForSelector("#review[open]");
  check(`${name}: focus is within the form`, await page.evaluate(() => document.getElementById("review").contains(document.activeElement)));
  await round(page, `${name}, the form`);
  await page.keyboard.press("Escape");
  check(`${name}: Escape closes it, and focus goes back`, /\bwarn\b/.test((await focused(page)).classes));
  await page.keyboard.press("Enter");
  await page.waitForSelector("#review[open]");
  const box = async () => page.evaluate(() => document.activeElement.type === "checkbox");
  for (let pressed = 0; pressed < 5 && !(await box()); pressed += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  check(`${name}: a fault is chosen by Space`, (await page.$$("#faults input:checked")).length === 1);
  await shot(page, `form-${locale}`);
  await tabTo(page, ({ id }) => id === "comment", 20);
  await page.keyboard.type("keyboard");
  await tabTo(page, ({ tag, classes }) => tag === "BUTTON" && /\bmain\b/.test(classes), 5);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.getElementById("review").open && document.getElementById("notices").textContent, undefined, { timeout: 10_000 });
  check(`${name}: the store's answer is announced`, (await page.getAttribute("#notices", "role")) === "alert", await page.textContent("#notices"));

  // Half speed and the side view by Space; tabs by arrows; the lexicon.
  await page.focus("#half");
  await page.keyboard.press("Space");
  check(`${name}: half speed is pressed, and says so`, (await page.getAttribute("#half", "aria-pressed")) === "true");
  await page.keyboard.press("Space");
  await page.focus("#tab-sign");
  await page.keyboard.press("ArrowRight");
  check(`${name}: an arrow goes to the lexicon`, (await page.getAttribute("#tab-lexicon", "aria-selected")) === "true" && (await focused(page)).id === "tab-lexicon");
  await tabTo(page, ({ id }) => id === "query", 10);
  await page.keyboard.type("xue");
  await page.waitForSelector("#hits .hit");
  await page.waitForTimeout(600);
  check(`${name}: what was found is announced`, (await page.getAttribute("#found", "role")) === "status" && (await page.textContent("#found")).length > 0, await page.textContent("#found"));
  check(`${name}: a hit is reached`, await tabTo(page, ({ classes }) => /\bhit\b/.test(classes), 10));
  await page.keyboard.press("Enter");
  await page.waitForSelector("#sign h2");
  check(`${name}: focus stays where it was`, /\bhit\b/.test((await focused(page)).classes), (await focused(page)).tag);
  await round(page, `${name}, a sign`);
  await shot(page, `lexicon-${locale}`);
  if (viewport.width < 600) {
    const tiny = await small(page);
    check(`${name}: targets have 24 pixels`, tiny.length === 0, tiny.join("; "));
    check(`${name}: nothing scrolls sideways`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
  await page.focus("#language");
  await page.keyboard.press("Enter");
  check(`${name}: the language is switched by keyboard`, (await page.evaluate(() => document.documentElement.lang)).slice(0, 2) !== locale.slice(0, 2));
  await context.close();
}
check("the console has no errors", errors.length === 0, errors.join("; "));
await demo.stop();
console.log(failed ? `${failed} failed` : "all hold");
process.exit(failed ? 1 : 0);
