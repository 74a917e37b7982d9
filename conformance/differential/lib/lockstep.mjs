// Keeps the two runs of one case in step.
//
// A run that wants to go on first waits until its server has been silent for a while. Silence alone would call a slow
// server a different one, so the two runs then show each other what they have. If it is the same, both go on. If not,
// they wait for more, up to a limit, and only then is the difference taken for real.

const PATIENCE_MILLIS = 1500;
const RENEWAL_MILLIS = 40;

export class Lockstep {
  /** What each side offers at this moment: {step, offer}, or undefined while it is doing something else. */
  #offers = [undefined, undefined];
  /** When each side came to each step. */
  #arrivals = [new Map(), new Map()];
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
   * it has to look again, because the other side has something else and time is left.
   */
  async agree(side, step, offer) {
    const arrivals = this.#arrivals[side];
    if (!arrivals.has(step)) arrivals.set(step, performance.now());
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
    const [a, b] = this.#arrivals.map((arrivals) => arrivals.get(step));
    return a !== undefined && b !== undefined && performance.now() - Math.max(a, b) > PATIENCE_MILLIS;
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
