import { deepStrictEqual, equal, match, notEqual } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { has } from "../lib/release.mjs";
import { stage, untilIdle } from "../lib/scene.mjs";

const PERSISTENT = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };

/** How a server can go: what it takes, and what its clients may then be told. */
const WAYS = {
  "that is shut down": { go: (fixture) => fixture.end(), reason: /^transport close$/ },
  "that crashes": { go: (fixture) => fixture.crash(), reason: /^transport (close|error)$/ },
};

stage("Reconnection", {}, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    for (const [way, { go, reason }] of Object.entries(WAYS)) {
      play(`${transport}: to a server ${way} and comes back`, async (scene) => {
        const { fixture } = scene;
        const client = await scene.connect(transport, { ...PERSISTENT, auth: { a: 1 } });
        const chat = await scene.join(client, "/chat");
        const { id, engine } = client;
        await client.ask("join", "room");
        await untilIdle();
        await go(fixture);
        for (const each of [client, chat]) match(await each.lost(), reason);
        for (let i = 0; i < 5; i++) client.send("echo", "said meanwhile", i, Buffer.from([i]));
        await fixture.startAgain();
        for (const each of [client, chat]) {
          await each.next("connect");
          each.forget("connect_error"); // from its attempts while there was no server
        }
        notEqual(client.id, id);
        notEqual(client.engine, engine);
        const said = [0, 1, 2, 3, 4].map((i) => ["said meanwhile", i, Buffer.from([i])]);
        deepStrictEqual(await client.nextOf("echo", 5), said);
        deepStrictEqual(await client.ask("rooms"), [[client.id]]);
        deepStrictEqual((await client.ask("info"))[0].auth, has(["auth"]) ? { a: 1 } : {});
        deepStrictEqual(await chat.ask("echo", "me too"), ["me too"]);
      });
    }

    play(`${transport}: the server that is shut down says so to its application, and to clients without 41`, async (scene) => {
      const { fixture } = scene;
      const client = await scene.connect(transport);
      const chat = await scene.join(client, "/chat");
      const ids = [client.id, chat.id];
      await client.roundTrip();
      await untilIdle();
      await fixture.end();
      for (const id of ids) equal(await fixture.gone(id), "server shutting down");
      // After "io server disconnect" a client would not come back.
      for (const each of [client, chat]) equal(await each.lost(), "transport close");
    });

    play(`${transport}: what was not acknowledged is reported when the connection goes`, async (scene) => {
      const { fixture } = scene;
      const client = await scene.connect(transport);
      const answer = client.ask("silence").catch(({ message }) => message);
      await client.roundTrip();
      await fixture.crash();
      equal(await answer, "No acknowledgement of 'silence': socket has been disconnected");
      match(await client.lost(), /^transport (close|error)$/);
    }, { needs: ["timeout"] });
  }

  play("a client that starts before its server connects when it is there", async (scene) => {
    const { fixture } = scene;
    await fixture.end();
    const client = scene.open("upgrade", PERSISTENT);
    await client.next("connect_error");
    await fixture.startAgain();
    await client.next("connect");
    deepStrictEqual(await client.ask("echo", 1), [1]);
    client.forget("connect_error");
  });
});
