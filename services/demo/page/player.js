// Two ways to show the live picture: fragmented MP4 through Media Source, and JPEG pictures on a canvas.
// Both have `piece(kind, seconds, bytes)`, `time()` (seconds of the session's clock that is on the screen) and `close()`.

import { KIND } from "./socket.js";

/** How far the picture may be behind the newest frame: wanted, caught up gently, jumped over. Seconds. */
const NEAR = 0.12;
const FAR = 0.7;
const TOO_FAR = 2.5;
/** How much of the past is kept, and how much more before it is trimmed. Seconds. */
const KEEP = 8;
const TRIM = 24;

/** Whether Media Source plays H.264 here. */
export const playsVideo = (type = 'video/mp4; codecs="avc1.64001f"') =>
  typeof MediaSource === "function" && MediaSource.isTypeSupported(type);

export class VideoPlayer {
  #video;
  #failed;
  #source = new MediaSource();
  #buffer;
  #waiting = [];
  #closed = false;
  #url;

  /** `failed(why)` is called once when the picture can't be shown in this way. */
  constructor(video, failed) {
    this.#video = video;
    this.#failed = (why) => {
      if (!this.#closed) failed(why);
      this.#closed = true;
    };
    this.#url = URL.createObjectURL(this.#source);
    video.hidden = false;
    video.src = this.#url;
    video.onerror = () => this.#failed(video.error?.message || "media error");
  }

  /** What the stream is; pieces may come before and after. */
  begin(type) {
    if (!type || !playsVideo(type)) return this.#failed(`not played here: ${type}`);
    const add = () => {
      if (this.#closed) return;
      this.#buffer = this.#source.addSourceBuffer(type);
      this.#buffer.addEventListener("updateend", () => this.#next());
      this.#buffer.addEventListener("error", () => this.#failed("a piece can't be read"));
      this.#next();
    };
    if (this.#source.readyState === "open") add();
    else this.#source.addEventListener("sourceopen", add, { once: true });
  }

  piece(_kind, _seconds, bytes) {
    this.#waiting.push(bytes);
    this.#next();
  }

  time() {
    return this.#video.currentTime;
  }

  /** Goes to the newest frame, such as after the page was hidden. */
  toEdge() {
    const edge = this.#edge();
    if (edge !== undefined) this.#video.currentTime = Math.max(edge - NEAR, 0);
    this.#play();
  }

  close() {
    this.#closed = true;
    this.#video.onerror = null;
    this.#video.removeAttribute("src");
    this.#video.load();
    URL.revokeObjectURL(this.#url);
  }

  #edge() {
    const ranges = this.#video.buffered;
    return ranges.length ? ranges.end(ranges.length - 1) : undefined;
  }

  #next() {
    const buffer = this.#buffer;
    if (this.#closed || !buffer || buffer.updating) return;
    this.#follow();
    try {
      const past = buffer.buffered.length ? this.#video.currentTime - buffer.buffered.start(0) : 0;
      if (past > TRIM) return buffer.remove(0, this.#video.currentTime - KEEP);
      if (!this.#waiting.length) return;
      buffer.appendBuffer(joined(this.#waiting.splice(0)));
    } catch (error) {
      if (error.name !== "QuotaExceededError") return this.#failed(error.message);
      // What waits is lost; the picture goes on with the next key frame.
      buffer.remove(0, Math.max(this.#video.currentTime - 1, 0.1));
    }
  }

  /** Stays close to the newest frame. */
  #follow() {
    const video = this.#video;
    const edge = this.#edge();
    if (edge === undefined) return;
    const ranges = video.buffered;
    const newest = ranges.start(ranges.length - 1);
    const behind = edge - video.currentTime;
    // Before what there is, or too far behind it: jump.
    if (video.currentTime < newest || behind > TOO_FAR) video.currentTime = Math.max(newest, edge - NEAR);
    video.playbackRate = behind > FAR ? 1.1 : behind < NEAR / 3 ? 0.95 : 1;
    if (video.paused) this.#play();
  }

  #play() {
    // Without sound a browser lets it play; where it does not, the next piece tries again.
    this.#video.play().catch(() => {});
  }
}

export class PicturePlayer {
  #canvas;
  #context;
  #time = 0;
  #newest;
  #busy = false;
  #closed = false;

  constructor(canvas, [width, height]) {
    this.#canvas = canvas;
    canvas.width = width;
    canvas.height = height;
    canvas.hidden = false;
    this.#context = canvas.getContext("2d");
  }

  begin() {}

  toEdge() {}

  /** Draws the newest picture; those that come while one is decoded are passed over. */
  async piece(kind, seconds, bytes) {
    if (kind !== KIND.jpeg || !bytes.length) return;
    this.#newest = [seconds, bytes];
    if (this.#busy) return;
    this.#busy = true;
    while (this.#newest && !this.#closed) {
      const [time, picture] = this.#newest;
      this.#newest = undefined;
      try {
        const image = await createImageBitmap(new Blob([picture], { type: "image/jpeg" }));
        this.#context.drawImage(image, 0, 0, this.#canvas.width, this.#canvas.height);
        image.close();
        this.#time = time;
      } catch {
        // A picture that can't be read is followed by another one.
      }
    }
    this.#busy = false;
  }

  time() {
    return this.#time;
  }

  close() {
    this.#closed = true;
    this.#canvas.hidden = true;
  }
}

function joined(pieces) {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
