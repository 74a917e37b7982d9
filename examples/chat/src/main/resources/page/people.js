// Who is online, and who is typing.

const TYPING_SHOWN_MS = 4000; // longer than the pause between two notices, see compose.js

const online = document.getElementById("online");
const count = document.getElementById("count");
const typing = document.getElementById("typing");
const toggle = document.getElementById("show-people");
const writers = new Map(); // nickname → timer

export function showOnline(nicknames, me) {
  const elements = nicknames.map((nickname) => {
    const element = document.createElement("li");
    element.textContent = nickname === me ? `${nickname} (you)` : nickname;
    return element;
  });
  online.replaceChildren(...elements);
  count.textContent = `${nicknames.length} online`;
  for (const writer of writers.keys()) {
    if (!nicknames.includes(writer)) {
      showTyping(writer, false);
    }
  }
}

export function showTyping(nickname, isTyping) {
  clearTimeout(writers.get(nickname));
  writers.delete(nickname);
  if (isTyping) {
    writers.set(nickname, setTimeout(() => showTyping(nickname, false), TYPING_SHOWN_MS));
  }
  const names = [...writers.keys()];
  typing.textContent =
    names.length === 0 ? "" : names.length === 1 ? `${names[0]} is typing…` : `${names.length} people are typing…`;
}

/** On a phone the list is behind a button. */
export function togglePeople(shown) {
  toggle.setAttribute("aria-expanded", String(shown));
  document.body.classList.toggle("people-shown", shown);
}

toggle.addEventListener("click", () => togglePeople(toggle.getAttribute("aria-expanded") === "false"));
