import { deepStrictEqual, equal, notEqual } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { has } from "../lib/release.mjs";
import { stage } from "../lib/scene.mjs";

stage("Namespaces", {}, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: several on one connection, each with its own events`, async (scene) => {
      const main = await scene.connect(transport);
      const chat = await scene.join(main, "/chat");
      const dynamic = await scene.join(main, "/dynamic-1");
      equal(chat.engine, main.engine);
      equal(new Set([main.id, chat.id, dynamic.id, main.engine.id]).size, has(["socketIds"]) ? 4 : 3);
      for (const [client, namespace] of [[main, "/"], [chat, "/chat"], [dynamic, "/dynamic-1"]]) {
        const [info] = await client.ask("info");
        deepStrictEqual([info.id, info.namespace], [client.id, namespace]);
        client.send("echo", namespace, Buffer.from(namespace));
        deepStrictEqual(await client.next("echo"), [namespace, Buffer.from(namespace)]);
      }
    });

    play(`${transport}: a broadcast stays in its namespace`, async (scene) => {
      const [sender, listener] = [await scene.connect(transport), await scene.connect(transport)];
      for (const client of [sender, listener]) await scene.join(client, "/chat");
      const speaker = await scene.join(sender, "/dynamic-1");
      const hearer = await scene.join(listener, "/dynamic-1");
      await scene.join(listener, "/dynamic-2");
      for (const client of [listener, hearer]) await client.ask("join", "room");
      await speaker.ask("emit", { from: "others" }, "news", "to all");
      await speaker.ask("emit", { from: "others", to: ["room"] }, "news", "to the room");
      // The scene fails if any of the others hears of it.
      deepStrictEqual(await hearer.nextOf("news", 2), [["to all"], ["to the room"]]);
    });

    play(`${transport}: an unknown one is refused, and the others live on`, async (scene) => {
      const main = await scene.connect(transport);
      const unknown = scene.openNamespace(main, "/nowhere");
      const [error] = await unknown.next("connect_error");
      deepStrictEqual([error.message, error.data], ["Invalid namespace", undefined]);
      equal(unknown.socket.connected, false);
      deepStrictEqual(await main.ask("echo", 1), [1]);
    });

    play(`${transport}: one is joined at the same time as another is refused`, async (scene) => {
      const unknown = scene.open(transport, { namespace: "/dynamic-x" });
      const main = scene.openNamespace(unknown, "/");
      equal((await unknown.next("connect_error"))[0].message, "Invalid namespace");
      await main.next("connect");
      deepStrictEqual(await main.ask("echo", 1), [1]);
    });

    play(`${transport}: leaving one keeps the others, and it can be joined again`, async (scene) => {
      const main = await scene.connect(transport);
      const chat = await scene.join(main, "/chat");
      const { id } = chat;
      chat.socket.disconnect();
      equal(await chat.lost(), "io client disconnect");
      equal(await scene.fixture.gone(id), "client namespace disconnect");
      deepStrictEqual(await main.ask("echo", 1), [1]);
      chat.socket.connect();
      await chat.next("connect");
      notEqual(chat.id, id);
      deepStrictEqual(await chat.ask("echo", 2), [2]);
      equal(scene.fixture.isGone(main.id), false);
    }, { needs: ["socketIds"] });
  }
});
