// The list of messages. Text from others only ever becomes textContent.
import { pictureElement, releasePictures } from "./pictures.js";

const MAX_ENTRIES = 500;
const NEVER_SENT = Infinity;

const log = document.getElementById("log");
const newest = document.getElementById("newest");
const entries = new Map(); // id → element

/** Whether the newest message is to stay in view: until somebody scrolls up, and again once they are back at the end. */
let following = true;
let lastTop = 0;

export function clear() {
  for (const element of log.children) {
    releasePictures(element);
  }
  log.replaceChildren();
  entries.clear();
  newest.hidden = following = true;
}

/** Shows a message, once: one that is there already is at most marked as sent. */
export function show({ id, from, text, at = NEVER_SENT, picture }, own) {
  const known = entries.get(id);
  if (known) {
    markSent(id, at);
    return false;
  }
  const element = document.createElement("li");
  element.className = own ? "message own" : "message";
  element.dataset.id = id;
  element.dataset.from = from;

  element.style.setProperty("--hue", hueOf(from));

  const bubble = part("div", "bubble", text);
  if (picture) {
    const image = pictureElement(picture, `Picture from ${from}`);
    image.addEventListener("load", () => following && scrollToEnd());
    bubble.prepend(image);
  }
  bubble.append(document.createElement("time"));
  element.append(part("span", "from", from), bubble);
  entries.set(id, element);
  place(element, at, own);
  return true;
}

/** The server has taken a message that was shown before. */
export function markSent(id, at) {
  const element = entries.get(id);
  if (element?.classList.contains("pending")) {
    place(element, at, true);
  }
}

export function remove(id) {
  const element = entries.get(id);
  if (element) {
    releasePictures(element);
    element.remove();
    entries.delete(id);
  }
}

export function notice(text, at) {
  place(part("li", "notice", text), at, false);
}

/** Puts an element where its time belongs: what has not been sent yet stays last. */
function place(element, at, own) {
  const follow = own || following;
  setTime(element, at);

  let before = element.isConnected ? element.nextElementSibling : null;
  let previous = element.isConnected ? element.previousElementSibling : log.lastElementChild;
  const wasBefore = element.nextElementSibling;
  while (previous && Number(previous.dataset.at) > at) {
    before = previous;
    previous = previous.previousElementSibling;
  }
  if (!element.isConnected || before !== wasBefore) {
    log.insertBefore(element, before);
  }
  [element, element.nextElementSibling, wasBefore].forEach(joinUp);

  if (log.childElementCount > MAX_ENTRIES) {
    forgetOldest();
  }
  if (follow) {
    scrollToEnd();
  } else {
    newest.hidden = false;
  }
}

function setTime(element, at) {
  element.dataset.at = at;
  element.classList.toggle("pending", at === NEVER_SENT);
  const time = element.querySelector("time");
  if (time && at !== NEVER_SENT) {
    const date = new Date(at);
    time.dateTime = date.toISOString();
    time.title = date.toLocaleString();
    time.textContent = date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  } else if (time) {
    time.textContent = "sending…";
  }
}

/** Shows the name once above consecutive messages of one person. */
function joinUp(element) {
  const from = element?.dataset.from;
  element?.classList.toggle("follows", from !== undefined && element.previousElementSibling?.dataset.from === from);
}

function forgetOldest() {
  const oldest = log.firstElementChild;
  releasePictures(oldest);
  oldest.remove();
  entries.delete(oldest.dataset.id);
}

/** Each name has its colour. */
function hueOf(name) {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
}

function part(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

log.addEventListener("scroll", () => {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  following = atEnd || (following && log.scrollTop >= lastTop);
  lastTop = log.scrollTop;
  newest.hidden ||= atEnd;
});
new ResizeObserver(() => following && scrollToEnd()).observe(log); // the keyboard of a phone comes up
newest.addEventListener("click", scrollToEnd);

function scrollToEnd() {
  log.scrollTop = log.scrollHeight;
  following = true;
  newest.hidden = true;
}
