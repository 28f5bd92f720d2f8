/** How fast work goes and how long the rest will take, from the last few seconds. */

/** Long enough to be steady, short enough to follow a machine that slows down, milliseconds. */
const WINDOW = 10_000;

export class Throughput {
  private marks: { time: number; done: number }[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Forgets what it saw: after a pause that was no work, such as an evaluation. */
  restart(done: number): void {
    this.marks = [{ time: this.now(), done }];
  }

  /** @param done images so far. */
  mark(done: number): void {
    const time = this.now();
    this.marks.push({ time, done });
    while (this.marks.length > 2 && this.marks[1].time <= time - WINDOW) this.marks.shift();
  }

  /** Images a second; null before there are two marks apart. */
  get rate(): number | null {
    if (this.marks.length < 2) return null;
    const [first, last] = [this.marks[0], this.marks[this.marks.length - 1]];
    return last.time > first.time ? ((last.done - first.done) / (last.time - first.time)) * 1000 : null;
  }

  /** Seconds until `total`; null while it is unknown. */
  secondsLeft(total: number): number | null {
    const rate = this.rate;
    const done = this.marks.at(-1)?.done ?? 0;
    return rate ? Math.max(0, total - done) / rate : null;
  }
}
