import { describe, expect, it } from 'vitest';
import { dataOrder } from '../../src/runner/order';

describe('dataOrder', () => {
  it('shows every image at most once an epoch and drops the rest', () => {
    const batch = dataOrder(1, 10, 3);
    const seen = [0, 1, 2].flatMap((step) => [...batch(step)]);
    expect(new Set(seen).size).toBe(9);
    expect(Math.max(...seen)).toBeLessThan(10);
  });

  it('draws any step again, without the steps before it', () => {
    const batch = dataOrder(7, 100, 8);
    const steps = Array.from({ length: 40 }, (_, step) => [...batch(step)]);
    for (const step of [39, 12, 0, 25]) expect([...dataOrder(7, 100, 8)(step)]).toEqual(steps[step]);
  });

  it('differs from epoch to epoch and from seed to seed', () => {
    const batch = (seed: number, step: number) => dataOrder(seed, 64, 64)(step).join();
    expect(new Set([batch(0, 0), batch(0, 1), batch(1, 0)]).size).toBe(3);
  });
});
