// Prefill and decoding of a GGUF checkpoint by `shouyu model bench` and by llama.cpp, in turns, in one run.
//
//   shouyu model random edge.gguf && npm install && node beside_llama.mjs PATH/TO/shouyu edge.gguf [--rounds 3]
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const [program, checkpoint, ...rest] = process.argv.slice(2);
if (!checkpoint) {
  console.error("usage: node beside_llama.mjs PATH/TO/shouyu CHECKPOINT.gguf [--rounds N]");
  process.exit(2);
}
const rounds = rest[0] === "--rounds" ? Number(rest[1]) : 3;
const PROMPT = 512;
const DECODED = 64;

const ours = () => {
  const out = execFileSync(program, ["model", "bench", "--model", checkpoint, "--json",
    "--prompt-tokens", String(PROMPT), "--tokens", String(DECODED)], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(out);
};

const theirs = async () => {
  const threads = cpus().length;
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error, maxThreads: threads });
  const model = await llama.loadModel({ modelPath: checkpoint });
  const context = await model.createContext({ contextSize: 2 * PROMPT, batchSize: PROMPT, threads });
  const sequence = context.getSequence();
  // Once unmeasured: pages come in, threads start.
  const warm = sequence.evaluate([1, 2, 3], { temperature: 0 });
  await warm.next();
  await warm.return();
  await sequence.clearHistory();
  const prompt = Array.from({ length: PROMPT }, (_, at) => (at * 7919 + 5) % 59000);
  let begin = performance.now();
  const tokens = sequence.evaluate(prompt, { temperature: 0 });
  await tokens.next();
  const prefill = PROMPT / (performance.now() - begin) * 1000;
  begin = performance.now();
  let decoded = 0;
  while (decoded < DECODED && !(await tokens.next()).done) decoded += 1;
  const decode = decoded / (performance.now() - begin) * 1000;
  await tokens.return();
  await context.dispose();
  await model.dispose();
  await llama.dispose();
  return { prefill, decode, decoded };
};

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const [us, them] = [[], []];
for (let round = 0; round < rounds; round += 1) {
  us.push(ours());
  them.push(await theirs());
}
const rate = (number) => `${number.toFixed(1)} tokens/s`;
const prefills = [middle(us.map((it) => it.prefill_tokens_per_second)), middle(them.map((it) => it.prefill))];
const decodes = [middle(us.map((it) => it.decode_tokens_per_second)), middle(them.map((it) => it.decode))];
console.log(`${rounds} rounds in turn, the middle one of each; ${PROMPT} tokens read, ${DECODED} decoded, ${cpus().length} threads`);
console.log(`prefill: shouyu ${rate(prefills[0])}, llama.cpp ${rate(prefills[1])} (${(100 * prefills[0] / prefills[1]).toFixed(0)} %)`);
console.log(`decode: shouyu ${rate(decodes[0])}, llama.cpp ${rate(decodes[1])} (${(100 * decodes[0] / decodes[1]).toFixed(0)} %)`);
console.log(`decoding takes ${(100 * middle(us.map((it) => it.share_of_memory_bandwidth))).toFixed(0)} % of what the memory carries`);
process.exit(0);
