// The browser's microphone → the session.

import { byId } from "./dom.js";
import { t } from "./words.js";

/** Samples a second that the session hears best; a browser that can't do it gives its own. */
const RATE = 16_000;

/** `connection()` gives the socket of the moment. */
export function microphone(connection) {
  const button = byId("microphone");
  const hint = byId("speak-hint");
  const level = byId("level");
  let open;
  // Asking for the microphone takes as long as the visitor thinks; a second press then means no.
  let asking = 0;

  const say = (key, detail = "") => {
    hint.dataset.t = key;
    hint.textContent = detail ? `${t(key)} ${detail}` : t(key);
  };
  const show = (on) => {
    button.setAttribute("aria-pressed", String(on));
    button.dataset.t = on ? "stop_speaking" : "speak";
    button.textContent = t(button.dataset.t);
    level.hidden = !on;
    level.value = 0;
  };
  const shut = (tell) => {
    asking += 1;
    if (open) {
      open.stream.getTracks().forEach((track) => track.stop());
      open.context.close();
      if (tell) connection().tell({ type: "hush" });
    }
    open = undefined;
    show(false);
  };

  async function start() {
    asking += 1;
    const mine = asking;
    show(true);
    say("asking");
    if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) {
      show(false);
      return say("no_microphone_here");
    }
    let stream;
    try {
      const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
      stream = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (error) {
      if (mine === asking) {
        show(false);
        say(error.name === "NotAllowedError" ? "microphone_refused" : "no_microphone", error.message);
      }
      return undefined;
    }
    const context = await context16k();
    await context.audioWorklet.addModule("/page/pcm.js");
    if (mine !== asking) {
      stream.getTracks().forEach((track) => track.stop());
      return context.close();
    }
    const node = new AudioWorkletNode(context, "pcm", { numberOfOutputs: 0 });
    context.createMediaStreamSource(stream).connect(node);
    // Sound that comes before anybody listens is left out.
    node.port.onmessage = ({ data: { sound, loudest } }) => {
      level.value = Math.min(1, loudest * 1.5);
      if (open?.listening) connection().sound(sound);
    };
    open = { stream, context, listening: false };
    connection().tell({ type: "listen", rate: context.sampleRate, language: byId("spoken").value });
    return undefined;
  }

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") {
      shut(true);
      say("speak_hint");
    } else {
      start();
    }
  });

  return {
    /** The session's listener: `loading`, `on`, `off`. */
    hearing(state) {
      if (!open) return;
      if (state === "loading") say("loading_speech");
      if (state === "off") shut(false);
      if (state !== "on") return;
      open.listening = true;
      say("listening");
    },
    /** Speech can't be heard; `why` says what to do. */
    refused(why) {
      shut(false);
      say("no_speech", why);
    },
    /** The session has ended. */
    shut: () => shut(false),
  };
}

async function context16k() {
  try {
    return new AudioContext({ sampleRate: RATE });
  } catch {
    return new AudioContext();
  }
}
