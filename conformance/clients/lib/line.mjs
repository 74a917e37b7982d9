// A line between one client and the server, which goes down and up again. Loopback only.

import net from "node:net";

/** What becomes of a line's connections when it goes down, and of those that are tried before it is up again. */
export const LOSSES = {
  /** Both ends are told: connection reset. */
  reset: {
    drop: ({ client, server }) => {
      client.resetAndDestroy();
      server?.resetAndDestroy();
    },
    refuse: (client) => client.resetAndDestroy(),
  },
  /** Neither end is told, and nothing passes any more, also when the line is up again. */
  stall: {
    drop: (connection) => {
      const { client, server } = connection;
      connection.dead = true;
      for (const each of [client, server]) {
        if (each === undefined) continue;
        each.unpipe();
        each.removeAllListeners("data");
        each.pause();
      }
    },
    refuse: (client) => client.pause(),
  },
};

export class Line {
  #target;
  #loss;
  #server;
  #connections = new Set();
  #up = true;
  #cut;

  /** A line to the server on that port; `loss` names one of LOSSES. */
  static async open(targetPort, loss) {
    const line = new Line();
    line.#target = targetPort;
    line.#loss = LOSSES[loss];
    line.#server = net.createServer((client) => line.#accept(client));
    await new Promise((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    return line;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  get isUp() {
    return this.#up;
  }

  down() {
    this.#up = false;
    for (const connection of this.#connections) this.#loss.drop(connection);
  }

  up() {
    this.#up = true;
  }

  /** Goes down when the server sends that text, of which the client gets nothing, but all that was before it. */
  cutBefore(text) {
    this.#cut = text;
  }

  close() {
    this.#server.close();
    for (const { client, server } of this.#connections) {
      client.destroy();
      server?.destroy();
    }
  }

  #accept(client) {
    const connection = { client, server: undefined, dead: !this.#up };
    client.on("error", () => {});
    client.setNoDelay(true);
    this.#connections.add(connection);
    if (!this.#up) {
      this.#loss.refuse(client);
      client.on("close", () => this.#connections.delete(connection));
      return;
    }
    const server = net.connect(this.#target, "127.0.0.1");
    connection.server = server;
    server.setNoDelay(true);
    server.on("error", () => {});
    for (const [from, to] of [[client, server], [server, client]]) {
      from.on("data", (data) => {
        const cut = from === server && this.#cut !== undefined ? data.indexOf(this.#cut) : -1;
        if (cut >= 0) {
          this.#cut = undefined;
          client.write(data.subarray(0, cut), () => setTimeout(() => this.down(), 20)); // once the client has read it
          server.pause();
          return;
        }
        if (!to.write(data)) {
          from.pause();
          to.once("drain", () => connection.dead || from.resume());
        }
      });
      from.on("end", () => connection.dead || to.end());
      from.on("close", () => {
        if (connection.dead) return; // the other end is not told
        to.destroy();
        this.#connections.delete(connection);
      });
    }
  }
}
