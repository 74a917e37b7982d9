import { deepStrictEqual, equal } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { has } from "../lib/release.mjs";
import { eventually, stage } from "../lib/scene.mjs";

const MANY = Array.from({ length: 50 }, (_, i) => `room ${i}`);

/** Three clients, of one transport each: a is in red; b in red and blue; c in blue. */
async function company(scene) {
  const [a, b, c] = await Promise.all(["polling", "websocket", "upgrade"].map((each) => scene.connect(each)));
  await a.ask("join", "red");
  await b.ask("join", ["red", "blue"]);
  await c.ask("join", "blue");
  return { a, b, c };
}

/** Has `sender` emit to the target, and fails unless exactly these clients hear it, once each. */
async function expectHeard(sender, target, clients, ...others) {
  await sender.ask("emit", target, "news", target);
  for (const client of clients) deepStrictEqual(await client.next("news"), [target]);
  for (const client of [...clients, ...others]) await client.roundTrip();
  for (const client of [...clients, ...others]) deepStrictEqual(client.unread(), []);
}

stage("Rooms and broadcasts", {}, (play) => {
  play("to everybody, to others, to oneself", async (scene) => {
    const { a, b, c } = await company(scene);
    for (const sender of [a, b, c]) {
      const others = [a, b, c].filter((client) => client !== sender);
      await expectHeard(sender, { from: "all" }, [a, b, c]);
      await expectHeard(sender, { from: "others" }, others, sender);
      await expectHeard(sender, {}, [sender], ...others);
    }
  });

  play("to rooms", async (scene) => {
    const { a, b, c } = await company(scene);
    await expectHeard(a, { from: "all", to: ["red"] }, [a, b], c);
    await expectHeard(a, { from: "all", to: ["blue"] }, [b, c], a);
    await expectHeard(a, { from: "others", to: ["red"] }, [b], a, c);
    await expectHeard(a, { from: "others", to: ["blue"] }, [b, c], a);
    await expectHeard(a, { from: "all", to: ["empty"] }, [], a, b, c);
    await expectHeard(a, { from: "all", to: ["empty", "red"] }, [a, b], c);
  });

  play("once to those who are in several of the rooms", async (scene) => {
    const { a, b, c } = await company(scene);
    await expectHeard(a, { from: "all", to: ["red", "blue"] }, [a, b, c]);
    for (const client of [a, b, c]) await client.ask("join", MANY);
    await expectHeard(b, { from: "all", to: MANY }, [a, b, c]);
    await expectHeard(c, { from: "others", to: ["red", ...MANY, a.id] }, [a, b], c);
  });

  play("except rooms", async (scene) => {
    const { a, b, c } = await company(scene);
    await expectHeard(a, { from: "all", except: ["red"] }, [c], a, b);
    await expectHeard(a, { from: "all", to: ["red"], except: ["blue"] }, [a], b, c);
    await expectHeard(c, { from: "others", to: ["red"], except: ["blue"] }, [a], b, c);
    await expectHeard(a, { from: "all", except: ["red", "blue"] }, [], a, b, c);
    await expectHeard(a, { from: "all", except: ["empty"] }, [a, b, c]);
  });

  play("to and except a socket by its id", async (scene) => {
    const { a, b, c } = await company(scene);
    await expectHeard(a, { from: "all", to: [b.id] }, [b], a, c);
    await expectHeard(a, { from: "all", except: [b.id] }, [a, c], b);
    await expectHeard(a, { from: "all", to: [a.id, c.id] }, [a, c], b);
    // An Engine.IO session id is not a room.
    if (has(["socketIds"])) await expectHeard(a, { from: "all", to: [b.engine.id] }, [], a, b, c);
  });

  play("join and leave", async (scene) => {
    const { a, b, c } = await company(scene);
    deepStrictEqual(await b.ask("rooms"), [[b.id, "red", "blue"].sort()]);
    await b.ask("join", "red");
    await b.ask("leave", "red");
    await b.ask("leave", "never joined");
    deepStrictEqual(await b.ask("rooms"), [[b.id, "blue"].sort()]);
    await expectHeard(c, { from: "all", to: ["red"] }, [a], b, c);
    await b.ask("join", "red");
    await expectHeard(c, { from: "all", to: ["red"] }, [a, b], c);
  });

  play("room names of every kind", async (scene) => {
    const { a, b, c } = await company(scene);
    for (const room of ["日本語 🦊", "a,b", "", "__proto__", '"']) {
      await b.ask("join", room);
      await expectHeard(a, { from: "all", to: [room] }, [b], a, c);
    }
  });

  play("who is gone is in no room", async (scene) => {
    const { a, b, c } = await company(scene);
    const { id } = b;
    b.socket.disconnect();
    equal(await b.lost(), "io client disconnect");
    await scene.fixture.gone(id);
    await expectHeard(a, { from: "all", to: ["red"] }, [a], c);
    await expectHeard(a, { from: "all", to: ["blue", id] }, [c], a);
    await eventually(async () => (await a.ask("count"))[0] === 2, "the count to go down");
  });

  play("a room can be sent away", async (scene) => {
    const { a, b, c } = await company(scene);
    const ids = [a, b].map(({ id }) => id);
    c.send("kick", { from: "all", to: ["red"] }, true);
    for (const client of [a, b]) equal(await client.lost(), "io server disconnect");
    for (const id of ids) equal(await scene.fixture.gone(id), "server namespace disconnect");
    await expectHeard(c, { from: "all" }, [c]);
  });

  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: a broadcast follows what was emitted to the socket before`, async (scene) => {
      const client = await scene.connect(transport);
      await client.ask("join", "red");
      for (let i = 0; i < 100; i++) {
        client.send("echo", i);
        client.socket.emit("emit", { from: "all", to: ["red"] }, "echo", `room ${i}`, () => {});
      }
      const expected = Array.from({ length: 100 }, (_, i) => [[i], [`room ${i}`]]).flat();
      deepStrictEqual(await client.nextOf("echo", 200), expected);
    });
  }
});
