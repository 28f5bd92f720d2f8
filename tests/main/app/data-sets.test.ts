/** Data sets through the API: src/main/app/data-sets.ts */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers';
import { draftOf, follow, refusalOf, served, until, untilTrue } from './support';

test('the sample is there from the start, is counted, and stays', async () => {
  const { connect } = await served();
  const client = await connect();
  const [sample] = await client.datasets.list();
  expect(sample).toMatchObject({
    id: 'sample',
    path: 'sample',
    name: 'Sample',
    state: 'ready',
    addedAt: null,
  });
  // The fake runner knows no sample: it says what is wrong with it, which is an answer too.
  await untilTrue(async () => (await client.datasets.list())[0].checkedAt !== null);
  expect(await refusalOf(client.datasets.remove({ dataset: 'sample' }))).toMatchObject({
    code: 'REFUSED',
    message: 'The sample is part of Selvedge and stays.',
  });
});

test('a folder is added, checked, checked again and forgotten, and windows hear of it', async () => {
  const folder = join(temporaryFolder(), 'birds');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.jpg'), 'x');
  const { connect, app } = await served({ roots: [folder] });
  const client = await connect();
  const heard = await follow(client);
  const added = await client.datasets.add({ place: app.registerPlace(folder).id });
  expect(added).toMatchObject({ path: folder, name: 'birds', state: 'checking', report: null, runs: 0 });
  const seen = () => heard.of('dataset').filter(({ dataset }) => dataset.id === added.id);
  await until(() => seen().at(-1)?.dataset.state === 'ready');
  expect(seen().at(-1)!.dataset.report).toMatchObject({ images: 7, skipped: [{ path: 'a.jpg' }] });

  await client.datasets.recheck({ dataset: added.id });
  await until(() => seen().filter(({ dataset }) => dataset.state === 'ready').length === 2);

  rmSync(folder, { recursive: true });
  expect((await client.datasets.list()).find(({ id }) => id === added.id)).toMatchObject({
    state: 'missing',
    failure: expect.stringContaining('nothing at') as string,
  });
  await client.datasets.recheck({ dataset: added.id });
  await until(() => seen().at(-1)?.dataset.failure !== null);

  await client.datasets.remove({ dataset: added.id });
  await until(() => heard.of('dataset-removed').some(({ dataset }) => dataset === added.id));
  expect(await client.datasets.list()).toHaveLength(1);
  expect(await refusalOf(client.datasets.recheck({ dataset: added.id }))).toMatchObject({ code: 'REFUSED' });
});

test('what is no data set, or no handle, is refused', async () => {
  const file = join(temporaryFolder(), 'a.txt');
  writeFileSync(file, '');
  const { connect, app } = await served();
  const client = await connect();
  for (const place of [app.registerPlace(file).id, app.registerPlace('/none').id, file, 'made-up']) {
    expect(await refusalOf(client.datasets.add({ place }))).toMatchObject({ code: 'REFUSED' });
  }
  expect(await client.datasets.list()).toHaveLength(1);
});

test('runs that train on it are counted', async () => {
  const { connect } = await served();
  const client = await connect();
  const heard = await follow(client);
  await client.runs.create(draftOf({ steps: 1 }));
  await until(() => heard.of('dataset').some(({ dataset }) => dataset.id === 'sample' && dataset.runs === 1));
});
