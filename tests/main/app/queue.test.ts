/** Runs through the API: create, queue, stop, kill, pause, resume, and what windows hear of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { curvesOf } from '../../../src/shared/api/events';
import { openHost } from '../../../src/main/host';
import { createRun } from '../../../src/main/run-actions';
import { fakeConfig, fakeRunner, temporaryFolder } from '../helpers';
import { draftOf, follow, refusalOf, served, until, untilState, untilTrue } from './support';

/** Trains until it is told to stop. */
const LONG = { behaviour: 'wait' };

describe('a run', () => {
  test('is created, trains, and every window hears all of it', async () => {
    const { folder, connect } = await served();
    const [one, two] = [await connect(), await connect()];
    const heard = [await follow(one), await follow(two)];
    const row = await one.runs.create(draftOf({ steps: 20, delay: 4 }, 'first'));
    expect(row).toMatchObject({ name: 'first', method: 'fake', data: 'sample', color: 0 });
    await untilState(two, row.id, 'done');
    await until(() => heard.every((window) => window.of('run').at(-1)?.row.state === 'done'));

    for (const window of heard) {
      const losses = window
        .of('metrics')
        .flatMap(({ groups }) => curvesOf(groups).filter((c) => c.name === 'loss'));
      expect(losses.flatMap(({ steps }) => steps)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      expect(losses.flatMap(({ values }) => values)[2]).toBeNull();
      expect(window.of('log').flatMap(({ lines }) => lines.map(({ text }) => text))).toContain(
        'fake runner starts',
      );
      expect(window.of('note').map(({ note }) => note.name)).toEqual(['device', 'evaluation']);
      expect(window.of('evaluation')[0].evaluation).toMatchObject({ kind: 'evaluation', step: 5 });
      expect(
        window
          .of('checkpoints')
          .at(-1)
          ?.checkpoints.map(({ step }) => step),
      ).toEqual([20, 10, 5]);
      expect(window.of('progress').at(-1)?.progress).toBeNull();
      const numbers = window.events.map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.map((_, i) => numbers[0] + i));
    }
    const detail = await one.runs.get({ run: row.id });
    expect(detail).toMatchObject({
      progress: null,
      exitCode: 0,
      commandLine: `selvedge train ${folder}/runs/${row.id}/config.json`,
      folder: join(folder, 'runs', row.id),
    });
    expect(detail.metrics['loss']).toMatchObject({ last: 0.5, lastStep: 20, best: 0.5, bestStep: 20 });
    expect(JSON.parse(readFileSync(join(detail.folder, 'config.json'), 'utf8'))).toEqual(detail.config);
  });

  test('is stopped with a checkpoint, and goes on from there', async () => {
    const { connect } = await served();
    const client = await connect();
    const { id: run } = await client.runs.create(draftOf(LONG));
    await untilTrue(async () => (await client.runs.get({ run })).row.step >= 12);
    const heard = await follow(client);
    await client.runs.stop({ run });
    await untilState(client, run, 'stopped');
    expect(heard.of('progress')[0].progress?.phase).toBe('stopping');
    const { checkpoints } = await client.runs.get({ run });
    expect(checkpoints[0]).toMatchObject({ step: 12, kind: 'final', file: 'step-000012.safetensors' });

    await client.runs.resume({ run });
    await untilState(client, run, 'done');
    await until(() => heard.of('truncated').length > 0);
    expect(heard.of('truncated')[0].step).toBe(12);
    expect(heard.of('note').map(({ note }) => note.name)).toContain('resumed');
    expect(await refusalOf(client.runs.resume({ run }))).toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/is done/) as string,
    });
  });

  test('is killed, is interrupted then, and can be resumed', async () => {
    const { connect } = await served();
    const client = await connect();
    const { id: run } = await client.runs.create(draftOf(LONG));
    await untilTrue(async () => (await client.runs.get({ run })).row.step >= 12);
    await client.runs.kill({ run });
    await untilState(client, run, 'interrupted');
    await client.runs.resume({ run });
    await untilTrue(async () => (await client.runs.get({ run })).row.state === 'running');
    await client.runs.stop({ run });
    await untilState(client, run, 'stopped');
  });

  test('is paused and goes on', async () => {
    const { connect } = await served();
    const client = await connect();
    const { id: run } = await client.runs.create(draftOf({ steps: 400, delay: 5 }));
    await untilTrue(async () => (await client.runs.get({ run })).row.step > 2);
    await client.runs.pause({ run });
    await untilState(client, run, 'paused');
    const { step } = (await client.runs.get({ run })).row;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect((await client.runs.get({ run })).row.step).toBeLessThanOrEqual(step + 1);
    await client.runs.unpause({ run });
    await untilState(client, run, 'running');
    await client.runs.stop({ run });
    await untilState(client, run, 'stopped');
  });

  test('that fails says why, and the next in the queue is trained', async () => {
    const { connect } = await served();
    const client = await connect();
    const bad = await client.runs.create(draftOf({ behaviour: 'nan' }));
    const good = await client.runs.create(draftOf({ steps: 3 }));
    expect(good).toMatchObject({ state: 'queued', queuePlace: 1 });
    await untilState(client, good.id, 'done');
    expect((await client.runs.get({ run: bad.id })).row).toMatchObject({
      state: 'failed',
      failure: 'The loss is NaN at step 12.',
    });
  });
});

describe('the queue', () => {
  test('trains one run at a time, in an order that can be changed', async () => {
    const { connect } = await served();
    const client = await connect();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      ids.push((await client.runs.create(draftOf(name === 'a' ? LONG : { steps: 2 }, name))).id);
    }
    const [a, b, c, d] = ids;
    const heard = await follow(client);
    expect(await client.runs.reorderQueue({ runs: [d, b] })).toEqual([d, b, c]);
    await until(() => heard.of('run').some(({ row }) => row.id === d && row.queuePlace === 1));
    expect((await client.runs.stop({ run: c })).state).toBe('stopped');
    await client.runs.stop({ run: a });
    await untilState(client, b, 'done');
    const began = heard.of('run').filter(({ row }) => row.state === 'running');
    expect([...new Set(began.map(({ row }) => row.id))].filter((id) => id !== a)).toEqual([d, b]);
    expect((await client.runs.get({ run: c })).row).toMatchObject({ state: 'stopped', queuePlace: null });
  });

  test('of an earlier host waits until the user says so', async () => {
    const library = join(temporaryFolder(), 'library');
    const earlier = await openHost(fakeRunner, 'own', library);
    const [first, second] = ['one', 'two'].map((name) =>
      createRun(earlier, fakeConfig({ steps: 3 }), { name }),
    );
    earlier.store.catalogue.putSetting('queue', [second.id, first.id]);
    earlier.close();

    const { connect } = await served({ library });
    const client = await connect();
    const heard = await follow(client);
    expect((await client.host.info()).queueHeld).toBe(true);
    expect((await client.runs.get({ run: second.id })).row.queuePlace).toBe(1);
    // A new run does not wait for them.
    const fresh = await client.runs.create(draftOf({ steps: 2 }));
    await untilState(client, fresh.id, 'done');
    expect((await client.runs.get({ run: first.id })).row.state).toBe('queued');

    expect((await client.runs.startQueue()).queueHeld).toBe(false);
    await untilState(client, first.id, 'done');
    expect(heard.of('host').at(-1)?.host.queueHeld).toBe(false);
    expect((await client.runs.get({ run: second.id })).row.state).toBe('done');
  });

  test('closing stops with a checkpoint what trains, and keeps what waits', async () => {
    const library = join(temporaryFolder(), 'library');
    const { connect, app: open, server } = await served({ library });
    const client = await connect();
    const live = await client.runs.create(draftOf(LONG));
    const waits = await client.runs.create(draftOf());
    await untilTrue(async () => (await client.runs.get({ run: live.id })).row.step >= 12);
    expect(open.liveRuns().map(({ id }) => id)).toEqual([live.id]);
    await open.stopAll();
    expect(open.liveRuns()).toEqual([]);
    await server.close();
    await open.close();

    const host = await openHost(fakeRunner, 'read', library);
    expect(host.store.runs.get(live.id).status).toBe('stopped');
    expect(host.store.runs.get(waits.id).status).toBe('queued');
    expect(existsSync(join(library, 'runs', live.id, 'checkpoints', 'step-000012.safetensors'))).toBe(true);
    host.close();
  });
});

test('events fill the gap of a window that was away', async () => {
  const { connect } = await served();
  const client = await connect();
  const before = await follow(client);
  const row = await client.runs.create(draftOf({ steps: 5 }));
  await until(() => before.of('run').length > 0);
  const { seq } = before.events[0];
  await untilState(client, row.id, 'done');
  await until(() => before.of('run').at(-1)?.row.state === 'done');

  const back = await follow(await connect(), seq);
  await until(() => back.events.length >= before.events.length - 1);
  expect(back.events).toEqual(before.events.slice(1));
  const stranger = await follow(await connect(), 12);
  await until(() => stranger.events.length > 0);
  expect(stranger.events[0].event.type).toBe('reset');
});
