// The cards of the nodes: what each says of itself once a second, and whether it still does.

const SILENT_MILLIS = 3000;

export class Nodes {
  #list;
  #kill;
  #news;
  #known = new Map(); // name → { state, heard, card }
  mine = ""; // the node that serves this page
  id = ""; // of this page's socket

  /** `kill` is called with a node's name, `news` with a text when a node has gone or is back. */
  constructor(list, { kill, news }) {
    this.#list = list;
    this.#kill = kill;
    this.#news = news;
    setInterval(() => this.#look(), 500);
  }

  heard(state) {
    const before = this.#known.get(state.name);
    if (before === undefined) {
      this.#known.set(state.name, { state, heard: performance.now(), card: this.#add(state.name), gone: false });
    } else {
      if (before.state.pid !== state.pid) this.#news(`${state.name} is back, as process ${state.pid}`);
      Object.assign(before, { state, heard: performance.now(), gone: false });
    }
    this.#show(this.#known.get(state.name));
  }

  #look() {
    for (const node of this.#known.values()) {
      if (!node.gone && performance.now() - node.heard > SILENT_MILLIS) {
        node.gone = true;
        this.#news(`${node.state.name} is gone`);
        this.#show(node);
      }
    }
  }

  /** A new card, at its place in the order of names. */
  #add(name) {
    const card = document.createElement("li");
    card.className = "node";
    card.dataset.name = name;
    const after = [...this.#list.children].find((other) => other.dataset.name > name);
    this.#list.insertBefore(card, after ?? null);
    return card;
  }

  #show({ state, card, gone }) {
    card.classList.toggle("gone", gone);
    const title = element("h2", state.name);
    if (state.name === this.mine && !gone) title.append(element("span", "serves you", "mine"));
    const facts = gone
      ? "not heard of for a while; it is started again"
      : `process ${state.pid}, up ${state.upSeconds} s; passed on: ${state.forwarded}`;
    const visitors = document.createElement("ul");
    for (const visitor of gone ? [] : state.visitors) {
      const item = element("li", visitor.name, visitor.id === this.id ? "own" : "");
      item.append(element("span", `${visitor.room}, ${visitor.transport}`));
      visitors.append(item);
    }
    const kill = element("button", "Kill this node");
    kill.type = "button";
    kill.hidden = gone;
    kill.addEventListener("click", () => this.#kill(state.name));
    // A button that is replaced while it has the focus loses it.
    const focused = card.contains(document.activeElement);
    card.replaceChildren(title, element("p", facts), visitors, kill);
    if (focused) kill.focus();
  }
}

export function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}
