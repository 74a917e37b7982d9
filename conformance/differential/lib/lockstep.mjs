// Keeps the two runs of one case in step.
//
// A run that wants to go on first waits until its server has been silent for a while. Silence alone would call a slow
// server a different one, so the two runs then show each other what they have. If it is the same, both go on. If not,
// they look again, and only when both have looked often enough is the difference taken for real. How often, not how
// long: before each look the server has proved to be at rest (see pulse.mjs), which takes a busy machine longer.

const PATIENCE_LOOKS = 20;
const PATIENCE_MILLIS = 1200;
const RENEWAL_MILLIS = 40;

export class Lockstep {
  /** What each side offers at this moment: {step, offer}, or undefined while it is doing something else. */
  #offers = [undefined, undefined];
  /** When each side came to each step, and how often it has looked. */
  #looks = [new Map(), new Map()];
  #finished = [false, false];
  #decided = new Set();
  #waiting = new Set();

  /** A side's run ended; the other one waits for it no more. */
  finish(side) {
    this.#finished[side] = true;
    this.#wake();
  }

  /**
   * Offers what a side has at a step. Resolves to true when the side may go on with what it offered, and to false when
   * it has to look again, because the other side has something else and patience is left.
   */
  async agree(side, step, offer) {
    const looks = this.#looks[side];
    if (!looks.has(step)) looks.set(step, { since: performance.now(), count: 0 });
    looks.get(step).count++;
    if (this.#decided.has(step) || this.#finished[1 - side]) return true;
    if (this.#isSame(side, step, offer) || this.#isOverdue(step)) {
      this.#decided.add(step);
      this.#wake();
      return true;
    }
    this.#offers[side] = { step, offer };
    await this.#wakened();
    this.#offers[side] = undefined;
    return this.#decided.has(step) || this.#finished[1 - side];
  }

  #isSame(side, step, offer) {
    const other = this.#offers[1 - side];
    return other !== undefined && other.step === step && other.offer === offer;
  }

  #isOverdue(step) {
    return this.#looks.every((looks) => {
      const own = looks.get(step);
      return own !== undefined && own.count >= PATIENCE_LOOKS && performance.now() - own.since > PATIENCE_MILLIS;
    });
  }

  #wake() {
    for (const resolve of [...this.#waiting]) resolve();
  }

  #wakened() {
    return new Promise((resolve) => {
      const timer = setTimeout(done, RENEWAL_MILLIS);
      const waiting = this.#waiting;
      waiting.add(done);
      function done() {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
    });
  }
}
