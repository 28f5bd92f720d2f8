/** src/renderer/pages/explore/neighbours: attention-mask.ts and heat.ts */
import { expect, test } from 'vitest';
import { massMask, relative } from '../../../src/renderer/pages/explore/neighbours/attention-mask';
import { heat } from '../../../src/renderer/pages/explore/neighbours/heat';

test('the largest cells that together hold the share are kept, wherever they lie', () => {
  const values = [0.1, 0.4, 0.2, 0.3];
  expect(massMask(values, 0.4)).toEqual([false, true, false, false]);
  expect(massMask(values, 0.6)).toEqual([false, true, false, true]);
  expect(massMask(values, 0.7)).toEqual([false, true, false, true]);
  expect(massMask(values, 0.71)).toEqual([false, true, true, true]);
});

test('all mass is all cells, also where rounding leaves the sum short', () => {
  expect(massMask([0.1, 0, 0.2], 1)).toEqual([true, true, true]);
  const thirds = Array.from({ length: 9 }, () => 1 / 9);
  expect(massMask(thirds, 1 / 3).filter(Boolean)).toHaveLength(3);
});

test('a map of nothing hides nothing', () => {
  expect(massMask([0, 0], 0.5)).toEqual([true, true]);
  expect(relative([0, 0])).toEqual([0, 0]);
});

test('values are told against the largest', () => {
  expect(relative([1, 2, 4])).toEqual([0.25, 0.5, 1]);
});

test('the ramp grows lighter all the way', () => {
  const lightness = Array.from({ length: 21 }, (_, step) => {
    const [red, green, blue] = heat(step / 20);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  for (let step = 1; step < lightness.length; step++)
    expect(lightness[step]).toBeGreaterThan(lightness[step - 1]);
  expect(heat(-1)).toEqual(heat(0));
  expect(heat(2)).toEqual(heat(1));
});
