import { deepStrictEqual, equal, match } from "node:assert/strict";
import { Browser } from "../lib/browser.mjs";
import { Proxy } from "../lib/proxy.mjs";
import { stage, untilIdle } from "../lib/scene.mjs";

/** How a page may connect: the client's options, and the transport that it is to end up with. */
const WAYS = {
  upgrade: { options: { transports: ["polling", "websocket"] }, transport: "websocket" },
  "WebSocket only": { options: { transports: ["websocket"] }, transport: "websocket" },
  "long-polling only": { options: { transports: ["polling"] }, transport: "polling" },
  "no WebSocket in the browser": { options: {}, transport: "polling", init: () => delete window.WebSocket },
  "WebSocket forbidden by a proxy": { options: {}, transport: "polling", fault: "FORBIDDEN" },
  "headers of the page's own, which need a preflight": {
    options: { transports: ["polling"], extraHeaders: { "X-Probe": "from the page" } },
    transport: "polling",
    header: "from the page",
  },
};

stage("In Chromium", {}, (play, share) => {
  const browser = share(() => Browser.start());

  for (const [way, { options, transport, init, fault, header = null }] of Object.entries(WAYS)) {
    const expectedErrors = fault === undefined ? undefined : /WebSocket connection to .* failed/;

    play(`${way}: text, binary data and acknowledgements`, async (scene) => {
      const url = await serverUrl(scene, fault);
      await browser().withPage(way, async (page, origin) => {
        if (init !== undefined) await page.addInitScript(init);
        await page.goto(origin);
        await page.addScriptTag({ url: `${url}/socket.io/socket.io.js` });
        await page.evaluate(connect, { url, options, transport });
        await page.evaluate(exchange);
        const [info] = await page.evaluate(() => ask("info"));
        deepStrictEqual([info.transport, info.header], [transport, header]);
        const id = await page.evaluate(() => socket.id);
        await page.evaluate(() => socket.disconnect());
        equal(await scene.fixture.gone(id), "client namespace disconnect");
      }, { expectedErrors });
    });
  }

  for (const file of ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js"]) {
    play(`the server's ${file} is a client that works`, async (scene) => {
      const { url } = scene.fixture;
      await browser().withPage(file, async (page, origin) => {
        await page.goto(origin);
        if (file.includes(".esm.")) {
          await page.evaluate(async (bundle) => {
            window.io = (await import(bundle)).io;
          }, `${url}/socket.io/${file}`);
        } else {
          await page.addScriptTag({ url: `${url}/socket.io/${file}` });
        }
        await page.evaluate(connect, { url, options: {}, transport: "websocket" });
        deepStrictEqual(await page.evaluate(() => ask("echo", "é")), ["é"]);
      });
    });
  }

  for (const transports of [["websocket"], ["polling"]]) {
    play(`a page that goes away over ${transports[0]} is noticed`, async (scene) => {
      const { url } = scene.fixture;
      await browser().withPage("goes away", async (page, origin) => {
        await page.goto(origin);
        await page.addScriptTag({ url: `${url}/socket.io/socket.io.js` });
        await page.evaluate(connect, { url, options: { transports }, transport: transports[0] });
        const id = await page.evaluate(() => socket.id);
        await untilIdle();
        await page.goto("about:blank");
        match(await scene.fixture.gone(id), /^transport (close|error)$/);
      });
    });
  }

  play("large answers over long-polling, which the browser asks to have compressed", async (scene) => {
    const { url } = scene.fixture;
    await browser().withPage("compressed", async (page, origin) => {
      await page.goto(origin);
      await page.addScriptTag({ url: `${url}/socket.io/socket.io.js` });
      await page.evaluate(connect, { url, options: { transports: ["polling"] }, transport: "polling" });
      const same = await page.evaluate(async () => {
        const texts = ["é🦊".repeat(20_000), "x".repeat(1025), Array.from({ length: 2e4 }, () => Math.random()).join()];
        const answers = await Promise.all(texts.map((text) => ask("echo", text)));
        return answers.map(([answer], i) => answer === texts[i]);
      });
      deepStrictEqual(same, [true, true, true]);
    });
  });

  play("a page comes back when its server does", async (scene) => {
    const { fixture } = scene;
    await browser().withPage("comes back", async (page, origin) => {
      await page.goto(origin);
      await page.addScriptTag({ url: `${fixture.url}/socket.io/socket.io.js` });
      const options = { reconnectionDelay: 50, reconnectionDelayMax: 100 };
      await page.evaluate(connect, { url: fixture.url, options, transport: "websocket" });
      const id = await page.evaluate(() => socket.id);
      await page.evaluate(() => {
        window.lost = new Promise((resolve) => socket.once("disconnect", resolve));
      });
      await fixture.end();
      equal(await page.evaluate(() => lost), "transport close");
      await page.evaluate(() => socket.emit("collect", 1));
      await fixture.startAgain();
      deepStrictEqual(await page.evaluate(() => ask("collected")), [[1]]);
      equal(await page.evaluate((before) => socket.id !== before, id), true);
    }, { expectedErrors: /ERR_CONNECTION_REFUSED/ });
  });
});

async function serverUrl(scene, fault) {
  if (fault === undefined) return scene.fixture.url;
  const proxy = await Proxy.start(scene.fixture.port, { fault });
  scene.onEnd(() => proxy.stop());
  return proxy.url;
}

// What follows runs in the page.

/** Leaves `socket` and `ask` for later steps, and resolves once the transport is the expected one. */
function connect({ url, options, transport }) {
  window.socket = io(url, options);
  window.ask = (event, ...args) =>
    new Promise((resolve, reject) => {
      socket.timeout(10_000).emit(event, ...args, (error, ...answer) => (error ? reject(error) : resolve(answer)));
    });
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (!socket.connected || socket.io.engine.transport.name !== transport) return;
      clearInterval(timer);
      resolve();
    }, 10);
    setTimeout(() => reject(new Error(`no connection with ${transport}`)), 10_000);
  });
}

async function exchange() {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const same = (data, expected) => {
    const received = data instanceof ArrayBuffer ? [...new Uint8Array(data)] : data;
    if (JSON.stringify(received) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(received)} came back`);
  };
  const next = (event) => new Promise((resolve) => socket.once(event, (...args) => resolve(args)));

  same(await ask("echo", "text", { é: [1, null, "日本語 🦊"] }), ["text", { é: [1, null, "日本語 🦊"] }]);
  for (const data of [bytes, bytes.buffer, new Blob([bytes]), new File([bytes], "name.bin"), new DataView(bytes.buffer)]) {
    same((await ask("echo", data))[0], [...bytes]);
  }
  const echoed = next("echo");
  socket.emit("echo", { first: new Blob(["one"]), rest: ["two", new Blob([])] }, bytes.subarray(5, 7));
  const [nested, part] = await echoed;
  same([...new Uint8Array(nested.first)], [..."one"].map((c) => c.charCodeAt(0)));
  same([nested.rest[0], nested.rest[1].byteLength], ["two", 0]);
  same(part, [5, 6]);

  socket.once("question", (data, answer) => answer(new File([data], "answer"), "and text"));
  const [how, data, text] = await ask("ask", 5000, "question", bytes);
  same([how, text], ["answered", "and text"]);
  same(data, [...bytes]);

  const order = [];
  socket.on("burst", (i) => order.push(i));
  await ask("burst", {}, 300, bytes);
  await ask("echo");
  same(order, [...Array(300).keys()]);
  for (let i = 0; i < 300; i++) socket.emit("collect", i, i % 3 ? bytes : new Blob([bytes]));
  same(await ask("collected"), [[...Array(300).keys()]]);
}
