import { existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkpointFiles } from '../../../src/main/checkpoints';
import type { Host } from '../../../src/main/host';
import { checkpointFolder } from '../../../src/main/library';
import { createRun, deleteRun, resumeRun, trainRun } from '../../../src/main/run-actions';
import { anyNumber, fakeConfig, matching, temporaryHost, until } from '../helpers';

const steps = (host: Host, run: string, metric = 'loss') => [
  ...host.store.metrics.curve(run, metric, 1000).step,
];
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const checkpointNames = (host: Host, run: string) =>
  readdirSync(checkpointFolder(host.library.folder, run)).sort();

/** A run with its end, trained by the fake runner. */
async function trained(options: Record<string, unknown>) {
  const host = await temporaryHost();
  const run = createRun(host, fakeConfig(options));
  const end = await trainRun(host, run);
  return { host, run, end };
}

describe('training a run', () => {
  it('keeps metrics, events, evaluations, checkpoints, the log and the end', async () => {
    const { host, run, end } = await trained({ behaviour: 'prune' });
    expect(end).toMatchObject({ status: 'done', exitCode: 0, result: { step: 20, stopped: false } });
    expect(host.store.runs.get(run.id)).toMatchObject({ status: 'done', step: 20, epoch: 4, failure: null });
    expect(steps(host, run.id)).toEqual(upTo(20));
    expect(host.store.metrics.summaries(run.id).map(({ name, best }) => [name, best])).toEqual([
      ['knn', 0.2],
      ['loss', 0.5],
    ]);
    expect(host.store.history.events(run.id).map((event) => event.name)).toEqual(['device', 'evaluation']);
    expect(host.store.history.evaluations(run.id)).toMatchObject([{ kind: 'evaluation', step: 5 }]);
    expect(host.store.history.log(run.id).map((line) => line.text)).toEqual(['fake runner starts']);
    // Step 5 was deleted by the runner; paths are kept relative to the run, so that the library can be moved.
    expect(host.store.checkpoints.list(run.id).map(({ path, kind }) => [path, kind])).toEqual([
      ['checkpoints/step-000020.safetensors', 'final'],
      ['checkpoints/step-000010.safetensors', 'periodic'],
    ]);
  });

  it.each([
    ['crash', { status: 'failed', exitSignal: 'SIGSEGV', failure: matching('SIGSEGV') }],
    ['exit', { status: 'failed', exitCode: 7, hint: matching('Resume') }],
    ['hang', { status: 'failed', failure: matching('said nothing') }],
    ['garbage', { status: 'failed', failure: matching('not in the protocol') }],
    ['version', { status: 'failed', hint: matching('again') }],
    [
      'nan',
      { status: 'failed', failure: 'The loss is NaN at step 12.', hint: 'Try a smaller learning rate.' },
    ],
    ['unanswered', { status: 'failed', failure: matching('not in the protocol') }],
  ])('that ends by %s loses nothing, says why, and can be resumed', async (behaviour, end) => {
    const { host, run } = await trained({ behaviour });
    expect(host.store.runs.get(run.id)).toMatchObject({ ...end, step: 12 });
    expect(steps(host, run.id)).toEqual(upTo(12));
    expect(host.store.history.events(run.id).at(-1)).toMatchObject({ name: 'failed' });
    const [newest] = checkpointFiles(host.library.folder, run.id, host.store.checkpoints.list(run.id));
    expect(newest.step).toBe(10);
  });

  it('stops with a checkpoint when asked, and continues from it with a monotone curve', async () => {
    const host = await temporaryHost();
    const run = createRun(host, fakeConfig({ behaviour: 'wait' }));
    const training = trainRun(host, run);
    await until(() => steps(host, run.id).length === 12);
    expect(host.store.runs.get(run.id)).toMatchObject({ status: 'running', childPid: anyNumber });
    expect(() => deleteRun(host, run.id)).toThrow(/in training/);
    await expect(trainRun(host, run)).rejects.toThrow(/already training/);
    host.supervisor.stop(run.id);
    expect(await training).toMatchObject({ status: 'stopped', result: { step: 12, stopped: true } });

    expect(await resumeRun(host, run.id)).toMatchObject({ status: 'done' });
    expect(steps(host, run.id)).toEqual(upTo(20));
    expect(host.store.history.events(run.id).map((event) => event.name)).toContain('resumed');
    expect(() => resumeRun(host, run.id)).toThrow(/is done/);
  });

  it('waits while it is paused, says so, and goes on or stops from there', async () => {
    const host = await temporaryHost();
    const { supervisor } = host;
    const run = createRun(host, fakeConfig({ steps: 100_000 }));
    const said: string[] = [];
    let pauses = 0;
    const end = await trainRun(host, run, {
      onMessage: (message) => {
        if (message.type === 'progress' && message.done === 5) supervisor.pause(run.id);
        if (message.type !== 'paused' && message.type !== 'unpaused') return;
        said.push(`${message.type} ${supervisor.isPaused(run.id)}`);
        if (message.type === 'unpaused') {
          if (pauses === 1) supervisor.pause(run.id);
          return;
        }
        if (++pauses === 1) setTimeout(() => supervisor.unpause(run.id), 50);
        else supervisor.stop(run.id);
      },
    });
    expect(said).toEqual(['paused true', 'unpaused false', 'paused true', 'unpaused false']);
    expect(end).toMatchObject({ status: 'stopped', failure: null });
    expect(end.result!.step).toBeLessThan(100_000);
    expect(host.store.metrics.summaries(run.id)).toMatchObject([
      { name: 'knn' },
      { points: end.result!.step },
    ]);
    expect(supervisor.isPaused(run.id)).toBe(false);
    const { trainedFor, startedAt, endedAt } = host.store.rows.get(run.id, []);
    expect(trainedFor).toBeLessThanOrEqual(endedAt! - startedAt! - 40);
  });

  it('that is paused before its child listens waits all the same', async () => {
    const host = await temporaryHost();
    const run = createRun(host, fakeConfig());
    const training = trainRun(host, run);
    host.supervisor.pause(run.id);
    await until(() => host.supervisor.isPaused(run.id));
    host.supervisor.stop(run.id);
    const { status, result } = await training;
    expect(status).toBe('stopped');
    expect(result!.step).toBeLessThan(20);
  });

  it('that is stopped while its images are decoded has not failed', async () => {
    const host = await temporaryHost();
    const run = createRun(host, fakeConfig({ behaviour: 'decoding' }));
    const end = await trainRun(host, run, {
      onMessage: ({ type }) => type === 'heartbeat' && host.supervisor.stop(run.id),
    });
    expect(end).toMatchObject({ status: 'stopped', failure: null, result: null });
  });

  it('that is stopped before it continues stays where it was', async () => {
    const host = await temporaryHost();
    const run = createRun(host, fakeConfig({ behaviour: 'decoding' }));
    const path = join(checkpointFolder(host.library.folder, run.id), 'step-000010.safetensors');
    writeFileSync(path, 'step 10');
    host.store.runs.progress(run.id, 12, 2.4);
    const point = { name: 'loss', step: 12, epoch: 2.4, time: 0, value: 1 };
    host.store.metrics.insert(run.id, [point]);
    const end = await resumeRun(host, run.id, {
      onMessage: ({ type }) => type === 'heartbeat' && host.supervisor.stop(run.id),
    });
    expect(end).toMatchObject({ status: 'stopped', failure: null });
    expect(host.store.runs.get(run.id)).toMatchObject({ step: 12, epoch: 2.4 });
    expect(steps(host, run.id)).toEqual([12]);
  });

  it('that meets a bug keeps its stack in the log', async () => {
    const { host, run, end } = await trained({ behaviour: 'bug' });
    expect(end).toMatchObject({
      status: 'failed',
      failure: 'x is undefined',
      hint: matching('bug'),
    });
    expect(host.store.history.log(run.id).map((line) => line.text)).toContain('    at step');
  });

  it('that is killed is interrupted, and what lies after its checkpoint is repeated', async () => {
    const host = await temporaryHost();
    const run = createRun(host, fakeConfig({ behaviour: 'wait' }));
    const training = trainRun(host, run);
    await until(() => steps(host, run.id).length === 12);
    host.supervisor.kill(run.id);
    expect(await training).toMatchObject({ status: 'interrupted', exitSignal: 'SIGKILL', result: null });
    const first: number[] = [];
    const training2 = resumeRun(host, run.id, {
      onMessage: (message) => message.type === 'metrics' && first.push(message.points[0].step),
    });
    await until(() => first.length === 2);
    host.supervisor.stop(run.id);
    await training2;
    expect(first[0]).toBe(11);
    expect(steps(host, run.id)).toEqual(upTo(12));
  });
});

describe('resuming', () => {
  const corrupt = (host: Host, run: string, name: string) =>
    truncateSync(join(checkpointFolder(host.library.folder, run), name), 3);

  it('takes the checkpoint before a truncated one, says so, and sets the bad one aside', async () => {
    const { host, run } = await trained({ behaviour: 'crash' });
    corrupt(host, run.id, 'step-000010.safetensors');
    const refused: [number, string][] = [];
    const resumed: number[] = [];
    const training = resumeRun(host, run.id, {
      onRefused: ({ step }, message) => refused.push([step, message]),
      onMessage: (message) => message.type === 'metrics' && resumed.push(message.points[0].step),
    });
    await training;
    expect(refused).toEqual([[10, matching('truncated')]]);
    expect(resumed[0]).toBe(6);
    expect(steps(host, run.id)).toEqual(upTo(12));
    expect(host.store.history.events(run.id).map((event) => event.name)).toContain('checkpoint-refused');
    expect(checkpointNames(host, run.id)).toEqual([
      'step-000005.safetensors',
      'step-000010.safetensors',
      'step-000010.safetensors.bad',
    ]);
  });

  it('changes nothing where no checkpoint can be read', async () => {
    const { host, run } = await trained({ behaviour: 'crash' });
    const before = checkpointNames(host, run.id);
    for (const name of before) corrupt(host, run.id, name);
    const end = await resumeRun(host, run.id);
    expect(end).toMatchObject({ status: 'failed', failure: matching('(2 tried)') });
    expect(steps(host, run.id)).toEqual(upTo(12));
    expect(checkpointNames(host, run.id)).toEqual(before);
  });

  it('uses a file that the host was never told of, and ignores a record without its file', async () => {
    const { host, run } = await trained({ behaviour: 'crash' });
    const records = host.store.checkpoints.list(run.id);
    host.store.checkpoints.remove(run.id, records[0].path);
    host.store.checkpoints.add(run.id, {
      ...records[0],
      path: 'checkpoints/step-000011.safetensors',
      step: 11,
    });
    const files = checkpointFiles(host.library.folder, run.id, host.store.checkpoints.list(run.id));
    expect(files.map((file) => file.step)).toEqual([10, 5]);
  });

  it('starts from the beginning where there is no checkpoint yet', async () => {
    const host = await temporaryHost();
    const run = createRun(host, fakeConfig());
    expect(await resumeRun(host, run.id)).toMatchObject({ status: 'done' });
    expect(steps(host, run.id)).toEqual(upTo(20));
  });
});

it('deleting a run deletes its folder', async () => {
  const { host, run } = await trained({});
  deleteRun(host, run.id);
  expect(existsSync(join(host.library.folder, 'runs', run.id))).toBe(false);
  expect(host.store.runs.list()).toEqual([]);
});
