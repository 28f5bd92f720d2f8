/** Copies and measurements as windows ask for them: src/main/embedding/copies.ts, measures.ts. */
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copiesUrl } from '../../../src/shared/api/files';
import { decodePairs, PAIRS_FILE } from '../../../src/shared/explorer/copies';
import type { ChosenProtocolInput } from '../../../src/shared/explorer/retrieval';
import { temporaryFolder } from '../helpers';
import { follow, refusalOf, served, until } from './support';

async function withSet(files = 3) {
  const folder = join(temporaryFolder(), 'birds');
  mkdirSync(folder);
  for (let i = 0; i < files; i++) writeFileSync(join(folder, `${i}.jpg`), 'x');
  const window = await served({ roots: [folder] });
  const client = await window.connect();
  const heard = await follow(client);
  const { id: dataset } = await client.datasets.add({ place: window.app.registerPlace(folder).id });
  const { id } = await client.explorer.sets.embed({ encoder: { kind: 'pixels' }, dataset });
  const last = () => heard.of('embedding-set').at(-1)?.set;
  const idle = () => until(() => last()?.work === null && last()?.state === 'ready');
  await idle();
  return { ...window, client, heard, id, last, idle };
}

test('pairs are looked for, told with the set, and served as they were written', async () => {
  const { client, get, id, last, idle, folder: library } = await withSet();
  expect((await get(copiesUrl(id))).status).toBe(404);
  const begun = await client.explorer.copies.find({ set: id });
  expect(begun.work).toMatchObject({ kind: 'copies' });
  await until(() => last()?.copies !== null);
  await idle();
  expect(last()?.copies).toMatchObject({ pairs: 2, floor: 0.5, suggested: 0.8 });
  const pairs = decodePairs(await (await get(copiesUrl(id))).arrayBuffer());
  expect(pairs.score).toHaveLength(2);
  truncateSync(join(library, 'embeddings', id, PAIRS_FILE), 12);
  const damaged = await get(copiesUrl(id));
  expect(damaged.status).toBe(422);
  expect(await damaged.json()).toMatchObject({ hint: 'Look for copies again.' });
});

test('one image has no copies, and facts are of rows that are there', async () => {
  const { client, id } = await withSet(1);
  const refused = await refusalOf(client.explorer.copies.find({ set: id }));
  expect(refused.message).toContain('this set has 1');
  expect(await client.explorer.copies.facts({ set: id, rows: [0] })).toMatchObject([
    { row: 0, name: '0.jpg', width: 4, height: 3, problem: null },
  ]);
  const gone = await refusalOf(client.explorer.copies.facts({ set: id, rows: [0, 1] }));
  expect(gone.message).toContain('no row 1: it has 1');
});

test('reports are kept, newest first; a damaged one is named', async () => {
  const { client, id, heard, idle, folder: library } = await withSet();
  const protocols: ChosenProtocolInput[] = [{ kind: 'classes' }, { kind: 'knn', k: [1] }];
  for (const protocol of protocols) {
    await client.explorer.measures.measure({ set: id, protocol });
    await idle();
  }
  await until(() => heard.of('embedding-set').some(({ set }) => set.work?.doing === 'Asking all queries'));
  const reports = await client.explorer.measures.list({ set: id });
  expect(reports.map(({ protocol }) => protocol.kind)).toEqual(['knn', 'classes']);
  const file = join(library, 'embeddings', id, 'measures.jsonl');
  appendFileSync(file, '{"cut off');
  expect(await client.explorer.measures.list({ set: id })).toHaveLength(2);
  appendFileSync(file, '\n');
  expect((await refusalOf(client.explorer.measures.list({ set: id }))).message).toContain('Line 3 of');
});

test('a ground truth is named by a handle: a path of a window is not read', async () => {
  const { client, app, id, heard, idle } = await withSet();
  const file = join(temporaryFolder(), 'gt.csv');
  writeFileSync(file, 'query,result,relation\n');
  const wanted = { kind: 'ground-truth', place: app.registerPlace(file).id } as const;
  await client.explorer.measures.measure({ set: id, protocol: wanted });
  await idle();
  await until(() => heard.of('embedding-set').some(({ set }) => set.work?.doing === 'Asking all queries'));
  const [{ protocol }] = await client.explorer.measures.list({ set: id });
  expect(protocol).toMatchObject({ kind: 'ground-truth', file });
  const unknown = client.explorer.measures.measure({ set: id, protocol: { ...wanted, place: file } });
  expect((await refusalOf(unknown)).message).toMatch(/no longer known/);
  const path = { kind: 'ground-truth', file } as never;
  await expect(client.explorer.measures.measure({ set: id, protocol: path })).rejects.toThrow();
});
