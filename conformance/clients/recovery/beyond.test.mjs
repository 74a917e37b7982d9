// Connection state recovery where the reference fails. For Sockeye alone.

import { deepStrictEqual, equal } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { Line } from "../lib/line.mjs";
import { eventually, stage } from "../lib/scene.mjs";

const RETURNING = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 100, timeout: 1000 };

/** A client behind a line, which has joined the room `red`. */
async function connect(scene, transport, loss) {
  const line = await Line.open(scene.fixture.port, loss);
  scene.onEnd(() => line.close());
  const client = await scene.connect(transport, { url: line.url, ...RETURNING });
  await client.ask("join", "red");
  return { line, client };
}

function emit(from, event, ...args) {
  return from.ask("emit", { from: "all", to: ["red"] }, event, ...args);
}

async function comesBack(client) {
  await client.next("connect");
  client.forget("connect_error");
  client.forget("disconnect");
  equal(client.socket.recovered, true);
}

stage("Recovery beyond the reference", { recovery: 60_000, "ping-interval": 400, "ping-timeout": 800 }, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: NO_EVENT_YET, again and again`, async (scene) => {
      const { line, client } = await connect(scene, transport, "reset");
      const other = await scene.connect("websocket");
      for (let n = 0; n < 4; n++) {
        line.down();
        await client.lost();
        if (n > 0) await emit(other, "missed", n);
        line.up();
        await comesBack(client);
        if (n > 0) equal((await client.next("missed"))[0], n);
      }
    });

    play(`${transport}: RETURN_BEFORE_CLOSE`, async (scene) => {
      const { line, client } = await connect(scene, transport, "stall");
      const other = await scene.connect("websocket");
      await emit(other, "seen");
      await client.next("seen");
      const { id } = client;
      line.down(); // the server does not notice, and sends on
      for (let n = 0; n < 5; n++) await emit(other, "missed", n);
      client.engine.close(); // the client does, before the server
      line.up();
      await client.lost();
      client.socket.connect();
      await comesBack(client);
      equal(client.id, id);
      const missed = await client.nextOf("missed", 5);
      deepStrictEqual(missed.map(([n]) => n), [0, 1, 2, 3, 4]);
      deepStrictEqual(await client.ask("rooms"), [[id, "red"].sort()]);
    });

    play(`${transport}: DROP_DURING_REPLAY`, async (scene) => {
      const { line, client } = await connect(scene, transport, "reset");
      const other = await scene.connect("websocket");
      await emit(other, "seen");
      await client.next("seen");
      line.down();
      await client.lost();
      for (let n = 0; n < 5; n++) await emit(other, "missed", n);
      line.cutBefore('42["missed",3');
      line.up();
      await eventually(() => !line.isUp, "the line to be cut");
      await emit(other, "missed", 5);
      line.up();
      const missed = await client.nextOf("missed", 6);
      deepStrictEqual(missed.map(([n]) => n), [0, 1, 2, 3, 4, 5]);
      await client.roundTrip();
      equal(client.socket.recovered, true);
      for (const event of ["connect", "connect_error", "disconnect"]) client.forget(event);
    });

    play(`${transport}: VOLATILE_TEXT, which the client takes for its offset`, async (scene) => {
      const { line, client } = await connect(scene, transport, "reset");
      const other = await scene.connect("websocket");
      await emit(other, "seen");
      await client.next("seen");
      await other.ask("emit", { from: "all", to: ["red"], volatile: true }, "position", "a text");
      await client.roundTrip();
      client.forget("position"); // volatile: it may have come or not
      line.down();
      await client.lost();
      await emit(other, "missed");
      line.up();
      await comesBack(client);
      await client.next("missed");
    });
  }
});
