// Signs texts over a running `shouyu serve` and saves the video while it comes.
//
//     npm install
//     node sign.mjs [--address 127.0.0.1:50051] [--key KEY] [--size 640x360] hello.mp4 你好，我叫李明。 …
//
// Everything but the two gRPC packages is made from the protos. Prints the session's name, the glosses of each sentence and
// the events. Exit status 0 if the session ended well and the video has frames.

import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const FLICKS = 705_600_000;
const MESSAGE_BYTES = 64 << 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    address: { type: "string", default: "127.0.0.1:50051" },
    key: { type: "string" },
    size: { type: "string", default: "640x360" },
  },
});
const [path, ...texts] = positionals;
const [width, height] = values.size.split("x").map(Number);
if (!path || texts.length === 0 || !width || !height) {
  console.error("usage: node sign.mjs [--address HOST:PORT] [--key KEY] [--size WIDTHxHEIGHT] OUT.mp4 TEXT…");
  process.exit(2);
}

const protos = fileURLToPath(new URL("../../proto", import.meta.url));
const definition = loader.loadSync("shouyu/v1/signing_service.proto", {
  includeDirs: [protos],
  keepCase: true,
  enums: String,
  longs: Number,
  oneofs: true,
  defaults: true,
});
const { SigningService } = grpc.loadPackageDefinition(definition).shouyu.v1;
const client = new SigningService(values.address, grpc.credentials.createInsecure(), {
  "grpc.max_receive_message_length": MESSAGE_BYTES,
});
const metadata = new grpc.Metadata();
if (values.key) metadata.set("x-api-key", values.key);

let file;
const call = client.StreamingSign(metadata);
call.write({ config: { outputs: ["OUTPUT_SENTENCE", "OUTPUT_VIDEO"], video: { width, height } } });

let frames = 0;
const heard = {
  session_started: ({ session_id }) => {
    console.log("session", session_id);
    file = createWriteStream(path);
    for (const text of texts) call.write({ text: { text } });
    call.write({ end: {} });
    call.end();
  },
  sentence: ({ utterance_id, sentence }) =>
    console.log(utterance_id, sentence.tokens.map((token) => token.gloss).join(" ")),
  video: (chunk) => {
    frames += chunk.frames;
    // A disk that is slow slows the session down.
    if (!file.write(chunk.data)) {
      call.pause();
      file.once("drain", () => call.resume());
    }
  },
  event: ({ kind, time_flicks, utterance_id, message }) =>
    console.log(`${(time_flicks / FLICKS).toFixed(2).padStart(8)} s ${kind} ${utterance_id} ${message}`),
};
call.on("data", (response) => heard[response.content]?.(response[response.content]));
call.on("error", (error) => {
  console.error(`${grpc.status[error.code]}: ${error.details}`);
  process.exitCode = 1;
});
call.on("end", () => {
  file?.end(() => console.log(`${path}: ${frames} frames`));
  if (frames === 0) process.exitCode = 1;
  client.close();
});
