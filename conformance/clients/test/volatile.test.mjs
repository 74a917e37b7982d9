import { deepStrictEqual, ok } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { Proxy } from "../lib/proxy.mjs";
import { stage } from "../lib/scene.mjs";

const TARGETS = {
  emit: () => ({ volatile: true }),
  broadcast: ({ id }) => ({ from: "all", to: [id], volatile: true }),
};
const SIXTY_FOUR_KILOBYTES = "x".repeat(65_536);

/** Takes the numbers of the burst events that have arrived, and fails unless they ascend. */
async function ticks(client) {
  const numbers = client.unread().map(([event, i]) => (event === "burst" ? i : event));
  for (const _ of numbers) await client.next("burst");
  deepStrictEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
  return numbers;
}

stage("Volatile events", {}, (play) => {
  for (const [kind, target] of Object.entries(TARGETS)) {
    for (const transport of Object.keys(TRANSPORTS)) {
      play(`${transport}: a volatile ${kind} reaches a client that is ready`, async (scene) => {
        const client = await scene.connect(transport);
        // Over long-polling, none is ready in the moment between two requests.
        for (let i = 0; i < 50 && client.unread().length === 0; i++) {
          await client.ask("emit", target(client), "tick", i, Buffer.from([i]));
          await client.roundTrip();
        }
        const [[, i, bytes]] = client.unread();
        deepStrictEqual(await client.next("tick"), [i, bytes]);
        deepStrictEqual(bytes, Buffer.from([i]));
      });
    }

    play(`polling: of a burst of volatile ${kind}s, those that find no request waiting are dropped`, async (scene) => {
      const client = await scene.connect("polling");
      await client.ask("burst", target(client), 2000, null);
      await client.roundTrip();
      const { length } = await ticks(client);
      ok(length < 2000, "all 2000 arrived");
    });

    for (const transport of ["websocket", "upgrade"]) {
      play(`${transport}: volatile ${kind}s to a connection that is stuck are dropped`, async (scene) => {
        const proxy = await Proxy.start(scene.fixture.port);
        scene.onEnd(() => proxy.stop());
        const client = await scene.connect(transport, { url: proxy.url });
        const director = await scene.connect("websocket");
        proxy.hold();
        client.socket.emit("burst", target(client), 500, SIXTY_FOUR_KILOBYTES, () => {});
        client.socket.emit("emit", { from: "others" }, "done", () => {});
        await director.next("done");
        await director.ask("emit", { from: "all", to: [client.id] }, "mark");
        deepStrictEqual(client.unread(), []);
        proxy.release();
        await client.next("mark");
        await client.roundTrip();
        const { length } = await ticks(client);
        ok(length >= 1 && length < 500, `${length} of 500 arrived`);
      });
    }
  }

  play("polling: what is volatile is not kept for the next request", async (scene) => {
    const proxy = await Proxy.start(scene.fixture.port);
    scene.onEnd(() => proxy.stop());
    const client = await scene.connect("polling", { url: proxy.url });
    const director = await scene.connect("websocket");
    const target = { from: "all", to: [client.id] };
    await proxy.isDownTo(1); // the request that waits
    proxy.hold();
    // The first takes the request that waits; its answer is stuck in the proxy, so no other request comes.
    await director.ask("emit", target, "mark", "first");
    await proxy.isStuck();
    for (let i = 0; i < 5; i++) await director.ask("emit", { ...target, volatile: true }, "tick", i);
    await director.ask("emit", target, "mark", "second");
    proxy.release();
    // Anything volatile would stay unread, and fail the scene.
    deepStrictEqual(await client.nextOf("mark", 2), [["first"], ["second"]]);
  });
});
