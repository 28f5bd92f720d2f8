import { describe, expect, it } from 'vitest';
import { filterRows } from '../../../src/explorer/search/filter-rows';
import { queryVector } from '../../../src/explorer/search/query-vector';
import { voteOf } from '../../../src/explorer/search/vote';
import { filtersSchema } from '../../../src/shared/explorer/search';
import type { SetImage } from '../../../src/shared/explorer/sets';

describe('a query vector', () => {
  const x = Float32Array.of(1, 0);
  const y = Float32Array.of(0, 1);

  it('is the very vector of a single image', () => {
    const vector = Float32Array.of(0.6, 0.8);
    expect(queryVector([vector], [])).toBe(vector);
  });

  it('is the direction of the mean of several', () => {
    const [a, b] = queryVector([x, y], []);
    expect(a).toBeCloseTo(Math.SQRT1_2, 6);
    expect(b).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it('turns away from what is not wanted, by half', () => {
    const [a, b] = queryVector([x], [y, y]);
    // (1, -0.5) over its length.
    expect(a).toBeCloseTo(1 / Math.hypot(1, 0.5), 6);
    expect(b).toBeCloseTo(-0.5 / Math.hypot(1, 0.5), 6);
  });

  it('is refused where nothing is left', () => {
    expect(() => queryVector([x, Float32Array.of(-1, 0)], [])).toThrow('cancel each other out');
  });
});

describe('the vote', () => {
  const result = (label: string | null, score: number, isQuery = false) => ({ label, score, isQuery });

  it('weighs by exp(score / temperature)', () => {
    const vote = voteOf([result('cat', 0.9), result('dog', 0.8), result('cat', 0.5)], 0.1);
    const weights = [0.9, 0.8, 0.5].map((score) => Math.exp(score / 0.1));
    const total = weights[0] + weights[1] + weights[2];
    expect(vote?.voters).toBe(3);
    expect(vote?.classes).toMatchObject([
      { label: 'cat', count: 2 },
      { label: 'dog', count: 1 },
    ]);
    expect(vote?.classes[0].share).toBeCloseTo((weights[0] + weights[2]) / total, 12);
    expect(vote?.classes[1].share).toBeCloseTo(weights[1] / total, 12);
  });

  it('counts neither the query itself nor what has no class', () => {
    expect(voteOf([result('cat', 1, true), result(null, 0.9), result('dog', 0.1)], 0.07)).toEqual({
      voters: 1,
      classes: [{ label: 'dog', share: 1, count: 1 }],
    });
    expect(voteOf([result('cat', 1, true), result(null, 0.9)], 0.07)).toBeNull();
  });

  it('stands the coldest temperature', () => {
    expect(voteOf([result('cat', 1), result('dog', 0.5)], 1e-6)?.classes[0]).toMatchObject({ share: 1 });
  });
});

describe('filters', () => {
  const image = (name: string, label: string | null, split: SetImage['split']): SetImage => ({
    name,
    label,
    split,
    stamp: '',
  });
  const images = [
    image('train/cat/1.png', 'cat', 'train'),
    image('train/dog/1.png', 'dog', 'train'),
    image('test/cat/2.png', 'cat', 'evaluation'),
    image('other/3.png', null, 'left out'),
  ];
  const rows = (filters: Parameters<typeof filtersSchema.parse>[0]) => {
    const found = filterRows(images, filtersSchema.parse(filters));
    return found && [...found];
  };

  it('pass all where there are none', () => expect(rows({})).toBeNull());
  it('by class', () => expect(rows({ classes: ['cat'] })).toEqual([0, 2]));
  it('by folder', () => expect(rows({ folders: ['train/', 'other/'] })).toEqual([0, 1, 3]));
  it('by folder, of whole names: no other that begins alike, and no file', () => {
    const alike = [
      image('cat/1.png', null, 'train'),
      image('cats/1.png', null, 'train'),
      image('cat.jpg', null, 'train'),
      image('cat/deep/er/1.png', null, 'train'),
    ];
    for (const folder of ['cat', 'cat/'])
      expect([...filterRows(alike, filtersSchema.parse({ folders: [folder] }))!]).toEqual([0, 3]);
  });
  it('by split', () => expect(rows({ splits: ['evaluation', 'left out'] })).toEqual([2, 3]));
  it('all together', () => expect(rows({ classes: ['cat'], splits: ['train'] })).toEqual([0]));
  it('may pass nothing', () => expect(rows({ classes: ['cow'] })).toEqual([]));
});
