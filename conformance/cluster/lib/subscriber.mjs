// A client of the real protocol, over WebSocket alone, that costs little: it knows events ["n", number, offset?], and keeps its
// session as the official client does. An event that comes before the answer to CONNECT waits for it; the last argument of an event
// is the offset, if it is a text. When its connection ends it goes to the next node that takes it.
import WebSocket from "ws";

export class Subscriber {
  #urls;
  #next;
  #random;
  #socket = null;
  #connected = false;
  #early = [];
  #move = null;
  #acks = new Map();
  #ids = 0;
  #ended = false;
  #connectedTimer = null;
  #heard = 0;
  #pid;
  #offset;
  rooms = new Set();
  seen = [];
  recovered = 0;
  notRecovered = 0;
  sid;

  constructor(urls, first, random) {
    this.#urls = urls;
    this.#next = first;
    this.#random = random;
  }

  get connected() {
    return this.#connected;
  }

  get node() {
    return this.#next;
  }

  /** The line breaks, and after a while the client is at another node. */
  away(node, millis) {
    this.#move = { node, millis };
    this.drop();
  }

  /** The line breaks. */
  drop() {
    this.#socket?.terminate();
  }

  connect() {
    const socket = new WebSocket(`${this.#urls[this.#next]}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      handshakeTimeout: 3_000,
    });
    this.#socket = socket;
    socket.on("message", (data, binary) => this.#received(data, binary));
    socket.on("error", () => {});
    socket.on("close", () => this.#lost());
    // As the official client: no answer to CONNECT, or no ping, for too long ends the connection.
    clearInterval(this.#connectedTimer);
    this.#heard = Date.now();
    this.#connectedTimer = setInterval(() => {
      if (Date.now() - this.#heard > 45_000) {
        socket.terminate();
      }
    }, 5_000);
  }

  end() {
    this.#ended = true;
    clearInterval(this.#connectedTimer);
    this.#socket?.terminate();
  }

  /** Emits, and waits for the acknowledgement; fails when the connection ends before. */
  emit(...args) {
    return new Promise((resolve, reject) => {
      if (!this.#connected) {
        reject(new Error("not connected"));
        return;
      }
      const id = this.#ids++;
      this.#acks.set(id, { resolve, reject });
      this.#socket.send(`42${id}${JSON.stringify(args)}`);
    });
  }

  #lost() {
    this.#connected = false;
    clearInterval(this.#connectedTimer);
    for (const { reject } of this.#acks.values()) {
      reject(new Error("lost"));
    }
    this.#acks.clear();
    if (!this.#ended) {
      const { node, millis } = this.#move ?? {
        node: (this.#next + 1) % this.#urls.length,
        millis: 50 + this.#random() * 250,
      };
      this.#move = null;
      this.#next = node;
      setTimeout(() => this.#ended || this.connect(), millis);
    }
  }

  #received(data, binary) {
    if (binary) {
      throw new Error("binary data");
    }
    this.#heard = Date.now();
    const text = data.toString();
    if (text === "2") {
      this.#socket.send("3");
    } else if (text[0] === "0") {
      const auth = this.#pid ? JSON.stringify({ pid: this.#pid, offset: this.#offset }) : "";
      this.#socket.send(`40${auth}`);
    } else if (text.startsWith("42")) {
      this.#event(JSON.parse(text.slice(2)));
    } else if (text.startsWith("40")) {
      const { sid, pid } = JSON.parse(text.slice(2));
      if (this.#pid) {
        if (pid === this.#pid) {
          this.recovered++;
        } else {
          this.notRecovered++;
        }
      }
      this.#pid = pid;
      this.sid = sid;
      this.#connected = true;
      this.#early.forEach((event) => this.#see(event));
      this.#early = [];
    } else if (text.startsWith("43")) {
      const id = parseInt(text.slice(2), 10);
      this.#acks.get(id)?.resolve();
      this.#acks.delete(id);
    }
  }

  #event(event) {
    if (this.#connected) {
      this.#see(event);
    } else {
      this.#early.push(event);
    }
  }

  #see(event) {
    const last = event[event.length - 1];
    if (typeof last === "string") {
      this.#offset = last;
    }
    this.seen.push(event[1]);
  }
}

/** What a subscriber has seen of 1 to last. */
export function account(seen, last) {
  const counts = new Uint16Array(last + 1);
  let disordered = 0;
  let highest = 0;
  for (const number of seen) {
    counts[number]++;
    if (number < highest) {
      disordered++;
    }
    highest = Math.max(highest, number);
  }
  let delivered = 0;
  let twice = 0;
  for (let number = 1; number <= last; number++) {
    delivered += counts[number] > 0 ? 1 : 0;
    twice += counts[number] > 1 ? counts[number] - 1 : 0;
  }
  return { delivered, twice, disordered };
}
