/** Notices a child that no longer speaks. A native training step blocks the child, so patience grows with steps. */
import type { RunnerMessage } from '../../shared/protocol';

export type Phase = Extract<RunnerMessage, { type: 'progress' }>['phase'];

export interface Patience {
  /** Longest silence in steady work, in milliseconds. */
  steady: number;
  /** Longest silence at the start, while compiling, and until the first steps of a phase are done. */
  generous: number;
}

/** `steady` from SELVEDGE_HEARTBEAT_SECONDS, else 60 s; `generous` five times that. */
export function defaultPatience(env: NodeJS.ProcessEnv = process.env): Patience {
  const seconds = Number(env['SELVEDGE_HEARTBEAT_SECONDS']);
  const steady = seconds > 0 ? seconds * 1000 : 60_000;
  return { steady, generous: 5 * steady };
}

/**
 * The longest silence that is still believed, in milliseconds: ten times the longest seen in this phase, and never
 * less than `steady`.
 * @param heard messages heard since the phase began.
 * @param longest the longest silence between them, in milliseconds.
 */
export function believedSilence(
  patience: Patience,
  phase: Phase | null,
  heard: number,
  longest: number,
): number {
  if (phase === null || phase === 'compiling' || heard < 3) return Math.max(patience.generous, 10 * longest);
  return Math.max(patience.steady, 10 * longest);
}

/**
 * Counts silence in ticks, not by the clock: a laptop that slept, or a host that was stopped with its child, has
 * not waited.
 */
export class Watchdog {
  private readonly timer: NodeJS.Timeout;
  private phase: Phase | null = null;
  private heard = 0;
  private silence = 0;
  private longest = 0;

  constructor(patience: Patience, onSilence: (milliseconds: number, phase: Phase | null) => void) {
    const tick = Math.min(1000, patience.steady / 4);
    this.timer = setInterval(() => {
      this.silence += tick;
      if (this.silence < believedSilence(patience, this.phase, this.heard, this.longest)) return;
      this.stop();
      onSilence(this.silence, this.phase);
    }, tick);
  }

  hear(message: RunnerMessage): void {
    if (message.type === 'progress' && message.phase !== this.phase) {
      this.phase = message.phase;
      this.heard = 0;
      this.longest = 0;
    } else {
      this.heard++;
      this.longest = Math.max(this.longest, this.silence);
    }
    this.silence = 0;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
