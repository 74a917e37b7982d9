// Connection state recovery, as every server has it that has it.

import { deepStrictEqual, equal, notEqual } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { Line } from "../lib/line.mjs";
import { stage } from "../lib/scene.mjs";

const RETURNING = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 100 };

/** The events that the client is handed, in order, without what tells of connections. */
function events(client) {
  return client.unread().filter(([event]) => event !== "connect" && event !== "connect_error" && event !== "disconnect");
}

stage("Recovery", { recovery: 60_000, "ping-interval": 400, "ping-timeout": 800 }, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: a client that was cut off gets its id, its rooms and what it has missed`, async (scene) => {
      const line = await Line.open(scene.fixture.port, "reset");
      scene.onEnd(() => line.close());
      const client = await scene.connect(transport, { url: line.url, ...RETURNING });
      const other = await scene.connect("websocket");
      await client.ask("join", ["red", "blue"]);
      await client.ask("emit", { from: "all", to: ["red"] }, "seen", 1, Buffer.from([1]));
      const { id } = client;
      await client.next("seen");
      line.down();
      await client.lost();
      await scene.fixture.gone(id); // the reference knows the session from then on
      await other.ask("emit", { from: "all", to: ["red"] }, "missed", 1);
      await other.ask("emit", { from: "all", to: ["blue"], except: ["red"] }, "not for it");
      await other.ask("emit", { from: "all", to: ["blue"] }, "missed", 2, Buffer.from([2]));
      line.up();
      await client.next("connect");
      equal(client.socket.recovered, true);
      equal(client.id, id);
      const [first, second] = await client.nextOf("missed", 2);
      deepStrictEqual(first.slice(0, -1), [1]);
      deepStrictEqual(second.slice(0, -1), [2, Buffer.from([2])]);
      for (const args of [first, second]) equal(typeof args.at(-1), "string");
      deepStrictEqual(await client.ask("rooms"), [[id, "red", "blue"].sort()]);
      deepStrictEqual(await client.ask("recovered"), [true]);
      client.forget("connect_error");
      deepStrictEqual(events(client), []);
    });

    play(`${transport}: a client that leaves and comes again is not recovered`, async (scene) => {
      const client = await scene.connect(transport);
      await client.ask("emit", { from: "all" }, "seen");
      await client.next("seen");
      const { id } = client;
      client.socket.disconnect();
      await client.lost();
      client.socket.connect();
      await client.next("connect");
      equal(client.socket.recovered, false);
      notEqual(client.id, id);
      deepStrictEqual(await client.ask("recovered"), [false]);
    });
  }
});
