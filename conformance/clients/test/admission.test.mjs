import { deepStrictEqual, equal, match } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { has } from "../lib/release.mjs";
import { eventually, stage } from "../lib/scene.mjs";

const TOKEN = { token: "let-me-in" };
const REFUSALS = [
  { auth: { token: "wrong" }, message: "not authorized", data: { code: 401, wanted: ["token"] } },
  { auth: undefined, message: "not authorized", data: { code: 401, wanted: ["token"] } },
  { auth: { token: "bare" }, message: "no reason given", data: undefined },
];

stage("Admission", {}, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: who has the token comes in`, async (scene) => {
      const auth = { ...TOKEN, "é": has(["auth"]) ? [1, null] : "ü &=+%" };
      const client = await scene.connect(transport, { namespace: "/guarded", auth });
      const [info] = await client.ask("info");
      deepStrictEqual(info.auth, auth);
      deepStrictEqual(await client.ask("rooms"), [[client.id, "waiting"].sort()]);
    });

    play(`${transport}: the token may come from a function`, async (scene) => {
      const auth = (give) => setTimeout(() => give(TOKEN), 20);
      const client = await scene.connect(transport, { namespace: "/guarded", auth });
      deepStrictEqual((await client.ask("info"))[0].auth, TOKEN);
    }, { needs: ["auth"] });

    play(`${transport}: who has not is refused, with message and data`, async (scene) => {
      for (const { auth, message, data } of REFUSALS) {
        const client = scene.open(transport, { namespace: "/guarded", auth });
        const [error] = await client.next("connect_error");
        const expected = has(["refusalMessage"]) || data === undefined ? message : undefined;
        deepStrictEqual([error.message, error.data], [expected, data]);
        equal(client.socket.connected, false);
      }
    });

    play(`${transport}: a refused client hears nothing, and keeps its other namespaces`, async (scene) => {
      const member = await scene.connect(transport, { namespace: "/guarded", auth: TOKEN });
      const main = await scene.connect(transport);
      const refused = scene.openNamespace(main, "/guarded");
      await refused.next("connect_error");
      const packets = [];
      main.socket.io.on("packet", (packet) => packets.push(packet.nsp));
      await member.ask("emit", { from: "all" }, "news");
      await member.ask("emit", { from: "all", to: ["waiting"] }, "news");
      await member.nextOf("news", 2);
      deepStrictEqual(await member.ask("count"), [1]);
      await main.roundTrip();
      deepStrictEqual(packets, ["/"]);
    });

    play(`${transport}: what a refused client sends runs no handler`, async (scene) => {
      const member = await scene.connect(transport, { namespace: "/guarded", auth: TOKEN });
      const main = await scene.connect(transport);
      const refused = scene.openNamespace(main, "/guarded");
      await refused.next("connect_error");
      const { id } = main;
      // The client itself would keep it back.
      refused.socket.packet({ type: 2, data: ["emit", { from: "all" }, "news"], options: {} });
      equal(await main.lost(), "transport close");
      match(await scene.fixture.gone(id), /^forced (server )?close$/);
      if (!has(["refusalEnds"])) equal(await refused.lost(), "transport close");
      await member.roundTrip();
    });

    play(`${transport}: who waits for admission hears nothing and is not counted`, async (scene) => {
      const member = await scene.connect(transport, { namespace: "/guarded", auth: TOKEN });
      const waiting = scene.open(transport, { namespace: "/guarded", auth: { ...TOKEN, delay: 1000 } });
      await eventually(() => waiting.engine.readyState === "open", "the connection");
      waiting.send("echo", "kept back by the client");
      await member.ask("emit", { from: "others" }, "news");
      await member.ask("emit", { from: "others", to: ["waiting"] }, "news");
      deepStrictEqual(await member.ask("count"), [1]);
      deepStrictEqual(waiting.unread(), []);
      await waiting.next("connect");
      deepStrictEqual(await waiting.next("echo"), ["kept back by the client"]);
      await member.ask("emit", { from: "others", to: ["waiting"] }, "news", "at last");
      deepStrictEqual(await waiting.next("news"), ["at last"]);
      deepStrictEqual(await member.ask("count"), [2]);
    });

    play(`${transport}: who leaves while waiting was never there`, async (scene) => {
      const member = await scene.connect(transport, { namespace: "/guarded", auth: TOKEN });
      const main = await scene.connect(transport);
      const { id } = main;
      const waiting = scene.openNamespace(main, "/guarded", { auth: { ...TOKEN, delay: 200 } });
      await main.roundTrip();
      main.engine.close();
      for (const client of [main, waiting]) equal(await client.lost(), "forced close");
      equal(await scene.fixture.gone(id), "transport close");
      await new Promise((resolve) => setTimeout(resolve, 300));
      deepStrictEqual(await member.ask("count"), [1]);
      deepStrictEqual(await member.ask("ask all", 5000, { from: "others" }, "anybody?"), ["answered", []]);
    });

    play(`${transport}: the handshake shows query, header and transport`, async (scene) => {
      const client = await scene.connect(transport, {
        query: { probe: "é &=%+ü" },
        extraHeaders: { "X-Probe": "from the client" },
        auth: { a: 1 },
      });
      deepStrictEqual(await client.ask("info"), [
        {
          id: client.id,
          namespace: "/",
          transport: transport === "polling" ? "polling" : "websocket",
          auth: has(["auth"]) ? { a: 1 } : {},
          query: "é &=%+ü",
          header: "from the client",
        },
      ]);
    });
  }
});
