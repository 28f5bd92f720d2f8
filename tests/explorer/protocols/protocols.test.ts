/** Protocols on made-up embeddings, against figures counted by the definitions. */
import { expect, test } from 'vitest';
import { plainProducts, type Rows } from '../../../src/explorer/products';
import { retrieveByClass } from '../../../src/explorer/protocols/classes';
import { measureCopyBlocks } from '../../../src/explorer/protocols/copy-blocks';
import { judge, retrieveByInstance } from '../../../src/explorer/protocols/ground-truth';
import { NameIndex } from '../../../src/explorer/protocols/name-index';
import type { CopiesManifest } from '../../../src/shared/explorer/copies-manifest';
import type { GroundTruth, GroundTruthQuery } from '../../../src/shared/explorer/ground-truth';
import type { SetImage } from '../../../src/shared/explorer/sets';

const products = plainProducts;

/** Unit vectors in the plane. */
const angles = (...degrees: number[]): Rows => ({
  data: Float32Array.from(
    degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)]),
  ),
  size: 2,
});
const image = (name: string, label: string | null = null): SetImage => ({
  name,
  label,
  split: 'train',
  stamp: '',
});
const gather = ({ data, size }: Rows, rows: readonly number[]): Rows => ({
  data: Float32Array.from(rows.flatMap((row) => [...data.subarray(row * size, (row + 1) * size)])),
  size,
});

test('retrieval by class: the query itself and images without a class are no answers', async () => {
  const rows = angles(0, 10, 20, 31, 45);
  const images = [image('0', 'a'), image('1', 'b'), image('2', 'a'), image('3', 'b'), image('4')];
  const options = { maxQueries: 10, seed: 0, products, distractors: null };
  const { rows: table, notes } = await retrieveByClass(rows, images, options);
  // Right answers at ranks: 0 -> row 2 second; 1 -> row 3 last of three; 2 -> row 0 last; 3 -> row 1 second.
  expect(table).toHaveLength(1);
  expect(table[0]).toMatchObject({
    queries: 4,
    leftOut: 0,
    precisionAt: { 1: 0, 5: 0.2 },
    recallAt: { 1: 0, 5: 1 },
  });
  expect(table[0].map).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 3 + 1 / 2) / 4, 12);
  expect(notes.join()).toContain('1 images without a class');
});

test('retrieval by class: queries are drawn by the seed; a class of one is left out', async () => {
  const rows = angles(...Array.from({ length: 30 }, (_, i) => i * 3));
  const images = Array.from({ length: 30 }, (_, i) => image(String(i), i === 0 ? 'alone' : `c${i % 3}`));
  const draw = (seed: number, maxQueries = 10) =>
    retrieveByClass(rows, images, { maxQueries, seed, products, distractors: null });
  expect((await draw(1)).rows).toEqual((await draw(1)).rows);
  expect((await draw(1)).rows[0].map).not.toBe((await draw(2)).rows[0].map);
  expect((await draw(1)).notes.join()).toContain('10 of 30 labelled images ask, drawn with the seed 1');
  expect((await draw(1, 100)).rows[0]).toMatchObject({ queries: 29, leftOut: 1 });
});

const query = (name: string, of: Partial<GroundTruthQuery>): GroundTruthQuery => ({
  image: name,
  box: null,
  easy: [],
  hard: [],
  junk: [],
  ...of,
});
const truthOf = (
  kind: GroundTruth['kind'],
  queries: GroundTruthQuery[],
  images: string[] | null,
): GroundTruth => ({
  format: 'selvedge-ground-truth',
  version: 1,
  kind,
  source: 'gnd.pkl',
  images,
  queries,
});

test('revisited: each difficulty ignores what the others are right in; the database is what the file lists', async () => {
  // By angle to the query: junk, hard, wrong, easy, and one that is not in the database.
  const images = ['q.jpg', 'db/j.jpg', 'db/h.jpg', 'db/w.jpg', 'db/e.jpg', 'db/other.jpg'].map((name) =>
    image(name),
  );
  const rows = angles(0, 5, 10, 15, 20, 1);
  const truth = truthOf(
    'revisited',
    [query('q', { easy: ['e'], hard: ['h'], junk: ['j'] }), query('gone', { easy: ['e', 'lost'] })],
    ['j', 'h', 'w', 'e'],
  );
  const judgement = judge(truth, images);
  const asking = gather(
    rows,
    judgement.queries.map(({ row }) => row),
  );
  const { rows: table, notes } = await retrieveByInstance(rows, asking, truth, judgement, {
    products,
    distractors: null,
  });
  const [easy, medium, hard] = table;
  expect(table.map(({ name, queries }) => [name, queries])).toEqual([
    ['Easy', 1],
    ['Medium', 1],
    ['Hard', 1],
  ]);
  // Easy: w, e. Medium: h, w, e. Hard: h, w. Trapezoids.
  expect(easy.map).toBeCloseTo((0 + 1 / 2) / 2, 12);
  expect(medium.map).toBeCloseTo(((1 + 1) / 2 + (1 / 2 + 2 / 3) / 2) / 2, 12);
  expect(hard.map).toBeCloseTo(1, 12);
  expect(medium.precisionAt).toEqual({ 1: 1, 5: 2 / 3, 10: 2 / 3 });
  expect(notes.join(' ')).toContain('1 queries are left out');
  expect(notes.join(' ')).toContain('2 files that the ground truth names are not in the set: gone, lost.');
  expect(notes.join(' ')).toContain("4 of the set's 6 images answer");
});

test('a table: one level, the query is no answer, and queries without an answer are counted', async () => {
  const images = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => image(name));
  const rows = angles(0, 10, 30);
  const truth = truthOf(
    'table',
    [query('a.jpg', { easy: ['c.jpg', 'a.jpg'], junk: ['b.jpg'] }), query('b.jpg', {})],
    null,
  );
  const judgement = judge(truth, images);
  const asking = gather(
    rows,
    judgement.queries.map(({ row }) => row),
  );
  const { rows: table } = await retrieveByInstance(rows, asking, truth, judgement, {
    products,
    distractors: null,
  });
  expect(table).toMatchObject([{ name: 'all', queries: 1, leftOut: 1, map: 1 }]);
});

test('distractors of retrieval by class are wrong answers, whoever they are near to', async () => {
  const rows = angles(0, 10, 20, 31);
  const images = [image('0', 'a'), image('1', 'b'), image('2', 'a'), image('3', 'b')];
  // Between 0 and 10, and between 20 and 31.
  const distractors = angles(4, 27);
  const options = { maxQueries: 10, seed: 0, products, distractors };
  const { rows: table, notes } = await retrieveByClass(rows, images, options);
  // Right answers by angle: 0 -> 4, 10, row 2 third; 1 -> 4 and 0 and 2 before 27 and row 3: fifth;
  // 2 -> 27 (7), 1 (10), 3 (11), 4 (16), row 0 fifth; 3 -> 27, 2, row 1 third.
  expect(table[0]).toMatchObject({ queries: 4, leftOut: 0, recallAt: { 1: 0, 5: 1 } });
  expect(table[0].map).toBeCloseTo((1 / 3 + 1 / 5 + 1 / 5 + 1 / 3) / 4, 12);
  expect(notes.join(' ')).toContain('2 distractors answer too, and none of them is right');
});

test('distractors join the database of Revisited Oxford and Paris at every difficulty, as R1M does', async () => {
  const images = ['q.jpg', 'db/j.jpg', 'db/h.jpg', 'db/w.jpg', 'db/e.jpg'].map((name) => image(name));
  const rows = angles(0, 5, 10, 15, 20);
  const truth = truthOf(
    'revisited',
    [query('q', { easy: ['e'], hard: ['h'], junk: ['j'] })],
    ['j', 'h', 'w', 'e'],
  );
  const judgement = judge(truth, images);
  const measure = (distractors: Rows | null) =>
    retrieveByInstance(rows, gather(rows, [0]), truth, judgement, { products, distractors });
  const { rows: table, notes } = await measure(angles(2, 12, 80));
  const [easy, medium, hard] = table.map(({ map }) => map);
  // By angle: d 2, j 5, h 10, d 12, w 15, e 20, d 80. Trapezoids of the precisions before and at each right answer.
  expect(easy).toBeCloseTo((0 + 1 / 4) / 2, 12);
  expect(medium).toBeCloseTo(((0 + 1 / 2) / 2 + (1 / 4 + 2 / 5) / 2) / 2, 12);
  expect(hard).toBeCloseTo((0 + 1 / 2) / 2, 12);
  expect(notes.join(' ')).toContain('3 distractors answer too');
  // Those that are farther than every right answer change nothing.
  expect((await measure(angles(80, 120))).rows).toEqual((await measure(null)).rows);
});

test('names are found by path, by file, and without ending; several of one name are none', () => {
  const index = new NameIndex(['x/a.jpg', 'y/a.jpg', 'y/b.c_000003.jpg', 'deep/er/d.png']);
  expect(index.find('x/a.jpg')).toBe(0);
  expect(index.find('a')).toBeUndefined();
  expect(index.find('b.c_000003')).toBe(2);
  expect(index.find('other\\d.jpg')).toBe(3);
  expect(index.find('e')).toBeUndefined();
  expect([...index.ambiguous]).toEqual(['a']);
});

const manifestOf = (images: [file: string, block: string, original: string][]): CopiesManifest => ({
  format: 'selvedge-copies',
  version: 1,
  declared: 'synthetic',
  seed: 3,
  source: 'photos',
  images: images.map(([file, block, original]) => ({ file, block, original, did: '' })),
});

test('blocks: each distorted image asks for its original among originals and distractors', async () => {
  const manifest = manifestOf([
    ['o/1', 'original', 'o/1'],
    ['o/2', 'original', 'o/2'],
    ['j/1', 'jpeg 75', 'o/1'],
    ['j/2', 'jpeg 75', 'o/2'],
    ['s/1', 'strong', 'o/1'],
    ['s/2', 'strong', 'o/2'],
    ['s/lost', 'strong', 'o/2'],
  ]);
  const names = ['o/1', 'o/2', 'j/1', 'j/2', 's/1', 's/2'];
  const rows = angles(0, 90, 1, 89, 40, 30);
  const distractors = angles(35);
  const { rows: table, notes } = await measureCopyBlocks(rows, names, manifest, { products, distractors });
  const [jpeg, strong, all, normalized] = table;
  expect(table.map(({ name, queries }) => [name, queries])).toEqual([
    ['jpeg 75', 2],
    ['strong', 2],
    ['all', 4],
    ['all, normalized scores', 4],
  ]);
  expect(jpeg).toMatchObject({ map: 1, microAp: 1, recallAtPrecision90: { recall: 1 }, recallAt: { 1: 1 } });
  expect(jpeg.recallAtPrecision90!.threshold).toBeCloseTo(Math.cos(Math.PI / 180), 6);
  // s/1: the distractor at 5 degrees, then the original at 40. s/2: distractor, o/1, then its original at 60.
  expect(strong.map).toBeCloseTo(((0 + 1 / 2) / 2 + (0 + 1 / 3) / 2) / 2, 12);
  // Pooled by angle: wrong 5, wrong 5, wrong 30, right 40, wrong 50, right 60.
  expect(strong.microAp).toBeCloseTo((1 / 4 + 2 / 6) / 2, 12);
  expect(strong.recallAtPrecision90).toBeNull();
  // Right 1, 1, wrong 5, 5, 30, 34 (o/1's and o/2's copies to the distractor), 34, right 40, ...
  const pooledAngles = [
    ...[1, 1, 40, 60].map((angle) => ({ angle, right: true })),
    ...[89, 34, 89, 54, 5, 50, 5, 30].map((angle) => ({ angle, right: false })),
  ].sort((a, b) => a.angle - b.angle || Number(a.right) - Number(b.right));
  let found = 0;
  const expected = pooledAngles.reduce((sum, { right }, i) => (right ? sum + ++found / (i + 1) : sum), 0) / 4;
  expect(all.microAp).toBeCloseTo(expected, 12);
  expect(normalized.microAp).not.toBeNull();
  expect(notes.join(' ')).toContain('1 files of the manifest are not in the set and left out: s/lost.');
  expect(notes.join(' ')).toContain('Synthetic');
});
