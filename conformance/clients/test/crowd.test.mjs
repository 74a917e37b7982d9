import { deepStrictEqual, equal } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { eventually, stage } from "../lib/scene.mjs";

const SIZE = 200;
const KINDS = Object.keys(TRANSPORTS);

stage("A crowd", {}, (play) => {
  play("of 200 clients, that come at once, talk, hear each other, and go", async (scene) => {
    const crowd = await Promise.all(Array.from({ length: SIZE }, (_, i) => scene.connect(KINDS[i % 3])));
    const [first] = crowd;
    equal(new Set(crowd.map(({ id }) => id)).size, SIZE);
    deepStrictEqual(await first.ask("count"), [SIZE]);

    const answers = await Promise.all(crowd.map((client, i) => client.ask("echo", i, Buffer.from([i]))));
    deepStrictEqual(answers, crowd.map((_, i) => [i, Buffer.from([i])]));

    await Promise.all(crowd.map((client, i) => client.ask("join", [`table ${i % 20}`, "everybody"])));
    await Promise.all(crowd.map((client, i) => client.ask("emit", { from: "others", to: [`table ${i % 20}`] }, "word", i)));
    for (const [i, client] of crowd.entries()) {
      const neighbours = [...Array(SIZE).keys()].filter((other) => other !== i && other % 20 === i % 20);
      const heard = (await client.nextOf("word", neighbours.length)).map(([other]) => other);
      deepStrictEqual(heard.sort((a, b) => a - b), neighbours);
    }

    const outcome = first.ask("ask all", 10_000, { from: "all", to: ["everybody"] }, "who?");
    await Promise.all(crowd.map(async (client, i) => (await client.next("who?"))[0](i)));
    const [how, all] = await outcome;
    deepStrictEqual([how, all.sort((a, b) => a - b)], ["answered", [...Array(SIZE).keys()]]);

    const leaving = crowd.slice(1);
    const ids = leaving.map(({ id }) => id);
    for (const client of leaving) client.socket.disconnect();
    for (const client of leaving) equal(await client.lost(), "io client disconnect");
    for (const id of ids) equal(await scene.fixture.gone(id), "client namespace disconnect");
    await eventually(async () => (await first.ask("count"))[0] === 1, "the count to come down to 1");
  });
});
