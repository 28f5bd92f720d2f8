/** A second host on the same library: it sees everything, changes nothing, and takes over when the first is gone. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { curvesOf } from '../../../src/shared/api/events';
import { openHost } from '../../../src/main/host';
import { createRun, trainRun } from '../../../src/main/run-actions';
import { fakeConfig, fakeRunner, temporaryFolder } from '../helpers';
import { draftOf, follow, refusalOf, served, until } from './support';

test('what another process trains shows live, and is not touched', async () => {
  const library = join(temporaryFolder(), 'library');
  const owner = await openHost(fakeRunner, 'own', library);
  const { connect } = await served({ library });
  const client = await connect();
  const info = await client.host.info();
  expect(info.writable).toBe(false);
  expect(info.readOnlyReason).toMatch(/in use by process \d+ since \d{4}-/);

  const heard = await follow(client);
  const old = createRun(owner, fakeConfig(), { name: 'old' });
  const ended = trainRun(owner, createRun(owner, fakeConfig({ steps: 60, delay: 60 }), { name: 'theirs' }));
  await until(() => heard.of('metrics').length >= 2);
  const steps = heard.of('metrics').flatMap(({ groups }) =>
    curvesOf(groups)
      .filter(({ name }) => name === 'loss')
      .flatMap((curve) => curve.steps),
  );
  expect(steps).toEqual(steps.map((_, i) => steps[0] + i));
  const row = heard.of('run').at(-1)!.row;
  expect(row).toMatchObject({ name: 'theirs', state: 'running' });
  expect(row.step).toBeGreaterThan(0);

  const changes = [
    client.runs.create(draftOf()),
    client.runs.stop({ run: row.id }),
    client.runs.kill({ run: row.id }),
    client.runs.pause({ run: row.id }),
    client.runs.unpause({ run: row.id }),
    client.runs.resume({ run: old.id }),
    client.runs.startQueue(),
    client.runs.reorderQueue({ runs: [old.id] }),
    client.runs.change({ run: old.id, name: 'x' }),
    client.runs.delete({ runs: [old.id] }),
    client.runs.undelete({ runs: [old.id] }),
    client.runs.evaluate({ run: row.id, protocol: { kind: 'knn', k: [1] } }),
    client.runs.export({ run: row.id, format: 'onnx' }),
    client.datasets.add({ place: 'any' }),
    client.datasets.recheck({ dataset: 'sample' }),
    client.datasets.remove({ dataset: 'sample' }),
    client.host.changeSettings({ theme: 'dark' }),
  ];
  for (const change of changes) expect(await refusalOf(change)).toMatchObject({ code: 'REFUSED' });
  expect(await refusalOf(client.runs.stop({ run: row.id }))).toMatchObject({
    message: expect.stringMatching(/in use by process .* nothing changed/) as string,
  });
  // A form can be filled in all the same.
  expect((await client.setUp.resolve(draftOf())).config).not.toBeNull();
  expect((await client.host.claim()).writable).toBe(false);

  owner.store.runs.delete(old.id);
  await until(() => heard.of('run-deleted').some(({ run }) => run === old.id));
  owner.supervisor.stop(row.id);
  await ended;
  owner.close();

  expect(await client.host.claim()).toMatchObject({ writable: true, readOnlyReason: null });
  await until(() => heard.of('host').some(({ host }) => host.writable));
  await until(() => heard.of('reset').length > 0);
  expect((await client.runs.change({ run: row.id, name: 'ours now' })).name).toBe('ours now');
});

test('a library that a dead host left is owned at once, its run marked and resumable', async () => {
  const library = join(temporaryFolder(), 'library');
  const dead = await openHost(fakeRunner, 'own', library);
  const { id } = createRun(dead, fakeConfig({ steps: 3 }));
  dead.store.runs.start(id, null, null);
  dead.close();
  const { connect } = await served({ library });
  const client = await connect();
  const { row } = await client.runs.get({ run: id });
  expect(row.state).toBe('interrupted');
  expect(row.failure).toMatch(/ended before it did/);
  expect((await client.runs.resume({ run: id })).failure).toBeNull();
});
