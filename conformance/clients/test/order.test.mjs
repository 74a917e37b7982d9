import { deepStrictEqual } from "node:assert/strict";
import { TRANSPORTS } from "../lib/client.mjs";
import { stage } from "../lib/scene.mjs";

const COUNT = 2000;

/** Different sizes, text and binary, so that a short message could overtake a long one. */
function payload(i) {
  if (i % 10 === 3) return "x".repeat(5000);
  if (i % 10 === 6) return Buffer.alloc(i % 900, i);
  return i;
}

const numbered = Array.from({ length: COUNT }, (_, i) => [i, payload(i)]);

/** Without knowing the limit, a client that polls sends all of them in one request, which is larger. */
const bigPosts = (transport) => (transport === "polling" ? ["maxPayload"] : []);

stage("Order under load", {}, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: from the client`, async (scene) => {
      const client = await scene.connect(transport);
      for (const item of numbered) client.send("collect", ...item);
      deepStrictEqual(await client.ask("collected"), [numbered.map(([i]) => i)]);
    }, { needs: bigPosts(transport) });

    play(`${transport}: from the server`, async (scene) => {
      const client = await scene.connect(transport);
      await client.ask("burst", {}, COUNT, "text");
      deepStrictEqual(await client.nextOf("burst", COUNT), numbered.map(([i]) => [i, "text"]));
      await client.ask("burst", {}, COUNT, Buffer.from("binary"));
      deepStrictEqual(await client.nextOf("burst", COUNT), numbered.map(([i]) => [i, Buffer.from("binary")]));
    });

    play(`${transport}: both ways at once, echoed`, async (scene) => {
      const client = await scene.connect(transport);
      client.socket.emit("burst", {}, COUNT, null, () => {});
      for (const item of numbered) client.send("echo", ...item);
      deepStrictEqual(await client.nextOf("burst", COUNT), numbered.map(([i]) => [i, null]));
      deepStrictEqual(await client.nextOf("echo", COUNT), numbered);
    }, { needs: bigPosts(transport) });

    play(`${transport}: in turns of many small exchanges`, async (scene) => {
      const client = await scene.connect(transport);
      for (let i = 0; i < 200; i++) deepStrictEqual(await client.ask("echo", i), [i]);
    });

    play(`${transport}: of broadcasts from several senders, to each receiver`, async (scene) => {
      const receivers = await Promise.all(["polling", "websocket", transport].map((each) => scene.connect(each)));
      const senders = await Promise.all(["websocket", "polling"].map((each) => scene.connect(each)));
      for (const client of receivers) await client.ask("join", "receivers");
      const target = { from: "all", to: ["receivers"] };
      await Promise.all(senders.map((sender, i) => sender.ask("burst", target, 500, i)));
      for (const client of receivers) {
        const received = await client.nextOf("burst", 1000);
        for (const sender of [0, 1]) {
          const ofSender = received.filter(([, from]) => from === sender).map(([i]) => i);
          deepStrictEqual(ofSender, numbered.slice(0, 500).map(([i]) => i));
        }
      }
    });
  }
});
