import { deepStrictEqual, equal, match } from "node:assert/strict";
import { Proxy } from "../lib/proxy.mjs";
import { RELEASE } from "../lib/release.mjs";
import { eventually, stage } from "../lib/scene.mjs";

// A client of 2.x needs many times as long for what it sends by long-polling, and never catches up on a busy machine.
const [RUNS, AT_ONCE] = RELEASE === "2.5" ? [10, 1] : [50, 5];

/** Numbers from a seed, so that run 17 is the same today and tomorrow. */
function random(seed) {
  let state = seed + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** Sends numbered events, every fifth with an attachment, from now until `stop`, which says how many it were. */
function sendNumbers(client) {
  let sent = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < 3; i++) {
      if (sent % 5 === 4) client.send("collect", sent, Buffer.alloc(10, sent));
      else client.send("collect", sent);
      sent++;
    }
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return sent;
    },
  };
}

function flowUpTo(count) {
  return Array.from({ length: count }, (_, i) => (i % 4 === 3 ? [i, Buffer.from([i % 256])] : [i]));
}

/** A client that has joined over long-polling, and whose WebSocket is stopped on its way until `letUpgrade()`. */
async function beforeUpgrade(scene, delayMillis) {
  let letUpgrade;
  const webSocketsAfter = new Promise((resolve) => (letUpgrade = resolve));
  const proxy = await Proxy.start(scene.fixture.port, { delayMillis, webSocketsAfter });
  scene.onEnd(() => proxy.stop());
  const client = scene.open("upgrade", { url: proxy.url });
  await client.next("connect");
  return { client, letUpgrade };
}

/** One upgrade, at a moment and on a network that depend on the number of the run. */
async function upgradeInFlow(scene, run) {
  const dice = random(run);
  const { client, letUpgrade } = await beforeUpgrade(scene, () => (run % 2 === 0 ? 0 : dice(15)));
  const upgrade = client.upgraded();
  await client.ask("flow", true);
  const numbers = sendNumbers(client);
  const moment = 5 + dice(100);
  await eventually(() => client.unread().length > moment, "messages over long-polling");
  equal(client.transport, "polling");
  letUpgrade();
  await upgrade;
  const before = client.unread().length;
  await eventually(() => client.unread().length > before + 30, "messages over WebSocket");
  const sent = numbers.stop();
  const [flowed] = await client.ask("flow", false);
  deepStrictEqual(await client.ask("collected"), [Array.from({ length: sent }, (_, i) => i)], `run ${run}, sent`);
  deepStrictEqual(await client.nextOf("flow", flowed), flowUpTo(flowed), `run ${run}, received`);
  equal((await client.ask("info"))[0].transport, "websocket");
}

const runs = (first) => (AT_ONCE === 1 ? `run ${first + 1}` : `runs ${first + 1} to ${first + AT_ONCE}`);

stage("Upgrade while messages flow both ways", {}, (play) => {
  for (let first = 0; first < RUNS; first += AT_ONCE) {
    play(`loses, doubles and reorders nothing: ${runs(first)}`, async (scene) => {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => upgradeInFlow(scene, first + i)));
    });
  }
});

stage("Upgrade", {}, (play) => {
  play("with much to say from the first moment", async (scene) => {
    const client = scene.open("upgrade");
    const upgrade = client.upgraded();
    for (let i = 0; i < 500; i++) client.send("echo", i, i % 9 === 0 ? Buffer.alloc(2000, i) : "x".repeat(i));
    const echoes = await client.nextOf("echo", 500);
    deepStrictEqual(echoes.map(([i]) => i), [...Array(500).keys()]);
    await client.next("connect");
    await upgrade;
  });

  play("with heavy bursts from the server around it", async (scene) => {
    const client = scene.open("upgrade");
    const upgrade = client.upgraded();
    const bursts = [0, 1, 2, 3].map((n) => client.ask("burst", {}, 300, n % 2 ? Buffer.alloc(500, n) : "x".repeat(500)));
    await client.next("connect");
    await upgrade;
    await Promise.all(bursts);
    const numbers = (await client.nextOf("burst", 1200)).map(([i]) => i);
    deepStrictEqual(numbers, [0, 1, 2, 3].flatMap(() => [...Array(300).keys()]));
  });

  play("with namespaces and rooms, which stay", async (scene) => {
    const client = scene.open("upgrade");
    const upgrade = client.upgraded();
    const chat = scene.openNamespace(client, "/chat");
    for (const each of [client, chat]) {
      await each.next("connect");
      await each.ask("join", "room");
    }
    const ids = [client.id, chat.id];
    await upgrade;
    deepStrictEqual([client.id, chat.id], ids);
    for (const each of [client, chat]) {
      deepStrictEqual(await each.ask("rooms"), [[each.id, "room"].sort()]);
      await each.ask("emit", { from: "all", to: ["room"] }, "news");
      await each.next("news");
    }
  });

  for (const close of [false, true]) {
    play(`a client that is sent away while it upgrades${close ? ", connection and all" : ""}`, async (scene) => {
      for (let i = 0; i < 10; i++) {
        const { client, letUpgrade } = await beforeUpgrade(scene);
        const { id } = client;
        letUpgrade();
        client.send("kick", {}, close);
        equal(await client.lost(), "io server disconnect");
        equal(await scene.fixture.gone(id), "server namespace disconnect");
      }
    });
  }

  play("a client that leaves while it upgrades", async (scene) => {
    for (let i = 0; i < 10; i++) {
      const { client, letUpgrade } = await beforeUpgrade(scene);
      const { id } = client;
      client.engine.once("upgrading", () => client.socket.disconnect());
      letUpgrade();
      equal(await client.lost(), "io client disconnect");
      match(await scene.fixture.gone(id), /^(client namespace disconnect|transport close)$/);
    }
    const witness = await scene.connect("upgrade");
    deepStrictEqual(await witness.ask("count"), [1]);
  });
});
