import { deepStrictEqual, equal } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Proxy, WEBSOCKET_FAULTS } from "../lib/proxy.mjs";
import { stage } from "../lib/scene.mjs";

const UPGRADE_TIMEOUT = 300;

async function proxied(scene, fault) {
  const proxy = await Proxy.start(scene.fixture.port, { fault });
  scene.onEnd(() => proxy.stop());
  return proxy.url;
}

stage("A WebSocket that does not get through", { "upgrade-timeout": UPGRADE_TIMEOUT }, (play) => {
  for (const fault of Object.keys(WEBSOCKET_FAULTS)) {
    play(`${fault}: the connection stays with long-polling, and loses nothing`, async (scene) => {
      const client = scene.open("upgrade", { url: await proxied(scene, fault) });
      await client.next("connect");
      const { id, engine } = client;
      const sent = [];
      for (const start = performance.now(); performance.now() - start < UPGRADE_TIMEOUT * 3; await sleep(5)) {
        sent.push([sent.length, Buffer.from([sent.length % 256])]);
        client.send("echo", ...sent.at(-1));
      }
      deepStrictEqual(await client.nextOf("echo", sent.length), sent);
      deepStrictEqual([client.id, client.engine, client.transport], [id, engine, "polling"]);
      equal((await client.ask("info"))[0].transport, "polling");
      client.socket.disconnect();
      equal(await client.lost(), "io client disconnect");
      equal(await scene.fixture.gone(id), "client namespace disconnect");
    });
  }

  for (const fault of ["FORBIDDEN", "RESET"]) {
    play(`${fault}: a client that tries WebSocket first falls back to long-polling`, async (scene) => {
      const url = await proxied(scene, fault);
      const transports = ["websocket", "polling"];
      const client = await scene.connect("websocket", { url, transports, tryAllTransports: true });
      equal(client.transport, "polling");
      deepStrictEqual(await client.ask("echo", Buffer.from("through")), [Buffer.from("through")]);
    }, { needs: ["tryAllTransports"] });
  }
});
