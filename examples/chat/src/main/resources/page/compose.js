// Where messages are written.
import { readPicture } from "./pictures.js";

const MAX_TEXT = 2000; // as the server has it
const TYPING_PAUSE_MS = 2000;

const form = document.getElementById("compose");
const text = document.getElementById("text");
const left = document.getElementById("left");
const picture = document.getElementById("picture");
const error = document.getElementById("send-error");
const chat = document.getElementById("chat");
let toldTypingAt = 0;

/**
 * Starts to listen.
 *
 * @param send takes a text, and a picture {type, data} or undefined
 * @param tellTyping takes whether somebody is typing
 */
export function onWriting(send, tellTyping) {
  const typing = (isTyping) => {
    if (isTyping ? Date.now() - toldTypingAt > TYPING_PAUSE_MS : toldTypingAt > 0) {
      toldTypingAt = isTyping ? Date.now() : 0;
      tellTyping(isTyping);
    }
  };
  const sendPicture = async (file) => {
    showProblem("");
    try {
      send("", await readPicture(file));
    } catch (problem) {
      showProblem(problem.message);
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const written = text.value.trim();
    if (written) {
      text.value = "";
      showLeft();
      showProblem("");
      typing(false);
      send(written);
    }
    text.focus();
  });
  text.addEventListener("input", () => {
    showLeft();
    showProblem("");
    typing(text.value !== "");
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  picture.addEventListener("change", () => {
    [...picture.files].forEach(sendPicture);
    picture.value = "";
  });
  text.addEventListener("paste", (event) => [...event.clipboardData.files].forEach(sendPicture));
  chat.addEventListener("dragover", (event) => event.preventDefault());
  chat.addEventListener("drop", (event) => {
    event.preventDefault();
    [...event.dataTransfer.files].forEach(sendPicture);
  });
}

/** Gives back a text that the server has not taken, unless something else has been written meanwhile. */
export function giveBack(refused, problem) {
  text.value ||= refused;
  showLeft();
  showProblem(problem);
}

export function showProblem(problem) {
  error.textContent = problem;
}

function showLeft() {
  const remaining = MAX_TEXT - text.value.length;
  left.textContent = remaining < 200 ? remaining : "";
  left.classList.toggle("over", remaining < 0);
}
