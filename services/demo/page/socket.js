// The socket to this visitor's session.

const HEADER = 16;

/** Kinds of binary messages. */
export const KIND = { head: 0, key: 1, delta: 2, jpeg: 3 };

/**
 * Opens a session. `hear` takes messages, `piece(kind, seconds, bytes)` video, `closed(code)` is called once.
 * Gives `tell(message)`, `sound(buffer)` and `close()`; what is told before the socket is open is sent then.
 */
export function open(picture, { hear, piece, closed }) {
  const socket = new WebSocket(`ws://${location.host}/live?picture=${picture}`);
  socket.binaryType = "arraybuffer";
  const early = [];
  socket.onopen = () => early.splice(0).forEach((text) => socket.send(text));
  socket.onclose = (event) => closed(event.code);
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") return hear(JSON.parse(data));
    const head = new DataView(data, 0, HEADER);
    piece(head.getUint8(0), head.getFloat64(8, true), new Uint8Array(data, HEADER));
  };
  return {
    tell(message) {
      const text = JSON.stringify(message);
      if (socket.readyState === WebSocket.CONNECTING) early.push(text);
      else if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    /** Sound that the network does not take is left out: it would only come late. */
    sound(buffer) {
      if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < 200_000) socket.send(buffer);
    },
    close() {
      socket.onclose = null;
      socket.onmessage = null;
      socket.close();
    },
  };
}
