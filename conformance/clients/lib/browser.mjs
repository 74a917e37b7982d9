// Chromium without a window, and a page to run the client in.

import { constants, accessSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { within } from "./time.mjs";

const SCREENSHOTS = fileURLToPath(new URL("../../target/screenshots/", import.meta.url));
const PAGE_MILLIS = 20_000;
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--proxy-server=direct://",
];

/** The browser that CHROMIUM names, or the first that the PATH has. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found === undefined) {
    throw new Error(
      `The browser tests need Chromium, and find none of ${NAMES.join(", ")} on the PATH. Install it (Debian: ` +
        "apt-get install chromium), or name its executable in the environment variable CHROMIUM.",
    );
  }
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser with an empty profile, and an origin of its own that it loads its pages from. */
export class Browser {
  #chromium;
  #pages;

  static async start() {
    const browser = new Browser();
    browser.#chromium = await chromium.launch({ executablePath: findChromium(), args: FLAGS, headless: true });
    browser.#pages = createServer((request, response) => {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
      response.end("<!doctype html><title>Sockeye</title><h1>A page of another origin</h1>");
    });
    await new Promise((resolve) => browser.#pages.listen(0, "127.0.0.1", resolve));
    return browser;
  }

  /**
   * Runs `body` with a page in a context of its own. Fails if the page logged an error, other than of a request that
   * `expectedErrors` matches; keeps a picture of a page that failed.
   */
  async withPage(name, body, { expectedErrors = /^$/ } = {}) {
    const context = await this.#chromium.newContext();
    const errors = [];
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    try {
      const origin = `http://127.0.0.1:${this.#pages.address().port}/`;
      await within(PAGE_MILLIS, body(page, origin), `the page '${name}'`);
      const unexpected = errors.filter((error) => !expectedErrors.test(error));
      if (unexpected.length > 0) throw new Error(`The page reported: ${unexpected.join("; ")}`);
    } catch (error) {
      await this.#keepPicture(page, name, errors, error);
      throw error;
    } finally {
      await context.close();
    }
  }

  async stop() {
    await this.#chromium?.close();
    this.#pages?.close();
  }

  async #keepPicture(page, name, errors, error) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const path = join(SCREENSHOTS, `${name.replaceAll(/[^\w-]+/g, "-")}.png`);
    try {
      const caption = page.evaluate((text) => document.body.append(text), [error.message, ...errors].join("\n"));
      await within(5000, caption, "the page to take a caption");
      await page.screenshot({ path, timeout: 5000 });
      error.stack += `\nThe page reported: ${errors.join("; ") || "nothing"}\nPicture: ${path}`;
    } catch (problem) {
      error.stack += `\nNo picture: ${problem.message}`;
    }
  }
}
