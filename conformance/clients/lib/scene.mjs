// A stage is one server; a scene is one test on it, with clients that are gone when it ends.

import { deepStrictEqual } from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client, TRANSPORTS } from "./client.mjs";
import { Fixture } from "./fixture.mjs";
import { SETTINGS, has } from "./release.mjs";
import { PATIENCE } from "./time.mjs";

const SCENE_MILLIS = 30_000;

/**
 * Declares tests that share a server with these settings. `declare` gets a function `(name, body, { needs })`, which
 * declares one test whose body gets a Scene, unless the client's release lacks one of the features that it needs (see
 * release.mjs); and a function that takes how to start something else that the tests share, and returns a
 * function to get it with. When all have run, that is stopped, and the server has to end in good order.
 */
export function stage(title, settings, declare) {
  describe(title, () => {
    const shared = [];
    let fixture;
    let problem; // why there is nothing to play on
    before(async () => {
      try {
        fixture = await Fixture.start({ ...settings, ...SETTINGS });
        for (const each of shared) each.thing = await each.start();
      } catch (error) {
        problem = error;
      }
    });
    after(async () => {
      const ends = await Promise.allSettled([...shared.map(({ thing }) => thing?.stop()), fixture?.retire()]);
      for (const { status, reason } of ends) if (status === "rejected") throw reason;
    });

    function play(name, body, { needs = [] } = {}) {
      if (!has(needs)) return;
      test(name, { timeout: SCENE_MILLIS }, () => {
        if (problem !== undefined) throw problem;
        return playOn(fixture, body);
      });
    }

    function share(start) {
      const each = { start };
      shared.push(each);
      return () => each.thing;
    }

    declare(play, share);
  });
}

/** Plays one scene on a server that runs. */
async function playOn(fixture, body) {
  const scene = new Scene(fixture);
  try {
    await body(scene);
    await scene.expectSilence();
  } finally {
    scene.clear();
    await fixture.startAgain();
  }
}

export class Scene {
  #clients = [];
  #cleanup = [];

  constructor(fixture) {
    this.fixture = fixture;
  }

  /** A client that has joined its namespace, and if `transport` is `upgrade`, has changed to WebSocket. */
  async connect(transport, options = {}) {
    const client = this.open(transport, options);
    const upgrade = transport === "upgrade" ? client.upgraded() : undefined;
    await client.next("connect");
    await upgrade;
    return client;
  }

  /** A client that only starts to connect. */
  open(transport, { url = this.fixture.url, ...options } = {}) {
    return this.#add(Client.open(url, { ...TRANSPORTS[transport], ...options }));
  }

  /** A client of another namespace over the connection of the given one, once it has joined. */
  async join(client, namespace, options = {}) {
    const other = this.openNamespace(client, namespace, options);
    await other.next("connect");
    return other;
  }

  openNamespace(client, namespace, options = {}) {
    return this.#add(client.other(namespace, options));
  }

  /** Something to stop when the scene ends, whatever its outcome. */
  onEnd(stop) {
    this.#cleanup.push(stop);
  }

  /** Fails if anything came, or now comes, to a client that no test asked for. */
  async expectSilence() {
    await Promise.all(this.#clients.filter(({ socket }) => socket.connected).map((client) => client.roundTrip()));
    for (const client of this.#clients) {
      deepStrictEqual(client.unread(), [], "received, and not expected");
    }
  }

  clear() {
    for (const client of this.#clients) client.socket.disconnect();
    for (const client of this.#clients) client.socket.io.engine?.close();
    for (const stop of this.#cleanup) stop();
  }

  #add(client) {
    this.#clients.push(client);
    return client;
  }
}

/** Resolves when the condition holds; it is looked at every few milliseconds. */
export async function eventually(condition, what) {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > PATIENCE) throw new Error(`Waited ${PATIENCE} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Long enough for a long-polling client's next request to arrive at the server, and to wait there. */
export function untilIdle() {
  return new Promise((resolve) => setTimeout(resolve, 100));
}
