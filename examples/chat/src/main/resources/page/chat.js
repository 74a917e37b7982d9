// The page: joins and leaves rooms, and passes on what is written and heard.
import { giveBack, onWriting, showProblem } from "./compose.js";
import { connect, randomId } from "./connection.js";
import * as log from "./log.js";
import { showOnline, showTyping, togglePeople } from "./people.js";

const page = Object.fromEntries([...document.querySelectorAll("[id]")].map((element) => [element.id, element]));
let connection = null;
let nickname = "";
let unread = 0;

page.room.value = roomInLink();
page.nickname.focus();

page.join.addEventListener("submit", (event) => {
  event.preventDefault();
  join(page.room.value.trim(), page.nickname.value.trim());
});
page.leave.addEventListener("click", leave);
addEventListener("hashchange", () => {
  page.room.value = roomInLink();
  if (!page.chat.hidden && connection.room !== page.room.value) {
    join(page.room.value, nickname);
  }
});
document.addEventListener("visibilitychange", showTitle);
onWriting(send, (isTyping) => connection?.typing(isTyping));

function join(room, wanted) {
  showRefusal("");
  if (connection?.room === room) {
    connection.rejoin(wanted);
    return;
  }
  leave();
  connection = connect({ room, nickname: wanted }, { joined, refused, lost, transport, message, presence, typing });
}

function leave() {
  connection?.leave();
  connection = null;
  log.clear();
  showProblem("");
  showChat(false);
}

function send(text, picture) {
  const id = randomId();
  log.show({ id, from: nickname, text, picture }, /* own= */ true);
  connection.send({ id, text, picture: picture?.data }, ({ at, error }) => {
    if (error) {
      log.remove(id);
      giveBack(text, error);
    } else {
      log.markSent(id, at);
    }
  });
}

// What is heard

function joined(welcome) {
  nickname = welcome.nickname;
  history.replaceState(null, "", `#${welcome.room}`);
  page["room-name"].textContent = `#${welcome.room}`;
  page.banner.textContent = "";
  welcome.history.forEach((past) => log.show(past, past.from === nickname));
  showOnline(welcome.online, nickname);
  showChat(true);
}

function refused(error, field) {
  showChat(false);
  showRefusal(error, field);
}

function lost() {
  transport("");
  if (page.chat.hidden) {
    showRefusal("The server cannot be reached. Trying again…");
  } else {
    page.banner.textContent = "Connection lost, reconnecting… What you write meanwhile is sent then.";
  }
}

function transport(name) {
  page.transport.textContent = name;
}

function message(heard) {
  showTyping(heard.from, false);
  if (log.show(heard, /* own= */ heard.from === nickname) && document.hidden) {
    unread++;
    showTitle();
  }
}

function presence({ nickname: who, online, at }, change) {
  showOnline(online, nickname);
  log.notice(`${who} ${change}`, at);
}

function typing(who, isTyping) {
  showTyping(who, isTyping);
}

// What is shown

function showChat(shown) {
  if (page.chat.hidden === shown) {
    page.chat.hidden = !shown;
    page.entrance.hidden = shown;
    togglePeople(false);
    (shown ? page.text : page.nickname).focus();
  }
  showTitle();
}

function showRefusal(error, field) {
  page["join-error"].textContent = error;
  for (const input of [page.nickname, page.room]) {
    input.setAttribute("aria-invalid", input.id === field);
    if (input.id === field) {
      input.focus();
    }
  }
}

function showTitle() {
  unread = document.hidden ? unread : 0;
  const room = page.chat.hidden ? "Sockeye chat" : page["room-name"].textContent;
  document.title = unread > 0 ? `(${unread}) ${room}` : room;
}

/** The room that the page's address names: /#room. */
function roomInLink() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || "lobby";
  } catch {
    return "lobby"; // not a link of ours
  }
}
