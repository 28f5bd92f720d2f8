/** src/renderer/lib/{bounded,tags}.ts */
import { describe, expect, test } from 'vitest';
import { forEachBounded } from '../../../src/renderer/lib/bounded';
import { parseTags } from '../../../src/renderer/lib/tags';

describe('a few at a time', () => {
  test('all are done, and never more than the limit at once', async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];
    await forEachBounded([1, 2, 3, 4, 5], 2, async (item) => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      done.push(item);
      now--;
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  test('a failure ends it, with those under way', async () => {
    const begun: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await Promise.resolve();
      if (item === 1) throw new Error('no');
    };
    await expect(forEachBounded([1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow('no');
    expect(begun.length).toBeLessThan(5);
  });
});

test('tags are split at commas, trimmed, once each', () => {
  expect(parseTags(' sweep, lr  3,,sweep ')).toEqual(['sweep', 'lr 3']);
  expect(parseTags('')).toEqual([]);
});
