import { describe, expect, it } from 'vitest';
import { captionsOf } from '../../../../src/renderer/pages/explore/map/captions';
import { byClass, byCluster, byScore, markOf } from '../../../../src/renderer/pages/explore/map/groups';
import { LOOK_BYTES, looks, STATES, type Rgb } from '../../../../src/renderer/pages/explore/map/look';
import { issuesOf, optionsOf, requestOf } from '../../../../src/renderer/pages/explore/map/map-options';
import type { MapInfo } from '../../../../src/shared/explorer/map';
import type { SetImage } from '../../../../src/shared/explorer/sets';

const image = (label: string | null, row = 0): SetImage => ({
  name: `${row}.png`,
  label,
  split: 'train',
  stamp: '',
});
const images = ['dog', 'cat', null, 'dog', 'class 10', 'class 9'].map(image);

describe('markOf', () => {
  it('gives sixty unlike marks, and neighbours differ in both colour and shape', () => {
    const marks = Array.from({ length: 60 }, (_, place) => markOf(place));
    expect(new Set(marks.map(({ color, shape }) => color + shape)).size).toBe(60);
    for (let place = 1; place < 60; place++) {
      expect(marks[place].color).not.toBe(marks[place - 1].color);
      expect(marks[place].shape).not.toBe(marks[place - 1].shape);
    }
  });
});

describe('groups', () => {
  it('are classes by name, those without one last', () => {
    const { groups, groupOf } = byClass(images);
    expect(groups.map(({ name, count }) => [name, count])).toEqual([
      ['cat', 1],
      ['class 9', 1],
      ['class 10', 1],
      ['dog', 2],
      ['No class', 1],
    ]);
    expect([...groupOf]).toEqual([3, 0, 4, 3, 2, 1]);
  });

  it('are clusters, saying how pure they are', () => {
    const clusters: MapInfo['clusters'] = [
      { name: 'dog', label: 'dog', purity: 0.75, count: 4 },
      { name: 'Cluster 2', label: null, purity: null, count: 2 },
    ];
    const { groups } = byCluster(clusters, { cluster: Uint32Array.of(0, 0, 0, 0, 1, 1) });
    expect(groups[0].about).toBe('75.0 % of its images with a class are dog');
    expect(groups[1].about).toBe('No image of it has a class');
  });

  it('are steps of the score, nearest first, and all that is no result', () => {
    const scores = new Map([
      [0, 1],
      [1, 0.5],
      [2, 0.79],
      [9, 0.9],
    ]);
    const { groups, groupOf } = byScore(4, scores);
    expect([...groupOf]).toEqual([0, 4, 2, 5]);
    expect(groups.map(({ count }) => count)).toEqual([1, 0, 1, 0, 1, 1]);
    expect(groups[0].name).toBe('0.900 to 1.000');
    expect(groups[5].name).toBe('Not among the results');
  });

  it('are all others where no query is there, and one step where all scores are equal', () => {
    expect([...byScore(2, new Map()).groupOf]).toEqual([5, 5]);
    expect([
      ...byScore(
        2,
        new Map([
          [0, 0.5],
          [1, 0.5],
        ]),
      ).groupOf,
    ]).toEqual([0, 0]);
  });
});

const COLORS: Readonly<Record<string, Rgb>> = { 'var(--run-3)': [1, 2, 3], 'var(--thread)': [200, 0, 0] };

describe('looks', () => {
  it('draws the query over the selected over the plain over the dimmed', () => {
    const grouping = byClass(images);
    const bytes = looks({
      grouping,
      emphasized: new Set([3]),
      selected: new Set([1, 2]),
      query: 2,
      rgb: (color) => COLORS[color] ?? [9, 9, 9],
    });
    const states = Array.from(images, (_, row) => bytes[row * LOOK_BYTES + 4]);
    const { dimmed, plain, selected, query } = STATES;
    expect(states).toEqual([plain, selected, query, plain, dimmed, dimmed]);
    expect([...bytes.subarray(0, 4)]).toEqual([1, 2, 3, 3]);
    expect([...bytes.subarray(2 * LOOK_BYTES, 2 * LOOK_BYTES + 3)]).toEqual([200, 0, 0]);
  });
});

describe('looks of a query', () => {
  it('let what is no result step back, until that is looked at', () => {
    const grouping = byScore(3, new Map([[1, 0.5]]));
    const states = (emphasized: number[]) => {
      const options = { grouping, emphasized: new Set(emphasized), selected: new Set<number>(), query: null };
      const bytes = looks({ ...options, rgb: () => [0, 0, 0] });
      return [0, 1, 2].map((row) => bytes[row * LOOK_BYTES + 4]);
    };
    const { dimmed, plain } = STATES;
    expect(states([])).toEqual([dimmed, plain, dimmed]);
    expect(states([5])).toEqual([plain, dimmed, plain]);
  });
});

describe('captionsOf', () => {
  it('says the class, the cluster where it is called otherwise, and the score', () => {
    const map = {
      info: { clusters: [{ name: 'dog' }, { name: 'cat 2' }] },
      points: { cluster: Uint32Array.of(0, 0, 1, 1, 1, 1) },
    } as unknown as Parameters<typeof captionsOf>[1];
    const caption = captionsOf(images, map, new Map([[1, 0.51234]]));
    expect(caption(0)).toEqual({ name: '0.png', about: 'dog' });
    expect(caption(1).about).toBe('cat · cluster dog · score 0.512');
    expect(caption(2).about).toBe('No class · cluster cat 2');
    expect(caption(99).name).toBe('Image 100');
  });
});

describe('options of a new map', () => {
  it('are the usual ones, or those of the last map', () => {
    const usual = optionsOf('umap', null);
    expect(usual).toEqual({ method: 'umap', seed: '0', neighbours: '15', minDistance: '0.1', clusters: '' });
    const request = requestOf('a', { ...usual, clusters: '12', seed: '7' })!;
    expect(request).toMatchObject({ set: 'a', seed: 7, clusters: 12, neighbours: 15 });
    expect(optionsOf('umap', request)).toMatchObject({ clusters: '12', seed: '7' });
  });

  it('are refused with what is expected', () => {
    const typed = {
      ...optionsOf('umap', null),
      neighbours: '1.5',
      minDistance: 'x',
      seed: '-1',
      clusters: '900',
    };
    expect(Object.keys(issuesOf(typed)).sort()).toEqual(['clusters', 'minDistance', 'neighbours', 'seed']);
    expect(issuesOf(typed).neighbours).toBe('A whole number from 2 to 200.');
    expect(requestOf('a', typed)).toBeNull();
  });

  it('of UMAP do not matter to PCA', () => {
    const typed = { ...optionsOf('pca', null), neighbours: 'x', minDistance: '' };
    expect(requestOf('a', typed)).toMatchObject({ method: 'pca', neighbours: 15 });
  });
});
