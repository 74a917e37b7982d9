import { deepStrictEqual, equal, match, ok } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { RELEASE, has } from "../lib/release.mjs";
import { stage } from "../lib/scene.mjs";

const MAX = 1_000_000;

/** What stands in front of a packet that a client of 2.x posts. */
const LENGTH = "1000000:";

/** The text whose event `42["echo","…"]` has that many bytes. */
const textOf = (packetBytes) => "x".repeat(packetBytes - '42["echo",""]'.length);

stage("Limits", { "max-payload": MAX }, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: a message of exactly the limit passes, there and back`, async (scene) => {
      const client = await scene.connect(transport);
      if (has(["maxPayload"])) equal(client.engine._maxPayload, MAX);
      const text = textOf(transport === "polling" && RELEASE === "2.5" ? MAX - LENGTH.length : MAX);
      client.send("echo", text);
      ok((await client.next("echo"))[0] === text, "the text came back changed");
    });

    play(`${transport}: a message over the limit ends its connection, and no other`, async (scene) => {
      const other = await scene.connect(transport);
      const client = await scene.connect(transport);
      const { id } = client;
      client.send("echo", textOf(MAX + 1));
      match(await client.lost(), transport === "polling" ? /^transport error$/ : /^transport close$/);
      match(await scene.fixture.gone(id), transport === "polling" ? /^transport (close|error)$/ : /^transport error$/);
      deepStrictEqual(await other.ask("echo", 1), [1]);
    });

    play(`${transport}: what the server sends may be larger than what it takes`, async (scene) => {
      const client = await scene.connect(transport);
      const half = "é".repeat(MAX / 5);
      await client.ask("burst", {}, 10, half);
      deepStrictEqual((await client.nextOf("burst", 10)).map(([i]) => i), [...Array(10).keys()]);
    });

    play(`${transport}: many large messages at once are each within the limit`, async (scene) => {
      const client = await scene.connect(transport);
      const text = "x".repeat(MAX / 4);
      for (let i = 0; i < 20; i++) client.send("echo", i, i % 2 ? text : Buffer.alloc(MAX / 5, i));
      const echoes = await client.nextOf("echo", 20);
      deepStrictEqual(echoes.map(([i]) => i), [...Array(20).keys()]);
      ok(echoes.every(([i, data]) => (i % 2 ? data === text : data.equals(Buffer.alloc(MAX / 5, i)))), "changed");
    }, { needs: transport === "polling" ? ["maxPayload"] : [] });

    play(`${transport}: an attachment of nearly the limit`, async (scene) => {
      const client = await scene.connect(transport);
      // Over long-polling, it is sent as base64, in one request with its event; by a client of 2.x with its type in front.
      const bytes = Buffer.alloc(transport === "polling" ? (MAX / 4) * 3 - 100 : MAX - 1, 7);
      client.send("echo", bytes);
      ok((await client.next("echo"))[0].equals(bytes), "the bytes came back changed");
    });

    play(`${transport}: more attachments than the parser takes end the connection`, async (scene) => {
      const client = await scene.connect(transport);
      const { id } = client;
      client.send("echo", ...Array.from({ length: 11 }, (_, i) => Buffer.from([i])));
      match(await client.lost(), /^transport (close|error)$/);
      match(await scene.fixture.gone(id), /^(parse error|forced close|forced server close)$/);
    });
  }
});
