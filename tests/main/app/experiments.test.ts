/** Experiments through the API: stages one after the other through the queue, and what ends one before its end. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openHost } from '../../../src/main/host';
import { createRun } from '../../../src/main/run-actions';
import { experimentStartSchema, type StartedExperiment } from '../../../src/shared/api/experiments';
import { cli, fakeConfig, fakeRunner, temporaryFolder } from '../helpers';
import { draftOf, follow, refusalOf, served, until, untilTrue, type Client } from './support';

const NAME = 'fake-pair';
/** Its first stage trains until it is told to stop. */
const LONG = ['first.options.behaviour=wait', 'first.options.steps=20'];

/** Starts the fake experiment on the sample. */
const start = (client: Client, settings: string[] = [], name: string | null = null) =>
  client.experiments.start({ experiment: NAME, dataset: 'sample', settings, name });

const find = async (client: Client, name = NAME): Promise<StartedExperiment> => {
  const found = (await client.experiments.list()).find(({ id }) => id === name);
  expect(found, `no experiment ${name}`).toBeDefined();
  return found!;
};

/** Until it is in a state; a stage that fails ends the waiting. */
async function untilIn(client: Client, state: string, name = NAME): Promise<StartedExperiment> {
  await untilTrue(async () => (await find(client, name)).state === state);
  return find(client, name);
}

const states = ({ stages }: StartedExperiment) => stages.map(({ state }) => state);

test('trains its stages one after the other, each from the one it builds on', async () => {
  const { connect } = await served();
  const client = await connect();
  const [definition] = await client.experiments.catalogue();
  expect(definition).toMatchObject({ id: NAME, published: 'nothing' });
  expect(await client.experiments.list()).toEqual([]);
  const heard = await follow(client);

  const begun = await start(client, ['second.options.steps=20', 'seed=3']);
  expect(begun).toMatchObject({
    id: NAME,
    experiment: NAME,
    data: 'sample',
    settings: ['second.options.steps=20', 'seed=3'],
    problem: null,
    commandLine: `selvedge experiment run ${NAME} --data sample --set second.options.steps=20 --set seed=3`,
  });
  expect(states(begun).slice(1)).toEqual([null, null]);

  const done = await untilIn(client, 'done');
  expect(states(done)).toEqual(['done', 'done', 'done']);
  expect(done.stages.map(({ figures }) => figures)).toEqual([
    null,
    { first: 0.05, best: 0.2, last: 0.2, epochs: 4 },
    { first: 0.05, best: 0.05, last: 0.05, epochs: 1 },
  ]);
  const details = await Promise.all(done.stages.map(({ run }) => client.runs.get({ run: run! })));
  expect(details.map(({ row }) => row.name)).toEqual([`${NAME} first`, `${NAME} second`, `${NAME} alone`]);
  expect(details.map(({ row }) => row.parent)).toEqual([null, done.stages[0].run, null]);
  expect(details[1].config).toMatchObject({ seed: 3, options: { steps: 20 } });
  expect(details[1].config.init?.checkpoint).toContain(done.stages[0].run);

  // One at a time: no stage began before the one before it had ended.
  const times = details.map(({ row }) => [row.startedAt!, row.endedAt!]);
  expect(times.flat()).toEqual(times.flat().toSorted((a, b) => a - b));
  await until(() => heard.of('experiment').at(-1)?.experiment.state === 'done');
  const told = heard.of('experiment').map(({ experiment }) => experiment.stages[2].state);
  expect(told.at(0)).toBeNull();
  expect(told.at(-1)).toBe('done');
});

test('waits its turn behind other runs, and lets them go before its next stage', async () => {
  const { connect } = await served();
  const client = await connect();
  const other = await client.runs.create(draftOf({ behaviour: 'wait' }));
  const begun = await start(client);
  expect(begun.state).toBe('queued');
  expect((await client.runs.get({ run: begun.stages[0].run! })).row.queuePlace).toBe(1);
  const { id: next } = await client.runs.create(draftOf({ steps: 2 }));
  await client.runs.kill({ run: other.id });
  const done = await untilIn(client, 'done');
  const [between, second] = await Promise.all(
    [next, done.stages[1].run!].map(async (run) => (await client.runs.get({ run })).row.startedAt!),
  );
  expect(between).toBeLessThan(second);
});

test('ends with the stage that fails, says why, and goes on from it', async () => {
  const { connect } = await served();
  const client = await connect();
  await start(client, ['second.options.behaviour=nan', 'second.options.steps=20'], 'mine');
  const failed = await untilIn(client, 'failed', 'mine');
  expect(states(failed)).toEqual(['done', 'failed', null]);
  expect(failed.problem).toEqual({
    message: 'The loss is NaN at step 12.',
    hint: 'Try a smaller learning rate.',
  });
  // Nothing is passed over: the third stage does not begin.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await find(client, 'mine')).stages[2].run).toBeNull();

  // The fake runner fails again at the same step, in the same run.
  const again = await client.experiments.continue({ name: 'mine' });
  expect(again.stages[1].run).toBe(failed.stages[1].run);
  expect(again.problem).toBeNull();
});

test('says why the next stage cannot begin, and tries again when it is asked to', async () => {
  const { connect } = await served();
  const client = await connect();
  await start(client, LONG);
  const { id: inTheWay } = await client.runs.create(draftOf({ steps: 1 }, `${NAME} second`));
  const { stages } = await untilIn(client, 'running');
  await untilTrue(async () => (await client.runs.get({ run: stages[0].run! })).row.step >= 12);
  await client.experiments.stop({ name: NAME });
  await untilIn(client, 'stopped');
  await client.experiments.continue({ name: NAME });
  const failed = await untilIn(client, 'failed');
  expect(states(failed)).toEqual(['done', null, null]);
  expect(failed.problem?.message).toMatch(
    /^Stage second could not begin: The name "fake-pair second" is taken/,
  );
  await client.runs.change({ run: inTheWay, name: 'elsewhere' });
  await client.experiments.continue({ name: NAME });
  expect((await untilIn(client, 'done')).problem).toBeNull();
});

test('is stopped with a checkpoint and goes on, also after its app was closed', async () => {
  const library = join(temporaryFolder(), 'library');
  const first = await served({ library });
  const client = await first.connect();
  const { stages } = await start(client, LONG);
  const run = stages[0].run!;
  await untilTrue(async () => (await client.runs.get({ run })).row.step >= 12);
  await client.experiments.stop({ name: NAME });
  expect(states(await untilIn(client, 'stopped'))).toEqual(['stopped', null, null]);
  expect(await refusalOf(client.experiments.stop({ name: NAME }))).toMatchObject({
    code: 'REFUSED',
    message: 'Nothing of the experiment "fake-pair" trains or waits.',
  });
  await first.server.close();
  await first.app.close();

  const second = await (await served({ library })).connect();
  expect(await find(second)).toMatchObject({ state: 'stopped', stages: [{ run }, {}, {}] });
  await second.experiments.continue({ name: NAME });
  const done = await untilIn(second, 'done');
  expect(done.stages[0].run).toBe(run);
  expect((await second.runs.get({ run })).row.step).toBe(20);
});

test('offers to go on where its program died in the middle of a stage', async () => {
  const library = join(temporaryFolder(), 'library');
  const begun = await cli(library, ['experiment', 'run', NAME, '--data', 'sample', '--set', 'seed=3']);
  expect(begun.code).toBe(0);
  const host = await openHost(fakeRunner, 'own', library);
  const runOf = (stage: string) => host.store.experiments.runOf(NAME, stage)!;
  const [second, alone] = [runOf('second'), runOf('alone')];
  host.store.runs.delete(alone);
  host.store.runs.start(second, null, null);
  host.close();

  const { connect } = await served({ library });
  const client = await connect();
  const found = await find(client);
  expect(found).toMatchObject({ state: 'interrupted', settings: ['seed=3'] });
  expect(found.problem?.message).toBe('The program that trained this run ended before it did.');
  expect(states(found)).toEqual(['done', 'interrupted', null]);
  await client.experiments.continue({ name: NAME });
  const done = await untilIn(client, 'done');
  expect(done.stages[1].run).toBe(second);
  const { config } = await client.runs.get({ run: done.stages[2].run! });
  expect(config).toMatchObject({ seed: 3, options: { steps: 5 } });
});

test('keeps its stages where their runs are renamed, and is gone with them', async () => {
  const { connect } = await served();
  const client = await connect();
  await start(client, LONG);
  const heard = await follow(client);
  const { stages } = await untilIn(client, 'running');
  const run = stages[0].run!;
  await client.runs.change({ run, name: 'renamed' });
  expect((await find(client)).stages[0].run).toBe(run);
  await client.experiments.stop({ name: NAME });
  await untilIn(client, 'stopped');
  await until(() => heard.of('experiment').at(-1)?.experiment.state === 'stopped');
  await client.runs.delete({ runs: [run] });
  await until(() => heard.of('experiment-removed').length === 1);
  expect(await client.experiments.list()).toEqual([]);
  await client.runs.undelete({ runs: [run] });
  expect(states(await find(client))).toEqual(['stopped', null, null]);
});

test('is found where it was started before records were kept', async () => {
  const library = join(temporaryFolder(), 'library');
  const host = await openHost(fakeRunner, 'own', library);
  const { id } = createRun(host, fakeConfig({ steps: 3 }), { name: `${NAME} first` });
  host.close();
  const client = await (await served({ library })).connect();
  expect(await find(client)).toMatchObject({ data: 'sample', settings: [], state: 'queued' });
  await client.runs.startQueue();
  const done = await untilIn(client, 'done');
  expect(done.stages[0].run).toBe(id);
});

test('is seen but not changed where another program owns the library', async () => {
  const library = join(temporaryFolder(), 'library');
  const owner = await openHost(fakeRunner, 'own', library);
  onTestFinished(() => owner.close());
  const { id } = createRun(owner, fakeConfig(), { name: 'theirs first' });
  const record = { name: 'theirs', experiment: NAME, data: 'sample', labelled: null, startedAt: 1 };
  owner.store.experiments.put({ ...record, settings: [['seed', '3']] });
  owner.store.experiments.putRun('theirs', 'first', id);

  const client = await (await served({ library })).connect();
  const heard = await follow(client);
  expect(await find(client, 'theirs')).toMatchObject({ settings: ['seed=3'], state: 'queued' });
  owner.store.runs.start(id, null, null);
  let step = 0;
  await untilTrue(() => {
    owner.store.runs.progress(id, ++step, step);
    return Promise.resolve(heard.of('experiment').at(-1)?.experiment.state === 'running');
  });
  for (const call of [() => start(client), () => client.experiments.stop({ name: 'theirs' })]) {
    expect(await refusalOf(call())).toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/but nothing changed/) as string,
    });
  }
});

test('refuses what cannot be trained, with the words of the command line, and leaves nothing behind', async () => {
  const { connect } = await served();
  const client = await connect();
  const refused = [
    [() => start(client, ['second.batchSize=0']), /^Stage second: batchSize is 0; it must be at least 1/],
    [() => start(client, ['optimiser=adam']), /^Stage first: There is no setting "optimiser"/],
    [
      () => client.experiments.start({ experiment: 'fake-pear', dataset: 'sample' }),
      /There is no experiment "fake-pear"/,
    ],
    [() => client.experiments.start({ experiment: NAME, dataset: 'gone' }), /no such data set/],
    [() => client.experiments.continue({ name: 'none' }), /no experiment named "none"/],
  ] as const;
  for (const [call, message] of refused) {
    expect(await refusalOf(call())).toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(message) as string,
    });
  }
  expect(await refusalOf(start(client, ['no pair']))).toMatchObject({ code: 'BAD_REQUEST' });
  expect(experimentStartSchema.safeParse({ experiment: NAME, dataset: 'sample', name: ' ' }).success).toBe(
    false,
  );
  expect(await client.experiments.list()).toEqual([]);

  await client.runs.create(draftOf({ steps: 1 }, 'taken second'));
  expect(await refusalOf(start(client, [], 'taken'))).toMatchObject({
    message: expect.stringMatching(/"taken second" is taken/) as string,
  });
  await start(client, LONG);
  expect(await refusalOf(start(client))).toMatchObject({
    message: 'There is an experiment named "fake-pair" already.',
  });
  await untilIn(client, 'running');
  expect(await refusalOf(client.experiments.continue({ name: NAME }))).toMatchObject({
    message: 'The experiment "fake-pair" is in training already.',
  });
});

test('takes the device and threads of the settings, as new runs do', async () => {
  const { connect } = await served();
  const client = await connect();
  await client.host.changeSettings({ device: 'cpu', threads: 1 });
  const { settings, stages } = await start(client, ['threads=2']);
  expect(settings).toEqual(['device=cpu', 'threads=1', 'threads=2']);
  const { config } = await client.runs.get({ run: stages[0].run! });
  expect(config).toMatchObject({ device: 'cpu', threads: 2 });
});
