import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { TRANSPORTS } from "../lib/client.mjs";
import { stage } from "../lib/scene.mjs";

const numbers = (count) => Array.from({ length: count }, (_, i) => i);

stage("Acknowledgements", {}, (play) => {
  for (const transport of Object.keys(TRANSPORTS)) {
    play(`${transport}: the server answers with any number of arguments`, async (scene) => {
      const client = await scene.connect(transport);
      for (const count of [0, 1, 2, 10, 100]) {
        deepStrictEqual(await client.ask("echo", ...numbers(count)), numbers(count));
      }
    });

    play(`${transport}: a client stops waiting for an answer that never comes`, async (scene) => {
      const client = await scene.connect(transport);
      await rejects(client.socket.timeout(100).emitWithAck("silence"), { message: "operation has timed out" });
      deepStrictEqual(await client.ask("echo", 1), [1]);
    }, { needs: ["timeout"] });

    play(`${transport}: many questions at once get their own answers`, async (scene) => {
      const client = await scene.connect(transport);
      const answers = await Promise.all(numbers(300).map((i) => client.ask("echo", i, String(i))));
      deepStrictEqual(answers, numbers(300).map((i) => [i, String(i)]));
    });

    play(`${transport}: the client answers with any number of arguments`, async (scene) => {
      const client = await scene.connect(transport);
      for (const count of [0, 1, 2, 10, 100]) {
        const outcome = client.ask("ask", 5000, "question", "why?");
        const [why, answer] = await client.next("question");
        deepStrictEqual(why, "why?");
        answer(...numbers(count));
        deepStrictEqual(await outcome, ["answered", ...numbers(count)]);
      }
    });

    play(`${transport}: binary data in question and answer`, async (scene) => {
      const client = await scene.connect(transport);
      const outcome = client.ask("ask", 5000, "question", { bytes: Buffer.from([1, 2]) });
      const [question, answer] = await client.next("question");
      deepStrictEqual(question, { bytes: Buffer.from([1, 2]) });
      answer("text", Buffer.from([3]), { deeper: [Buffer.alloc(0)] });
      deepStrictEqual(await outcome, ["answered", "text", Buffer.from([3]), { deeper: [Buffer.alloc(0)] }]);
    });

    play(`${transport}: many questions of the server, answered in reverse`, async (scene) => {
      const client = await scene.connect(transport);
      const outcomes = numbers(100).map((i) => client.ask("ask", 10_000, "question", i));
      for (const [i, answer] of (await client.nextOf("question", 100)).reverse()) answer(`answer ${i}`);
      deepStrictEqual(await Promise.all(outcomes), numbers(100).map((i) => ["answered", `answer ${i}`]));
    });

    play(`${transport}: the server stops waiting, and a late answer changes nothing`, async (scene) => {
      const client = await scene.connect(transport);
      const start = performance.now();
      deepStrictEqual(await client.ask("ask", 200, "question"), ["timeout"]);
      const waited = performance.now() - start;
      ok(waited >= 180 && waited < 5000, `gave up after ${waited} ms instead of 200`);
      const [answer] = await client.next("question");
      answer("late");
      deepStrictEqual(await client.ask("echo", 1), [1]);
    });

    play(`${transport}: the server asks a room`, async (scene) => {
      const clients = await Promise.all([transport, "polling", "websocket"].map((each) => scene.connect(each)));
      for (const client of clients) await client.ask("join", "panel");
      const bystander = await scene.connect(transport);
      const outcome = bystander.ask("ask all", 5000, { from: "all", to: ["panel"] }, "question", 7);
      for (const client of clients) {
        const [question, answer] = await client.next("question");
        deepStrictEqual(question, 7);
        answer(client.id);
      }
      const [how, answers] = await outcome;
      deepStrictEqual(how, "answered");
      deepStrictEqual(answers.sort(), clients.map(({ id }) => id).sort());
    });

    play(`${transport}: the server asks a room in which one stays silent`, async (scene) => {
      const [first, second, silent] = await Promise.all([0, 1, 2].map(() => scene.connect(transport)));
      for (const client of [first, second, silent]) await client.ask("join", "panel");
      const outcome = silent.ask("ask all", 500, { from: "all", to: ["panel"] }, "question");
      for (const client of [first, second]) (await client.next("question"))[0](client === first ? 1 : 2);
      const [how, answers] = await outcome;
      deepStrictEqual(how, "timeout");
      deepStrictEqual(answers.sort(), [1, 2]);
      (await silent.next("question"))[0]("late");
      deepStrictEqual(await silent.ask("echo", 1), [1]);
    });
  }

  play("asking an empty room is answered by nobody, at once", async (scene) => {
    const client = await scene.connect("websocket");
    const target = { from: "all", to: ["empty"] };
    const outcome = client.ask("ask all", 60_000, target, "question");
    deepStrictEqual(await Promise.race([outcome, sleep(5000, "late", { ref: false })]), ["answered", []]);
  });
});
