// The releases of the client that the tests run with. SOCKEYE_CLIENT names one; without it, it is the newest.

import { setTimeout as sleep } from "node:timers/promises";

/** What only newer releases have. Each function shows whether a client has it; test/release.test.mjs asks them all. */
const FEATURES = {
  /** A limit on the time until an acknowledgement, and an error when the connection goes before it. */
  timeout: ({ client }) => client.socket.timeout !== undefined,
  /** Requests of long-polling are kept below the server's limit. */
  maxPayload: ({ client }) => client.engine._maxPayload !== undefined,
  /** The next transport is tried when the first one does not open. */
  tryAllTransports: ({ client }) => client.engine._transportsByName !== undefined,
  /** A payload of any kind in CONNECT, also for the main namespace. Those without send a query of texts. */
  auth: async ({ scene, client }) => {
    const chat = await scene.join(client, "/chat", { auth: { number: 1 } });
    return (await chat.ask("info"))[0].auth.number === 1;
  },
  /** It tells whether a socket will reconnect. */
  active: ({ client }) => client.socket.active !== undefined,
  /** A listener for all events. */
  catchAll: ({ client }) => client.socket.onAny !== undefined,
  /** Ids of sockets that are not that of the connection. */
  socketIds: ({ client }) => client.id !== client.engine.id,
  /** All views of binary data are sent as such. */
  typedArrays: async ({ client }) => Buffer.isBuffer((await client.ask("echo", new Uint8Array([1])))[0]),
  /** No event of the client's own, such as `error`, keeps the application from sending one of that name. */
  anyName: ({ client }) => {
    let told = false;
    client.socket.once("ping", () => (told = true));
    client.send("ping");
    client.socket.off("ping");
    return !told;
  },
  /** A refusal's message comes beside its data. */
  refusalMessage: ({ refusal }) => refusal.message !== undefined,
  /** A refused socket is not told when the connection goes. */
  refusalEnds: ({ refused }) => !refused.socket.subs,
  /** A socket can connect in the same moment as it has disconnected. Older ones can when they are lucky. */
  returnsAtOnce: async ({ scene }) => {
    const client = await scene.connect("websocket");
    client.socket.disconnect();
    await client.lost();
    client.socket.connect();
    await sleep(500);
    const returned = client.socket.connected;
    client.forget("connect");
    client.forget("disconnect"); // of the connection that it has left
    return returned;
  },
};

/** What a release that lacks it does now and then all the same, so that nothing can be proved. */
const MATTERS_OF_LUCK = ["returnsAtOnce"];

const SINCE_4_1 = ["timeout", "maxPayload", "tryAllTransports", "refusalEnds", "returnsAtOnce"];

/** `settings` is what the server has to be told for a release. */
const RELEASES = {
  "4.8": { package: "socket.io-client", lacks: [] },
  "4.0": { package: "socket.io-client-4.0", lacks: SINCE_4_1 },
  "3.1": { package: "socket.io-client-3.1", lacks: SINCE_4_1 },
  "2.5": { package: "socket.io-client-2.5", lacks: Object.keys(FEATURES), settings: { "allow-eio3": true } },
};

export const RELEASE = process.env.SOCKEYE_CLIENT || "4.8";
const release = RELEASES[RELEASE];
if (release === undefined) {
  throw new Error(`SOCKEYE_CLIENT is ${RELEASE}, and can be: ${Object.keys(RELEASES).join(", ")}`);
}

const library = await import(release.package);

/** The client's function to connect with. */
export const io = library.io ?? library.default;

/** What the server has to be told for this release. */
export const SETTINGS = release.settings ?? {};

/** Whether the release has all these features. */
export function has(features) {
  const unknown = features.find((feature) => FEATURES[feature] === undefined);
  if (unknown !== undefined) throw new Error(`there is no feature '${unknown}'`);
  return !features.some((feature) => release.lacks.includes(feature));
}

/** The features that a client turns out to have, and those that its release is said to have. */
export async function features(scene) {
  const client = await scene.connect("websocket");
  const refused = scene.openNamespace(client, "/guarded");
  const [refusal] = await refused.next("connect_error");
  const actual = [];
  for (const [feature, isThere] of Object.entries(FEATURES)) {
    if (MATTERS_OF_LUCK.includes(feature) && !has([feature])) continue;
    if (await isThere({ scene, client, refused, refusal })) actual.push(feature);
  }
  return { actual, expected: Object.keys(FEATURES).filter((feature) => has([feature])) };
}
