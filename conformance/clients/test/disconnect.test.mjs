import { deepStrictEqual, equal } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { LoneClient } from "../lib/lone-client-process.mjs";
import { has } from "../lib/release.mjs";
import { eventually, stage, untilIdle } from "../lib/scene.mjs";

stage("Disconnection", {}, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: by the client`, async (scene) => {
      const client = await scene.connect(transport);
      const { id } = client;
      client.socket.disconnect();
      equal(await client.lost(), "io client disconnect");
      equal(await scene.fixture.gone(id), "client namespace disconnect");
    });

    play(`${transport}: by the client, of the connection with all its namespaces`, async (scene) => {
      const main = await scene.connect(transport);
      const chat = await scene.join(main, "/chat");
      const ids = [main.id, chat.id];
      await main.roundTrip();
      main.engine.close();
      for (const client of [main, chat]) equal(await client.lost(), "forced close");
      for (const id of ids) equal(await scene.fixture.gone(id), "transport close");
    });

    play(`${transport}: by the client, after what it still had to say`, async (scene) => {
      const [client, listener] = [await scene.connect(transport), await scene.connect("websocket")];
      const { id } = client;
      for (let i = 0; i < 20; i++) client.socket.emit("emit", { from: "others" }, "last words", i, () => {});
      await listener.next("last words");
      await client.roundTrip();
      client.socket.disconnect();
      equal(await client.lost(), "io client disconnect");
      equal(await scene.fixture.gone(id), "client namespace disconnect");
      deepStrictEqual((await listener.nextOf("last words", 19)).map(([i]) => i).at(-1), 19);
    });

    for (const close of [false, true]) {
      play(`${transport}: by the server, of the only namespace${close ? " and the connection" : ""}`, async (scene) => {
        const client = await scene.connect(transport, { reconnection: true, reconnectionDelay: 10 });
        const { id, engine } = client;
        client.send("kick", {}, close);
        equal(await client.lost(), "io server disconnect");
        equal(await scene.fixture.gone(id), "server namespace disconnect");
        if (has(["active"])) equal(client.socket.active, false);
        await eventually(() => engine.readyState === "closed", "the client to close the connection");
      });
    }

    play(`${transport}: by the server, of one namespace of two`, async (scene) => {
      const main = await scene.connect(transport);
      const chat = await scene.join(main, "/chat");
      const { id } = chat;
      chat.send("kick", {}, false);
      equal(await chat.lost(), "io server disconnect");
      equal(await scene.fixture.gone(id), "server namespace disconnect");
      deepStrictEqual(await main.ask("echo", 1), [1]);
      equal(scene.fixture.isGone(main.id), false);
    });

    play(`${transport}: by the server, of the connection with both its namespaces`, async (scene) => {
      const main = await scene.connect(transport);
      const chat = await scene.join(main, "/chat");
      const ids = [main.id, chat.id];
      chat.send("kick", {}, true);
      for (const client of [main, chat]) equal(await client.lost(), "io server disconnect");
      for (const id of ids) equal(await scene.fixture.gone(id), "server namespace disconnect");
    });

    play(`${transport}: by the server, after what it still had to say`, async (scene) => {
      const client = await scene.connect(transport);
      client.socket.emit("burst", {}, 200, "last words", () => {});
      client.send("kick", {}, true);
      deepStrictEqual((await client.nextOf("burst", 200)).map(([i]) => i), [...Array(200).keys()]);
      equal(await client.lost(), "io server disconnect");
    });

    play(`${transport}: by the end of the client's process`, async (scene) => {
      const lone = await LoneClient.start(scene, transport);
      const witness = await scene.connect("websocket");
      deepStrictEqual(await witness.ask("count"), [2]);
      await untilIdle();
      lone.end();
      equal(await scene.fixture.gone(lone.id), transport === "polling" ? "transport error" : "transport close");
      deepStrictEqual(await witness.ask("count"), [1]);
    });

    play(`${transport}: a client can come back`, async (scene) => {
      const client = await scene.connect(transport);
      const ids = new Set();
      for (let i = 0; i < 3; i++) {
        ids.add(client.id);
        client.socket.disconnect();
        equal(await client.lost(), "io client disconnect");
        client.socket.connect();
        await client.next("connect");
        deepStrictEqual(await client.ask("echo", i), [i]);
      }
      equal(ids.add(client.id).size, 4);
    }, { needs: ["returnsAtOnce"] });
  }
});
