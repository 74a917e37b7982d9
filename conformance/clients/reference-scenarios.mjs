// What reference-fixture.mjs serves beside the events that tests of one kind of thing need: the rest of the server's API.
// ../README.md says what each event does.

const without = (rooms, own) => [...rooms].filter((room) => room !== own).sort();

export function addScenarioNamespaces(io, serve) {
  io.of("/members").use((socket, next) => {
    socket.data.user = socket.handshake.auth.user ?? "anonymous";
    next();
  });
  io.of("/members").use((socket, next) => {
    if (socket.data.user !== "banned") return next();
    next(Object.assign(new Error("banned"), { data: { until: [5, null] } }));
  });
  io.of("/members").on("connection", serve);

  const keyed = io.of((name, auth, next) => next(null, name.startsWith("/keyed-") && auth.key === "k"));
  keyed.use((socket, next) => {
    socket.data.child = socket.nsp.name;
    next();
  });
  keyed.on("connection", serve);

  io.of("/greeting").on("connection", (socket) => {
    socket.emit("hello", 1);
    socket.emit("hello", 2, Buffer.from([2]));
    socket.join("greeted");
    socket.to("greeted").emit("arrived", socket.handshake.auth.name);
    socket.emit("hello", 3);
    serve(socket);
  });

  io.of("/checked").on("connection", (socket) => {
    const seen = [];
    socket.use(([event], next) => {
      seen.push(`first ${event}`);
      next();
    });
    socket.use(([event, ...args], next) => {
      seen.push(`second ${event} ${args.filter((arg) => typeof arg !== "function").length}`);
      if (event === "forbidden") return next(new Error("no such thing"));
      next();
    });
    socket.on("error", (error) => socket.emit("refused", error.message));
    socket.on("forbidden", () => socket.emit("must not be seen"));
    socket.on("seen", (ack) => ack(seen));
    serve(socket);
  });

  io.of("/any").on("connection", (socket) => {
    const [seen, sent] = [[], []];
    const removed = () => seen.push("never");
    socket.onAny((event, ...args) => seen.push(`any ${event} ${args.filter((arg) => typeof arg !== "function").length}`));
    socket.onAny(removed);
    socket.offAny(removed);
    socket.prependAny((event) => seen.push(`before ${event}`));
    socket.onAnyOutgoing((event, ...args) => sent.push(`${event} ${args.length}`));
    socket.on("seen", (ack) => ack(seen, sent));
    serve(socket);
  });
}

export function serveScenarios(socket, recipients) {
  socket.on("set data", (name, value, ack) => {
    socket.data[name] = value;
    ack();
  });
  socket.on("data", (ack) => ack(socket.data));
  socket.on("fetch", async (target, ack) => {
    const sockets = await recipients(socket, target).fetchSockets();
    ack(sockets.map(({ id, rooms, data, handshake }) => ({ id, rooms: [...rooms].sort(), data, auth: handshake.auth })));
  });
  socket.on("tell", async (target, event, ...args) => {
    const ack = args.pop();
    for (const remote of await recipients(socket, target).fetchSockets()) remote.emit(event, ...args);
    ack();
  });
  socket.on("move", (target, join, leave, ack) => {
    if (join.length > 0) recipients(socket, target).socketsJoin(join);
    if (leave.length > 0) recipients(socket, target).socketsLeave(leave);
    ack();
  });
  socket.on("server side", (event, ...args) => {
    const ack = args.pop();
    socket.nsp.serverSideEmit(event, ...args);
    ack();
  });
  socket.on("watch", (room, ack) => {
    const { nsp } = socket;
    socket.on("disconnecting", (reason) => nsp.to(room).except(socket.id).emit("leaving", reason, without(socket.rooms, socket.id)));
    socket.on("disconnect", (reason) => nsp.to(room).emit("left", reason, without(socket.rooms, socket.id)));
    ack();
  });
  serveListeners(socket);
  serveOddities(socket);
}

function serveListeners(socket) {
  const listeners = new Map();
  socket.on("listen", (event, ack) => {
    const listener = (...args) => socket.emit("heard", event, ...args);
    listeners.set(event, listener);
    socket.on(event, listener);
    ack();
  });
  socket.on("listen once", (event, ack) => {
    socket.once(event, (...args) => socket.emit("heard once", event, ...args));
    ack();
  });
  socket.on("unlisten", (event, ack) => {
    socket.off(event, listeners.get(event));
    ack();
  });
}

function serveOddities(socket) {
  socket.on("reserved", (event, ack) => {
    try {
      socket.emit(event);
      ack("sent");
    } catch (error) {
      ack(error.message);
    }
  });
  socket.on("ack twice", (ack) => {
    ack("first");
    ack("second");
  });
  socket.on("last words", (count, close) => {
    for (let i = 0; i < count; i++) socket.emit("word", i);
    socket.disconnect(close);
  });
  socket.on("kinds", (...args) => {
    const ack = args.pop();
    ack(args.map((arg) => (arg === null ? "null" : Buffer.isBuffer(arg) ? "binary" : Array.isArray(arg) ? "array" : typeof arg)));
  });
  socket.on("handshake", (ack) => {
    const { secure, xdomain, time, issued, address, url, query } = socket.handshake;
    ack({
      secure,
      xdomain,
      issuedNow: typeof time === "string" && Math.abs(Date.now() - issued) < 60_000,
      address,
      path: url.split("?")[0],
      query: { EIO: query.EIO, transport: query.transport, probe: query.probe ?? null },
    });
  });
}
