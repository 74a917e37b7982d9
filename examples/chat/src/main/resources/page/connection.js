// The chat's Socket.IO side: what the page says to the server and hears from it.

/** Tells the server that a page that reconnects is still the same one, so that it gets its nickname back. */
const key = randomId();

/**
 * Joins a room.
 *
 * @param join {room, nickname}
 * @param hear what to call with what is heard: {@code joined, refused, lost, transport, message, presence, typing}
 */
export function connect(join, hear) {
  const socket = io({
    forceNew: true,
    auth: { ...join, key },
    // What is emitted is kept until the server has acknowledged it, also while the connection is lost. As this may send it
    // twice, every message carries an id, by which the server knows it again.
    retries: Infinity,
    ackTimeout: 10_000,
  });

  socket.on("welcome", (welcome) => hear.joined(welcome));
  socket.on("message", (message) => hear.message(message));
  socket.on("joined", (presence) => hear.presence(presence, "joined"));
  socket.on("left", (presence) => hear.presence(presence, "left"));
  socket.on("typing", (nickname, isTyping) => hear.typing(nickname, isTyping));

  socket.on("connect", () => {
    const { engine } = socket.io;
    hear.transport(engine.transport.name);
    engine.on("upgrade", (transport) => hear.transport(transport.name));
  });
  socket.on("connect_error", (error) => {
    if (socket.active) {
      hear.lost(); // the server is out of reach; the client tries again
    } else {
      hear.refused(error.message, error.data?.field);
    }
  });
  socket.on("disconnect", (reason) => {
    if (reason === "io client disconnect") {
      return;
    }
    hear.lost();
    if (!socket.active) {
      socket.connect(); // the server has sent us away, which the client takes as final
    }
  });

  return {
    room: join.room,
    /** Tries again after the server has refused; what has not been sent yet is kept. */
    rejoin: (nickname) => {
      socket.auth = { ...join, nickname, key };
      socket.connect();
    },
    /** Sends {id, text, picture}; the answer is {at} or {error}. */
    send: (post, answer) => socket.emit("message", post, (_, receipt) => answer(receipt)),
    /** Volatile: nobody needs to know later that somebody was typing. */
    typing: (isTyping) => socket.volatile.emit("typing", isTyping),
    leave: () => socket.disconnect(),
  };
}

/** Not crypto.randomUUID(), which browsers offer on https and localhost only. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
