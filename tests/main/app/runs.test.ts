/** What is done to runs beside training them, and what is fetched of them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Deletion } from '../../../src/main/app/deletion';
import { OpenLibrary } from '../../../src/main/app/open-library';
import { openHost } from '../../../src/main/host';
import { runFolder } from '../../../src/main/library';
import { createRun } from '../../../src/main/run-actions';
import { decodeCurve, exportUrl, runRowsUrl } from '../../../src/shared/api/files';
import { runRowsSchema } from '../../../src/shared/api/run-rows';
import { writeExampleLibrary } from '../../shell/example-library';
import { fakeConfig, fakeRunner, temporaryFolder } from '../helpers';
import { draftOf, follow, refusalOf, served, until, untilState } from './support';

test('a run is renamed, tagged, described and made the baseline, and windows hear of it', async () => {
  const library = join(temporaryFolder(), 'library');
  writeExampleLibrary(library);
  const { connect } = await served({ library });
  const client = await connect();
  const heard = await follow(client);
  const { rows } = await rowsOf(library);
  const [first, second] = rows.map(({ id }) => id);
  await client.runs.change({ run: first, isBaseline: true, tags: ['good', 'good', ' '], notes: 'See p. 3' });
  const row = await client.runs.change({ run: second, isBaseline: true, name: 'new name' });
  expect(row).toMatchObject({ name: 'new name', isBaseline: true });
  await until(() => heard.of('run').length === 3);
  const told = heard.of('run').map(({ row }) => [row.id, row.isBaseline]);
  expect(told).toContainEqual([first, false]);
  expect((await client.runs.get({ run: first })).row).toMatchObject({ tags: ['good'], notes: 'See p. 3' });
  expect(await refusalOf(client.runs.change({ run: first, name: 'new name' }))).toMatchObject({
    code: 'REFUSED',
  });
  expect(await refusalOf(client.runs.change({ run: '../x', name: 'a' }))).toMatchObject({
    code: 'BAD_REQUEST',
  });
});

test('deleted runs vanish at once and come back; a live one is refused', async () => {
  const { connect, folder } = await served();
  const client = await connect();
  const heard = await follow(client);
  const done = await client.runs.create(draftOf({ steps: 1 }));
  await untilState(client, done.id, 'done');
  const live = await client.runs.create(draftOf({ behaviour: 'wait' }));
  const waits = await client.runs.create(draftOf({ steps: 1 }));
  expect(await refusalOf(client.runs.delete({ runs: [done.id, live.id] }))).toMatchObject({
    code: 'REFUSED',
    message: expect.stringMatching(/is in training/) as string,
  });

  expect(await client.runs.delete({ runs: [done.id, waits.id] })).toEqual({
    deleted: [done.id, waits.id],
    undoSeconds: 20,
  });
  await until(() => heard.of('run-deleted').length === 2);
  expect(await refusalOf(client.runs.get({ run: done.id }))).toMatchObject({ code: 'REFUSED' });
  expect(existsSync(runFolder(folder, done.id))).toBe(true);

  const back = await client.runs.undelete({ runs: [done.id, waits.id] });
  expect(back.map(({ id, state, queuePlace }) => [id, state, queuePlace])).toEqual([
    [done.id, 'done', null],
    [waits.id, 'queued', 1],
  ]);
  await client.runs.kill({ run: live.id });
  await untilState(client, waits.id, 'done');
});

test('files of deleted runs are removed in time, at the end, and at the next start', async () => {
  const folder = join(temporaryFolder(), 'library');
  const library = await OpenLibrary.open(fakeRunner, folder);
  const deletion = new Deletion(library, 0.2);
  const [inTime, atEnd, back, leftOver] = ['a', 'b', 'c', 'd'].map(
    (name) => createRun(library.owned, fakeConfig(), { name }).id,
  );
  const isThere = (run: string) => existsSync(runFolder(folder, run));
  deletion.delete([inTime, back]);
  deletion.undelete([back]);
  await until(() => !isThere(inTime));
  expect(() => deletion.undelete([inTime])).toThrow(/too long ago/);
  deletion.delete([atEnd]);
  deletion.close();
  expect([isThere(atEnd), isThere(back)]).toEqual([false, true]);

  library.owned.store.rows.softDelete([leftOver], Date.now() - 1000);
  const next = new Deletion(library, 0.2);
  next.load();
  expect(isThere(leftOver)).toBe(false);
  next.close();
  library.close();
});

test('an encoder is evaluated and exported, and only ids that were given out are served', async () => {
  const { connect, get, folder } = await served();
  const client = await connect();
  const heard = await follow(client);
  const { id: run } = await client.runs.create(draftOf({ steps: 5 }));
  await untilState(client, run, 'done');
  const evaluation = await client.runs.evaluate({ run, protocol: { kind: 'knn', k: [1, 20] } });
  expect(evaluation).toMatchObject({ kind: 'knn', step: 5, data: { accuracy: { 1: 0.5, 20: 0.5 } } });
  await until(() => heard.of('evaluation').some(({ evaluation: e }) => e.id === evaluation.id));

  const { id, file, bytes } = await client.runs.export({ run, format: 'onnx' });
  expect(file).toBe(`${run}-step-5.onnx`);
  expect(existsSync(join(runFolder(folder, run), 'exports', file))).toBe(true);
  const response = await get(exportUrl(id));
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${file}"`);
  expect((await response.bytes()).byteLength).toBe(bytes);
  for (const other of [file, 'made-up', `..%2f${file}`]) {
    expect((await get(`/exports/${other}`)).status).toBe(404);
  }
  expect(await refusalOf(client.runs.export({ run, format: 'onnx', checkpoint: '../../x' }))).toMatchObject({
    code: 'BAD_REQUEST',
  });
  expect(await refusalOf(client.runs.export({ run, format: 'onnx', checkpoint: '7' }))).toMatchObject({
    code: 'REFUSED',
  });
});

test('rows, curves and tables are fetched as a window does', async () => {
  const library = join(temporaryFolder(), 'library');
  writeExampleLibrary(library);
  const { connect, get } = await served({ library });
  const { rows, metricNames, seq } = runRowsSchema.parse(
    await (await get(runRowsUrl(['loss', 'knn']))).json(),
  );
  expect(metricNames).toEqual(['knn', 'loss']);
  expect(seq).toBeGreaterThan(0);
  // Its process is gone: at the start of a host it is interrupted.
  expect(rows.map(({ state }) => state)).toEqual([
    'queued',
    'interrupted',
    'stopped',
    'interrupted',
    'failed',
    'done',
  ]);
  const done = rows.at(-1)!;
  expect(done.metrics['knn'].best).toBeGreaterThan(0.5);

  const curve = async (query: string) => get(`/data/runs/${done.id}/curve?${query}`);
  const whole = decodeCurve(await (await curve('name=loss&parts=10')).arrayBuffer());
  expect(whole.step.length).toBeGreaterThan(4);
  expect(whole.mean[0]).toBeGreaterThan(whole.mean.at(-1)!);
  const part = decodeCurve(await (await curve('name=loss&parts=50&from=100&to=140')).arrayBuffer());
  expect(Array.from(part.step).slice(0, 3)).toEqual([100, 101, 102]);
  for (const query of [
    'name=loss',
    'parts=10',
    'name=loss&parts=0',
    'name=loss&parts=9&from=5',
    'name=loss&parts=9&from=5&to=1',
  ]) {
    expect((await curve(query)).status).toBe(400);
  }
  expect((await get('/data/runs/none/curve?name=loss&parts=10')).status).toBe(404);

  const client = await connect();
  const lines = await client.runs.sparklines({ runs: [done.id, rows[0].id], metric: 'loss', points: 20 });
  expect(Object.keys(lines)).toEqual([done.id]);
  expect(lines[done.id].length).toBeLessThanOrEqual(20);

  const table = await get(`/data/runs.csv?ids=${done.id}&metrics=loss`);
  expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(table.headers.get('content-disposition')).toBe('attachment; filename="runs.csv"');
  expect((await table.text()).trim().split('\r\n')).toHaveLength(2);
  expect((await (await get('/data/runs.csv')).text()).trim().split('\r\n')).toHaveLength(7);
  const points = await get(`/data/runs/${done.id}/export?format=csv`);
  expect((await points.text()).trim().split('\r\n')).toHaveLength(1 + 400 + 10);
  expect((await get(`/data/runs/${done.id}/export`)).status).toBe(400);
});

test('a bug is logged, and its insides stay here', async () => {
  const { connect, app, folder } = await served();
  const client = await connect();
  const { id } = await client.runs.create(draftOf({ steps: 1 }));
  await untilState(client, id, 'done');
  const said: unknown[] = [];
  const log = console.error;
  console.error = (...words: unknown[]) => void said.push(...words);
  try {
    // Whatever is not foreseen: here a library that was closed under it.
    await app.close();
    const { code, message } = await refusalOf(client.runs.get({ run: id }));
    expect(code).toBe('INTERNAL_SERVER_ERROR');
    expect(message).not.toMatch(/database|at |\//);
    expect(message).not.toContain(folder);
    expect(said.join(' ')).toMatch(/runs\.get.*not open/s);
  } finally {
    console.error = log;
  }
});

async function rowsOf(library: string) {
  const host = await openHost(fakeRunner, 'read', library);
  const rows = host.store.rows.list([]);
  host.close();
  return { rows };
}
