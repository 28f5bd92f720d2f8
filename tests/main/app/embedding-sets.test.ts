/** Embedding sets through the API and beside it: src/main/app/embedding-sets.ts */
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, test } from 'vitest';
import { EmbeddingSets } from '../../../src/main/app/embedding-sets';
import { OpenLibrary } from '../../../src/main/app/open-library';
import type { SetFacts } from '../../../src/main/store/embedding-sets';
import { datasetId } from '../../../src/main/store/catalogue';
import type { HostEvent } from '../../../src/shared/api/events';
import { NORMALIZATIONS, type Normalization } from '../../../src/shared/explorer/normalization';
import { setRecipeSchema } from '../../../src/shared/explorer/sets';
import { fakeRunner, matching, temporaryFolder } from '../helpers';
import { follow, refusalOf, served, until } from './support';

function folderOf(name: string, files: number): string {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  for (let i = 0; i < files; i++) writeFileSync(join(folder, `${i}.jpg`), 'x');
  return folder;
}

const recipeOf = (folder: string) =>
  setRecipeSchema.parse({ encoder: { kind: 'pixels', side: 8 }, dataset: datasetId(folder) });

/** The part of an app under test, alone. */
async function opened(...folders: string[]) {
  const library = await OpenLibrary.open(fakeRunner, join(temporaryFolder(), 'library'));
  for (const folder of folders) library.owned.store.catalogue.addDataset(folder);
  const events: HostEvent[] = [];
  const sets = new EmbeddingSets({ library, publish: (event) => events.push(event) });
  const changed: string[] = [];
  sets.onRowsChanged((set) => changed.push(set));
  onTestFinished(async () => {
    await sets.close();
    library.close();
  });
  return { library, sets, events, changed };
}

test('a folder is embedded, and windows hear how far it is', async () => {
  const folder = folderOf('birds', 7);
  const { connect, app, get } = await served({ roots: [folder] });
  const client = await connect();
  const heard = await follow(client);
  const { id: dataset } = await client.datasets.add({ place: app.registerPlace(folder).id });
  const set = await client.explorer.sets.embed({ encoder: { kind: 'pixels' }, dataset });
  expect(set).toMatchObject({
    name: 'Raw pixels, 16 px on birds',
    state: 'embedding',
    work: { kind: 'embedding', unit: 'images' },
    count: 0,
  });
  const last = () => heard.of('embedding-set').at(-1)?.set;
  await until(() => last()?.state === 'ready' && last()?.work === null);
  expect(last()).toMatchObject({ count: 7, size: 4, space: 'space', classes: ['cat'], rate: 10 });
  // The very recipe is the very set.
  expect(await client.explorer.sets.embed({ encoder: { kind: 'pixels' }, dataset })).toMatchObject({
    id: set.id,
  });
  await until(() => last()?.work === null);
  expect(await client.explorer.sets.list()).toHaveLength(1);

  const lines = (await (await get(`/data/sets/${set.id}/images`)).text()).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toContain('6.jpg');
  expect((await get('/data/sets/nothing/images')).status).toBe(404);
  const row = lines.findIndex((line) => line.includes('3.jpg'));
  const shown = { path: join(folder, '3.jpg'), isShown: false };
  expect(await client.explorer.sets.reveal({ set: set.id, row })).toEqual(shown);
  // By its name, also where its row is another one by now.
  expect(await client.explorer.sets.reveal({ set: set.id, row: 99, name: '3.jpg' })).toEqual(shown);
  const gone = client.explorer.sets.reveal({ set: set.id, row, name: 'gone.jpg' });
  expect((await refusalOf(gone)).message).toBe('gone.jpg is not in the set any more.');
  expect((await refusalOf(client.explorer.sets.reveal({ set: set.id, row: 99 }))).message).toMatch(
    /no row 99/,
  );

  const file = await client.explorer.sets.export({ set: set.id, format: 'tsv' });
  expect(file.file).toBe('Raw-pixels-16-px-on-birds.zip');
  expect(await (await get(`/exports/${file.id}`)).text()).toBe('Raw pixels, 16 px');
  // One file: the array and the names of its rows.
  const array = await client.explorer.sets.export({ set: set.id, format: 'npy' });
  expect(array.file).toBe('Raw-pixels-16-px-on-birds.npy.zip');

  expect(await client.explorer.sets.remove({ set: set.id })).toEqual({ removed: set.id });
  await until(() => heard.of('embedding-set-removed').length === 1);
  expect(await client.explorer.sets.list()).toEqual([]);
  expect((await refusalOf(client.explorer.sets.update({ set: set.id }))).message).toMatch(/no embedding set/);
});

it('keeps what was embedded when it is cancelled, and goes on', async () => {
  const folder = folderOf('slow', 5);
  const { sets, changed } = await opened(folder);
  const { id } = sets.embed(recipeOf(folder));
  await until(() => sets.get(id).work?.done === 2);
  expect(() => sets.work(id, 'copies', () => Promise.resolve())).toThrow(/busy: embedding/);
  expect(() => sets.update(id)).toThrow(/busy: embedding/);
  sets.cancel(id);
  await until(() => sets.get(id).work === null);
  expect(sets.get(id)).toMatchObject({ state: 'partial', count: 2, failure: null });
  expect(changed).toEqual([id]);
});

it('does one embedding after the other', async () => {
  const [slow, fast] = [folderOf('slow', 3), folderOf('fast', 3)];
  const { sets } = await opened(slow, fast);
  const first = sets.embed(recipeOf(slow)).id;
  const second = sets.embed(recipeOf(fast)).id;
  await until(() => sets.get(first).work?.done === 2);
  expect(sets.get(second).work?.doing).toBe('Waiting for another set');
  sets.cancel(first);
  await until(() => sets.get(second).state === 'ready');
});

it('tells the work of others, keeps what they found, and forgets it when rows change', async () => {
  const folder = folderOf('birds', 3);
  const { sets, events } = await opened(folder);
  const { id } = sets.embed(recipeOf(folder));
  await until(() => sets.get(id).work === null);

  const { updatedAt } = sets.get(id);
  let finish = () => {};
  sets.work(id, 'map', ({ onProgress }) => {
    onProgress({ doing: 'Placing points', done: 1, total: 2, rate: null, unit: 'epochs', secondsLeft: 1 });
    return new Promise<Partial<SetFacts>>((resolve) => (finish = () => resolve({ maps: ['umap'] })));
  });
  await until(() => sets.get(id).work?.doing === 'Placing points');
  expect(() => sets.work(id, 'copies', () => Promise.resolve())).toThrow(/busy: placing points/);
  // An index is built beside it.
  sets.work(id, 'indexing', () => Promise.resolve({ index: INDEX }));
  await until(() => sets.get(id).index !== null);
  expect(sets.get(id).work?.kind).toBe('map');
  finish();
  await until(() => sets.get(id).work === null);
  // Rows are what they were: pictures of them are kept by that time.
  expect(sets.get(id)).toMatchObject({ maps: ['umap'], index: INDEX, updatedAt });
  expect(events.at(-1)).toMatchObject({ type: 'embedding-set', set: { maps: ['umap'], work: null } });

  sets.update(id);
  await until(() => sets.get(id).work === null);
  expect(sets.get(id).maps).toEqual(['umap']);
  writeFileSync(join(folder, 'new.jpg'), 'x');
  sets.update(id);
  await until(() => sets.get(id).work === null);
  expect(sets.get(id)).toMatchObject({ count: 4, maps: [], index: null });
});

const INDEX = { recallAt10: 0.99, queries: 100, buildSeconds: 1, bytes: 10 };

it('keeps why a work failed until the next one succeeds', async () => {
  const folder = folderOf('birds', 3);
  const { sets } = await opened(folder);
  const { id } = sets.embed(recipeOf(folder));
  await until(() => sets.get(id).work === null);
  sets.work(id, 'copies', () => Promise.reject<Partial<SetFacts>>(new Error('out of memory')));
  await until(() => sets.get(id).failure !== null);
  expect(sets.get(id)).toMatchObject({ state: 'ready', failure: 'out of memory', work: null });
  sets.work(id, 'copies', () =>
    Promise.resolve({ copies: { pairs: 1, floor: 0.5, suggested: null, madeAt: 1 } }),
  );
  await until(() => sets.get(id).failure === null && sets.get(id).work === null);
  expect(sets.get(id).copies?.pairs).toBe(1);
});

it('can be searched after its folder is gone, and says so; an update says what is missing', async () => {
  const folder = folderOf('birds', 3);
  const { sets } = await opened(folder);
  const { id } = sets.embed(recipeOf(folder));
  await until(() => sets.get(id).state === 'ready');
  rmSync(folder, { recursive: true });
  expect(sets.get(id)).toMatchObject({ state: 'ready', count: 3 });
  expect(sets.get(id).warnings[0]).toMatch(/nothing at .* any more: what was embedded can still be searched/);
  sets.update(id);
  await until(() => sets.get(id).state === 'failed');
  expect(sets.get(id)).toMatchObject({
    count: 3,
    failure: `There is no folder ${folder}.`,
    hint: 'Check the path.',
  });
});

it('removes the files of a set once its work has ended', async () => {
  const folder = folderOf('slow', 5);
  const { sets } = await opened(folder);
  const { id } = sets.embed(recipeOf(folder));
  await until(() => sets.get(id).work?.done === 2);
  const files = sets.folderOf(id);
  await sets.remove(id);
  expect(existsSync(files)).toBe(false);
  expect(sets.list()).toEqual([]);
});

test('an encoder file is added, and noticed when it changes or goes', async () => {
  const file = join(temporaryFolder(), 'encoder.onnx');
  writeFileSync(file, 'x');
  const folder = folderOf('birds', 2);
  const { connect, app } = await served();
  const client = await connect();
  const added = await client.explorer.encoders.add({ place: app.registerPlace(file).id });
  expect(added).toMatchObject({ name: 'encoder.onnx', architecture: 'ResNet-18', isMissing: false });
  const { id: dataset } = await client.datasets.add({ place: app.registerPlace(folder).id });
  const encoder = { kind: 'imported', encoder: added.id } as const;
  const set = await client.explorer.sets.embed({ encoder, dataset });
  expect(set.encoderName).toBe('encoder.onnx');

  const chosen = { ...encoder, normalization: NORMALIZATIONS.symmetric };
  const other = await client.explorer.sets.embed({ encoder: chosen, dataset });
  expect(other.id).not.toBe(set.id);
  expect(other.encoderName).toBe('encoder.onnx, normalized by symmetric');
  const wrong: Normalization = { mean: [123.675, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
  const bad = client.explorer.sets.embed({ encoder: { ...encoder, normalization: wrong }, dataset });
  await expect(bad).rejects.toMatchObject({
    data: { issues: [{ message: matching('The mean 123.675 is not from 0 to 1') }] },
  });
  await client.explorer.sets.remove({ set: other.id });

  appendFileSync(file, 'y');
  expect(await client.explorer.encoders.list()).toMatchObject([{ isMissing: true }]);
  const [{ warnings }] = await client.explorer.sets.list();
  expect(warnings.join()).toMatch(/encoder is not there any more.*has changed since it was added/);
  expect(await client.explorer.encoders.remove({ encoder: added.id })).toEqual({ removed: added.id });
  expect(await client.explorer.encoders.list()).toEqual([]);
  const again = client.explorer.sets.embed({ encoder, dataset });
  expect((await refusalOf(again)).message).toMatch(/no longer known/);
});

test('weights beside an ONNX file are noticed when they change', async () => {
  const file = join(temporaryFolder(), 'encoder.onnx');
  writeFileSync(file, 'x');
  writeFileSync(`${file}.data`, 'weights');
  const { connect, app } = await served();
  const client = await connect();
  const place = app.registerPlace(file).id;
  expect(await client.explorer.encoders.add({ place })).toMatchObject({ isMissing: false });
  appendFileSync(`${file}.data`, 'y');
  expect(await client.explorer.encoders.list()).toMatchObject([
    { isMissing: true, warnings: [matching('encoder.onnx.data has changed since encoder.onnx was added')] },
  ]);
  expect(await client.explorer.encoders.add({ place })).toMatchObject({ isMissing: false });
});

test('whitening is refused where it would mix encoders', async () => {
  const folder = folderOf('birds', 3);
  const { sets } = await opened(folder);
  const { id } = sets.embed(recipeOf(folder));
  await until(() => sets.get(id).state === 'ready');
  const whitening = { fittedOn: id, size: 2 };
  const other = setRecipeSchema.parse({
    ...recipeOf(folder),
    encoder: { kind: 'pixels', side: 16 },
    whitening,
  });
  expect(() => sets.embed(other)).toThrow(/made by another encoder or feature/);
  expect(sets.embed({ ...recipeOf(folder), whitening }).encoderName).toBe('Raw pixels, 8 px, whitened to 2');
});

it('is not called failed where it was cancelled before it began', async () => {
  const folder = folderOf('birds', 3);
  const { sets } = await opened(folder);
  const { id } = sets.embed(recipeOf(folder));
  sets.cancel(id);
  await until(() => sets.get(id).work === null);
  expect(sets.get(id)).toMatchObject({ state: 'partial', count: 0, failure: null });
});
