// The page: connects through the load balancer, shows who serves whom, and lets its visitor talk.

import { Nodes, element } from "/nodes.js";

const LONGEST_LOG = 200;
const $ = (id) => document.getElementById(id);

let socket;
let me = { name: "", room: "" };
const nodes = new Nodes($("nodes"), { kill: (name) => socket.emit("kill", name), news });

$("name").value = `guest ${Math.floor(Math.random() * 900) + 100}`;

$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  $("join-error").textContent = "";
  me = { name: $("name").value.trim(), room: $("room").value.trim() };
  socket?.disconnect();
  socket = io({ transports: $("transports").value.split(","), auth: me, reconnectionDelayMax: 2000 });
  socket.on("welcome", welcome);
  socket.on("node", (state) => nodes.heard(state));
  socket.on("said", said);
  socket.on("disconnect", (reason) => {
    $("you").textContent = "Connecting again …";
    news(`Lost the connection: ${reason}`);
  });
  socket.on("connect_error", (error) => {
    if (!socket.active) $("join-error").textContent = error.message; // refused, it does not try again
  });
});

$("kind").addEventListener("change", () => {
  $("to-label").hidden = $("kind").value === "all";
  $("to").required = !$("to-label").hidden;
  $("to").value = $("kind").value === "room" ? me.room : "";
});

$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const say = { kind: $("kind").value, to: $("to").value.trim(), text: $("text").value };
  $("text").value = "";
  socket.emit("say", say, ({ error }) => {
    if (error) news(`Not sent: ${error}`);
  });
});

function welcome({ node, name, room, recovered }) {
  nodes.mine = node;
  nodes.id = socket.id;
  $("join").hidden = true;
  $("cluster").hidden = false;
  const you = ["You are ", element("b", name), " in room ", element("b", room), ", served by ", element("b", node)];
  $("you").replaceChildren(...you);
  news(recovered ? `Back at ${node}, and nothing was missed` : `Connected to ${node}`);
}

function said({ from, node, kind, to, text }) {
  const item = element("li", "", from === me.name ? "said own" : "said");
  item.append(element("b", kind === "all" ? from : `${from} → ${kind} ${to}`), element("span", text));
  item.append(element("small", `by way of ${node}`));
  add(item);
}

function news(text) {
  add(element("li", text, "news"));
}

function add(item) {
  $("log").prepend(item);
  while ($("log").children.length > LONGEST_LOG) $("log").lastElementChild.remove();
}
