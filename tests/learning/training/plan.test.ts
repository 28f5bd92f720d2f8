import { describe, expect, it } from 'vitest';
import { countSteps } from '../../../src/learning/training';
import { smallConfig } from './small-run';

describe('countSteps', () => {
  it('counts whole batches', () => {
    const config = smallConfig({ batchSize: 32, epochs: 2.5 });
    expect(countSteps(config, 100)).toEqual({ stepsPerEpoch: 3, totalSteps: 8 });
    expect(countSteps({ ...config, maxSteps: 5 }, 100).totalSteps).toBe(5);
  });

  it('refuses fewer images than a batch, with the numbers', () => {
    expect(() => countSteps(smallConfig({ batchSize: 32 }), 31)).toThrow(
      '31 training images do not fill one batch of 32: there would be 0 steps',
    );
  });
});
