import { describe, expect, it } from 'vitest';
import { CheckpointClock, evaluationPlan } from '../../src/runner/training/milestones';
import { countSteps } from '../../src/runner/training/step-counts';
import { Throughput } from '../../src/runner/throughput';

describe('countSteps', () => {
  const config = { batchSize: 256, epochs: 2, maxSteps: null };
  it('counts whole batches, and fractions of an epoch', () => {
    expect(countSteps(config, 1000)).toEqual({ stepsPerEpoch: 3, totalSteps: 6, lastStep: 6 });
    expect(countSteps({ ...config, epochs: 0.5 }, 1024)).toMatchObject({ totalSteps: 2 });
    expect(countSteps({ ...config, epochs: 0.01 }, 1024)).toMatchObject({ totalSteps: 1 });
  });
  it('ends early by maxSteps, and leaves schedules as they are', () => {
    expect(countSteps({ ...config, maxSteps: 4 }, 1000)).toMatchObject({ totalSteps: 6, lastStep: 4 });
    expect(countSteps({ ...config, maxSteps: 40 }, 1000)).toMatchObject({ lastStep: 6 });
  });
  it('refuses a run of 0 steps with the numbers', () => {
    expect(() => countSteps(config, 100)).toThrow('100 training images do not fill one batch of 256');
    expect(() => countSteps(config, 1)).toThrow('1 training image does not fill one batch of 256');
  });
});

describe('evaluationPlan', () => {
  const due = (everyEpochs: number) => {
    const isEvaluated = evaluationPlan({ everyEpochs }, 4, 10);
    return Array.from({ length: 11 }, (_, step) => step).filter(isEvaluated);
  };
  it('begins before training and ends after it', () => {
    expect(due(1)).toEqual([0, 4, 8, 10]);
    expect(due(0.5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(due(0)).toEqual([0, 10]);
  });
});

describe('CheckpointClock', () => {
  it('is due by steps or by minutes since the last', () => {
    let now = 0;
    const clock = new CheckpointClock({ everyMinutes: 1, everySteps: 10, keepLast: 2 }, () => now);
    expect([9, 10, 11].map((step) => clock.isDue(step))).toEqual([false, true, false]);
    now = 60_000;
    expect(clock.isDue(11)).toBe(true);
    clock.saved();
    expect(clock.isDue(11)).toBe(false);
  });
});

describe('Throughput', () => {
  it('follows the last ten seconds and forgets pauses', () => {
    let now = 0;
    const speed = new Throughput(() => now);
    speed.restart(0);
    expect(speed.rate).toBeNull();
    for (; now < 20_000; now += 1000) speed.mark(now < 5000 ? 0 : now / 10);
    expect(speed.rate).toBeCloseTo(100);
    expect(speed.secondsLeft(2900)).toBeCloseTo(10);
    now = 100_000;
    speed.restart(1900);
    now = 101_000;
    speed.mark(1910);
    expect(speed.rate).toBeCloseTo(10);
  });
});
