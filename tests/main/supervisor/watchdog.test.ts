import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { believedSilence, defaultPatience, Watchdog } from '../../../src/main/supervisor/watchdog';
import type { RunnerMessage } from '../../../src/shared/protocol';

const patience = { steady: 60_000, generous: 300_000 };
const heartbeat: RunnerMessage = { version: 2, type: 'heartbeat', rssBytes: 1, cpuSeconds: 1 };
const progress = (phase: 'compiling' | 'training'): RunnerMessage => ({
  version: 2,
  type: 'progress',
  phase,
  done: 0,
  total: 1,
  rate: null,
  secondsLeft: null,
  epoch: null,
  epochs: null,
});

describe('believedSilence', () => {
  it('is generous at the start, while compiling, and until steps were seen', () => {
    expect(believedSilence(patience, null, 9, 0)).toBe(300_000);
    expect(believedSilence(patience, 'compiling', 9, 0)).toBe(300_000);
    expect(believedSilence(patience, 'training', 2, 0)).toBe(300_000);
    expect(believedSilence(patience, 'training', 3, 0)).toBe(60_000);
  });

  it('grows with steps that are slow', () => {
    expect(believedSilence(patience, 'training', 3, 20_000)).toBe(200_000);
  });

  it('can be set by the environment', () => {
    expect(defaultPatience({})).toEqual(patience);
    expect(defaultPatience({ SELVEDGE_HEARTBEAT_SECONDS: '600' })).toEqual({
      steady: 600_000,
      generous: 3_000_000,
    });
  });
});

describe('Watchdog', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('barks once when a child in steady work is silent for too long', () => {
    const bark = vi.fn();
    const dog = new Watchdog(patience, bark);
    for (const message of [progress('training'), heartbeat, heartbeat, heartbeat]) dog.hear(message);
    vi.advanceTimersByTime(59_000);
    expect(bark).not.toHaveBeenCalled();
    vi.advanceTimersByTime(600_000);
    expect(bark).toHaveBeenCalledExactlyOnceWith(60_000, 'training');
  });

  it('waits longer for the first step of a phase', () => {
    const bark = vi.fn();
    const dog = new Watchdog(patience, bark);
    dog.hear(progress('compiling'));
    vi.advanceTimersByTime(299_000);
    dog.hear(progress('training'));
    vi.advanceTimersByTime(299_000);
    expect(bark).not.toHaveBeenCalled();
    dog.stop();
  });
});
