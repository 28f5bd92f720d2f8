/** Maps of embedding sets through the API: src/main/app/router/explorer/maps.ts, src/main/embedding/maps.ts */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setFolder } from '../../../src/main/library';
import { decodePoints, pointsFile, type MapMethod } from '../../../src/shared/explorer/map';
import { temporaryFolder } from '../helpers';
import { follow, refusalOf, served, until } from './support';

/** A set of so many images, embedded by the fake runner, and a window that hears of it. */
async function embedded(files: number) {
  const folder = join(temporaryFolder(), 'birds');
  mkdirSync(folder);
  for (let i = 0; i < files; i++) writeFileSync(join(folder, `${i}.jpg`), 'x');
  const { connect, app, get, folder: library } = await served({ roots: [folder] });
  const client = await connect();
  const heard = await follow(client);
  const { id: dataset } = await client.datasets.add({ place: app.registerPlace(folder).id });
  const { id: set } = await client.explorer.sets.embed({ encoder: { kind: 'pixels' }, dataset });
  const last = () => heard.of('embedding-set').at(-1)!.set;
  await until(() => last().work === null && last().count === files);
  const make = async (method: MapMethod, seed = 0) => {
    const begun = await client.explorer.maps.make({ set, method, seed });
    await until(() => last().work === null && last().maps.includes(method));
    return begun;
  };
  return { client, heard, get, set, folder, make, last, files: setFolder(library, set) };
}

test('a map is made when it is asked for, told as it comes, and served', async () => {
  const { client, heard, get, set, make, last } = await embedded(7);
  expect(await client.explorer.maps.info({ set, method: 'umap' })).toBeNull();
  expect((await get(`/data/sets/${set}/map?method=umap`)).status).toBe(404);

  expect((await make('umap', 3)).work).toMatchObject({ kind: 'map' });
  expect(last()).toMatchObject({ maps: ['umap'], failure: null });
  expect(heard.of('embedding-set').map(({ set }) => set.work?.doing)).toContain('Placing points');

  const info = await client.explorer.maps.info({ set, method: 'umap' });
  expect(info).toMatchObject({ count: 7, request: { seed: 3, neighbours: 15 } });
  const answer = await get(`/data/sets/${set}/map?method=umap`);
  expect(decodePoints(await answer.arrayBuffer()).cluster).toHaveLength(7);
  // The other method was not asked for.
  expect(await client.explorer.maps.info({ set, method: 'pca' })).toBeNull();
  await make('pca');
  expect(last().maps).toEqual(['umap', 'pca']);
});

test('a map is forgotten when the rows are others', async () => {
  const { client, set, folder, make, last } = await embedded(7);
  await make('umap');
  writeFileSync(join(folder, 'new.jpg'), 'x');
  await client.explorer.sets.update({ set });
  await until(() => last().work === null && last().count === 8);
  expect(last().maps).toEqual([]);
  expect(await client.explorer.maps.info({ set, method: 'umap' })).toBeNull();
});

test('a map under way is cancelled, and leaves no word of failure', async () => {
  const { client, set, last } = await embedded(7);
  // The fake runner takes seed 99 for one that never ends.
  await client.explorer.maps.make({ set, method: 'umap', seed: 99 });
  await until(() => last().work?.doing === 'Placing points');
  expect(await refusalOf(client.explorer.maps.make({ set, method: 'pca' }))).toMatchObject({
    message: 'This set is busy: placing points.',
  });
  await client.explorer.sets.cancel({ set });
  await until(() => last().work === null);
  expect(last()).toMatchObject({ maps: [], failure: null });
});

test('what makes no map is refused with a reason', async () => {
  const { client, get, set } = await embedded(2);
  expect(await refusalOf(client.explorer.maps.make({ set, method: 'umap' }))).toMatchObject({
    message: 'A map needs at least 3 images, and this set has 2.',
  });
  expect(await refusalOf(client.explorer.maps.make({ set: 'gone', method: 'umap' }))).toMatchObject({
    code: 'REFUSED',
  });
  const answer = await get(`/data/sets/${set}/map?method=tsne`);
  expect([answer.status, await answer.json()]).toMatchObject([400, { message: /one of umap and pca/ }]);
});

test('a damaged map says so', async () => {
  const { client, get, set, make, files } = await embedded(7);
  await make('umap');
  const info = (await client.explorer.maps.info({ set, method: 'umap' }))!;
  writeFileSync(join(files, pointsFile(info)), 'short');
  const answer = await get(`/data/sets/${set}/map?method=umap`);
  expect(await answer.json()).toMatchObject({
    message: /5 bytes where 7 points take 84/,
    hint: 'Make the map again.',
  });
  writeFileSync(join(files, 'map-umap.json'), '{');
  expect(await refusalOf(client.explorer.maps.info({ set, method: 'umap' }))).toMatchObject({
    message: expect.stringContaining('map-umap.json cannot be read') as string,
  });
  rmSync(join(files, 'map-umap.json'));
  expect(await client.explorer.maps.info({ set, method: 'umap' })).toBeNull();
});
