/** The time, for texts like "12 min ago". */

const PERIOD = 20_000;

class Now {
  /** ms since the epoch; at most a third of a minute old. */
  current = $state(Date.now());

  constructor() {
    setInterval(() => (this.current = Date.now()), PERIOD);
  }
}

export const now = new Now();
