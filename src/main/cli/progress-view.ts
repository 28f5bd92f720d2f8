/** Shows progress: a bar that redraws itself on a terminal, now and then a line elsewhere. */
import type { RunnerMessage } from '../../shared/protocol';
import type { Context } from './context';
import { barLine, plainLine, type ProgressState } from './progress-line';

/** Milliseconds between two redraws of the bar, and between two plain lines. */
const REDRAW = 100;
const PLAIN_LINE = 5000;

export class ProgressView {
  private readonly state: ProgressState = { progress: null, loss: null, knn: null };
  private readonly bar: boolean;
  private readonly phases = new Set<string>();
  private drawnAt = -Infinity;
  private drawnEpoch = 0;
  private visible = false;

  constructor(
    private readonly context: Context,
    private readonly now: () => number = Date.now,
  ) {
    const { stdout, env } = context.terminal;
    this.bar = !context.json && stdout.isTTY === true && env['TERM'] !== 'dumb';
  }

  hear(message: RunnerMessage): void {
    if (message.type === 'progress') {
      const newPhase = !this.phases.has(message.phase);
      this.phases.add(message.phase);
      this.state.progress = message;
      const epoch = Math.floor(message.epoch ?? 0);
      const newEpoch = epoch > this.drawnEpoch;
      if (newEpoch) this.drawnEpoch = epoch;
      this.draw(newPhase || newEpoch);
    } else if (message.type === 'metrics') {
      let evaluated = false;
      for (const { name, value } of message.points) {
        if (name === 'loss') this.state.loss = value;
        if (name === 'knn') this.state.knn = value;
        evaluated ||= name === 'knn';
      }
      if (evaluated) this.draw(true);
    }
  }

  /** A line of text above the bar. */
  line(text: string): void {
    this.clear();
    this.context.print(text);
    this.redraw();
  }

  /** A line on stderr that does not tear the bar. */
  note(text: string): void {
    this.clear();
    this.context.note(text);
    this.redraw();
  }

  /** Removes the bar. */
  end(): void {
    this.clear();
  }

  private draw(important: boolean): void {
    const now = this.now();
    if (!important && now - this.drawnAt < (this.bar ? REDRAW : PLAIN_LINE)) return;
    this.drawnAt = now;
    if (this.bar) {
      this.visible = true;
      this.redraw();
    } else {
      this.context.print(plainLine(this.state));
    }
  }

  private redraw(): void {
    if (!this.visible) return;
    const { stdout, env } = this.context.terminal;
    const line = barLine(this.state, stdout.columns ?? 80);
    const colour = env['NO_COLOR'] ? line : line.replace(/█+░*|░+/, (found) => `\x1b[36m${found}\x1b[39m`);
    stdout.write(`\r${colour}\x1b[K`);
  }

  private clear(): void {
    if (this.visible) this.context.terminal.stdout.write('\r\x1b[K');
  }
}
