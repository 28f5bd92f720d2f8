/** `selvedge search`. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAX_QUERY_BYTES } from '../../../src/shared/explorer/search';
import { cli, temporaryFolder } from '../helpers';

/** A library with a set of three images, and an image to search with. */
async function places() {
  const root = temporaryFolder();
  const folder = join(root, 'birds');
  mkdirSync(folder);
  for (let i = 0; i < 3; i++) writeFileSync(join(folder, `${i}.jpg`), 'x');
  const library = join(root, 'library');
  await cli(library, ['embed', 'pixels', '--data', folder]);
  const image = join(root, 'query.jpg');
  writeFileSync(image, 'bytes');
  return { library, image };
}

it('search prints what is most like an image', async () => {
  const { library, image } = await places();
  const found = await cli(library, ['search', 'last', '--image', image, '-k', '3']);
  expect(found.code).toBe(0);
  expect(found.out).toMatch(/cosine\s+class\s+image/);
  expect(found.out).toMatch(/1\s+1\.0000\s+cat\s+0\.jpg/);
  expect(found.out).toMatch(/3 vectors searched exactly in 0\.0 ms/);
});

it('search asks for what its options say, and tells all as JSON', async () => {
  const { library, image } = await places();
  const options = [
    '--class',
    'cat',
    '--class',
    'dog',
    '--folder',
    'a/',
    '--split',
    'train',
    '--method',
    'exact',
  ];
  const found = await cli(library, ['search', 'last', '--image', image, ...options, '--json']);
  const [result, searched] = found.terminal.lines();
  expect(result).toMatchObject({ type: 'result', rank: 1, score: 1, name: '0.jpg', label: 'cat' });
  expect(searched).toMatchObject({
    type: 'searched',
    like: [image],
    unlike: [],
    method: 'exact',
    vote: null,
  });
  const [asked] = searched['warnings'] as string[];
  expect(JSON.parse(asked)).toMatchObject({
    k: 20,
    filters: { classes: ['cat', 'dog'], folders: ['a/'], splits: ['train'] },
    like: [{ kind: 'file', name: 'query.jpg' }],
  });
});

it('search takes several images, and some to turn away from', async () => {
  const { library, image } = await places();
  const [second, third] = ['second.jpg', 'third.jpg'].map((name) => `${image}-${name}`);
  for (const file of [second, third]) writeFileSync(file, file);
  const images = ['--image', image, '--image', second, '--unlike', third];
  const found = await cli(library, ['search', ...images, 'last', '--json']);
  const searched = found.terminal.lines().at(-1)!;
  expect(searched).toMatchObject({ like: [image, second], unlike: [third] });
  const [asked] = searched['warnings'] as string[];
  const { like, unlike } = JSON.parse(asked) as Record<'like' | 'unlike', { id: string; name: string }[]>;
  expect([...like, ...unlike].map(({ name }) => name)).toEqual([
    'query.jpg',
    'query.jpg-second.jpg',
    'query.jpg-third.jpg',
  ]);
  // Each its own: vectors are kept by id.
  expect(new Set([...like, ...unlike].map(({ id }) => id)).size).toBe(3);

  const many = Array.from({ length: 51 }, () => ['--image', image]).flat();
  const refused = await cli(library, ['search', 'last', ...many]);
  expect(`${refused.code} ${refused.err}`).toMatch(/2 .*--image is given 51 times.*at most 50/s);
  const noImage = await cli(library, ['search', 'last', '--image', image, '--unlike', `${image}x`]);
  expect(`${noImage.code} ${noImage.err}`).toMatch(/2 .*--unlike: .*x cannot be read/s);
});

it('search says what is wrong', async () => {
  const { library, image } = await places();
  const refused = async (...args: string[]) => {
    const { code, err } = await cli(library, ['search', ...args]);
    return `${code} ${err}`;
  };
  expect(await refused('nothing', '--image', image)).toMatch(/2 .*no embedding set "nothing"/s);
  expect(await refused('last')).toMatch(/2 .*--image/s);
  expect(await refused('last', '--image', `${image}x`)).toMatch(/2 .*--image: .*x cannot be read/s);
  expect(await refused('last', '--image', image, '-k', '0')).toMatch(/2 .*from 1 to 1000/s);
  expect(await refused('last', '--image', image, '--method', 'guess')).toMatch(
    /2 .*auto, exact, approximate/s,
  );
  writeFileSync(image, '<html>');
  expect(await refused('last', '--image', image)).toMatch(/1 .*piece of a web page/s);
  truncateSync(image, MAX_QUERY_BYTES + 1);
  expect(await refused('last', '--image', image)).toMatch(/2 .*over the limit of 64 MiB/s);
});
