import { expect, it } from 'vitest';
import { fewShot } from '../../../src/learning/evaluation/few-shot';

const bank = {
  // Two directions; lengths differ, which cosines do not see.
  data: Float32Array.of(1, 0, 50, 1, 0, 1, 1, 30),
  size: 2,
  labels: [0, 0, 1, 1],
};
const queries = { data: Float32Array.of(2, 0.1, 0.1, 9, 1, 0.9, 5, 6), size: 2, labels: [0, 1, 0, 0] };

it('takes the class whose mean direction is nearest', async () => {
  const found = await fewShot(bank, queries, { shots: 2, draws: 3, seed: 0 });
  // With all of the bank every draw is the same: three of four are right.
  expect(found).toEqual({ shots: 2, accuracy: 0.75, interval: 0 });
});

it('draws anew each time, the same for the same seed, and says how sure the mean is', async () => {
  const noisy = {
    data: Float32Array.from({ length: 80 }, (_, i) => Math.sin(12.9898 * i)),
    size: 2,
    labels: Array.from({ length: 40 }, (_, i) => i % 2),
  };
  const first = await fewShot(noisy, queries, { shots: 1, draws: 20, seed: 3 });
  expect(await fewShot(noisy, queries, { shots: 1, draws: 20, seed: 3 })).toEqual(first);
  expect(await fewShot(noisy, queries, { shots: 1, draws: 20, seed: 4 })).not.toEqual(first);
  expect(first.interval).toBeGreaterThan(0);
});

it('refuses more shots than the smallest class has', async () => {
  await expect(fewShot(bank, queries, { shots: 3, draws: 1, seed: 0 })).rejects.toThrow(
    '3 images of each class were asked for, and class 0 has 2 in the bank',
  );
});
