// Runs beside the audio graph: one channel of sound → 16-bit samples, a tenth of a second a message.

class Pcm extends AudioWorkletProcessor {
  #samples = new Int16Array(Math.round(sampleRate / 10));
  #count = 0;
  #loudest = 0;

  process([input]) {
    const channels = input.length;
    const length = channels ? input[0].length : 0;
    for (let at = 0; at < length; at += 1) {
      let sum = 0;
      for (const channel of input) sum += channel[at];
      const value = Math.max(-1, Math.min(1, sum / channels));
      this.#loudest = Math.max(this.#loudest, Math.abs(value));
      this.#samples[this.#count] = Math.round(value * 32767);
      this.#count += 1;
      if (this.#count === this.#samples.length) this.#send();
    }
    return true;
  }

  #send() {
    const sound = this.#samples.slice().buffer;
    this.port.postMessage({ sound, loudest: this.#loudest }, [sound]);
    this.#count = 0;
    this.#loudest = 0;
  }
}

registerProcessor("pcm", Pcm);
