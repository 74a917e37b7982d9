import { deepStrictEqual, equal } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Browser } from "../lib/browser.mjs";
import { stage } from "../lib/scene.mjs";

const CLIENT = fileURLToPath(new URL("../node_modules/socket.io-client-2.5/dist/socket.io.js", import.meta.url));

/** Characters that a script's string, a form, or the two together could spoil. */
const TEXTS = ["é🦊", "\u2028\u2029", "\"\\'</script>", "a\nb\r\tc", "\\n and \\\\n", "\u0000\u007f", "+%26&=", "x".repeat(20_000)];

/** Requests of 2.x have cookies unless told otherwise, and then a server has to name the page's origin, which the fixture does not. */
const WAYS = {
  JSONP: { forceJSONP: true },
  "XHR with base64": { forceBase64: true, withCredentials: false },
  XHR: { withCredentials: false },
};

stage("Long-polling in Chromium, with a client of 2.5", { "allow-eio3": true }, (play, share) => {
  const browser = share(() => Browser.start());

  for (const [way, options] of Object.entries(WAYS)) {
    play(`${way}: text, binary data and acknowledgements`, async (scene) => {
      const { url } = scene.fixture;
      await browser().withPage(way, async (page, origin) => {
        await page.goto(origin);
        await page.addScriptTag({ path: CLIENT });
        await page.evaluate(connect, { url, options: { transports: ["polling"], ...options } });
        deepStrictEqual(await page.evaluate((texts) => ask("echo", ...texts), TEXTS), TEXTS);
        deepStrictEqual(await page.evaluate(binary), [0, 1, 127, 128, 255]);
        deepStrictEqual(await page.evaluate(burst), [...Array(100).keys()]);
        equal((await page.evaluate(() => ask("info")))[0].transport, "polling");
        equal(await page.evaluate(() => document.querySelectorAll("form").length > 0), way === "JSONP");
        const id = await page.evaluate(() => socket.id);
        await page.evaluate(() => void socket.disconnect());
        equal(await scene.fixture.gone(id), "client namespace disconnect");
      });
    });
  }
});

// What follows runs in the page.

function connect({ url, options }) {
  window.socket = io(url, options);
  window.ask = (event, ...args) => new Promise((resolve) => socket.emit(event, ...args, (...answer) => resolve(answer)));
  return new Promise((resolve, reject) => {
    socket.on("connect", () => resolve());
    setTimeout(() => reject(new Error("no connection")), 10_000);
  });
}

async function binary() {
  const [bytes] = await ask("echo", new Uint8Array([0, 1, 127, 128, 255]).buffer);
  return [...new Uint8Array(bytes)];
}

async function burst() {
  const order = [];
  socket.on("burst", (i) => order.push(i));
  await ask("burst", {}, 100, "text");
  await ask("echo");
  return order;
}
