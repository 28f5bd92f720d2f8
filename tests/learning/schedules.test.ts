import { describe, expect, it } from 'vitest';
import { learningRate } from '../../src/learning/schedules';
import { scheduleSchema } from '../../src/shared/run-config';

const rates = (schedule: object, steps: number[], totalSteps = 100, stepsPerEpoch = 10) =>
  steps.map((step) => learningRate(scheduleSchema.parse(schedule), 2, { step, totalSteps, stepsPerEpoch }));

describe('learningRate', () => {
  it('warms up linearly and reaches the peak with the last warm-up step', () => {
    expect(rates({ kind: 'constant', warmupEpochs: 0.4 }, [0, 1, 2, 3, 4, 99])).toEqual([
      0.5, 1, 1.5, 2, 2, 2,
    ]);
  });

  it('falls along half a cosine from the end of the warm-up to the final rate', () => {
    const [start, middle, end, beyond] = rates({ warmupEpochs: 2, final: 1 }, [20, 60, 100, 120]);
    expect(start).toBe(2);
    expect(middle).toBeCloseTo(1.5, 12);
    expect(end).toBe(1);
    expect(beyond).toBe(1);
  });

  it('multiplies by gamma at each milestone', () => {
    expect(rates({ kind: 'step', milestones: [2, 5], gamma: 0.5 }, [19, 20, 49, 50])).toEqual([2, 1, 1, 0.5]);
  });
});
