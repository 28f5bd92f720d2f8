/** `selvedge copies find` and `copies check`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PAIRS_FILE } from '../../../src/shared/explorer/copies';
import { openHost } from '../../../src/main/host';
import { cli, fakeRunner, temporaryFolder } from '../helpers';

/** A library with a set of four images; the fake runner finds the first three to be copies. */
async function places(names = ['0.jpg', 'large.jpg', 'other.jpg', 'unlike.jpg']) {
  const root = temporaryFolder();
  const folder = join(root, 'birds');
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), 'x');
  const library = join(root, 'library');
  const made = await cli(library, ['embed', 'pixels', '--data', folder, '--json']);
  const { id } = made.terminal.lines().at(-1) as { id: string };
  return { root, folder, library, set: id, pairs: join(library, 'embeddings', id, PAIRS_FILE) };
}

const ofType = (lines: Record<string, unknown>[], type: string) => lines.filter((line) => line.type === type);

it('find prints groups, which one to keep, and why; nothing is deleted', async () => {
  const { library, folder } = await places();
  const told = await cli(library, ['copies', 'find', 'last', '--threshold', '0.8']);
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toMatch(/Group 1\s+cosine 0\.950 to 0\.850 {2}a chain/);
  expect(told.out).toMatch(/keep\?\s+large\.jpg\s+40 x 3 {2}5 B\s+Highest resolution, 40 x 3\n\s+0\.jpg/);
  expect(told.out).toContain('1 group of 3 images from a cosine of 0.800 on. 2 could go if one of each');
  expect(readdirSync(folder)).toHaveLength(4);
});

it('find begins where the app does, and tells all as JSON', async () => {
  const { library, set } = await places();
  const { terminal } = await cli(library, ['copies', 'find', set, '--json']);
  const lines = terminal.lines();
  // One pair for ten images at most: 0.95 where 0.8 is suggested.
  expect(ofType(lines, 'copy-group')).toMatchObject([
    {
      set,
      group: 1,
      pairs: 1,
      isChain: false,
      keep: { row: 1, reason: 'Highest resolution, 40 x 3' },
      images: [{ name: '0.jpg', width: 4 }, { name: 'large.jpg' }],
    },
  ]);
  expect(lines.at(-1)).toMatchObject({
    ...{ type: 'copies-found', set, floor: 0.5, suggested: 0.8, out: null },
    ...{ pairs: 1, groups: 1, images: 2, surplus: 1 },
  });
  expect(lines.at(-1)!['threshold']).toBeCloseTo(0.95, 6);
});

it('find shows the best pair where none reaches what calibration suggests, and says so', async () => {
  const { library, set } = await places();
  await cli(library, ['copies', 'find', set]);
  const host = await openHost(fakeRunner, 'own', library);
  host.store.sets.know(set, { copies: { pairs: 2, floor: 0.5, suggested: 1.02, madeAt: 1 } });
  host.close();
  const told = await cli(library, ['copies', 'find', set]);
  expect(told.out).toContain('1 group of 2 images from a cosine of 0.950 on');
  expect(told.err).toMatch(/^No pair reaches the cosine of 1\.020 that calibration suggests/);
});

it('find writes all groups as CSV and as JSON, never over a file', async () => {
  const { root, library, set } = await places();
  const csv = join(root, 'copies.csv');
  const told = await cli(library, ['copies', 'find', 'last', '--threshold', '0.8', '--out', csv]);
  expect(told.out).toContain(`Wrote ${csv}.`);
  const lines = readFileSync(csv, 'utf8').trim().split('\r\n');
  expect(lines.map((line) => line.split(',').slice(0, 3))).toEqual([
    ['group', 'path', 'suggestion'],
    ['1', '0.jpg', 'copy'],
    ['1', 'large.jpg', 'keep'],
    ['1', 'other.jpg', 'copy'],
  ]);
  const json = join(root, 'copies.json');
  await cli(library, ['copies', 'find', set, '--threshold', '0.8', '--out', json]);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
    set: 'Raw pixels, 16 px on birds',
    threshold: 0.8,
    surplus: 2,
    groups: [{ group: 1, isChain: true, keep: { row: 1 }, images: [{}, {}, {}] }],
  });
  const again = await cli(library, ['copies', 'find', 'last', '--out', csv]);
  expect(`${again.code} ${again.err}`).toMatch(/^2 --out: there is a file at .*copies\.csv already/);
  const wrong = await cli(library, ['copies', 'find', 'last', '--out', join(root, 'copies.txt')]);
  expect(`${wrong.code} ${wrong.err}`).toMatch(/^2 --out is .*copies\.txt; it must end with \.csv or \.json/);
  expect(existsSync(join(root, 'copies.txt'))).toBe(false);
});

it('find keeps what was compared, and compares anew when it is told to', async () => {
  const { library, pairs } = await places();
  await cli(library, ['copies', 'find', 'last']);
  truncateSync(pairs, 12);
  const damaged = await cli(library, ['copies', 'find', 'last']);
  expect(`${damaged.code} ${damaged.err}`).toMatch(/^1 .*copies\.pairs is damaged/);
  expect((await cli(library, ['copies', 'find', 'last', '--again'])).code).toBe(0);
});

it('find says what is wrong, and when there is nothing', async () => {
  const { library } = await places();
  const refused = async (...args: string[]) => {
    const { code, err } = await cli(library, ['copies', 'find', ...args]);
    return `${code} ${err}`;
  };
  expect(await refused('nothing')).toMatch(/^2 .*no embedding set "nothing"/);
  expect(await refused('last', '--threshold', '80')).toMatch(/^2 .*'80'.*a number from -1 to 1/s);
  expect(await refused('last', '--threshold', '0.1')).toMatch(
    /^0 --threshold is 0\.1, but only pairs from a cosine of 0\.500 on are kept/,
  );
  const none = await cli(library, ['copies', 'find', 'last', '--threshold', '0.99']);
  expect(none.out).toBe('Raw pixels, 16 px on birds: no copies from a cosine of 0.990 on.\n');
  const alone = await places(['0.jpg']);
  const one = await cli(alone.library, ['copies', 'find', 'last']);
  expect(`${one.code} ${one.err}`).toMatch(/^2 Copies are pairs of images, and this set has 1/);
});

it('check tells the verdict, the scores and the original', async () => {
  const { root, library, set } = await places();
  const image = join(root, 'query.jpg');
  writeFileSync(image, 'bytes');
  const told = await cli(library, ['copies', 'check', image, '--in', 'last']);
  expect(told.code).toBe(0);
  expect(told.out).toContain('It is a copy of an image in this set.');
  expect(told.out).toContain('Original: 0.jpg, normalized score 0.600, cosine 0.970.');
  expect(told.out).toContain('A copy from a normalized score of 0.500 on, likely one from 0.300 on.');
  expect(told.out).toMatch(/2\s+0\.100\s+0\.500\s+Similar, no copy\s+1\.jpg/);

  const { terminal } = await cli(library, ['copies', 'check', image, '--in', set, '-k', '1', '--json']);
  const lines = terminal.lines();
  expect(ofType(lines, 'candidate')).toMatchObject([{ rank: 1, verdict: 'copy', name: '0.jpg' }]);
  expect(lines.at(-1)).toMatchObject({
    ...{ type: 'copy-checked', image, set, isOfSet: false, verdict: 'copy', original: '0.jpg' },
    ...{ normalized: 0.6, cosine: 0.97, by: 'normalized', thresholds: { copy: 0.5, likely: 0.3 } },
  });
  const [asked] = lines.at(-1)!['calibration'] as string[];
  expect(JSON.parse(asked)).toMatchObject({ k: 1, image: { kind: 'file', name: 'query.jpg' } });
});

it('check compares an image of the set itself with all others', async () => {
  const { folder, library } = await places();
  const args = ['copies', 'check', join(folder, 'large.jpg'), '--in', 'last'];
  const { terminal } = await cli(library, [...args, '--json']);
  const answer = terminal.lines().at(-1)!;
  expect(answer).toMatchObject({ isOfSet: true, verdict: 'similar', original: null });
  expect(JSON.parse((answer['calibration'] as string[])[0])).toMatchObject({
    image: { kind: 'row', row: 1 },
  });
  const told = await cli(library, args);
  expect(told.out).toContain('There are similar images, but no copy of it.\nNearest: 0.jpg');
  expect(told.err).toContain('The image is of the set itself');
});

it('check says what is wrong', async () => {
  const { root, library } = await places();
  const image = join(root, 'query.jpg');
  writeFileSync(image, 'bytes');
  const refused = async (...args: string[]) => {
    const { code, err } = await cli(library, ['copies', 'check', ...args]);
    return `${code} ${err}`;
  };
  expect(await refused(image)).toMatch(/^2 .*--in <set>/s);
  expect(await refused(image, '--in', 'nothing')).toMatch(/^2 .*no embedding set "nothing"/s);
  expect(await refused(`${image}x`, '--in', 'last')).toMatch(/^2 <image>: .*x cannot be read/s);
  expect(await refused(image, '--in', 'last', '-k', '0')).toMatch(/^2 .*from 1 to 100/s);
  writeFileSync(image, '<html>');
  expect(await refused(image, '--in', 'last')).toMatch(/^1 .*piece of a web page/s);
});
