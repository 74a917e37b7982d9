import { deepStrictEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { TRANSPORTS } from "../lib/client.mjs";
import { LoneClient } from "../lib/lone-client-process.mjs";
import { eventually, stage } from "../lib/scene.mjs";

const INTERVAL = 500;
const TIMEOUT = 1500;

/** The same with each transport, all at once. */
function onEach(part) {
  return Promise.all(Object.keys(TRANSPORTS).map(part));
}

/** Calls back when a ping has come, or, for a client that pings itself, the answer to one. */
function onHeartbeat(client, call) {
  client.engine.on("packet", ({ type }) => (type === "ping" || type === "pong") && call());
}

stage("Heartbeat", { "ping-interval": INTERVAL, "ping-timeout": TIMEOUT }, (play) => {
  play("the server announces its settings, and then pings at that interval", async (scene) => {
    await onEach(async (transport) => {
      const client = await scene.connect(transport);
      const { pingInterval, pingTimeout, _pingInterval = pingInterval, _pingTimeout = pingTimeout } = client.engine;
      deepStrictEqual([_pingInterval, _pingTimeout], [INTERVAL, TIMEOUT], transport);
      const pings = [];
      onHeartbeat(client, () => pings.push(performance.now()));
      await eventually(() => pings.length === 5, `five pings over ${transport}`);
      const gaps = pings.slice(1).map((time, i) => time - pings[i]);
      ok(gaps.every((gap) => gap > INTERVAL / 2), `${transport}: a gap of ${Math.min(...gaps)} ms`);
      deepStrictEqual(await client.ask("echo", "still there"), ["still there"]);
    });
  });

  play("a connection that is busy is pinged, and stays as well", async (scene) => {
    await onEach(async (transport) => {
      const client = await scene.connect(transport);
      let pings = 0;
      onHeartbeat(client, () => pings++);
      await eventually(async () => {
        deepStrictEqual(await client.ask("echo", "busy"), ["busy"], transport);
        return pings === 4;
      }, `four pings over ${transport}`);
    });
  });

  play("a client that stops answering is timed out, and comes back when it can", async (scene) => {
    const witness = await scene.connect("websocket");
    await onEach(async (transport) => {
      const lone = await LoneClient.start(scene, transport);
      // The reference forgets a ping that was unanswered when the transport changed, and then never times out.
      await sleep(INTERVAL * 2);
      const start = performance.now();
      lone.freeze();
      equal(await scene.fixture.gone(lone.id), "ping timeout", transport);
      const took = performance.now() - start;
      ok(took < (INTERVAL + TIMEOUT) * 3, `${transport}: timed out after ${took} ms`);
      lone.thaw();
      match(await lone.next("disconnected"), /^(transport close|transport error|ping timeout)$/, transport);
      notEqual(await lone.next("connected"), lone.id);
    });
    deepStrictEqual(await witness.ask("count"), [4]);
  });

  play("a client notices that its server stopped answering", async (scene) => {
    const clients = await onEach((transport) => scene.connect(transport));
    const ids = clients.map(({ id }) => id);
    scene.onEnd(() => scene.fixture.thaw());
    scene.fixture.freeze();
    const start = performance.now();
    for (const client of clients) equal(await client.lost(), "ping timeout");
    const took = performance.now() - start;
    ok(took < (INTERVAL + TIMEOUT) * 3, `noticed after ${took} ms`);
    scene.fixture.thaw();
    for (const id of ids) match(await scene.fixture.gone(id), /^(transport close|transport error|ping timeout)$/);
  });
});
