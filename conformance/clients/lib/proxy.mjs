// A TCP proxy in front of the server, with the faults of real networks. Loopback only.

import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What may happen to a WebSocket's handshake. */
export const WEBSOCKET_FAULTS = {
  /** Answered by the proxy, as many company networks do. */
  FORBIDDEN: (client) => client.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
  /** Cut. */
  RESET: (client) => client.resetAndDestroy(),
  /** Neither answered nor cut. */
  NO_ANSWER: () => {},
  /** Passed, and what the client then sends is lost. */
  DEAF: (client, server, head) => {
    server.write(head);
    server.pipe(client);
    client.resume();
  },
  /** Passed, and cut when the client then says something. */
  CUT: (client, server, head) => {
    server.write(head);
    server.pipe(client);
    client.once("data", () => server.resetAndDestroy()).resume();
  },
};

export class Proxy {
  #server;
  #connections = new Set();
  #held = false;
  #fault;
  #delayMillis;
  #webSocketsAfter;

  /**
   * Starts one for the server on that port. `fault` is one of WEBSOCKET_FAULTS; `delayMillis` is called for each
   * connection, and gives the time for which its first bytes are kept back; those of a WebSocket are also kept back
   * until the promise `webSocketsAfter` is fulfilled.
   */
  static async start(targetPort, { fault, delayMillis, webSocketsAfter } = {}) {
    const proxy = new Proxy();
    proxy.#fault = WEBSOCKET_FAULTS[fault];
    proxy.#delayMillis = delayMillis ?? (() => 0);
    proxy.#webSocketsAfter = webSocketsAfter;
    proxy.#server = net.createServer((client) => proxy.#accept(client, targetPort));
    await new Promise((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Keeps back everything that the server sends, until `release`. */
  hold() {
    this.#held = true;
    for (const { server } of this.#connections) server.pause();
  }

  /** Resolves when something that the server has sent is kept back. */
  async isStuck() {
    while (![...this.#connections].some(({ server }) => server.readableLength > 0)) await sleep(5);
  }

  /** Resolves when the clients have only so many connections open. */
  async isDownTo(connections) {
    while (this.#connections.size > connections) await sleep(5);
  }

  release() {
    this.#held = false;
    for (const { server } of this.#connections) server.resume();
  }

  stop() {
    this.#server.close();
    for (const { client, server } of this.#connections) {
      client.destroy();
      server.destroy();
    }
  }

  #accept(client, targetPort) {
    const server = net.connect(targetPort, "127.0.0.1");
    const connection = { client, server };
    this.#connections.add(connection);
    for (const [from, to] of [[client, server], [server, client]]) {
      from.setNoDelay(true);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        to.destroy();
        this.#connections.delete(connection);
      });
    }
    client.once("data", async (head) => {
      client.pause();
      const isWebSocket = /\r\nupgrade: *websocket\r\n/i.test(head.toString("latin1"));
      if (isWebSocket) await this.#webSocketsAfter;
      await sleep(this.#delayMillis());
      if (isWebSocket && this.#fault !== undefined) this.#fault(client, server, head);
      else this.#pass(connection, head);
    });
  }

  #pass({ client, server }, head) {
    server.write(head);
    client.pipe(server);
    server.on("data", (data) => {
      if (!client.write(data)) {
        server.pause();
        client.once("drain", () => this.#held || server.resume());
      }
    });
    server.on("end", () => client.end());
    if (this.#held) server.pause();
  }
}
